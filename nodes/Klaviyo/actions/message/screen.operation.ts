/** Message: Screen. Says of each inbound text whether it opens a ticket, and who sent it. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import { toE164 } from '../../../../domain/phone';
import { canReceiveSms, screen, type ScreenedText } from '../../../../domain/screening';
import { eachItem } from '../../../shared/items';
import type { Operation } from '../../../shared/operation';
import { klaviyoOf } from '../../api/client';
import { type Profile, profilesBy } from '../../api/profiles';
import { rulesOf, screeningOptions, type ScreeningOptions } from './screeningOptions';

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
		description: "'inbound' for a text from a customer; everything else opens no ticket",
	},
	{
		displayName: 'Profile ID',
		name: 'profileId',
		type: 'string',
		default: '={{ $json.profileId }}',
		description: "The customer's profile in Klaviyo. Without it, the number finds the profile.",
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

/** A parameter as text, or null when it was left empty or its expression found nothing. */
function textParameter(context: IExecuteFunctions, name: string, itemIndex: number): string | null {
	const value = context.getNodeParameter(name, itemIndex, '') as unknown;
	return value === null || value === undefined || value === '' ? null : String(value);
}

function textAt(context: IExecuteFunctions, itemIndex: number): ScreenedText {
	const direction = textParameter(context, 'direction', itemIndex);
	return {
		body: textParameter(context, 'body', itemIndex) ?? '',
		from: textParameter(context, 'from', itemIndex),
		to: textParameter(context, 'to', itemIndex),
		direction: direction === 'inbound' ? 'inbound' : 'outbound',
	};
}

/** All senders at once: by id first, then, for ids that have gone in a merge and for items without one, by number. */
async function sendersOf(
	context: IExecuteFunctions,
	itemCount: number,
): Promise<Array<Profile | undefined>> {
	const klaviyo = await klaviyoOf(context);
	const wanted = Array.from({ length: itemCount }, (_, itemIndex) => ({
		id: textParameter(context, 'profileId', itemIndex),
		number: toE164(textParameter(context, 'from', itemIndex)),
	}));
	const ids = wanted.flatMap(({ id }) => id ?? []);
	const byId = new Map(
		(await profilesBy(klaviyo, 'id', ids)).map((profile) => [profile.id, profile]),
	);
	const numbers = wanted.flatMap(({ id, number }) => (id && byId.has(id) ? [] : (number ?? [])));
	const byNumber = new Map(
		(await profilesBy(klaviyo, 'phone_number', numbers)).map((profile) => [profile.phone, profile]),
	);
	return wanted.map(
		({ id, number }) => (id && byId.get(id)) || (number && byNumber.get(number)) || undefined,
	);
}

export const screenOperation: Operation = {
	properties: updateDisplayOptions(
		{ show: { resource: ['message'], operation: ['screen'] } },
		properties,
	),

	async execute(context, items) {
		// Started once, and awaited by each item: when Klaviyo refuses, every item says so.
		const senders = sendersOf(context, items.length);
		return await eachItem(context, items, async (input, itemIndex) => {
			const sender = (await senders)[itemIndex];
			const rules = rulesOf(context.getNodeParameter('options', itemIndex, {}) as ScreeningOptions);
			return {
				...input.json,
				...screen(textAt(context, itemIndex), sender?.consent ?? null, rules),
				customer: {
					profileId: sender?.id ?? textParameter(context, 'profileId', itemIndex),
					email: sender?.email ?? null,
					firstName: sender?.firstName ?? null,
					lastName: sender?.lastName ?? null,
					phone: sender?.phone ?? toE164(textParameter(context, 'from', itemIndex)),
					canReceiveSms: canReceiveSms(sender?.consent ?? null),
				},
			};
		});
	},
};
