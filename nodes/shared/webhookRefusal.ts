/** That a vendor lets nobody manage webhooks with a credential: said so that the builder knows what to do. */
import { NodeApiError } from 'n8n-workflow';
import { isOk, isPage, type VendorAnswer } from './answer';
import type { Vendor } from './transport';

export interface Forbidden {
	message: string;
	description: string;
}

/**
 * The same vendor, for calls about its webhooks.
 *
 * @param explain what it means that such a call is forbidden (403, from the vendor itself); undefined for what the
 * vendor's own explanation says better
 */
export function forWebhooks<V extends Vendor>(
	vendor: V,
	explain: (answer: VendorAnswer) => Forbidden | undefined,
): V {
	const refusal: Vendor['refusal'] = (what, answer) => {
		const forbidden = answer.status === 403 && !isPage(answer) ? explain(answer) : undefined;
		if (forbidden === undefined) return vendor.refusal(what, answer);
		return new NodeApiError(vendor.context.getNode(), {}, { ...forbidden, httpCode: '403' });
	};
	return {
		...vendor,
		refusal,
		async requestOk(what, call) {
			const answer = await vendor.request(call);
			if (!isOk(answer)) throw refusal(what, answer);
			return answer;
		},
	};
}
