/** Waiting for conditions, never for time alone. */
import { setTimeout as pause } from 'node:timers/promises';

export interface UntilOptions {
	/** Milliseconds after which to give up; 30 s by default. */
	timeout?: number;
	/** Milliseconds between two questions; 250 by default. */
	every?: number;
}

/**
 * Calls `ask` until the answer is truthy, and resolves with it.
 * @param what what is waited for, for the message
 * @throws Error naming `what`, with the last error of `ask` as its cause, when the time is up
 */
export async function until<T>(
	what: string,
	ask: () => Promise<T | undefined | null | false> | T | undefined | null | false,
	{ timeout = 30_000, every = 250 }: UntilOptions = {},
): Promise<T> {
	const end = Date.now() + timeout;
	let cause: unknown;
	do {
		try {
			const answer = await ask();
			if (answer) return answer;
			cause = undefined;
		} catch (error) {
			if (error instanceof GiveUp) throw error;
			cause = error;
		}
		await pause(every);
	} while (Date.now() < end);
	const last = cause instanceof Error ? ` (last answer: ${cause.message})` : '';
	throw new Error(`Waited ${timeout / 1000} s in vain for ${what}${last}`, { cause });
}

/** Thrown inside `ask` when waiting on is pointless. */
export class GiveUp extends Error {}
