/** Ticket: Create or Reopen From Message. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../../shared/operation';
import { customerPhoneField, openingFields, messageFields } from './messageFields';
import { openingOptions, optionsField } from './messageOptions';

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

export const createOrReopen: Operation = {
	properties,
	load: async () => await import('./createOrReopen.execute'),
};
