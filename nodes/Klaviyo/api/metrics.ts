/** Metrics by name. Klaviyo filters by integration only, so the names are compared here. */
import type { z } from 'zod';
import { type Klaviyo, readAll } from './client';
import { metricResource } from './wire';

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

async function trackedMetrics(klaviyo: Klaviyo): Promise<Metric[]> {
	const { isApp } = klaviyo;
	const { data } = await readAll(
		klaviyo,
		'Metrics could not be read',
		metricResource,
		'/api/metrics',
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
