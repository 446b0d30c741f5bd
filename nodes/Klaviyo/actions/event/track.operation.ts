/** Event: Track. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../../shared/operation';
import { profileFields } from '../profileFields';
import { propertyFields } from '../propertyFields';
import { trackingOptions } from './trackingOptions';

const properties: INodeProperties[] = [
	{
		displayName: 'Metric',
		name: 'metricName',
		type: 'resourceLocator',
		required: true,
		default: { mode: 'name', value: '' },
		description: 'What happened. Klaviyo makes a metric with its first event.',
		modes: [
			{
				displayName: 'By Name',
				name: 'name',
				type: 'string',
				placeholder: 'e.g. Requested Refund',
				hint: 'A new name makes a new metric',
			},
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: 'searchMetrics', searchable: true },
			},
		],
	},
	...profileFields,
	{
		displayName: 'Unique ID',
		name: 'uniqueId',
		type: 'string',
		default: '={{ $json.key }}',
		description:
			'What tells this event from others. Of several events with the same unique ID, metric and profile Klaviyo keeps the first, so that nothing is counted twice when a workflow runs again. Without it, events with the same time and properties are one, and each event without a time is a new one.',
	},
	{
		displayName: 'Time',
		name: 'time',
		type: 'string',
		default: '={{ $json.occurredAt ?? $json.sentAt }}',
		description: 'When it happened, such as 2026-11-22T10:00:00Z. Now when left empty.',
	},
	...propertyFields('Properties', 'What else is known of the event, for segments and flows to use'),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			...trackingOptions,
			{
				displayName: 'Value',
				name: 'value',
				type: 'number',
				default: 0,
				description: 'The amount of money that the event stands for',
			},
			{
				displayName: 'Value Currency',
				name: 'valueCurrency',
				type: 'string',
				default: '',
				placeholder: 'e.g. USD',
				description: 'The currency of the value, in three letters',
			},
		],
	},
];

export const trackOperation: Operation = {
	properties,
	load: async () => await import('./track.execute'),
};
