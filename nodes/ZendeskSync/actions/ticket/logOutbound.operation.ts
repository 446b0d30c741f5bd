/** Ticket: Log Outbound Message. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../../shared/operation';
import { optionsField, scopeOption } from './messageOptions';

const properties: INodeProperties[] = [
	{
		displayName: 'Customer Phone',
		name: 'customerPhone',
		type: 'string',
		required: true,
		default: '={{ $json.to }}',
		description: "The customer's phone number. It says which conversation the message belongs to.",
	},
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '={{ $json.body }}',
		description: 'What the customer was sent',
	},
	{
		displayName: 'Key',
		name: 'key',
		type: 'string',
		required: true,
		default: '={{ $json.key }}',
		description:
			'What tells this message from all others. A message with the same key is never noted twice.',
	},
	{
		displayName: 'Sent At',
		name: 'sentAt',
		type: 'dateTime',
		required: true,
		default: '={{ $json.sentAt }}',
		description: 'When it was sent',
	},
	{
		displayName: 'Kind',
		name: 'kind',
		type: 'string',
		default: '={{ $json.kind }}',
		placeholder: 'e.g. campaign',
		description:
			"Where it came from: campaign, flow, conversation (Klaviyo's Inbox, or an agent's reply) or autoResponse",
	},
	{
		displayName: 'Event',
		name: 'event',
		type: 'string',
		default: '={{ $json.event }}',
		placeholder: 'e.g. delivered',
		description:
			'What happened: delivered, failed or autoResponse. Anything else is no text of yours and comes out with the outcome "skipped". Empty counts as delivered.',
	},
	{
		displayName: 'Campaign Name',
		name: 'campaignName',
		type: 'string',
		default: '={{ $json.campaign?.name }}',
		description: 'Shown in the note',
	},
	{
		displayName: 'Failure Reason',
		name: 'failureReason',
		type: 'string',
		default:
			"={{ [$json.delivery?.failureType, $json.delivery?.failureSource, $json.delivery?.vendorCode].filter(Boolean).join(', ') }}",
		description: 'Why it was not delivered. Shown in the note.',
	},
	optionsField([
		{
			...scopeOption,
			description:
				'The same as in Create or Reopen From Message, if you keep conversations of a customer apart there',
		},
	]),
];

export const logOutbound: Operation = {
	properties,
	load: async () => await import('./logOutbound.execute'),
};
