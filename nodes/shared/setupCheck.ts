/**
 * Account: Check Setup, as far as it is the same for both vendors: it finds out what a credential and an account may do,
 * by requests that change nothing. What the nodes need stands in each vendor's `actions/account/capabilities.ts`.
 */
import type { IDataObject, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { isOk, isPage, isTransient, pageWords, type VendorAnswer } from './answer';
import type { VendorCall } from './send';
import { asRefusal, type Vendor } from './transport';

/** `ok` is null if it cannot be told. */
export interface CheckResult {
	ok: boolean | null;
	detail: string;
}

/** Something that the nodes need from an account, and how it is checked. */
export interface Capability<V extends Vendor, Options> {
	capability: string;
	neededFor: string;
	/** What a person can do if it is missing. */
	howToFix: string;
	check(probes: Probes<V>, options: Options): Promise<CheckResult>;
}

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
		ok: null,
		detail: `Could not be checked now: ${status === 0 ? `${vendor} did not answer` : `${vendor} answered with status ${status}`}. Run the check again in a minute.`,
	});
	const notTheVendor = (answer: VendorAnswer): CheckResult => ({
		ok: null,
		detail: `Could not be checked: ${pageWords(vendor, answer)}`,
	});
	const refused = (answer: VendorAnswer): CheckResult => ({
		ok: false,
		detail: `${vendor} says: ${errorText(answer) || `status ${answer.status}`}`,
	});
	return {
		/** Whether reading is allowed. It is, even if there is no such record. */
		fromRead(answer: VendorAnswer, detail = 'Allowed'): CheckResult {
			if (isPage(answer)) return notTheVendor(answer);
			if (isOk(answer) || answer.status === 404) return { ok: true, detail };
			return isTransient(answer) ? later(answer) : refused(answer);
		},

		/** Whether writing is allowed, from the answer to a write that cannot be done. */
		fromWrite(answer: VendorAnswer): CheckResult {
			if (isPage(answer)) return notTheVendor(answer);
			if ([400, 404, 409, 422].includes(answer.status)) return { ok: true, detail: 'Allowed' };
			if (isTransient(answer)) return later(answer);
			if (!isOk(answer)) return refused(answer);
			const detail = `${vendor} accepted a request that it should have refused, so this cannot be checked.`;
			return { ok: null, detail };
		},
	};
}

/** A failing check must not stop the others: it reports "unknown" instead. */
async function runCheck<V extends Vendor, Options>(
	{ capability, check }: Capability<V, Options>,
	probes: Probes<V>,
	options: Options,
): Promise<CheckResult> {
	try {
		return await check(probes, options);
	} catch (error) {
		const refusal = asRefusal(probes.vendor, error);
		const isRefused = refusal.httpCode === '401';
		return {
			ok: isRefused && capability === 'credential' ? false : null,
			detail: isRefused
				? `${refusal.message}. ${refusal.description ?? ''}`.trim()
				: `Could not be checked: ${refusal.message}`,
		};
	}
}

export interface SetupCheck<V extends Vendor, Options> {
	vendor: V;
	capabilities: ReadonlyArray<Capability<V, Options>>;
	options: Options;
	/** Why the rest is not checked if the vendor does not answer for the credential. Left out: it is checked all the same. */
	unanswered?: string;
}

/** One output for each capability, linked to all inputs: the account is checked once, however many items came in. */
export async function checkSetup<V extends Vendor, Options>(
	{ vendor, capabilities, options, unanswered }: SetupCheck<V, Options>,
	items: readonly INodeExecutionData[],
): Promise<INodeExecutionData[]> {
	const probes = new Probes(vendor);
	const pairedItem = items.map((_input, item) => ({ item }));
	const outputs: INodeExecutionData[] = [];
	let notChecked: string | undefined;
	// One after the other: Klaviyo allows some of these requests once a second.
	for (const each of capabilities) {
		const { capability, neededFor, howToFix } = each;
		const { ok, detail } =
			notChecked === undefined
				? await runCheck(each, probes, options)
				: { ok: null, detail: notChecked };
		// If the credential fails, twenty more refusals would say nothing new.
		if (capability === 'credential' && ok === false)
			notChecked = 'Not checked: the credential was not accepted';
		if (capability === 'credential' && ok === null) notChecked = unanswered;
		const json = { capability, ok, neededFor, detail, howToFix: ok === true ? null : howToFix };
		outputs.push({ json, pairedItem });
	}
	return outputs;
}

/** @param more the vendor's own options */
export const checkSetupFields = (...more: INodeProperties[]): INodeProperties[] => [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Re-Enable Webhooks',
				name: 'reEnableWebhooks',
				type: 'boolean',
				default: true,
				description:
					'Whether to re-enable webhooks of this package that were turned off. Nothing else is changed.',
			},
			...more,
		],
	},
];
