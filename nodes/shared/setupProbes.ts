/** What Check Setup finds out of an account, by requests that change nothing, and how a vendor's answers are read. */
import type { IDataObject } from 'n8n-workflow';
import { isOk, isPage, isTransient, pageWords, type VendorAnswer } from './answer';
import type { VendorCall } from './send';
import type { Vendor } from './transport';

/**
 * `limited`: missing, but everything works without it, less well. `notYet`: shows only later, such as after the first
 * message. `unknown`: could not be checked.
 */
export type CheckStatus = 'missing' | 'unknown' | 'limited' | 'notYet' | 'ready';

export interface CheckResult {
	status: CheckStatus;
	detail: string;
}

/** Something that the nodes need from an account, and how it is checked. */
export interface Capability<V extends Vendor, Options> {
	/** Its name for people. */
	check: string;
	neededFor: string;
	/** What a person can do if it is missing. With a scope: besides giving the credential that scope. */
	howToFix?: string;
	/** The scope that it needs. One sentence, in the first output, says how to get all that are missing. */
	scope?: string;
	/** Whether everything works without it, less well. */
	isOptional?: boolean;
	/** Left out: everybody needs it. Otherwise it is checked if any of these features is used. */
	features?: readonly string[];
	find(probes: Probes<V>, options: Options): Promise<CheckResult>;
}

/** What the first check of each vendor is called, on which all others depend. */
export const CREDENTIAL = 'Credential';
/** How the check of nothing but a scope is called, with the scope after it. */
export const SCOPE = 'Scope ';

/** A node that waits longer seems to hang. Klaviyo allows some of these requests once a second, and fifteen a minute. */
const RETRY_FOR_MS = 15_000;

/** Requests, each made once however many capabilities need its answer. */
export class Probes<V extends Vendor> {
	private readonly answers = new Map<string, Promise<VendorAnswer>>();

	constructor(readonly vendor: V) {}

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
			this.vendor.tryRequest({ ...call, repeatable: true, retryForMs: RETRY_FOR_MS });
		this.answers.set(key, known);
		return await known;
	}
}

/**
 * What a vendor's answers to such requests mean.
 *
 * @param errorText the vendor's own words in an answer; empty if it gave none
 */
export function resultsFor(vendor: string, errorText: (answer: VendorAnswer) => string) {
	const later = ({ status }: VendorAnswer): CheckResult => ({
		status: 'unknown',
		detail: `Could not be checked now: ${status === 0 ? `${vendor} did not answer` : `${vendor} answered with status ${status}`}. Run the check again in a minute.`,
	});
	const notTheVendor = (answer: VendorAnswer): CheckResult => ({
		status: 'unknown',
		detail: `Could not be checked: ${pageWords(vendor, answer)}`,
	});
	const refused = (answer: VendorAnswer): CheckResult => ({
		status: 'missing',
		detail: `${vendor} says: ${errorText(answer) || `status ${answer.status}`}`,
	});
	return {
		/** Whether reading is allowed. It is, even if there is no such record. */
		fromRead(answer: VendorAnswer, detail = 'Allowed'): CheckResult {
			if (isPage(answer)) return notTheVendor(answer);
			if (isOk(answer) || answer.status === 404) return { status: 'ready', detail };
			return isTransient(answer) ? later(answer) : refused(answer);
		},

		/** Whether writing is allowed, from the answer to a write that cannot be done. */
		fromWrite(answer: VendorAnswer): CheckResult {
			if (isPage(answer)) return notTheVendor(answer);
			if ([400, 404, 409, 422].includes(answer.status))
				return { status: 'ready', detail: 'Allowed' };
			if (isTransient(answer)) return later(answer);
			if (!isOk(answer)) return refused(answer);
			const detail = `${vendor} accepted a request that it should have refused, so this cannot be checked.`;
			return { status: 'unknown', detail };
		},
	};
}

export interface SetupCheck<V extends Vendor, Options> {
	vendor: V;
	/** The vendor's name, which the first output has too: it sums up the others. */
	name: string;
	capabilities: ReadonlyArray<Capability<V, Options>>;
	options: Options;
	/** How to get scopes, in one sentence. `all` are those that are checked, `missing` those of them that are missing. */
	howToGet(scopes: { all: string[]; missing: string[] }, vendor: V): string;
	/** Why the rest is not checked if the vendor does not answer for the credential. Left out: it is checked all the same. */
	unanswered?: string;
}
