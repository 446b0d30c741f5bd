/**
 * Notes on the conversation's open ticket what the brand sent the customer from elsewhere: a campaign, a flow, Klaviyo's
 * Inbox, an automatic response. Agents' replies from Zendesk are on a ticket already and are left out, unless one was
 * not delivered: the agent has to know that.
 */
import { boundedText, MAX_TEXT_LENGTH } from './conversation/bounds';
import { toComments } from './conversation/commentHtml';
import type { ListedTicket } from './conversation/ticketStore';
import { limits } from './conversation/rules';
import type { TicketStatus } from './items';
import { stampRules } from './conversation/stamp';
import {
	type AttemptedNotes,
	holderOf,
	needsReopening,
	type NoteStore,
	type NotePiece,
	type NoteView,
	type Notice,
	type NotePlacement,
	writeNotes,
} from './notes';
import type { ReplyAudit } from './reply/audit';
import { formIn, textOfComment } from './reply/claimedWords';
import { replyKey } from './reply/items';
import { holdsWords, isLoggedAs } from './reply/words';

const HOUR = 3600_000;

/**
 * How long after its claim the log may show a reply. It is sent within half a minute and shown within minutes; a carrier
 * may take three days to report that it was not delivered.
 */
export const ownReplyWindow = { delivered: HOUR, failed: 72 * HOUR } as const;

/** How long after a reply was written it may be claimed: catch-up's look-back. */
const CLAIMED_WITHIN = 24 * HOUR;

export interface OutboundMessage extends Notice {
	kind: 'campaign' | 'flow' | 'conversation' | 'autoResponse';
	/** Whether it never reached the customer. */
	isFailed: boolean;
	/** Why it was not delivered, in words. */
	failureReason: string | null;
	/** The ticket to note it on; undefined for the conversation's open one. */
	ticketId?: string | undefined;
	body: string;
	mediaUrls: string[];
	/** The name of the campaign or flow. */
	name: string | null;
	/** Milliseconds since 1970. */
	sentAt: number;
}

export type OutboundEnd = { outcome: 'ownReply'; ticketId: string } | { outcome: 'noTicket' };

/** Whether it may be an agent's reply from Zendesk: those go out as conversation messages, or through a flow. */
export const mayBeOwnReply = ({ kind }: Pick<OutboundMessage, 'kind'>): boolean =>
	kind === 'conversation' || kind === 'flow';

const ownReplyWindowOf = ({ isFailed }: Pick<OutboundMessage, 'isFailed'>): number =>
	isFailed ? ownReplyWindow.failed : ownReplyWindow.delivered;

/** From when on tickets and their histories matter to a message. */
export function historyNeeded(message: Pick<OutboundMessage, 'kind' | 'isFailed' | 'sentAt'>): {
	since: number;
	readFrom: number;
} {
	if (!mayBeOwnReply(message)) return { since: message.sentAt, readFrom: message.sentAt };
	const since = message.sentAt - ownReplyWindowOf(message);
	return { since, readFrom: since - CLAIMED_WITHIN };
}

/** Statuses in which a ticket waits for somebody. A solved ticket is left alone: a note must not reopen it. */
export const openStatuses: readonly TicketStatus[] = ['new', 'open', 'pending', 'hold'];
export const isOpen = ({ status }: { status: TicketStatus }): boolean =>
	openStatuses.includes(status);

const newest = (tickets: ListedTicket[]): ListedTicket | undefined =>
	[...tickets].sort((a, b) => b.id.length - a.id.length || (b.id > a.id ? 1 : -1))[0];

/** A claim of a reply: it accounts for one message with these words. */
interface ReplyClaim {
	ticket: ListedTicket;
	at: number;
	words: string;
}

function claimsIn({ tickets, audits }: NoteView): ReplyClaim[] {
	const all = [...audits.values()].flat();
	const byKey = new Map(
		all.flatMap(({ comment }) => (comment ? [[replyKey(comment.id), comment] as const] : [])),
	);
	const claims = tickets.flatMap((ticket) =>
		(audits.get(ticket.id) ?? []).flatMap((audit: ReplyAudit): ReplyClaim[] => {
			const comment = byKey.get(audit.marker?.claim ?? '');
			const words = comment?.public ? textOfComment(comment, formIn(audit)) : '';
			return words ? [{ ticket, at: audit.at, words }] : [];
		}),
	);
	return claims.sort((a, b) => a.at - b.at);
}

/** By time. Messages of one second are in the same order in every execution. */
const inOrder = (a: OutboundMessage, b: OutboundMessage): number =>
	a.sentAt - b.sentAt || (a.key < b.key ? -1 : 1);

/**
 * The messages that are agents' replies from Zendesk, with their tickets, by key: the first message with a reply's words
 * belongs to its first claim, and so on. A message that was noted as one from elsewhere stays that.
 */
export function ownReplies(messages: OutboundMessage[], view: NoteView): Map<string, ListedTicket> {
	const claims = claimsIn(view);
	const own = new Map<string, ListedTicket>();
	const candidates = messages.filter(
		(message) =>
			mayBeOwnReply(message) &&
			// Comparing megabytes would hold n8n up, and no reply is as long.
			message.body.length <= MAX_TEXT_LENGTH &&
			(message.isFailed || !holderOf(view, message.key)),
	);
	for (const message of candidates.sort(inOrder)) {
		const inTime = claims.filter(
			({ at }) =>
				at - limits.clockMargin <= message.sentAt &&
				message.sentAt - at <= ownReplyWindowOf(message),
		);
		const claim =
			inTime.find(({ words }) => isLoggedAs(message.body, words)) ??
			// A flow's template may add words to the reply.
			inTime.find(({ words }) => message.kind === 'flow' && holdsWords(message.body, words));
		if (!claim) continue;
		claims.splice(claims.indexOf(claim), 1);
		own.set(message.key, claim.ticket);
	}
	return own;
}

