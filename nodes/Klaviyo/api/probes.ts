/** Finding out what a credential and an account may do, by calls that change nothing. */
import type { IDataObject, IHttpRequestMethods } from 'n8n-workflow';
import {
	type Capability as CapabilityOf,
	type CheckResult,
	resultsFor,
} from '../../shared/setupCheck';
import type { VendorAnswer } from '../../shared/answer';
import type { Klaviyo } from './client';
import { wordsOfAnswer } from './errors';

export type { CheckResult };

export interface CheckOptions {
	/** Whether to turn webhooks on again. */
	reEnableWebhooks: boolean;
}

export type Capability = CapabilityOf<Probes, CheckOptions>;

/** Klaviyo allows one call a second to some of these, and fifteen a minute: a node that waits longer seems to hang. */
const RETRY_FOR_MS = 15_000;

/**
 * Writes nothing: no endpoint knows a resource of this type, so that Klaviyo refuses it with 400. Before that it has
 * checked whether the credential may write at all, which it answers with 403.
 */
const NO_RESOURCE: IDataObject = { data: { type: 'n8n-check-setup' } };

/** Belongs to nobody, so that nothing can be read of it or sent to it. */
export const NO_ID = 'n8n-check-setup';

/** Calls, each made once however many capabilities are told from it. */
export class Probes {
	private readonly answers = new Map<string, Promise<VendorAnswer>>();

	constructor(readonly klaviyo: Klaviyo) {}

	read = async (path: string, query: IDataObject = {}): Promise<VendorAnswer> =>
		await this.once('GET', path, query);

	/** Asks to write what cannot be written. */
	tryToWrite = async (path: string, body: IDataObject = NO_RESOURCE): Promise<VendorAnswer> =>
		await this.once('POST', path, {}, body);

	private async once(
		method: IHttpRequestMethods,
		path: string,
		query: IDataObject,
		body?: IDataObject,
	): Promise<VendorAnswer> {
		const key = JSON.stringify([method, path, query, body]);
		const known =
			this.answers.get(key) ??
			this.klaviyo.tryRequest({
				method,
				path,
				query,
				body,
				repeatable: true,
				retryForMs: RETRY_FOR_MS,
			});
		this.answers.set(key, known);
		return await known;
	}
}

export const { fromRead, fromWrite } = resultsFor('Klaviyo', wordsOfAnswer);
