/** Records events of any metric, each once. */
import { createHash, randomUUID } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { MetricEvent } from '../../../../domain/tracking/event';
import type { Execute } from '../../../shared/operation';
import { trimmedParameter } from '../../../shared/parameters';
import { isMoment, timeOf } from '../../../shared/time';
import { identifiersAt } from '../profileParameters';
import { propertiesAt } from '../propertyFields';
import { type Draft, trackItems } from './trackItems';
import type { TrackingOptions } from './trackingOptions';

type EventOptions = TrackingOptions & { value?: number; valueCurrency?: string };

/**
 * @param written ISO 8601, or seconds or milliseconds since 1970
 * @returns ISO 8601 UTC, or undefined when it is no time
 */
function utcOf(written: string, zone: string): string | undefined {
	const isNumber = /^\d{9,13}$/.test(written);
	const time = isNumber
		? Number(written) * (written.length > 11 ? 1 : 1000)
		: timeOf(written, zone);
	return isMoment(time) ? new Date(time).toISOString() : undefined;
}

/** The same for the same event, so that a second run makes no second one; without a time there is no telling. */
const fingerprint = (event: Omit<MetricEvent, 'uniqueId'>, hasTime: boolean): string =>
	hasTime
		? `n8n:${createHash('sha256').update(JSON.stringify(event)).digest('hex')}`
		: `n8n:${randomUUID()}`;

/** @throws NodeOperationError when something needed is missing or cannot be read */
function draftOf(context: IExecuteFunctions, itemIndex: number): Draft {
	const refuse = (message: string, description: string): NodeOperationError =>
		new NodeOperationError(context.getNode(), message, { itemIndex, description });
	const chosen = context.getNodeParameter('metricName', itemIndex, '', {
		extractValue: true,
	}) as unknown;
	const name = String(chosen ?? '').trim();
	if (name === '')
		throw refuse('No metric is given', "Choose one in the field 'Metric', or type a new name.");
	const written = trimmedParameter(context, 'time', itemIndex);
	const time = utcOf(written || String(Date.now()), context.getTimezone());
	if (time === undefined)
		throw refuse(
			`'${written}' is no time`,
			"Give the field 'Time' a date and time such as 2026-11-22T10:00:00Z, or leave it empty for now.",
		);
	const options = context.getNodeParameter('options', itemIndex, {}) as EventOptions;
	const event = {
		name,
		time,
		profile: identifiersAt(context, itemIndex),
		properties: propertiesAt(context, itemIndex),
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
		about: { time },
	};
}

export const execute: Execute = async (context, items) =>
	await trackItems(context, items, (itemIndex) => draftOf(context, itemIndex));
