/** Ids of the SMS metrics in the account. Klaviyo filters metrics by integration only, so names are looked for here. */
import { type Klaviyo, readAll } from './client';
import type { TextMetric } from './textMetrics';
import { metricResource } from './wire';

/** By account and name: ids never change, and `GET /api/metrics` is worth a call. */
const known = new Map<string, string>();

/**
 * At most one call, and none once all are known. A metric comes to an account with its first event, so what is missing
 * is looked for again each time.
 *
 * @returns without the metrics that the account does not have
 */
export async function textMetricIds(
	klaviyo: Klaviyo,
	metrics: readonly TextMetric[],
): Promise<Map<TextMetric, string>> {
	const keyOf = ({ name }: TextMetric): string => `${klaviyo.account} ${name}`;
	const missing = metrics.filter((metric) => !known.has(keyOf(metric)));
	const own = missing.length > 0 ? await ownMetrics(klaviyo) : new Map<string, string>();
	for (const metric of missing) {
		const id = [metric.name, ...metric.olderNames]
			.map((name) => own.get(name.toLowerCase()))
			.find((found) => found !== undefined);
		if (id !== undefined) known.set(keyOf(metric), id);
	}
	return new Map(
		metrics.flatMap((metric) => {
			const id = known.get(keyOf(metric));
			return id === undefined ? [] : [[metric, id] as const];
		}),
	);
}

/** Ids of Klaviyo's own metrics, by name in lower case: the spelling has changed over the years. */
async function ownMetrics(klaviyo: Klaviyo): Promise<Map<string, string>> {
	const { data } = await readAll(
		klaviyo,
		'Metrics could not be read',
		metricResource,
		'/api/metrics',
		{ filter: 'equals(integration.name,"Klaviyo")' },
	);
	return new Map(
		data
			.filter(({ attributes }) => (attributes.integration?.name ?? 'Klaviyo') === 'Klaviyo')
			.map(({ id, attributes }) => [attributes.name.toLowerCase(), id]),
	);
}
