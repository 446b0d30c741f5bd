/** Files a message where the rules for conversations put it. */
import { leaveSolved } from '../../../../domain/conversation/rules';
import { keywordReasons, machineMadeReasons } from '../../../../domain/screening';
import type { Execute } from '../../../shared/operation';
import { addItems } from './addItems';

interface Wishes {
	keywordsIntoOpenTicket?: boolean;
	reopenOnReaction?: boolean;
}

export const execute: Execute = async (context, items) => {
	const wishesAt = (itemIndex: number): Wishes =>
		context.getNodeParameter('options', itemIndex, {}) as Wishes;
	const reasonAt = (itemIndex: number): string => String(items[itemIndex]?.json.reason);
	const isForOpenTicket = (itemIndex: number): boolean =>
		items[itemIndex]?.json.opensTicket === false &&
		keywordReasons.includes(reasonAt(itemIndex)) &&
		wishesAt(itemIndex).keywordsIntoOpenTicket === true;
	return await addItems(context, items, {
		placementOf(itemIndex) {
			if (isForOpenTicket(itemIndex)) return { destination: 'openTicket' };
			const isMachineMade = machineMadeReasons.includes(reasonAt(itemIndex));
			return isMachineMade && wishesAt(itemIndex).reopenOnReaction !== true
				? { destination: 'anyTicket', rules: leaveSolved }
				: { destination: 'conversation' };
		},
		isWhole: true,
		isPassedOver: ({ json }, itemIndex) =>
			json.opensTicket === false &&
			!isForOpenTicket(itemIndex) &&
			context.getNodeParameter('passOverScreenedOut', itemIndex, true) === true,
	});
};
