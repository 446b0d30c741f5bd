/** Metrics by name. Klaviyo filters by integration only, so the name is looked for here. */
import type { z } from 'zod';
import { type Klaviyo, readAll } from './client';
import { metricResource } from './wire';

/** Ids of Klaviyo's own metrics, by account and name: they never change, and `GET /api/metrics` is worth a call. */
const known = new Map<string, string>();

/** @returns undefined when the account has no such metric yet: it comes with its first event */
export async function klaviyoMetricId(klaviyo: Klaviyo, name: string): Promise<string | undefined> {
	const key = `${klaviyo.account} ${name}`;
	const remembered = known.get(key);
	if (remembered !== undefined) return remembered;
	const { data } = await readAll(
		klaviyo,
		'Metrics could not be read',
		metricResource,
		'/api/metrics',
		{
			filter: 'equals(integration.name,"Klaviyo")',
		},
	);
	const own = data.filter(
		({ attributes }) => (attributes.integration?.name ?? 'Klaviyo') === 'Klaviyo',
	);
	const wanted = own.find(({ attributes }) => attributes.name === name);
	if (wanted) known.set(key, wanted.id);
	return wanted?.id;
}

/**
 * Ids of the metrics that events of a name go to. An app's events go to metrics of the app's own integration, whose
 * name nobody documents: with OAuth2 every metric of the name counts that is not Klaviyo's.
 * https://developers.klaviyo.com/en/reference/events_api_overview
 *
 * @returns by name; a name that nothing was tracked with yet is left out
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
	// The account's name begins with the credential's type.
	const isApp = klaviyo.account.startsWith('klaviyoSyncOAuth2Api ');
	const { data } = await readAll(
		klaviyo,
		'Metrics could not be read',
		metricResource,
		'/api/metrics',
		isApp ? {} : { filter: 'equals(integration.name,"API")' },
	);
	return data.filter(({ attributes }) => {
		const integration = attributes.integration?.name ?? 'API';
		return isApp ? integration !== 'Klaviyo' : integration === 'API';
	});
}

/** Names of the metrics that were tracked by API, for builders to choose from. */
export async function trackedMetricNames(klaviyo: Klaviyo): Promise<string[]> {
	const metrics = await trackedMetrics(klaviyo);
	return [...new Set(metrics.map(({ attributes }) => attributes.name))].sort((a, b) =>
		a.localeCompare(b),
	);
}
