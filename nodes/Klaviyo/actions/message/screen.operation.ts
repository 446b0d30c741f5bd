/** Message: Screen. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../../shared/operation';
import { screeningOptions } from './screeningOptions';

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
		description: 'Your number that the customer wrote',
	},
	{
		displayName: 'Direction',
		name: 'direction',
		type: 'string',
		default: '={{ $json.direction }}',
		description:
			"'inbound' for a message from a customer; everything else opens no ticket. Empty counts as inbound.",
	},
	{
		displayName: 'Event',
		name: 'event',
		type: 'string',
		default: '={{ $json.event }}',
		description:
			"'customerMessaged' for a message from a customer; everything else that Klaviyo Trigger brings, such as 'subscribed', opens no ticket. Empty counts as customerMessaged.",
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
			"When the customer sent the message, such as 2026-11-22T10:00:00Z. It tells a message that Klaviyo took for an opt-out, and 'Include Recent History' brings what is older. Now when left empty.",
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

export const screenOperation: Operation = {
	properties,
	load: async () => await import('./screen.execute'),
};
