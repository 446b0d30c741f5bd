/** What a builder can choose about events that are recorded. */
import type { INodeProperties } from 'n8n-workflow';
import { MIN_BULK_EVENTS } from '../../../../domain/tracking/trackMany';

export const trackingOptions: INodeProperties[] = [
	{
		displayName: 'Backfill',
		name: 'backfill',
		type: 'boolean',
		default: false,
		description:
			'Whether the events are recorded without starting flows. Turn it on for events of the past.',
	},
	{
		displayName: 'Confirm Arrival',
		name: 'confirm',
		type: 'boolean',
		default: true,
		description: `Whether to look if the events have arrived, and send those that have not one by one. Only for ${MIN_BULK_EVENTS} items and more: they go in bulk, which Klaviyo may drop without a word. Fewer are sure to arrive by themselves.`,
	},
	{
		displayName: 'Timeout (Seconds)',
		name: 'timeout',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 120,
		description:
			'How long to wait for events sent in bulk to arrive, before those that have not are sent one by one',
	},
];

export interface TrackingOptions {
	backfill?: boolean;
	confirm?: boolean;
	timeout?: number;
}
