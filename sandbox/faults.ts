import type { Dice } from './random';
import type { SandboxSwitches } from './types';

/** What goes wrong with one request. `lostAnswer` is carried out, the others are not. */
export type Fault =
	| { kind: 'tooManyRequests'; retryAfter: boolean }
	| { kind: 'serverError'; status: 500 | 503 }
	| { kind: 'lostAnswer' };

/** Throws the dice for a request. A rate of 0 throws none, so that an unused fault shifts no other. */
export function drawFault(faults: SandboxSwitches['faults'], roll: Dice): Fault | undefined {
	const hit = (rate: number): boolean => rate > 0 && roll() < rate;
	if (hit(faults.tooManyRequests)) return { kind: 'tooManyRequests', retryAfter: roll() < 0.5 };
	if (hit(faults.serverError)) return { kind: 'serverError', status: roll() < 0.5 ? 500 : 503 };
	if (hit(faults.lostAnswer)) return { kind: 'lostAnswer' };
	return undefined;
}
