/** Metrics by name. Klaviyo filters by integration only, so the names are compared here. */
import { NodeOperationError } from 'n8n-workflow';
import type { z } from 'zod';
import { isGone, isOk } from '../../shared/answer';
import { rememberedFor } from '../../shared/remembered';
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
	const metrics = await knownTracked.get(
		`${klaviyo.account} ${klaviyo.isApp}`,
		async () => await trackedMetrics(klaviyo),
		(known) => [...names].every((name) => known.some(({ attributes }) => attributes.name === name)),
	);
	const ids = new Map<string, string[]>();
	for (const { id, attributes } of metrics)
		if (names.has(attributes.name))
			ids.set(attributes.name, [...(ids.get(attributes.name) ?? []), id]);
	return ids;
}

type Metric = z.infer<typeof metricResource>;

/** Milliseconds. A metric that is not there yet is looked for each time: it comes with its first event. */
const TRACKED_GOOD_FOR = 10 * 60_000;
/** By account and kind of credential. */
const knownTracked = rememberedFor<Metric[]>(() => TRACKED_GOOD_FOR);

export const METRICS_PATH = '/api/metrics';
const ERROR_TITLE = 'Metrics could not be read';

/** Of all integrations: Klaviyo's own, connected shops, and what was tracked by API. */
export async function allMetrics(klaviyo: Klaviyo): Promise<Metric[]> {
	const { data } = await readAll(klaviyo, ERROR_TITLE, metricResource, METRICS_PATH, {});
	return data;
}

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

/** Milliseconds for which a metric's name is remembered: it may be renamed. */
const GOOD_FOR = 3_600_000;
/** Milliseconds after which a metric that the account lacks is looked for again: it comes with its first event. */
const MISSING_FOR = 60_000;

/** By account and id. */
const metricsById = rememberedFor<NamedMetric>(() => GOOD_FOR);
/** By account and name: ids. */
const idsByName = rememberedFor<string | undefined>((id) =>
	id === undefined ? MISSING_FOR : GOOD_FOR,
);

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
	const metric = await metricsById.get(name, async () => await metricById(klaviyo, id));
	try {
		return await use(metric);
	} catch (error) {
		const refusal = asRefusal(klaviyo, error);
		if (refusal.httpCode !== '400' && refusal.httpCode !== '404') throw refusal;
		metricsById.forget(name);
		await metricById(klaviyo, id);
		throw refusal;
	}
}

/**
 * @param isSame whether a metric of the account's is the one that is called so: it may have several names
 * @returns Klaviyo's own if there are several; undefined if the account has none
 */
export async function metricIdNamed(
	klaviyo: Klaviyo,
	name: string,
	isSame: (one: string, other: string) => boolean,
): Promise<string | undefined> {
	return await idsByName.get(`${klaviyo.account} ${name}`, async () => {
		const found = (await allMetrics(klaviyo)).filter(({ attributes }) =>
			isSame(attributes.name, name),
		);
		const own = found.find(({ attributes }) => attributes.integration?.name === 'Klaviyo');
		return (own ?? found[0])?.id;
	});
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
