/** Reads what was sent with a customer, both ways, oldest first. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { MessageEvent } from '../../../../domain/items';
import { toE164 } from '../../../../domain/phone';
import { eachItem } from '../../../shared/items';
import type { Execute } from '../../../shared/operation';
import { klaviyoOf } from '../../api/client';
import { HistoryReader, type HistorySelection } from '../../api/history';
import { findPeople } from '../../api/people';
import { selectionAt } from './historySelection';
import { withoutRaw } from './recentHistory';
import { tryOr, messageParameter } from './messageParameter';

interface Named {
	id: string | null;
	phone: string | null;
}

const named = (context: IExecuteFunctions, itemIndex: number): Named => ({
	id: messageParameter(context, 'profileId', itemIndex),
	phone: messageParameter(context, 'customerPhone', itemIndex),
});

/** Every customer at once; the histories are read when their item's turn comes. */
async function prepare(context: IExecuteFunctions, itemCount: number) {
	const klaviyo = await klaviyoOf(context);
	const people = Array.from({ length: itemCount }, (_, itemIndex) => {
		const { id, phone } = tryOr(() => named(context, itemIndex), { id: null, phone: null });
		return { id, phone: toE164(phone) };
	});
	return { profiles: await findPeople(klaviyo, people), read: once(new HistoryReader(klaviyo)) };
}

/** Items that want the same of the same customer cost one read. */
function once(reader: HistoryReader) {
	const reads = new Map<string, Promise<MessageEvent[]>>();
	return async (profileId: string, selection: HistorySelection): Promise<MessageEvent[]> => {
		const { metrics, since, until, limit, kinds } = selection;
		const key = JSON.stringify([
			profileId,
			metrics.map(({ name }) => name),
			since,
			until,
			String(limit),
			kinds,
		]);
		const known = reads.get(key) ?? reader.read(profileId, selection);
		reads.set(key, known);
		return await known;
	};
}

/** Why there is no profile, in words for the builder. */
function noProfile(
	context: IExecuteFunctions,
	{ id, phone }: Named,
	itemIndex: number,
): NodeOperationError {
	const refuse = (message: string, description: string): NodeOperationError =>
		new NodeOperationError(context.getNode(), message, { itemIndex, description });
	if (!id && !phone)
		return refuse(
			'No customer is given',
			"Fill in 'Profile ID' or 'Customer Phone'. By default they are taken from the incoming item, which has neither.",
		);
	if (!id && !toE164(phone))
		return refuse(
			`'${phone}' is no phone number`,
			"Give 'Customer Phone' a number with + and country code, such as +12125550123.",
		);
	return refuse(
		`Klaviyo has no profile ${[id && `'${id}'`, phone && `with the number ${phone}`].filter(Boolean).join(', and none ')}`,
		phone
			? 'The customer may have been deleted in Klaviyo, or belong to another account.'
			: "The profile may have been deleted, or merged into another: give 'Customer Phone' as well, which finds the other.",
	);
}

export const execute: Execute = async (context, items) => {
	// Started once, and awaited by each item: when Klaviyo refuses, every item says so.
	const prepared = prepare(context, items.length);
	return await eachItem(context, items, async (_input, itemIndex) => {
		const { profiles, read } = await prepared;
		const customer = named(context, itemIndex);
		const selection = selectionAt(context, itemIndex);
		const isSimple = context.getNodeParameter('simplify', itemIndex, true) === true;
		const profile = profiles[itemIndex];
		if (profile instanceof Error) throw profile;
		if (!profile) throw noProfile(context, customer, itemIndex);
		const messages = await read(profile.id, selection);
		return isSimple ? messages.map(withoutRaw) : messages.map((message) => ({ ...message }));
	});
};
