/** Metrics by name. Klaviyo filters by integration only, so the name is looked for here. */
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
