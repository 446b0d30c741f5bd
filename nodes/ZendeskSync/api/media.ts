/** Downloads a message's pictures from where Klaviyo keeps them. Sent without credentials. */
import type { IHttpRequestOptions } from 'n8n-workflow';
import { mayBeMedia, mediaKindOf } from '../../../domain/media';
import type { VendorContext } from '../../shared/send';
import { isLoopback } from '../../shared/origin';
import { IN_PRIVATE_NETWORK, mediaFault } from './mediaUrl';

export interface MediaFile {
	name: string;
	type: string;
	bytes: Buffer;
}

/** `isTransient`: whether it may be available later. */
export type Fetched = { file: MediaFile } | { fault: string; isTransient: boolean };

/** Bytes. Zendesk accepts 50 MB; carriers send a few. */
const MAX_BYTES = 20 * 1024 * 1024;
/** Milliseconds for one file, from the request to the last byte. */
const TIMEOUT = 20_000;
const MAX_REDIRECTS = 3;

interface Answer {
	statusCode: number;
	headers: Record<string, unknown>;
	body: AsyncIterable<Buffer> & { destroy(error?: Error): unknown };
}

const permanentFault = (fault: string): Fetched => ({ fault, isTransient: false });
const transientFault = (fault: string): Fetched => ({ fault, isTransient: true });
const megabytes = MAX_BYTES / 1024 / 1024;
const noMedia = (said: string): Fetched =>
	permanentFault(
		`is not a picture, a video, a sound or a contact card (${said.replace(/;.*$/s, '').trim() || 'no type'})`,
	);
const tooLarge = permanentFault(`is larger than ${megabytes} MB`);

/**
 * Whether the host name leads into a private network, as far as n8n says: nodes cannot resolve names themselves. A
 * name that cannot be resolved is left to the request, which may use a proxy that can.
 */
async function leadsInside({ helpers }: VendorContext, url: string): Promise<boolean> {
	// Older versions of n8n lack it.
	if (typeof helpers.getSecureEgressFilter !== 'function') return false;
	const answer = await helpers.getSecureEgressFilter('enforced').validateUrl(url);
	return !answer.ok && /^SsrfBlocked/.test(answer.error.constructor.name);
}

async function ask(context: VendorContext, url: string, signal: AbortSignal): Promise<Answer> {
	const options: IHttpRequestOptions = {
		method: 'GET',
		url,
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		// Each address along redirects is checked first.
		disableFollowRedirect: true,
		timeout: TIMEOUT,
		abortSignal: signal,
	};
	return (await context.helpers.httpRequest(options)) as Answer;
}

/** @returns undefined if the file is too large */
async function readAll({ body }: Answer, signal: AbortSignal): Promise<Buffer | undefined> {
	const chunks: Buffer[] = [];
	let size = 0;
	signal.addEventListener('abort', () => body.destroy(new Error('It took too long')));
	for await (const chunk of body) {
		size += chunk.length;
		if (size > MAX_BYTES) return undefined;
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}

async function fileFrom(answer: Answer, name: string, signal: AbortSignal): Promise<Fetched> {
	const { statusCode: status, headers } = answer;
	if (status !== 200)
		return { fault: `answered ${status}`, isTransient: status === 429 || status >= 500 };
	const said = String(headers['content-type'] ?? '');
	if (!mayBeMedia(said)) return noMedia(said);
	if (Number(headers['content-length'] ?? 0) > MAX_BYTES) return tooLarge;
	const bytes = await readAll(answer, signal);
	if (!bytes) return tooLarge;
	if (bytes.length === 0) return permanentFault('is empty');
	const kind = mediaKindOf(said, bytes);
	return kind
		? { file: { name: `${name}.${kind.ending}`, type: kind.type, bytes } }
		: noMedia(said);
}

/**
 * @param name without an extension
 * @param allowLoopback whether addresses on this machine are allowed
 */
export async function fetchMedia(
	context: VendorContext,
	url: string,
	name: string,
	allowLoopback: boolean,
): Promise<Fetched> {
	const signal = AbortSignal.timeout(TIMEOUT);
	let address = url;
	try {
		for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
			const fault = mediaFault(address, allowLoopback);
			if (fault) return permanentFault(fault);
			if (!(allowLoopback && isLoopback(address)) && (await leadsInside(context, address)))
				return permanentFault(IN_PRIVATE_NETWORK);
			const answer = await ask(context, new URL(address).href, signal);
			try {
				const { location } = answer.headers;
				if (answer.statusCode < 300 || answer.statusCode > 399 || typeof location !== 'string')
					return await fileFrom(answer, name, signal);
				address = new URL(location, address).href;
			} finally {
				answer.body.destroy();
			}
		}
		return permanentFault('leads from one address to the next');
	} catch (error) {
		return transientFault(`could not be downloaded: ${String((error as Error).message)}`);
	}
}
