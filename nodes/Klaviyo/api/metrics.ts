/** Metrics by name. Klaviyo filters by integration only, so the names are compared here. */
import { NodeOperationError } from 'n8n-workflow';
import type { z } from 'zod';
import { isGone, isOk } from '../../shared/answer';
import { processMemory } from '../../shared/processMemory';
import { asRefusal } from '../../shared/transport';
import { type Klaviyo, readAll } from './client';
import type { NamedMetric } from './metricEvent';
import { metricResource, single } from './wire';

/**
 * Ids of the metrics to which events with a name belong. An app's events belong to metrics of the app's own
 * integration, whose name is not documented. So with OAuth2, every metric with the name counts, except Klaviyo's.
 * https://developers.klaviyo.com/en/reference/events_api_overview
 *
 * @returns by name; a name without any events so far is left out
 */
export async function trackedMetricIds(
	klaviyo: Klaviyo,
	names: ReadonlySet<string>,
): Promise<Map<string, string[]>> {
	const ids = new Map<string, string[]>();
	for (const { id, attributes } of await trackedMetrics(klaviyo))
		if (names.has(attributes.name))
			ids.set(attributes.name, [...(ids.get(attributes.name) ?? []), id]);
	return ids;
}

type Metric = z.infer<typeof metricResource>;

export const METRICS_PATH = '/api/metrics';
const ERROR_TITLE = 'Metrics could not be read';

async function trackedMetrics(klaviyo: Klaviyo): Promise<Metric[]> {
	const { isApp } = klaviyo;
	const { data } = await readAll(
		klaviyo,
		ERROR_TITLE,
		metricResource,
		METRICS_PATH,
		isApp ? {} : { filter: 'equals(integration.name,"API")' },
	);
	return data.filter(({ attributes }) => {
		const { integration } = attributes;
		const name = integration?.name ?? 'API';
		return isApp ? name !== 'Klaviyo' : name === 'API';
	});
}

/** Names of the metrics that were tracked by API, for builders to choose from. */
export async function trackedMetricNames(klaviyo: Klaviyo): Promise<string[]> {
	const metrics = await trackedMetrics(klaviyo);
	return [...new Set(metrics.map(({ attributes }) => attributes.name))].sort((a, b) =>
		a.localeCompare(b),
	);
}

/** For builders to choose from: two integrations may have metrics of one name. */
export const shownName = ({ attributes: { name, integration } }: Metric): string =>
	integration?.name ? `${name} (${integration.name})` : name;

/** By account and id. */
const known = processMemory<{ readAt: number; metric: NamedMetric }>();

/** Milliseconds for which a metric's name is remembered: it may be renamed. */
const GOOD_FOR = 3_600_000;

/**
 * Calls `use` with the metric, under its present name. If Klaviyo refuses that, the metric may be gone: it is looked up
 * again, so that the error says so.
 *
 * @throws NodeOperationError if the account does not have it; and whatever `use` throws
 */
export async function withMetric<T>(
	klaviyo: Klaviyo,
	id: string,
	use: (metric: NamedMetric) => Promise<T>,
): Promise<T> {
	const name = `${klaviyo.account} ${id}`;
	const last = known.get(name);
	const age = last ? Date.now() - last.readAt : -1;
	const metric = last && age >= 0 && age < GOOD_FOR ? last.metric : await metricById(klaviyo, id);
	if (metric !== last?.metric) known.set(name, { readAt: Date.now(), metric });
	try {
		return await use(metric);
	} catch (error) {
		const refusal = asRefusal(klaviyo, error);
		if (refusal.httpCode !== '400' && refusal.httpCode !== '404') throw refusal;
		known.delete(name);
		await metricById(klaviyo, id);
		throw refusal;
	}
}

/** By account and name. */
const named = processMemory<{ readAt: number; id: string | undefined }>();

/** Milliseconds after which a metric that the account lacks is looked for again: it comes with its first event. */
const MISSING_FOR = 60_000;

/**
 * @param isSame whether a metric of the account's is the one that is called so: it may have several names
 * @returns Klaviyo's own if there are several; undefined if the account has none
 */
export async function metricIdNamed(
	klaviyo: Klaviyo,
	name: string,
	isSame: (one: string, other: string) => boolean,
): Promise<string | undefined> {
	const key = `${klaviyo.account} ${name}`;
	const last = named.get(key);
	const age = last ? Date.now() - last.readAt : -1;
	if (last && age >= 0 && age < (last.id === undefined ? MISSING_FOR : GOOD_FOR)) return last.id;
	const { data } = await readAll(klaviyo, ERROR_TITLE, metricResource, METRICS_PATH, {});
	const found = data.filter(({ attributes }) => isSame(attributes.name, name));
	const own = found.find(({ attributes }) => attributes.integration?.name === 'Klaviyo');
	const id = (own ?? found[0])?.id;
	named.set(key, { readAt: Date.now(), id });
	return id;
}

async function metricById(klaviyo: Klaviyo, id: string): Promise<NamedMetric> {
	const title = 'The metric could not be read';
	const path = `${METRICS_PATH}/${encodeURIComponent(id)}`;
	const answer = await klaviyo.request({ method: 'GET', path, repeatable: true });
	if (isGone(answer))
		throw new NodeOperationError(
			klaviyo.context.getNode(),
			`This Klaviyo account has no metric with the ID '${id}'`,
			{
				description:
					"It may have been deleted, or belong to another account. Choose a metric from the list in 'Metric', then publish the workflow again.",
			},
		);
	if (!isOk(answer)) throw klaviyo.refusal(title, answer);
	const { data } = klaviyo.read(title, single(metricResource), answer);
	return { id: data.id, name: data.attributes.name };
}
