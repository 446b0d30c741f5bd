/**
 * Ticket: Create or Reopen From Message.
 *
 * Adds a message to its conversation's ticket, by the rules of the status logic.
 */

import type { INodeProperties } from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import { conversationFields, messageFields, openingFields } from './messageFields';
import { openingOptions, optionsField } from './messageOptions';
import { leaveSolved, openNext } from '../../../../domain/conversation/rules';
import { keywordReasons, machineMadeReasons } from '../../../../domain/screening';
import { addItems } from './addItems';

/** What opens and reopens a ticket. Keywords and messages that nobody typed are those that Message: Screen of Klaviyo recognizes. */
const reopeningOptions: INodeProperties[] = [
	{
		displayName: 'Add Keywords to Open Ticket',
		name: 'keywordsIntoOpenTicket',
		type: 'boolean',
		default: false,
		description:
			"Whether to add a keyword, such as YES in answer to an agent, to the conversation's ticket if that is new, open, pending or on hold. A keyword never opens or reopens a ticket.",
	},
	{
		displayName: 'Keep Solved Tickets Solved',
		name: 'keepSolved',
		type: 'boolean',
		default: false,
		description:
			"Whether a message opens a new ticket if the conversation's ticket is solved, instead of reopening that one. A message that arrives in the second in which an agent solves its ticket still reopens it, so that it is seen.",
	},
	{
		displayName: 'Reopen on Reaction',
		name: 'reopenOnReaction',
		type: 'boolean',
		default: false,
		description:
			'Whether a reaction (Liked "...") or a phone\'s automatic reply opens or reopens a ticket like any other message. If off, it is added to the conversation\'s ticket, a solved ticket stays solved, and no ticket is opened.',
	},
];

const properties: INodeProperties[] = [
	...conversationFields(),
	...messageFields,
	...openingFields,
	{
		displayName: 'Skip Screened-Out Messages',
		name: 'skipScreenedOut',
		type: 'boolean',
		default: true,
		description:
			'Whether to skip messages that should not open a ticket according to Message: Screen of Klaviyo. They are returned with the outcome "skipped".',
	},
	optionsField([...openingOptions, ...reopeningOptions]),
];

interface Choices {
	keepSolved?: boolean;
	keywordsIntoOpenTicket?: boolean;
	reopenOnReaction?: boolean;
}

const execute: Execute = async (context, items) => {
	const choicesAt = (itemIndex: number): Choices =>
		context.getNodeParameter('options', itemIndex, {}) as Choices;
	const reasonAt = (itemIndex: number): string => String(items[itemIndex]?.json.reason);
	const isForOpenTicket = (itemIndex: number): boolean =>
		items[itemIndex]?.json.opensTicket === false &&
		keywordReasons.includes(reasonAt(itemIndex)) &&
		choicesAt(itemIndex).keywordsIntoOpenTicket === true;
	return await addItems(context, items, {
		targetOf(itemIndex) {
			if (isForOpenTicket(itemIndex)) return { destination: 'openTicket' };
			const isMachineMade = machineMadeReasons.includes(reasonAt(itemIndex));
			const { keepSolved, reopenOnReaction } = choicesAt(itemIndex);
			if (isMachineMade && reopenOnReaction !== true)
				return { destination: 'anyTicket', rules: leaveSolved };
			return { destination: 'conversation', ...(keepSolved ? { rules: openNext } : {}) };
		},
		completesEvent: true,
		isSkipped: ({ json }, itemIndex) =>
			json.opensTicket === false &&
			!isForOpenTicket(itemIndex) &&
			context.getNodeParameter('skipScreenedOut', itemIndex, true) === true,
	});
};

export const createOrReopen: Operation = {
	properties,
	execute,
	eventRole: 'completes',
};
