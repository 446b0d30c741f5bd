/**
 * What the brand sent a customer from elsewhere (a campaign, a flow, Klaviyo's Inbox, an automatic response), as a
 * note on the conversation's open ticket. Our own replies are on a ticket already and are left out, unless one was
 * not delivered: that the agent has to know.
 */
import { toComments } from './conversation/commentHtml';
import type { ListedTicket } from './conversation/ticketStore';
import { limits } from './conversation/rules';
import type { TicketStatus } from './items';
import {
	holderOf,
	needsReopening,
	type NoteStore,
	type NotePiece,
	type NoteView,
	type Notice,
	type Placement,
	writeNotes,
} from './notes';
import type { ReplyAudit } from './reply/audit';
import { keepsSignature, textOfComment } from './reply/claimedWords';
import { replyKey } from './reply/items';
import { holdsWords, isLoggedAs } from './reply/words';

const HOUR = 3600_000;

/**
 * How long after its claim the log may show a reply. It is sent within half a minute and shows within minutes; a
 * carrier may take three days to say that it was not delivered.
 */
export const ownReplyWindow = { delivered: HOUR, failed: 72 * HOUR } as const;

/** How long after a reply was written it may be claimed: catch-up's look-back. */
const CLAIMED_WITHIN = 24 * HOUR;

export interface OutboundMessage extends Notice {
	kind: 'campaign' | 'flow' | 'conversation' | 'autoResponse';
	/** Whether it never reached the customer. */
	isFailed: boolean;
	/** Why not, in words. */
	failureReason: string | null;
	body: string;
	mediaUrls: string[];
	/** Of the campaign or flow. */
	name: string | null;
	/** Milliseconds since 1970. */
	sentAt: number;
}

export type OutboundEnd = { outcome: 'ownReply'; ticketId: string } | { outcome: 'noTicket' };

/** Whether it may be a reply of ours: an agent's goes out as a conversation message, or through a flow. */
export const mayBeOwnReply = ({ kind }: Pick<OutboundMessage, 'kind'>): boolean =>
	kind === 'conversation' || kind === 'flow';

const windowOf = ({ isFailed }: Pick<OutboundMessage, 'isFailed'>): number =>
	isFailed ? ownReplyWindow.failed : ownReplyWindow.delivered;

/** How far back tickets and their history matter to a message. */
export function reachOf(message: Pick<OutboundMessage, 'kind' | 'isFailed' | 'sentAt'>): {
	since: number;
	readFrom: number;
} {
	if (!mayBeOwnReply(message)) return { since: message.sentAt, readFrom: message.sentAt };
	const since = message.sentAt - windowOf(message);
	return { since, readFrom: since - CLAIMED_WITHIN };
}

/** Statuses in which a ticket waits for somebody. A solved one is left alone: a note must not wake it. */
export const openStatuses: readonly TicketStatus[] = ['new', 'open', 'pending', 'hold'];
export const isOpen = ({ status }: { status: TicketStatus }): boolean =>
	openStatuses.includes(status);

const newest = (tickets: ListedTicket[]): ListedTicket | undefined =>
	[...tickets].sort((a, b) => b.id.length - a.id.length || (b.id > a.id ? 1 : -1))[0];

/** A claim on a reply: the right to one message with these words. */
interface Claimed {
	ticket: ListedTicket;
	at: number;
	words: string;
}

function claimsIn({ tickets, audits }: NoteView): Claimed[] {
	const all = [...audits.values()].flat();
	const byKey = new Map(
		all.flatMap(({ comment }) => (comment ? [[replyKey(comment.id), comment] as const] : [])),
	);
	const claims = tickets.flatMap((ticket) =>
		(audits.get(ticket.id) ?? []).flatMap((audit: ReplyAudit): Claimed[] => {
			const comment = byKey.get(audit.marker?.claim ?? '');
			const words = comment?.public ? textOfComment(comment, keepsSignature(audit)) : '';
			return words ? [{ ticket, at: audit.at, words }] : [];
		}),
	);
	return claims.sort((a, b) => a.at - b.at);
}

/** By time; those of one second in the same order in every execution. */
const inOrder = (a: OutboundMessage, b: OutboundMessage): number =>
	a.sentAt - b.sentAt || (a.key < b.key ? -1 : 1);

/**
 * Which messages are replies of ours, by key: the first message with a reply's words goes to its first claim, and so on.
 * One that was noted as a message from elsewhere stays one.
 */
