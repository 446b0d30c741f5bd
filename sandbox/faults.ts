import type { Dice } from './random';
import { type FaultCounts, rateOfFault, type SandboxSwitches } from './types';

/** What goes wrong with one request. `lostAnswer` and `timeOut` are carried out, the others are not. */
export type Fault =
	| { kind: 'tooManyRequests'; retryAfter: boolean }
	| { kind: 'serverError'; status: 500 | 503 }
	| { kind: 'lostAnswer' }
	| { kind: 'droppedConnection' }
	| { kind: 'timeOut' }
	| { kind: 'tokenExpiry' };

/**
 * Draws a fault for a request. A rate of 0 draws no number, so an unused fault does not shift the others.
 * @param hasToken whether the request has an OAuth token, which can end
 */
export function drawFault(
	faults: SandboxSwitches['faults'],
	roll: Dice,
	hasToken: boolean,
): Fault | undefined {
	const hit = (rate: number): boolean => rate > 0 && roll() < rate;
	if (hit(faults.tooManyRequests)) return { kind: 'tooManyRequests', retryAfter: roll() < 0.5 };
	if (hit(faults.serverError)) return { kind: 'serverError', status: roll() < 0.5 ? 500 : 503 };
	if (hit(faults.lostAnswer)) return { kind: 'lostAnswer' };
	if (hit(faults.droppedConnection)) return { kind: 'droppedConnection' };
	if (hit(faults.timeOut)) return { kind: 'timeOut' };
	if (hasToken && hit(faults.tokenExpiry)) return { kind: 'tokenExpiry' };
	return undefined;
}

/** The name under which a fault is counted. */
export function nameOf(fault: Fault): keyof FaultCounts {
	if (fault.kind === 'tooManyRequests')
		return fault.retryAfter ? 'tooManyRequestsWithRetryAfter' : 'tooManyRequestsWithoutRetryAfter';
	if (fault.kind === 'serverError') return fault.status === 500 ? 'error500' : 'error503';
	return fault.kind;
}

export const noFaults = (): FaultCounts =>
	Object.fromEntries(Object.keys(rateOfFault).map((name) => [name, 0])) as FaultCounts;
