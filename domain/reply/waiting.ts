/**
 * Replies that wait until the customer writes again: WhatsApp delivers no answer 24 hours after the customer's newest
 * message, and the customer was asked to continue. A note on the ticket, by its key, is all that is known of it.
 */
import type { ReplyAudit } from './audit';
import { heldNoteKey, refusedNoteKey, replyKey } from './items';
import { WINDOW } from './permission';

/** What happens to a waiting reply when the customer writes again, as its note tells the agent. */
export const whenAnswered = ['send', 'tellAgent'] as const;
export type WhenAnswered = (typeof whenAnswered)[number];

export interface Waiting {
	commentId: string;
	/** The claim that the closed window refused: the reply's first, second ... on its ticket. Later claims are not meant. */
	claimNumber: number;
	/** When the customer's 24 hours ended, milliseconds since 1970, whole seconds. */
	windowEnd: number;
	whenAnswered: WhenAnswered;
}

/** Days that a reply waits. Its note says so to the agent. */
export const WAITS_FOR_DAYS = 28;
const DAY = 24 * 3600_000;
/** Milliseconds for which histories are read: a reply is claimed before its note says that it waits. */
export const WAITING_READ_BACK = (WAITS_FOR_DAYS + 7) * DAY;

const WORDS: Readonly<Record<WhenAnswered, string>> = { send: 'waits', tellAgent: 'asked' };
const KEY = /^reply:(.+):(waits|asked):(\d+):(\d+)$/;

/** Key of the note that tells the agent that the reply waits: one for each closed window that it met. */
export const waitingNoteKey = ({
	commentId,
	claimNumber,
	windowEnd,
	whenAnswered: then,
}: Waiting): string =>
	[replyKey(commentId), WORDS[then], claimNumber, Math.floor(windowEnd / 1000)].join(':');

/** @returns undefined if the key is not that of a note about a waiting reply */
export function waitingOf(key: string | undefined): Waiting | undefined {
	const [, commentId, word, claimNumber, seconds] = KEY.exec(key ?? '') ?? [];
	if (commentId === undefined) return undefined;
	return {
		commentId,
		claimNumber: Number(claimNumber),
		windowEnd: Number(seconds) * 1000,
		whenAnswered: word === WORDS.send ? 'send' : 'tellAgent',
	};
}

const isClaimOf =
	(commentId: string) =>
	({ marker }: ReplyAudit): boolean =>
		marker?.claim === replyKey(commentId);

export interface ReplyClaims {
	/** Oldest first. */
	all: ReplyAudit[];
	/** Those that may have sent something: later than the last one that a closed window refused. */
	standing: ReplyAudit[];
	/** Set while the reply waits. */
	waiting?: Waiting;
}

/** The claims of a reply, as its ticket's history shows them. */
export function claimsOf(audits: readonly ReplyAudit[], commentId: string): ReplyClaims {
	const all = audits.filter(isClaimOf(commentId));
	const [last] = audits
		.flatMap(({ marker }) => waitingOf(marker?.key) ?? [])
		.filter((one) => one.commentId === commentId && one.claimNumber <= all.length)
		.sort((one, other) => other.claimNumber - one.claimNumber);
	const standing = all.slice(last?.claimNumber ?? 0);
	return { all, standing, ...(last && standing.length === 0 ? { waiting: last } : {}) };
}

const NOT_SENT = /^reply:(.+):(?:refused|notSent)$/;

/**
 * Whether a note that a reply waits, was refused or may not have been sent could be untrue when it is written: another run
 * has claimed the reply since, and that run tells the agent what there is to tell.
 *
 * @param key of the note that is to be written
 * @param claimNumber of the claim that the note is about, if its key does not say; undefined if it is about none
 */
export function isOutdated(
	audits: readonly ReplyAudit[],
	key: string,
	claimNumber: number | undefined,
): boolean {
	const waiting = waitingOf(key);
	const commentId = waiting?.commentId ?? NOT_SENT.exec(key)?.[1];
	const last = waiting?.claimNumber ?? claimNumber;
	if (commentId === undefined || last === undefined) return false;
	return audits.filter(isClaimOf(commentId)).length > last;
}

/**
 * Whether a message of the customer's opened a window that is not the closed one.
 *
 * @param writtenAt when the customer wrote, milliseconds since 1970
 */
export const isAnswered = ({ windowEnd }: Waiting, writtenAt: number): boolean =>
	writtenAt + WINDOW > windowEnd;

/** When the customer last wrote, as far as the ticket shows; milliseconds since 1970. */
export const newestMessageIn = (audits: readonly ReplyAudit[]): number =>
	Math.max(0, ...audits.flatMap(({ marker }) => Date.parse(marker?.sentAt ?? '') || []));

export interface WaitingReply extends Waiting {
	/** The agent's comment. */
	comment: NonNullable<ReplyAudit['comment']>;
	/** Milliseconds since 1970. */
	writtenAt: number;
	/** When the agent was told that it waits, milliseconds since 1970. */
	since: number;
	/** When it was claimed again, milliseconds since 1970. Undefined while it waits. */
	claimedAt?: number;
}

/** Whether the agent was told, on whichever ticket, that nothing more is sent for a reply. */
const isOver = (audits: readonly ReplyAudit[], commentId: string): boolean =>
	audits.some(
		({ marker }) =>
			marker?.gaveUp === replyKey(commentId) ||
			marker?.key === refusedNoteKey(commentId) ||
			marker?.key === heldNoteKey(commentId),
	);

/**
 * The replies on a ticket that wait, and those that were claimed again within a day and may not have been sent.
 *
 * @param audits the ticket's history
 * @param all the histories of all the conversation's tickets: what became of a reply may stand on a newer one
 */
export function waitingReplies(
	audits: readonly ReplyAudit[],
	all: readonly ReplyAudit[],
	now: number,
): WaitingReply[] {
	const noted = audits.flatMap(({ at, marker }) => {
		const waiting = waitingOf(marker?.key);
		return waiting ? [{ ...waiting, since: at }] : [];
	});
	// The last one of each reply.
	const latest = [...new Map(noted.map((one) => [one.commentId, one])).values()];
	return latest.flatMap((last) => {
		const { since, commentId } = last;
		if (now - since > WAITS_FOR_DAYS * DAY || isOver(all, commentId)) return [];
		const written = audits.find(({ comment }) => comment?.id === commentId);
		if (!written?.comment) return [];
		const claimedAt = claimsOf(audits, commentId).standing.at(-1)?.at;
		if (claimedAt !== undefined && now - claimedAt > DAY) return [];
		return [
			{
				...last,
				comment: written.comment,
				writtenAt: written.at,
				...(claimedAt === undefined ? {} : { claimedAt }),
			},
		];
	});
}
