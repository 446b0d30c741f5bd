/** Lists of the account, for builders to choose from. */
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import type { VendorContext } from '../../shared/send';
import { klaviyoOf } from './client';
import { trackedMetricNames } from './metrics';

/** Names of the metrics that were tracked by API. */
export async function searchMetrics(
	context: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	// n8n types this context's getNodeParameter differently. `klaviyoOf` calls it in the way that all contexts share.
	const klaviyo = await klaviyoOf(context as unknown as VendorContext);
	const names = await trackedMetricNames(klaviyo);
	const wanted = filter?.toLowerCase() ?? '';
	return {
		results: names
			.filter((name) => name.toLowerCase().includes(wanted))
			.map((name) => ({ name, value: name })),
	};
}
