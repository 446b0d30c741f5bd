/** Segments. https://developers.klaviyo.com/en/reference/segments_api_overview */
import type { IDataObject } from 'n8n-workflow';
import { isOk, isTransient } from '../../shared/answer';
import { type Klaviyo, readAll } from './client';
import { equals } from './filter';
import { OPEN_TICKET_COUNT } from './profiles';
import { segmentResource, single } from './wire';

/** Who has open tickets: by the count on the profile, or by one metric that happened and another that did not. */
export type OpenTicketRule =
	{ kind: 'property' } | { kind: 'metrics'; openedId: string; endedId: string; days: number };

const counted = (
	metricId: string,
	operator: 'greater-than' | 'equals',
	days: number,
): IDataObject => ({
	type: 'profile-metric',
	metric_id: metricId,
	measurement: 'count',
	measurement_filter: { type: 'numeric', operator, value: 0 },
	timeframe_filter: { type: 'date', operator: 'in-the-last', unit: 'day', quantity: days },
});

/** Groups are joined by "and". */
const definitionOf = (rule: OpenTicketRule): IDataObject => ({
	condition_groups:
		rule.kind === 'property'
			? [
					{
						conditions: [
							{
								type: 'profile-property',
								property: `properties['${OPEN_TICKET_COUNT}']`,
								filter: { type: 'numeric', operator: 'greater-than', value: 0 },
							},
						],
					},
				]
			: [
					{ conditions: [counted(rule.openedId, 'greater-than', rule.days)] },
					{ conditions: [counted(rule.endedId, 'equals', rule.days)] },
				],
});

export const SEGMENTS_PATH = '/api/segments';

/** @returns the id of the oldest segment with exactly this name */
export async function segmentNamed(klaviyo: Klaviyo, name: string): Promise<string | undefined> {
	const { data } = await readAll(
		klaviyo,
		'Segments could not be read',
		segmentResource,
		SEGMENTS_PATH,
		{ filter: equals('name', name), sort: 'created', 'fields[segment]': 'name' },
	);
	return data.find(({ attributes }) => (attributes?.name ?? name) === name)?.id;
}

/**
 * @returns its name; '' if Klaviyo does not say
 * @throws NodeApiError if the account has no such segment
 */
export async function segmentName(klaviyo: Klaviyo, id: string): Promise<string> {
	const what = `The segment '${id}' could not be read`;
	const path = `${SEGMENTS_PATH}/${encodeURIComponent(id)}`;
	const answer = await klaviyo.requestOk(what, { method: 'GET', path, repeatable: true });
	return klaviyo.read(what, single(segmentResource), answer).data.attributes?.name ?? '';
}

/**
 * Not repeatable: Klaviyo would create a second segment with the same name. If the answer is lost, the segment is
 * looked for.
 *
 * @returns the new segment's id
 */
export async function createSegment(
	klaviyo: Klaviyo,
	name: string,
	rule: OpenTicketRule,
): Promise<string> {
	const what = 'The segment could not be created';
	const answer = await klaviyo.tryRequest({
		method: 'POST',
		path: SEGMENTS_PATH,
		body: { data: { type: 'segment', attributes: { name, definition: definitionOf(rule) } } },
		repeatable: false,
	});
	if (isOk(answer)) return klaviyo.read(what, single(segmentResource), answer).data.id;
	const made = isTransient(answer) ? await segmentNamed(klaviyo, name) : undefined;
	if (made === undefined) throw klaviyo.refusal(what, answer);
	return made;
}
