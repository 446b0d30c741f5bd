/**
 * A merge of two tickets, as Zendesk shows it: the one merged away is closed for good, and each gets a comment in the
 * agent's name that says which the other one is.
 */

/** Zendesk tags the ticket that was merged away. A follow-up of it inherits the tag. */
export const MERGE_TAG = 'closed_by_merge';

/** Zendesk's wording, for sources that do not say where a comment came from: webhooks never do. An agent can change it. */
const IN_TARGET = /^Requests? #\d+\b.*? (?:was|were) closed and merged into this request\b/s;
const IN_SOURCE = /^This request was closed and merged into request #(\d+)\b/;

export const isMergeNotice = (body: string): boolean =>
	[IN_TARGET, IN_SOURCE].some((words) => words.test(body.trimStart()));

/** What an entry of a ticket's history shows. */
export interface SeenUpdate {
	/** The status after it, if it changed. */
	status: string | null;
	/** Whether it is marked as part of a merge. Both tickets' entries are. */
	isMarked: boolean;
	/** The words of its comments. */
	comments: readonly string[];
	addedTags: readonly string[];
}

/** @returns the ticket that it was merged into, null if nothing names it; undefined if it was not merged away */
export function mergedInto(update: SeenUpdate): { ticketId: string | null } | undefined {
	if (update.status?.toLowerCase() !== 'closed') return undefined;
	const [ticketId] = update.comments.flatMap((body) => IN_SOURCE.exec(body.trimStart())?.[1] ?? []);
	const isMerge = ticketId !== undefined || update.isMarked || update.addedTags.includes(MERGE_TAG);
	return isMerge ? { ticketId: ticketId ?? null } : undefined;
}
