/**
 * All requests to the vendors go through here: n8n's own HTTP helper, so that credentials, proxies and OAuth refresh
 * work, with one retry policy on top. Answers of any status are returned; only a missing answer is thrown.
 */
import { type IDataObject, type JsonObject, NodeApiError, sleep } from 'n8n-workflow';
import type { z } from 'zod';
import { isOk, isPage, pageWords, sentences, type VendorAnswer } from './answer';
import { type CredentialRefusal, credentialRefusal } from './credentialRefusal';
import {
	type Exchange,
	isOAuth2,
	send,
	type VendorCall,
	type VendorContext,
	type VendorTraits,
} from './send';

/** Milliseconds after which, by default, no further attempt of a call begins. */
const RETRY_FOR_MS = 60_000;
const ATTEMPTS = 4;
/** For a call whose token is refused. */
const TOKEN_ATTEMPTS = 3;

export interface Vendor {
	readonly context: VendorContext;
	readonly origin: string;
	/** @returns the answer of any status but 401; status 0 if there was none */
	tryRequest(call: VendorCall): Promise<VendorAnswer>;
	/** @throws NodeApiError if there was no answer */
	request(call: VendorCall): Promise<VendorAnswer>;
	/** @throws NodeApiError with the message `what` if the answer is not 2xx */
	requestOk(what: string, call: VendorCall): Promise<VendorAnswer>;
	/** The answer as an error for n8n, with the message `what`. */
	refusal(what: string, answer: VendorAnswer): NodeApiError;
	/** @throws NodeApiError if the answer does not have the documented shape */
	read<T extends z.ZodTypeAny>(what: string, schema: T, answer: VendorAnswer): z.infer<T>;
}

const pauseBefore = (attempt: number, answer?: VendorAnswer): number => {
	const asked = Number(answer?.headers['retry-after']);
	if (Number.isFinite(asked) && asked >= 0) return asked * 1000 + Math.random() * 250;
	return 500 * 2 ** attempt * (0.5 + Math.random());
};

/** Milliseconds to wait before the call is worth repeating, or undefined when it is not. */
const pauseBeforeRetry = (
	call: VendorCall,
	attempt: number,
	answer: VendorAnswer | undefined,
): number | undefined => {
	const refused = answer?.status === 429;
	const failed = answer === undefined || answer.status >= 500;
	if (!refused && !(failed && call.repeatable)) return undefined;
	return attempt < ATTEMPTS - 1 ? pauseBefore(attempt, answer) : undefined;
};

/**
 * n8n renews an OAuth2 token once per call. The new token can be refused too, if many runs renew it at the same time
 * or the vendor ends it early. A refused request had no effect, so trying again does no harm. A key does not change.
 */
const mayRenew = (credentialType: string, attempt: number): boolean =>
	isOAuth2(credentialType) && attempt < TOKEN_ATTEMPTS - 1;

/**
 * Sends one call with the credential, and repeats it where that does no harm.
 *
 * @returns the vendor's answer, of any status but 401 (n8n refreshes an OAuth token on 401 and tries again), or the
 * fault if there was none
 * @throws NodeApiError if the credential is refused: with 401, or because n8n gets no token
 */
async function requestWithRetry(
	context: VendorContext,
	traits: VendorTraits,
	call: VendorCall,
): Promise<Exchange> {
	const { credentialType, origin } = traits;
	const began = Date.now();
	for (let attempt = 0; ; attempt++) {
		const { answer, fault } = await send(context, traits, call);
		const refusal =
			fault === undefined ? undefined : credentialRefusal(fault, new URL(origin).host);
		const mayAgain = refusal?.mayPass === true && mayRenew(credentialType, attempt);
		if (refusal && !mayAgain) throw refusedCredential(context, fault, refusal);
		const pause = refusal ? pauseBefore(attempt) : pauseBeforeRetry(call, attempt, answer);
		const retryForMs = Math.min(
			call.retryForMs ?? RETRY_FOR_MS,
			(call.deadline ?? Infinity) - began,
		);
		if (pause === undefined || Date.now() - began + pause > retryForMs) {
			// A refused request had no effect, unlike one whose answer was lost.
			if (refusal) throw refusedCredential(context, fault, refusal);
			return { answer, fault };
		}
		await sleep(pause);
	}
}

/** What a request threw, typed. Its `httpCode` is the answer's status. */
export const asRefusal = ({ context }: Vendor, error: unknown): NodeApiError =>
	new NodeApiError(context.getNode(), error as JsonObject);

/** Used if there was no answer. */
const NO_ANSWER: VendorAnswer = { status: 0, headers: {}, body: undefined };

/** As a plain object: given another NodeApiError, the constructor would return that one unchanged. */
const messageOf = (fault: unknown): JsonObject => ({ message: String((fault as Error).message) });

const refusedCredential = (
	context: VendorContext,
	fault: unknown,
	{ message, description }: CredentialRefusal,
): NodeApiError =>
	new NodeApiError(context.getNode(), messageOf(fault), { message, description, httpCode: '401' });

/** What n8n keeps of a refusal: it only searches objects for a message. */
const bodyOf = ({ body }: VendorAnswer): JsonObject =>
	typeof body === 'object' && body !== null && !Buffer.isBuffer(body) ? (body as JsonObject) : {};

/** An answer that the caller cannot continue with, as the error that n8n shows on the item. */
function vendorError(
	context: VendorContext,
	{ name, explain }: VendorTraits,
	answer: VendorAnswer,
	what: string,
): NodeApiError {
	const wait = answer.headers['retry-after'];
	const hint =
		answer.status === 429
			? `${name}'s rate limit was reached. Try again ${wait ? `in ${wait} seconds` : 'later'}, or process fewer items at once.`
			: explain(answer);
	return new NodeApiError(context.getNode(), bodyOf(answer), {
		message: `${what} (status ${answer.status})`,
		description: hint,
		httpCode: String(answer.status),
	});
}

export function vendorOf(context: VendorContext, traits: VendorTraits): Vendor {
	const vendor: Vendor = {
		context,
		origin: traits.origin,
		tryRequest: async (call) => (await requestWithRetry(context, traits, call)).answer ?? NO_ANSWER,
		async request(call) {
			const { answer, fault } = await requestWithRetry(context, traits, call);
			if (answer) return answer;
			const { host } = new URL(traits.origin);
			const asked = `${call.method} ${call.path.split('?')[0] ?? ''}`;
			throw new NodeApiError(context.getNode(), messageOf(fault), {
				message: `No answer from ${host}`,
				description: `${sentences([`${asked} was not answered`, String((fault as Error).message)])}. Try again later. If it does not pass, check the address in the credential, and that n8n can reach ${host}.`,
			});
		},
		async requestOk(what, call) {
			const answer = await vendor.request(call);
			if (!isOk(answer)) throw vendor.refusal(what, answer);
			return answer;
		},
		refusal: (what, answer) => vendorError(context, traits, answer, what),
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
 * The same vendor, for callers that have limited time.
 *
 * @param deadline milliseconds since 1970: no answer is waited for longer
 */
export function withDeadlineFor<V extends Vendor>(vendor: V, deadline: number): V {
	const withDeadline = (call: VendorCall): VendorCall => ({ ...call, deadline: deadline });
	return {
		...vendor,
		tryRequest: async (call) => await vendor.tryRequest(withDeadline(call)),
		request: async (call) => await vendor.request(withDeadline(call)),
		requestOk: async (what, call) => await vendor.requestOk(what, withDeadline(call)),
	};
}
