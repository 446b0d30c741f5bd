/** Account: Check Setup. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../../shared/operation';

const properties: INodeProperties[] = [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Re-Enable Webhooks',
				name: 'reEnableWebhooks',
				type: 'boolean',
				default: true,
				description:
					'Whether to turn on again the webhooks of this package that somebody has turned off. Nothing else is changed.',
			},
			{
				displayName: 'Tag',
				name: 'tag',
				type: 'string',
				default: 'sms',
				description: "The tag of conversations' tickets, for which an automation is looked for",
			},
		],
	},
];

export const checkSetup: Operation = {
	properties,
	load: async () => await import('./checkSetup.execute'),
};
