/** One request through n8n's own HTTP helper, in the form that the n8n at hand understands. */
import type {
	IAllExecuteFunctions,
	IDataObject,
	IHttpRequestMethods,
	IHttpRequestOptions,
} from 'n8n-workflow';
import type { VendorAnswer } from './answer';

/** Any of n8n's contexts that can make requests: execute, poll, hook, webhook, load options. */
export type VendorContext = Pick<
	IAllExecuteFunctions,
	'getNode' | 'getNodeParameter' | 'getCredentials' | 'helpers' | 'logger'
>;

export interface VendorCall {
	method: IHttpRequestMethods;
	/** Below the vendor's origin. */
	path: string;
	query?: IDataObject;
	body?: IDataObject | Buffer;
	headers?: Record<string, string>;
	/**
	 * Whether a second identical request does no harm: reads, and writes with an idempotency key. Only these are sent
	 * again after a lost answer or a 5xx. After a 429 any request is sent again, because it had no effect.
	 */
	repeatable: boolean;
	/** Milliseconds for one attempt. */
	timeout?: number;
	/** Milliseconds after which no further attempt begins. A minute by default. */
	retryForMs?: number;
	/**
	 * Milliseconds since 1970 until which an answer is of use. No attempt lasts longer, except that each gets at
	 * least a second.
	 */
	deadline?: number;
}

export interface VendorTraits {
	/** As users call it. */
	name: string;
	credentialType: string;
	origin: string;
	/** Headers of every call. */
	headers?: (call: VendorCall) => Record<string, string>;
	/** What the vendor's refusal means and how to fix it. */
	explain(answer: VendorAnswer): string;
}

export interface Exchange {
	answer?: VendorAnswer;
	/** What the helper threw; absent when there is an answer. */
	fault?: unknown;
}

/** Below the 60 s after which the rules take a request for dead. */
const TIMEOUT = 30_000;

export const isOAuth2 = (credentialType: string): boolean => credentialType.endsWith('OAuth2Api');

/** Milliseconds for an attempt that begins now. */
const timeoutOf = ({ timeout = TIMEOUT, deadline = Infinity }: VendorCall): number =>
	Math.min(timeout, Math.max(1000, deadline - Date.now()));

const lowerCaseNames = (headers: unknown): Record<string, string> =>
	Object.fromEntries(
		Object.entries((headers ?? {}) as Record<string, unknown>).map(([name, value]) => [
			name.toLowerCase(),
			String(value),
		]),
	);

/** New ones for each request: n8n writes the token into them. */
function optionsOf({ origin, headers }: VendorTraits, call: VendorCall): IHttpRequestOptions {
	const { method, path, query, body } = call;
	return {
		method,
		// Joined as text: resolved against the origin, `//elsewhere` would take the credential to another host.
		url: `${origin}${path.startsWith('/') ? '' : '/'}${path}`,
		qs: query,
		body,
		headers: { ...headers?.(call), ...call.headers },
		timeout: timeoutOf(call),
		// n8n would take the credential and the body along to any host.
		disableFollowRedirect: true,
		returnFullResponse: true,
		...(Buffer.isBuffer(body) ? {} : { json: true }),
	};
}

async function exchange(
	context: VendorContext,
	{ credentialType }: VendorTraits,
	options: IHttpRequestOptions,
): Promise<Exchange> {
	try {
		const response = (await context.helpers.httpRequestWithAuthentication.call(
			context as IAllExecuteFunctions,
			credentialType,
			options,
		)) as { statusCode: number; headers: unknown; body: unknown };
		const { statusCode: status } = response;
		return { answer: { status, headers: lowerCaseNames(response.headers), body: response.body } };
	} catch (error) {
		return { fault: error };
	}
}

/** The answer in an error that n8n throws for a status; undefined when there was none, and for a 401. */
function answerIn(fault: unknown): VendorAnswer | undefined {
	const { response } = ((fault as { cause?: unknown } | undefined)?.cause ?? {}) as {
		response?: { status?: unknown; headers?: unknown; data?: unknown };
	};
	const { status, headers, data } = response ?? {};
	if (typeof status !== 'number' || status === 401) return undefined;
	// Axios has a class of its own for headers.
	return { status, headers: lowerCaseNames({ ...(headers ?? {}) }), body: data };
}

/** @returns the answer of any status but 401; a 401 is a fault, as n8n throws it */
export async function send(
	context: VendorContext,
	traits: VendorTraits,
	call: VendorCall,
): Promise<Exchange> {
	const first = await exchange(context, traits, {
		...optionsOf(traits, call),
		// 401 still throws inside the helper: that is what makes it refresh a token.
		ignoreHttpStatusErrors: { ignore: true, except: [401] },
	});
	if (first.answer?.status !== 401) return first;
	// An n8n before 2.11 ignores the exception, and hands out the 401 without having refreshed a token.
	if (!isOAuth2(traits.credentialType)) return { fault: asFault(first.answer) };
	// Refused is not done: it may be sent again. Now every status throws.
	const { answer, fault } = await exchange(context, traits, optionsOf(traits, call));
	const found = answer ?? answerIn(fault);
	return found ? { answer: found } : { fault };
}

/** As n8n throws it. */
const asFault = ({ status, body }: VendorAnswer): object => ({
	message: `Request failed with status code ${status}`,
	httpCode: String(status),
	cause: { response: { status, data: body } },
});
