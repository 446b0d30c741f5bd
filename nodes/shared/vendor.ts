/** A vendor as one node sees it: where it is, what every call carries, and how its refusals read. */
import { type IDataObject, type JsonObject, NodeApiError } from 'n8n-workflow';
import type { z } from 'zod';
import { callVendor, tryVendor, type VendorCall, type VendorContext, vendorError } from './http';
import { isOk, isPage, pageWords, type VendorAnswer } from './answer';

/** A call below the vendor's origin. */
export type PathCall = Omit<VendorCall, 'url'> & { path: string };

export interface Vendor {
	readonly context: VendorContext;
	readonly origin: string;
	/** @returns the answer of any status but 401; status 0 when there was none */
	tryRequest(call: PathCall): Promise<VendorAnswer>;
	/** @throws NodeApiError when there was no answer */
	request(call: PathCall): Promise<VendorAnswer>;
	/** @throws NodeApiError named `what` when the answer is no 2xx */
	requestOk(what: string, call: PathCall): Promise<VendorAnswer>;
	/** The answer as an error for n8n, named `what`. */
	refusal(what: string, answer: VendorAnswer): NodeApiError;
	/** @throws NodeApiError when the answer has not the shape that the vendor documents */
	read<T extends z.ZodTypeAny>(what: string, schema: T, answer: VendorAnswer): z.infer<T>;
}

export interface VendorTraits {
	/** As users call it. */
	name: string;
	credentialType: string;
	origin: string;
	/** Headers of every call. */
	headers?: (call: PathCall) => Record<string, string>;
	/** What the vendor's refusal means and how to fix it. */
	explain(answer: VendorAnswer): string;
}

export function vendorOf(context: VendorContext, traits: VendorTraits): Vendor {
	const { credentialType, origin, explain } = traits;
	const full = ({ path, ...call }: PathCall): VendorCall => ({
		...call,
		// Joined as text: resolved against the origin, `//elsewhere` would take the credential to another host.
		url: `${origin}${path.startsWith('/') ? '' : '/'}${path}`,
		headers: { ...traits.headers?.({ path, ...call }), ...call.headers },
	});
	const vendor: Vendor = {
		context,
		origin,
		tryRequest: async (call) => await tryVendor(context, credentialType, full(call)),
		request: async (call) => await callVendor(context, credentialType, full(call)),
		async requestOk(what, call) {
			const answer = await vendor.request(call);
			if (!isOk(answer)) throw vendor.refusal(what, answer);
			return answer;
		},
		refusal: (what, answer) => vendorError(context, answer, what, explain(answer)),
		read(what, schema, answer) {
			const parsed = schema.safeParse(answer.body);
			if (parsed.success) return parsed.data;
			const issues = parsed.error.issues.map(
				({ path, message }) => `${path.join('.')}: ${message}`,
			);
			throw new NodeApiError(context.getNode(), { issues } as IDataObject as JsonObject, {
				message: `${what}: the answer could not be read`,
				description: isPage(answer)
					? pageWords(traits.name, answer)
					: `${traits.name}'s answer has another shape than documented. Something between n8n and ${traits.name} may have answered in its place, or the package needs an update.`,
			});
		},
	};
	return vendor;
}

/**
 * The same vendor for who cannot wait.
 *
 * @param deadline milliseconds since 1970: no answer is waited for longer
 */
export function withDeadlineFor<V extends Vendor>(vendor: V, deadline: number): V {
	const withDeadline = (call: PathCall): PathCall => ({ ...call, deadline: deadline });
	return {
		...vendor,
		tryRequest: async (call) => await vendor.tryRequest(withDeadline(call)),
		request: async (call) => await vendor.request(withDeadline(call)),
		requestOk: async (what, call) => await vendor.requestOk(what, withDeadline(call)),
	};
}
