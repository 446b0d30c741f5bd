/**
 * Event: Track.
 *
 * Records events of any metric, each once.
 */

import { type IExecuteFunctions, type INodeProperties, NodeOperationError } from 'n8n-workflow';
import { createHash, randomUUID } from 'node:crypto';
import type { Execute, Operation } from '../../../shared/operation';
import { profileFields } from '../profileFields';
import { propertiesAt, propertyFields } from '../propertyFields';
import { trackingOptions, type TrackingOptions } from './trackingOptions';
import type { MetricEvent } from '../../../../domain/tracking/event';
import { locatorField } from '../../../shared/locator';
import { trimmedParameter } from '../../../shared/parameters';
import { trackedMetricLocator } from '../locators';
import { isMoment, parseTime } from '../../../shared/time';
import { identifiersAt } from '../profileParameters';
import { type Draft, trackItems } from './trackItems';

const PROPERTIES = 'Properties';

const properties: INodeProperties[] = [
	locatorField(trackedMetricLocator, {
		displayName: 'Metric',
		name: 'metricName',
		required: true,
		description: 'What happened. Klaviyo creates a metric with its first event.',
	}),
	...profileFields,
	{
		displayName: 'Unique ID',
		name: 'uniqueId',
		type: 'string',
		default: "={{ $json.key ?? '' }}",
		description:
			'Klaviyo keeps only the first event with the same unique ID, metric and profile, so nothing is counted twice when a workflow runs again. If empty, events with the same time and properties count as one, and each event without a time as a new one.',
	},
	{
		displayName: 'Time',
		name: 'time',
		type: 'string',
		default: "={{ $json.occurredAt ?? $json.sentAt ?? '' }}",
		description:
			'When the event happened, such as 2026-11-22T10:00:00Z. Leave empty for the current time.',
	},
	...propertyFields(PROPERTIES, 'Further details of the event, for segments and flows'),
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
				description: 'The monetary value of the event',
			},
			{
				displayName: 'Value Currency',
				name: 'valueCurrency',
				type: 'string',
				default: '',
				placeholder: 'e.g. USD',
				description: 'The three-letter currency code of the value',
			},
		],
	},
];

type EventOptions = TrackingOptions & { value?: number; valueCurrency?: string };

/**
 * @param written ISO 8601, or seconds or milliseconds since 1970
 * @returns ISO 8601 UTC; undefined if it is not a valid time
 */
function utcOf(written: string, zone: string): string | undefined {
	const isNumber = /^\d{9,13}$/.test(written);
	const time = isNumber
		? Number(written) * (written.length > 11 ? 1 : 1000)
		: parseTime(written, zone);
	return isMoment(time) ? new Date(time).toISOString() : undefined;
}

/** Always the same for an event with a time, so that a second run does not repeat it. */
const fingerprint = (event: Omit<MetricEvent, 'uniqueId'>, hasTime: boolean): string =>
	hasTime
		? `n8n:${createHash('sha256').update(JSON.stringify(event)).digest('hex')}`
		: `n8n:${randomUUID()}`;

/** @throws NodeOperationError if a parameter is missing or not valid */
function draftAt(context: IExecuteFunctions, itemIndex: number): Draft {
	const refuse = (message: string, description: string): NodeOperationError =>
		new NodeOperationError(context.getNode(), message, { itemIndex, description });
	const name = trimmedParameter(context, 'metricName', itemIndex);
	if (name === '')
		throw refuse("'Metric' is empty", 'Choose one from the list, or enter a new name.');
	const written = trimmedParameter(context, 'time', itemIndex);
	const time = utcOf(written || String(Date.now()), context.getTimezone());
	if (time === undefined)
		throw refuse(
			`'Time' is not a valid date: '${written}'`,
			'Enter a date and time such as 2026-11-22T10:00:00Z, or leave it empty for the current time.',
		);
	const options = context.getNodeParameter('options', itemIndex, {}) as EventOptions;
	const event = {
		name,
		time,
		profile: identifiersAt(context, itemIndex),
		properties: propertiesAt(context, PROPERTIES, itemIndex),
		...(options.value === undefined ? {} : { value: options.value }),
		...(options.valueCurrency?.trim() ? { valueCurrency: options.valueCurrency.trim() } : {}),
	};
	const uniqueId = trimmedParameter(context, 'uniqueId', itemIndex);
	return {
		event: {
			...event,
			uniqueId: uniqueId || fingerprint(event, written !== ''),
			...(options.backfill ? { backfill: true } : {}),
		},
		ids: { time },
	};
}

const execute: Execute = async (context, items) =>
	await trackItems(context, items, (itemIndex) => draftAt(context, itemIndex));

export const track: Operation = {
	properties,
	execute,
};
