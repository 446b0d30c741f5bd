/** How long a poll may take: n8n ends one that takes longer, and what it read is lost. */
import type { IPollFunctions } from 'n8n-workflow';

/** Milliseconds that n8n gives a poll, where it does not say. */
const DEFAULT_BUDGET = 36_000;
/** Part of the budget after which nothing new is begun: what was begun has to end, too. */
const BEGINS_WITHIN = 0.6;

export interface Deadline {
	/** Nothing new is begun later than this, milliseconds since 1970. */
	begin: number;
	/** No request is repeated, and no answer waited for, later than this. */
	end: number;
}

export const isOver = ({ begin }: Deadline): boolean => Date.now() >= begin;

/** Whether n8n is still waiting for the poll. */
export const isInTime = ({ end }: Deadline): boolean => Date.now() < end;

/** Milliseconds for which a request may be repeated. */
export const retryForMsOf = ({ end }: Deadline): number => Math.max(0, end - Date.now());

/** Older versions of n8n do not say. */
const budgetOf = (context: Partial<Pick<IPollFunctions, 'getPollBudgetMs'>>): number =>
	Math.min(context.getPollBudgetMs?.() ?? DEFAULT_BUDGET, DEFAULT_BUDGET);

/** @param now when the poll began */
export function deadlineOf(context: IPollFunctions, now: number): Deadline {
	const budget = budgetOf(context);
	return { begin: now + budget * BEGINS_WITHIN, end: now + budget };
}
