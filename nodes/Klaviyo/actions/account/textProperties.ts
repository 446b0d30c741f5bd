/** Where the events of a metric have the message's text. Only property names are shown, never what customers wrote. */
import type { CheckResult } from '../../../shared/setupProbes';
import { ofMetrics } from '../../api/filter';
import { fromRead, type Probes } from '../../api/probes';
import { eventResource, metricPropertyResource, page } from '../../api/wire';

/** @param metricIds of one metric, which may be listed under several names */
export async function textProperties(
	probes: Probes,
	metricIds: readonly string[],
): Promise<CheckResult> {
	const answers = await Promise.all(
		metricIds.map(
			async (id) => await probes.read(`/api/metrics/${encodeURIComponent(id)}/metric-properties`),
		),
	);
	const listed = answers.flatMap(({ body }) =>
		(page(metricPropertyResource).safeParse(body).data?.data ?? []).flatMap(
			({ attributes }) => attributes.property ?? attributes.label ?? [],
		),
	);
	const newest = await newestProperties(probes, metricIds);
	const names = [...new Set([...listed, ...newest.flatMap(Object.keys)])].sort();
	// A picture has none, so the newest message may lack it.
	const [place] = [...newest, Object.fromEntries(listed.map((name) => [name, null]))].flatMap(
		(properties) => placeOfBody(properties) ?? [],
	);
	const [first] = answers;
	if (names.length === 0 && first) {
		const read = fromRead(first, 'No event to look at yet.');
		return { ...read, status: read.status === 'ready' ? 'notYet' : 'unknown' };
	}
	const otherwise = newest.length === 0 ? 'notYet' : 'missing';
	return {
		status: place === undefined ? otherwise : 'ready',
		detail: `${place === undefined ? 'The text was not found.' : `The text is in ${place}.`} Properties: ${names.join(', ')}.`,
	};
}

/** Events, of which at least one has words. */
const NEWEST = 20;

/** Newest first. */
async function newestProperties(
	probes: Probes,
	metricIds: readonly string[],
): Promise<Array<Record<string, unknown>>> {
	const events = await Promise.all(
		metricIds.map(async (id) => {
			const { body } = await probes.read('/api/events', {
				filter: ofMetrics([id]),
				sort: '-datetime',
				'page[size]': NEWEST,
			});
			return page(eventResource).safeParse(body).data?.data ?? [];
		}),
	);
	return events
		.flat()
		.sort((one, other) => (other.attributes.timestamp ?? 0) - (one.attributes.timestamp ?? 0))
		.flatMap(({ attributes: { event_properties: properties } }) =>
			properties ? [properties] : [],
		);
}

const BODY = 'message body';

function placeOfBody(properties: Record<string, unknown>): string | undefined {
	const nameIn = (value: unknown): string | undefined =>
		Object.keys(Object(value)).find((name) => name.toLowerCase() === BODY);
	const top = nameIn(properties);
	if (top !== undefined) return `'${top}'`;
	const inner = nameIn(properties.$extra);
	return inner === undefined ? undefined : `'$extra' > '${inner}'`;
}
