/** Finding out what a credential and an account may do, by calls that change nothing. */
import type { IDataObject } from 'n8n-workflow';
import { isOk, isPassing, type VendorAnswer } from '../../shared/http';
import type { PathCall } from '../../shared/vendor';
import { wordsOf, type Zendesk } from './client';

/** `ok` is null where it cannot be told. */
export interface Finding {
	ok: boolean | null;
	detail: string;
}

/** A node that waits longer seems to hang. */
const PATIENCE = 15_000;

/**
 * No account has a ticket with this number. Zendesk looks at rights before it looks for the record, so 404 means "you
 * may", and 403 "you may not".
 */
export const NO_TICKET = '999999999999';

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

	private async once(call: Omit<PathCall, 'repeatable'>): Promise<VendorAnswer> {
		const key = JSON.stringify(call);
		const known =
			this.answers.get(key) ??
			this.zendesk.attempt({ ...call, repeatable: true, patience: PATIENCE });
		this.answers.set(key, known);
		return await known;
	}
}

const later = ({ status }: VendorAnswer): Finding => ({
	ok: null,
	detail: `Could not be checked now: ${status === 0 ? 'Zendesk did not answer' : `Zendesk answered with status ${status}`}. Run the check again in a minute.`,
});

const refused = (answer: VendorAnswer): Finding => ({
	ok: false,
	detail: `Zendesk says: ${wordsOf(answer) || `status ${answer.status}`}`,
});

/** What a read tells of the right to read. What is not there may be read all the same. */
export function fromRead(answer: VendorAnswer, detail = 'Allowed'): Finding {
	if (isOk(answer) || answer.status === 404) return { ok: true, detail };
	if (isPassing(answer)) return later(answer);
	return refused(answer);
}

/** What a write that cannot be done tells of the right to write. */
export function fromWrite(answer: VendorAnswer): Finding {
	if ([400, 404, 409, 422].includes(answer.status)) return { ok: true, detail: 'Allowed' };
	if (isPassing(answer)) return later(answer);
	if (isOk(answer))
		return {
			ok: null,
			detail: 'Zendesk took a request that it should have refused: this cannot be told.',
		};
	return refused(answer);
}
