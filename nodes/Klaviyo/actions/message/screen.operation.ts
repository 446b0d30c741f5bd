/** Message: Screen. Says of each inbound text whether it opens a ticket, and who sent it. */
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import { toE164 } from '../../../../domain/phone';
import { canReceiveSms, screen, type ScreenedText } from '../../../../domain/screening';
import { eachItem } from '../../../shared/items';
import type { Operation } from '../../../shared/operation';
import { klaviyoOf } from '../../api/client';
import { findPeople } from '../../api/people';
import type { Profile } from '../../api/profiles';
import { RecentHistory } from './recentHistory';
import { rulesOf, screeningOptions, type ScreeningOptions } from './screeningOptions';
import { orElse, textParameter } from './textParameter';

const properties: INodeProperties[] = [
	{
		displayName: 'Text',
		name: 'body',
		type: 'string',
		default: '={{ $json.body }}',
		description: 'What the customer wrote',
	},
	{
		displayName: 'From',
		name: 'from',
		type: 'string',
		default: '={{ $json.from }}',
		description: "The customer's number",
	},
	{
		displayName: 'To',
		name: 'to',
		type: 'string',
		default: '={{ $json.to }}',
		description: 'Your number that the customer texted',
	},
	{
		displayName: 'Direction',
		name: 'direction',
		type: 'string',
		default: '={{ $json.direction }}',
		description:
			"'inbound' for a text from a customer; everything else opens no ticket. Empty counts as inbound.",
	},
	{
		displayName: 'Event',
		name: 'event',
		type: 'string',
		default: '={{ $json.event }}',
		description:
			"'textedIn' for a text from a customer; everything else that Klaviyo Trigger brings, such as 'subscribed', opens no ticket. Empty counts as textedIn.",
	},
	{
		displayName: 'Profile ID',
		name: 'profileId',
		type: 'string',
		default: '={{ $json.profileId }}',
		description: "The customer's profile in Klaviyo. Without it, the number finds the profile.",
	},
	{
		displayName: 'Sent At',
		name: 'sentAt',
		type: 'string',
		default: '={{ $json.sentAt }}',
		description:
			"When the customer sent the text, such as 2026-11-22T10:00:00Z. Only 'Include Recent History' needs it, which brings what is older. Now when left empty.",
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: screeningOptions,
	},
];

function textAt(context: IExecuteFunctions, itemIndex: number): ScreenedText {
	const direction = textParameter(context, 'direction', itemIndex) ?? 'inbound';
	return {
		body: textParameter(context, 'body', itemIndex) ?? '',
		from: textParameter(context, 'from', itemIndex),
		to: textParameter(context, 'to', itemIndex),
		direction: direction === 'inbound' ? 'inbound' : 'outbound',
		event: textParameter(context, 'event', itemIndex),
	};
}

const optionsAt = (context: IExecuteFunctions, itemIndex: number): ScreeningOptions =>
	context.getNodeParameter('options', itemIndex, {}) as ScreeningOptions;

/** Milliseconds since 1970. */
function sentAt(context: IExecuteFunctions, itemIndex: number): number | undefined {
	const time = Date.parse(textParameter(context, 'sentAt', itemIndex) ?? '');
	return Number.isNaN(time) ? undefined : time;
}

/** All senders at once, and what is to be known of their history. */
async function prepare(context: IExecuteFunctions, itemCount: number) {
	const klaviyo = await klaviyoOf(context);
	const people = Array.from({ length: itemCount }, (_, itemIndex) => ({
		id: orElse(() => textParameter(context, 'profileId', itemIndex), null),
		number: toE164(orElse(() => textParameter(context, 'from', itemIndex), null)),
	}));
	const senders = await findPeople(klaviyo, people);
	const now = Date.now();
	const wanted = senders.map((sender, itemIndex) => ({
		profileId: sender && !(sender instanceof Error) ? sender.id : null,
		before: orElse(() => sentAt(context, itemIndex), undefined) ?? now,
		count:
			orElse(() => Math.floor(Number(optionsAt(context, itemIndex).includeRecentHistory)), 0) || 0,
	}));
	return { senders, wanted, history: new RecentHistory(klaviyo, wanted) };
}

const customerOf = (
	context: IExecuteFunctions,
	sender: Profile | undefined,
	itemIndex: number,
): IDataObject => ({
	profileId: sender?.id ?? textParameter(context, 'profileId', itemIndex),
	email: sender?.email ?? null,
	firstName: sender?.firstName ?? null,
	lastName: sender?.lastName ?? null,
	phone: sender?.phone ?? toE164(textParameter(context, 'from', itemIndex)),
	canReceiveSms: canReceiveSms(sender?.consent ?? null),
});

export const screenOperation: Operation = {
	properties: updateDisplayOptions(
		{ show: { resource: ['message'], operation: ['screen'] } },
		properties,
	),

	async execute(context, items) {
		// Started once, and awaited by each item: when Klaviyo refuses, every item says so.
		const prepared = prepare(context, items.length);
		return await eachItem(context, items, async (input, itemIndex) => {
			const { senders, wanted, history } = await prepared;
			const sender = senders[itemIndex];
			if (sender instanceof Error) throw sender;
			const screening = screen(
				textAt(context, itemIndex),
				sender?.consent ?? null,
				rulesOf(optionsAt(context, itemIndex)),
			);
			const recent = wanted[itemIndex];
			return {
				...input.json,
				...screening,
				customer: customerOf(context, sender, itemIndex),
				...(screening.opensTicket && recent && recent.count > 0 ? await history.of(recent) : {}),
			};
		});
	},
};
