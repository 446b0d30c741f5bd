/** Reads what was texted with a customer, both ways, oldest first. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { TextEvent } from '../../../../domain/items';
import { toE164 } from '../../../../domain/phone';
import { eachItem } from '../../../shared/items';
import type { Execute } from '../../../shared/operation';
import { klaviyoOf } from '../../api/client';
import { HistoryReader, type HistorySelection } from '../../api/history';
import { findPeople } from '../../api/people';
import { selectionAt } from './historySelection';
import { withoutRaw } from './recentHistory';
import { orElse, textParameter } from './textParameter';

interface Named {
	id: string | null;
	number: string | null;
}

const named = (context: IExecuteFunctions, itemIndex: number): Named => ({
	id: textParameter(context, 'profileId', itemIndex),
	number: textParameter(context, 'customerNumber', itemIndex),
});

/** Every customer at once; the histories are read when their item's turn comes. */
async function prepare(context: IExecuteFunctions, itemCount: number) {
	const klaviyo = await klaviyoOf(context);
	const people = Array.from({ length: itemCount }, (_, itemIndex) => {
		const { id, number } = orElse(() => named(context, itemIndex), { id: null, number: null });
		return { id, number: toE164(number) };
	});
	return { profiles: await findPeople(klaviyo, people), read: once(new HistoryReader(klaviyo)) };
}

/** Items that want the same of the same customer cost one read. */
function once(reader: HistoryReader) {
	const reads = new Map<string, Promise<TextEvent[]>>();
	return async (profileId: string, selection: HistorySelection): Promise<TextEvent[]> => {
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
	{ id, number }: Named,
	itemIndex: number,
): NodeOperationError {
	const refuse = (message: string, description: string): NodeOperationError =>
		new NodeOperationError(context.getNode(), message, { itemIndex, description });
	if (!id && !number)
		return refuse(
			'No customer is given',
			"Fill in 'Profile ID' or 'Customer Number'. By default they are taken from the incoming item, which has neither.",
		);
	if (!id && !toE164(number))
		return refuse(
			`'${number}' is no phone number`,
			"Give 'Customer Number' a number with + and country code, such as +12125550123.",
		);
	return refuse(
		`Klaviyo has no profile ${[id && `'${id}'`, number && `with the number ${number}`].filter(Boolean).join(', and none ')}`,
		number
			? 'The customer may have been deleted in Klaviyo, or belong to another account.'
			: "The profile may have been deleted, or merged into another: give 'Customer Number' as well, which finds the other.",
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
		const texts = await read(profile.id, selection);
		return isSimple ? texts.map(withoutRaw) : texts.map((text) => ({ ...text }));
	});
};
