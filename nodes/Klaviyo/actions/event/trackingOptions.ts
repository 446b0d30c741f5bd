/** Options of both operations that record events. */
import type { INodeProperties } from 'n8n-workflow';
import { MIN_BULK_EVENTS } from '../../../../domain/tracking/trackMany';

export const trackingOptions: INodeProperties[] = [
	{
		displayName: 'Backfill',
		name: 'backfill',
		type: 'boolean',
		default: false,
		description:
			'Whether to record the events without starting flows. Turn on for events of the past.',
	},
	{
		displayName: 'Verify Bulk Events',
		name: 'confirm',
		type: 'boolean',
		default: true,
		description: `Whether to check that events sent in bulk were recorded, and to send missing ones again one by one. Events are sent in bulk from ${MIN_BULK_EVENTS} items on, and Klaviyo may silently drop them.`,
	},
	{
		displayName: 'Timeout (Seconds)',
		name: 'timeout',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 120,
		description:
			'How long to wait until events sent in bulk are recorded, before missing ones are sent one by one',
	},
];

export interface TrackingOptions {
	backfill?: boolean;
	confirm?: boolean;
	timeout?: number;
}
