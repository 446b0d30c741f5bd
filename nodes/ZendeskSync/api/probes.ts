/** Finding out what a credential and an account may do, by calls that change nothing. */
import type { IDataObject } from 'n8n-workflow';
import {
	type Capability as CapabilityOf,
	type CheckResult,
	resultsFor,
} from '../../shared/setupCheck';
import type { VendorAnswer } from '../../shared/answer';
import type { VendorCall } from '../../shared/transport';
import { errorText, type Zendesk } from './client';

export type { CheckResult };

export interface CheckOptions {
	/** Whether to turn webhooks on again. */
	reEnableWebhooks: boolean;
	/** Of conversations' tickets. */
	tag: string;
}

export type Capability = CapabilityOf<Probes, CheckOptions>;

/** A node that waits longer seems to hang. */
const RETRY_FOR_MS = 15_000;

/**
 * No account has a ticket or a user with this id. Zendesk looks at rights before it looks for the record, so 404 means "you
 * may", and 403 "you may not".
 */
export const NO_RECORD = '999999999999';

/** Calls, each made once however many capabilities are told from it. */
export class Probes {
	private readonly answers = new Map<string, Promise<VendorAnswer>>();

	constructor(readonly zendesk: Zendesk) {}

	read = async (path: string, query: IDataObject = {}): Promise<VendorAnswer> =>
		await this.once({ method: 'GET', path, query });

	/** Asks to write what cannot be written: to a record that does not exist, or without what every record needs. */
	tryToWrite = async (
		method: 'POST' | 'PUT',
		path: string,
		body: IDataObject,
	): Promise<VendorAnswer> => await this.once({ method, path, body });

	private async once(call: Omit<VendorCall, 'repeatable'>): Promise<VendorAnswer> {
		const key = JSON.stringify(call);
		const known =
			this.answers.get(key) ??
			this.zendesk.tryRequest({ ...call, repeatable: true, retryForMs: RETRY_FOR_MS });
		this.answers.set(key, known);
		return await known;
	}
}

export const { fromRead, fromWrite } = resultsFor('Zendesk', errorText);
