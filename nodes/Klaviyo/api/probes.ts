/** Finding out what a credential and an account may do, by calls that change nothing. */
import type { IDataObject, IHttpRequestMethods } from 'n8n-workflow';
import { isOk, isPassing, type VendorAnswer } from '../../shared/http';
import type { Klaviyo } from './client';
import { wordsOfAnswer } from './errors';

/** `ok` is null where it cannot be told. */
export interface Finding {
	ok: boolean | null;
	detail: string;
}

/** Klaviyo allows one call a second to some of these, and fifteen a minute: a node that waits longer seems to hang. */
const PATIENCE = 15_000;

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
			this.klaviyo.attempt({ method, path, query, body, repeatable: true, patience: PATIENCE });
		this.answers.set(key, known);
		return await known;
	}
}

const wordsOr = (answer: VendorAnswer, otherwise: string): string =>
	wordsOfAnswer(answer) || otherwise;

const later = ({ status }: VendorAnswer): Finding => ({
	ok: null,
	detail: `Could not be checked now: ${status === 0 ? 'Klaviyo did not answer' : `Klaviyo answered with status ${status}`}. Run the check again in a minute.`,
});

const refused = (answer: VendorAnswer): Finding => ({
	ok: false,
	detail: `Klaviyo says: ${wordsOr(answer, `status ${answer.status}`)}`,
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
			detail: 'Klaviyo took a request that it should have refused: this cannot be told.',
		};
	return refused(answer);
}
