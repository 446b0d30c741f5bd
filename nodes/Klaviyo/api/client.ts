/** How every call to Klaviyo is made: credential, origin, revision, JSON:API. */
import type { IDataObject, IHttpRequestMethods, IExecuteFunctions } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import type { z } from 'zod';
import {
	callVendor,
	isOk,
	type VendorAnswer,
	type VendorContext,
	vendorError,
} from '../../shared/http';
import { KLAVIYO_REVISION } from '../../shared/klaviyoAccount';
import { klaviyoOrigin } from '../../shared/origin';
import { explain } from './errors';
import { page } from './wire';

export interface KlaviyoCall {
	method: IHttpRequestMethods;
	/** Below the origin (`/api/events`), or a whole `links.next`. */
	path: string;
	query?: IDataObject;
	body?: IDataObject;
	/** See `VendorCall`. */
	repeatable: boolean;
	/** Milliseconds for one attempt. */
	timeout?: number;
}

/** Klaviyo as one node sees it. */
export interface Klaviyo {
	context: VendorContext;
	origin: string;
	/** Tells accounts apart without showing a secret: the credential's type, id, and origin. */
	account: string;
	webhookSecret: string;
	/** @returns the answer, of any status but 401 */
	ask(call: KlaviyoCall): Promise<VendorAnswer>;
	/** @throws NodeApiError named `what` when the answer is no 2xx */
	must(what: string, call: KlaviyoCall): Promise<VendorAnswer>;
}

/** By the `authentication` parameter, in any of n8n's contexts: only some of them take an item's number. */
const credentialTypeOf = (context: VendorContext): string =>
	(context as IExecuteFunctions).getNodeParameter('authentication', 0) === 'oAuth2'
		? 'klaviyoSyncOAuth2Api'
		: 'klaviyoSyncApi';

export async function klaviyoOf(context: VendorContext): Promise<Klaviyo> {
	const type = credentialTypeOf(context);
	const { baseUrl, webhookSecret } = await context.getCredentials<{
		baseUrl?: string;
		webhookSecret?: string;
	}>(type);
	const origin = klaviyoOrigin(baseUrl);
	const ask = async (call: KlaviyoCall): Promise<VendorAnswer> =>
		await callVendor(context, type, {
			...call,
			url: new URL(call.path, origin).href,
			headers: {
				revision: KLAVIYO_REVISION,
				accept: 'application/vnd.api+json',
				...(call.body ? { 'content-type': 'application/vnd.api+json' } : {}),
			},
		});
	return {
		context,
		origin,
		account: `${type} ${context.getNode().credentials?.[type]?.id ?? ''} ${origin}`,
		webhookSecret: webhookSecret ?? '',
		ask,
		async must(what, call) {
			const answer = await ask(call);
			if (!isOk(answer)) throw vendorError(context, answer, what, explain(answer));
			return answer;
		},
	};
}

/** @throws NodeApiError when the answer has not the shape that Klaviyo documents */
export function read<T extends z.ZodTypeAny>(
	klaviyo: Klaviyo,
	what: string,
	schema: T,
	answer: VendorAnswer,
): z.infer<T> {
	const parsed = schema.safeParse(answer.body);
	if (parsed.success) return parsed.data as z.infer<T>;
	throw new NodeApiError(
		klaviyo.context.getNode(),
		{ issues: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) },
		{
			message: `${what}: the answer could not be read`,
			description:
				"Klaviyo's answer has another shape than documented. Something between n8n and Klaviyo may have answered in its place, or the package needs an update.",
		},
	);
}

/** Reads a list to its end. `included` gathers what the pages include. */
export async function readAll<T extends z.ZodTypeAny>(
	klaviyo: Klaviyo,
	what: string,
	item: T,
	path: string,
	query: IDataObject,
): Promise<{ data: Array<z.infer<T>>; included: unknown[] }> {
	const data: Array<z.infer<T>> = [];
	const included: unknown[] = [];
	let call: KlaviyoCall | undefined = { method: 'GET', path, query, repeatable: true };
	while (call) {
		const answer = await klaviyo.must(what, call);
		const found: {
			data: Array<z.infer<T>>;
			included?: unknown[] | null;
			links?: { next?: string | null } | null;
		} = read(klaviyo, what, page(item), answer);
		data.push(...found.data);
		included.push(...(found.included ?? []));
		const next = found.links?.next;
		call = next ? { method: 'GET', path: ownPath(next), repeatable: true } : undefined;
	}
	return { data, included };
}

/** A link of Klaviyo's without its host: the credential goes to the host that it is for, whatever an answer says. */
const ownPath = (link: string): string => {
	const { pathname, search } = new URL(link, 'https://a.klaviyo.com');
	return `${pathname}${search}`;
};
