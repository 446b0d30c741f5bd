/** The results of Check Setup, in the same words for both vendors. */
import { type JsonObject, NodeApiError } from 'n8n-workflow';
import { type VendorContext } from './transport';
import { isOk, isPage, isTransient, pageWords, type VendorAnswer } from './answer';

/** `ok` is null where it cannot be told. */
export interface CheckResult {
	ok: boolean | null;
	detail: string;
}

/** Something that the nodes need of an account, and how it is found out. */
export interface Capability<Probes, Options> {
	capability: string;
	neededFor: string;
	/** What a person can do when it is missing. */
	howToFix: string;
	check(probes: Probes, options: Options): Promise<CheckResult>;
}

/**
 * How a vendor's answers to harmless calls are read.
 *
 * @param errorText the vendor's own words in an answer; empty when it gave none
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
		/** What a read tells of the right to read. What is not there may be read all the same. */
		fromRead(answer: VendorAnswer, detail = 'Allowed'): CheckResult {
			if (isPage(answer)) return notTheVendor(answer);
			if (isOk(answer) || answer.status === 404) return { ok: true, detail };
			return isTransient(answer) ? later(answer) : refused(answer);
		},

		/** What a write that cannot be done tells of the right to write. */
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
export async function runCheck(
	context: VendorContext,
	capability: string,
	check: () => Promise<CheckResult>,
): Promise<CheckResult> {
	try {
		return await check();
	} catch (error) {
		const refusal = new NodeApiError(context.getNode(), error as JsonObject);
		const isRefused = refusal.httpCode === '401';
		return {
			ok: isRefused && capability === 'credential' ? false : null,
			detail: isRefused
				? `${refusal.message}. ${refusal.description ?? ''}`.trim()
				: `Could not be checked: ${refusal.message}`,
		};
	}
}