/**
 * Where each message belongs.
 *
 * @param own tickets of the messages that are agents' replies
 */
function placementsOf(
	messages: OutboundMessage[],
	view: NoteView,
	own: ReadonlyMap<string, ListedTicket>,
): Map<string, NotePlacement<OutboundEnd>> {
	const open = newest(view.tickets.filter(isOpen));
	return new Map(
		messages.map((message): [string, NotePlacement<OutboundEnd>] => {
			const repliedOn = own.get(message.key);
			const pieces = piecesOf(message, repliedOn !== undefined);
			const holder = holderOf(view, message.key);
			if (holder) return [message.key, { ticketId: holder.id, pieces }];
			if (repliedOn && !message.isFailed)
				return [message.key, { end: { outcome: 'ownReply', ticketId: repliedOn.id } }];
			// The agent who wrote the reply looks at that ticket, even if it is solved.
			const ticket = view.tickets.find(
				({ id, status }) => id === repliedOn?.id && status !== 'closed',
			);
			const chosen = view.tickets.find((one) => one.id === message.ticketId && isOpen(one));
			const target = ticket ?? (message.ticketId === undefined ? open : chosen);
			return [
				message.key,
				target ? { ticketId: target.id, pieces } : { end: { outcome: 'noTicket' } },
			];
		}),
	);
}

export type LogResult =
	| {
			outcome: 'logged' | 'duplicate' | 'ownReply';
			ticketId: string;
			notifyAgent: boolean;
			/** Set for a `duplicate` if the step that should have opened its ticket did not. */
			needsReopening?: true;
	  }
	| { outcome: 'noTicket'; ticketId: null; notifyAgent: boolean }
	| { outcome: 'failed'; message: string };

/**
 * Notes the messages of one conversation on its open ticket.
 *
 * @returns the outcome of each message, by its key; `notifyAgent` if an agent's reply did not reach the customer and
 * nobody has changed the ticket's status since that was noted
 * @throws what the store throws: an error that waiting cannot fix
 */
export async function logOutbound(
	messages: OutboundMessage[],
	store: NoteStore,
	attempted: AttemptedNotes = new Set(),
): Promise<Map<string, LogResult>> {
	let own: ReadonlyMap<string, ListedTicket> = new Map();
	let unseen: ReadonlySet<string> = new Set();
	const place = (waiting: OutboundMessage[], view: NoteView) => {
		unseen = new Set(messages.map(({ key }) => key).filter((key) => needsReopening(view, key)));
		own = new Map([...own, ...ownReplies(messages, view)]);
		return placementsOf(waiting, view, own);
	};
	const noted = await writeNotes<OutboundMessage, OutboundEnd>(
		messages,
		store,
		place,
		stampRules,
		attempted,
	);
	return new Map(
		messages.map(({ key, isFailed }): [string, LogResult] => {
			const note = noted.get(key);
			const notifyAgent = isFailed && own.has(key);
			if (!note) return [key, { outcome: 'failed', message: 'The message has no outcome' }];
			if (note.outcome === 'failed') return [key, note];
			if (note.outcome === 'ended') {
				const { end } = note;
				return [
					key,
					end.outcome === 'ownReply'
						? { ...end, notifyAgent: false }
						: { ...end, ticketId: null, notifyAgent },
				];
			}
			const { ticketId } = note;
			if (note.outcome === 'written') return [key, { outcome: 'logged', ticketId, notifyAgent }];
			const isUnseen = notifyAgent && unseen.has(key);
			const reopening = isUnseen ? { needsReopening: true as const } : {};
			return [key, { outcome: 'duplicate', ticketId, notifyAgent: isUnseen, ...reopening }];
		}),
	);
}

const SENDERS: Record<OutboundMessage['kind'], string> = {
	campaign: 'Campaign',
	flow: 'Flow',
	conversation: "Klaviyo's Inbox",
	autoResponse: "Klaviyo's automatic response",
};

/** What a person gave a name, and a vendor a reason, is never longer. */
const MAX_NAME_LENGTH = 500;

const shortened = (name: string): string => {
	const whole = name.trim();
	return whole.length > MAX_NAME_LENGTH ? `${whole.slice(0, MAX_NAME_LENGTH)}...` : whole;
};

function piecesOf(message: OutboundMessage, isOwn: boolean): NotePiece[] {
	const time = `${new Date(message.sentAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
	const name = message.name?.trim() ? ` '${shortened(message.name)}'` : '';
	const reason = shortened(message.failureReason ?? '') || 'Klaviyo gives no reason';
	const words = boundedText(
		[message.body, ...message.mediaUrls].filter((part) => part.trim()).join('\n'),
	);
	const from = `${SENDERS[message.kind]}${name}, sent ${time}:`;
	const undelivered = isOwn
		? `This reply was not delivered: ${reason}. Sent ${time}:`
		: `This message was not delivered: ${reason}. ${from}`;
	const heading = message.isFailed ? undelivered : from;
	return toComments(`${heading}\n\n${words || '(The text is empty.)'}`).map((html, index) => ({
		key: index === 0 ? message.key : `${message.key}/${index + 1}`,
		html,
	}));
}