export function ownReplies(messages: OutboundMessage[], view: NoteView): Map<string, ListedTicket> {
	const claims = claimsIn(view);
	const own = new Map<string, ListedTicket>();
	const candidates = messages.filter(
		(message) => mayBeOwnReply(message) && (message.isFailed || !holderOf(view, message.key)),
	);
	for (const message of candidates.sort(inOrder)) {
		const inTime = claims.filter(
			({ at }) =>
				at - limits.clockMargin <= message.sentAt && message.sentAt - at <= windowOf(message),
		);
		const claim =
			inTime.find(({ words }) => isLoggedAs(message.body, words)) ??
			// A flow's template may say more than the reply.
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
 * @param own the tickets of those that are replies of ours
 */
function placeOutbound(
	messages: OutboundMessage[],
	view: NoteView,
	own: ReadonlyMap<string, ListedTicket>,
): Map<string, Placement<OutboundEnd>> {
	const open = newest(view.tickets.filter(isOpen));
	return new Map(
		messages.map((message): [string, Placement<OutboundEnd>] => {
			const repliedOn = own.get(message.key);
			const pieces = piecesOf(message, repliedOn !== undefined);
			const holder = holderOf(view, message.key);
			if (holder) return [message.key, { ticketId: holder.id, pieces }];
			if (repliedOn && !message.isFailed)
				return [message.key, { end: { outcome: 'ownReply', ticketId: repliedOn.id } }];
			// The agent who wrote it looks there, be it solved.
			const ticket = view.tickets.find(
				({ id, status }) => id === repliedOn?.id && status !== 'closed',
			);
			const target = ticket ?? open;
			return [
				message.key,
				target ? { ticketId: target.id, pieces } : { end: { outcome: 'noTicket' } },
			];
		}),
	);
}

export type Logged =
	| {
			outcome: 'logged' | 'duplicate' | 'ownReply';
			ticketId: string;
			notifyAgent: boolean;
			/** Set for a `duplicate` whose ticket was not opened by the step that should have. */
			needsReopening?: true;
	  }
	| { outcome: 'noTicket'; ticketId: null; notifyAgent: boolean }
	| { outcome: 'failed'; message: string };

/**
 * Notes the messages of one conversation on its open ticket.
 *
 * @returns what became of each message, by its key; `notifyAgent` where an agent's reply did not reach the customer, and
 * nobody has seen to the ticket since that was noted
 * @throws what the desk throws: a fault that waiting cannot fix
 */
export async function logOutbound(
	messages: OutboundMessage[],
	store: NoteStore,
): Promise<Map<string, Logged>> {
	let own: ReadonlyMap<string, ListedTicket> = new Map();
	let unseen: ReadonlySet<string> = new Set();
	const noted = await writeNotes<OutboundMessage, OutboundEnd>(messages, store, (waiting, view) => {
		unseen = new Set(messages.map(({ key }) => key).filter((key) => needsReopening(view, key)));
		own = new Map([...own, ...ownReplies(messages, view)]);
		return placeOutbound(waiting, view, own);
	});
	return new Map(
		messages.map(({ key, isFailed }): [string, Logged] => {
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
			const isLeft = notifyAgent && unseen.has(key);
			const left = isLeft ? { needsReopening: true as const } : {};
			return [key, { outcome: 'duplicate', ticketId, notifyAgent: isLeft, ...left }];
		}),
	);
}

const SENDERS: Record<OutboundMessage['kind'], string> = {
	campaign: 'Campaign',
	flow: 'Flow',
	conversation: "Klaviyo's Inbox",
	autoResponse: "Klaviyo's automatic response",
};

function piecesOf(message: OutboundMessage, isOwn: boolean): NotePiece[] {
	const time = `${new Date(message.sentAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
	const name = message.name?.trim() ? ` '${message.name.trim()}'` : '';
	const reason = message.failureReason?.trim() || 'Klaviyo gives no reason';
	const said = [message.body, ...message.mediaUrls].filter((part) => part.trim()).join('\n');
	const heading = message.isFailed
		? `The message was not delivered: ${reason}. ${isOwn ? 'It was this reply' : `It came from ${SENDERS[message.kind]}${name}`}, sent ${time}:`
		: `${SENDERS[message.kind]}${name} sent, ${time}:`;
	return toComments(`${heading}\n\n${said || '(The text is empty.)'}`).map((html, index) => ({
		key: index === 0 ? message.key : `${message.key}/${index + 1}`,
		html,
	}));
}
