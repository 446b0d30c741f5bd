import { createHash } from 'node:crypto';
import { hour } from '../clock';
import type { Core } from '../core';
import { type Refusal } from '../httpServer';
import { refuse } from './wording';

interface Remembered {
	/** A hash of the request, because bodies can be long and keys many. */
	hash: string;
	at: number;
	answer: unknown;
}

const life = 2 * hour;

/** Idempotency keys of ticket creation: kept for two hours, per account. */
export class IdempotencyKeys {
	private readonly done = new Map<string, Remembered>();
	private readonly inFlight = new Map<string, { body: string; promise: Promise<unknown> }>();

	constructor(private readonly core: Core) {}

	/** Does `work` once per key. Refusals are not remembered. */
	async once(
		key: string,
		body: string,
		work: () => Promise<unknown>,
	): Promise<{ lookup: 'miss' | 'hit'; answer: unknown }> {
		if (key.length > 255)
			throw refuse(400, 'IdempotentRequestError', 'The idempotency key is too long');
		const running = this.inFlight.get(key);
		if (running !== undefined) {
			if (running.body !== body) throw mismatch();
			if (this.core.switches.concurrentKey === '409')
				throw refuse(
					409,
					'IdempotentRequestError',
					'A request with this idempotency key is in progress',
				);
			return { lookup: 'hit', answer: await running.promise };
		}
		const known = this.done.get(key);
		if (known !== undefined && known.at + life > this.core.clock.now()) {
			if (known.hash !== hashOf(body)) throw mismatch();
			return { lookup: 'hit', answer: known.answer };
		}
		const promise = work();
		this.inFlight.set(key, { body, promise });
		try {
			const answer = await promise;
			this.remember(key, { hash: hashOf(body), at: this.core.clock.now(), answer });
			return { lookup: 'miss', answer };
		} finally {
			this.inFlight.delete(key);
		}
	}

	/** The oldest come first, so that expired keys are forgotten at once. */
	private remember(key: string, remembered: Remembered): void {
		this.done.delete(key);
		for (const [old, { at }] of this.done) {
			if (at + life > remembered.at) break;
			this.done.delete(old);
		}
		this.done.set(key, remembered);
	}
}

const hashOf = (body: string): string => createHash('sha256').update(body).digest('base64');

function mismatch(): Refusal {
	return refuse(
		400,
		'IdempotentRequestError',
		"Request parameters don't match the given idempotency key",
	);
}
