/** Lists of the account, for builders to choose from. */
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import type { VendorContext } from '../../shared/send';
import { type Klaviyo, klaviyoOf } from './client';
import { accountMetrics, trackedMetricNames } from './metrics';

// n8n types this context's getNodeParameter differently. `klaviyoOf` calls it in the way that all contexts share.
const klaviyoIn = async (context: ILoadOptionsFunctions): Promise<Klaviyo> =>
	await klaviyoOf(context as unknown as VendorContext);

function matching(
	results: INodeListSearchResult['results'],
	filter: string | undefined,
): INodeListSearchResult {
	const wanted = filter?.toLowerCase() ?? '';
	return { results: results.filter(({ name }) => name.toLowerCase().includes(wanted)) };
}

/** Names of the metrics that were tracked by API. */
export async function searchMetrics(
	context: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const names = await trackedMetricNames(await klaviyoIn(context));
	return matching(
		names.map((name) => ({ name, value: name })),
		filter,
	);
}

/** All metrics of the account, by id. */
export async function searchAllMetrics(
	context: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const metrics = await accountMetrics(await klaviyoIn(context));
	return matching(
		metrics.map(({ id, name }) => ({ name, value: id })),
		filter,
	);
}
