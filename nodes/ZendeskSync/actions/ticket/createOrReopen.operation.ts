/**
 * Ticket: Create or Reopen From Message.
 *
 * Files a message where the rules for conversations put it.
 */

import type { INodeProperties } from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import { customerPhoneField, messageFields, openingFields } from './messageFields';
import { openingOptions, optionsField } from './messageOptions';
import { leaveSolved } from '../../../../domain/conversation/rules';
import { keywordReasons, machineMadeReasons } from '../../../../domain/screening';
import { addItems } from './addItems';

/** What becomes of messages that Klaviyo: Message: Screen knows for something else than a message. */
const screeningOptions: INodeProperties[] = [
	{
		displayName: 'Keywords Into Open Ticket',
		name: 'keywordsIntoOpenTicket',
		type: 'boolean',
		default: false,
		description:
			'Whether a keyword, such as YES in answer to an agent, is added to the ticket of the conversation when that is new, open, pending or on hold. It opens and reopens none.',
	},
	{
		displayName: 'Reopen on Reaction',
		name: 'reopenOnReaction',
		type: 'boolean',
		default: false,
		description:
			'Whether a reaction (Liked "...") or the automatic reply of a phone opens or reopens a ticket as any message does. Otherwise it is added to the ticket of the conversation, a solved one stays solved, and none is opened.',
	},
];

const properties: INodeProperties[] = [
	customerPhoneField,
	...messageFields,
	...openingFields,
	{
		displayName: 'Pass Over Screened Out',
		name: 'passOverScreenedOut',
		type: 'boolean',
		default: true,
		description:
			'Whether to leave out messages that Klaviyo: Message: Screen found not to open a ticket. They come out with the outcome "skipped".',
	},
	optionsField([...openingOptions, ...screeningOptions]),
];

interface Wishes {
	keywordsIntoOpenTicket?: boolean;
	reopenOnReaction?: boolean;
}

const execute: Execute = async (context, items) => {
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

export const createOrReopen: Operation = {
	properties,
	execute,
};
