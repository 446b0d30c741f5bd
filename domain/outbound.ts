/**
 * What the brand texted a customer from elsewhere (a campaign, a flow, Klaviyo's Inbox, an automatic response), as a
 * note on the conversation's open ticket. Our own replies are on a ticket already and are left out, unless one was
 * not delivered: that the agent has to know.
 */
import { toComments } from './conversation/commentHtml';
import type { ListedTicket } from './conversation/desk';
import { limits } from './conversation/rules';
import type { TicketStatus } from './items';
import {
	holderOf,
	liesUnseen,
	type NoteDesk,
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

export interface OutboundText extends Notice {
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
export const mayBeOwnReply = ({ kind }: Pick<OutboundText, 'kind'>): boolean =>
	kind === 'conversation' || kind === 'flow';

const windowOf = ({ isFailed }: Pick<OutboundText, 'isFailed'>): number =>
	isFailed ? ownReplyWindow.failed : ownReplyWindow.delivered;

/** How far back tickets and their history matter to a text. */
export function reachOf(text: Pick<OutboundText, 'kind' | 'isFailed' | 'sentAt'>): {
	since: number;
	readFrom: number;
} {
	if (!mayBeOwnReply(text)) return { since: text.sentAt, readFrom: text.sentAt };
	const since = text.sentAt - windowOf(text);
	return { since, readFrom: since - CLAIMED_WITHIN };
}

/** Statuses in which a ticket waits for somebody. A solved one is left alone: a note must not wake it. */
export const openStatuses: readonly TicketStatus[] = ['new', 'open', 'pending', 'hold'];
export const isOpen = ({ status }: { status: TicketStatus }): boolean =>
	openStatuses.includes(status);

const newest = (tickets: ListedTicket[]): ListedTicket | undefined =>
	[...tickets].sort((a, b) => b.id.length - a.id.length || (b.id > a.id ? 1 : -1))[0];

/** A claim on a reply: the right to one text with these words. */
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
const inOrder = (a: OutboundText, b: OutboundText): number =>
	a.sentAt - b.sentAt || (a.key < b.key ? -1 : 1);

/**
 * Which texts are replies of ours, by key: the first text with a reply's words goes to its first claim, and so on.
 * One that was noted as a text from elsewhere stays one.
 */
export function ownReplies(texts: OutboundText[], view: NoteView): Map<string, ListedTicket> {
	const claims = claimsIn(view);
	const own = new Map<string, ListedTicket>();
	const candidates = texts.filter(
		(text) => mayBeOwnReply(text) && (text.isFailed || !holderOf(view, text.key)),
	);
	for (const text of candidates.sort(inOrder)) {
		const inTime = claims.filter(
			({ at }) => at - limits.clockMargin <= text.sentAt && text.sentAt - at <= windowOf(text),
		);
		const claim =
			inTime.find(({ words }) => isLoggedAs(text.body, words)) ??
			// A flow's template may say more than the reply.
			inTime.find(({ words }) => text.kind === 'flow' && holdsWords(text.body, words));
		if (!claim) continue;
		claims.splice(claims.indexOf(claim), 1);
		own.set(text.key, claim.ticket);
	}
	return own;
}

/**
 * Where each text belongs.
 *
 * @param own the tickets of those that are replies of ours
 */
function placeOutbound(
	texts: OutboundText[],
	view: NoteView,
	own: ReadonlyMap<string, ListedTicket>,
): Map<string, Placement<OutboundEnd>> {
	const open = newest(view.tickets.filter(isOpen));
	return new Map(
		texts.map((text): [string, Placement<OutboundEnd>] => {
			const repliedOn = own.get(text.key);
			const pieces = piecesOf(text, repliedOn !== undefined);
			const holder = holderOf(view, text.key);
			if (holder) return [text.key, { ticketId: holder.id, pieces }];
			if (repliedOn && !text.isFailed)
				return [text.key, { end: { outcome: 'ownReply', ticketId: repliedOn.id } }];
			// The agent who wrote it looks there, be it solved.
			const ticket = view.tickets.find(
				({ id, status }) => id === repliedOn?.id && status !== 'closed',
			);
			const target = ticket ?? open;
			return [
				text.key,
				target ? { ticketId: target.id, pieces } : { end: { outcome: 'noTicket' } },
			];
		}),
	);
}

export type Logged =
	| {
			outcome: 'logged' | 'duplicate' | 'ownReply';
			ticketId: string;
			concernsAgent: boolean;
			/** Set for a `duplicate` whose ticket was not opened by the step that should have. */
			liesUnseen?: true;
	  }
	| { outcome: 'noTicket'; ticketId: null; concernsAgent: boolean }
	| { outcome: 'failed'; message: string };

/**
 * Notes the texts of one conversation on its open ticket.
 *
 * @returns what became of each text, by its key; `concernsAgent` where an agent's reply did not reach the customer, and
 * nobody has seen to the ticket since that was noted
 * @throws what the desk throws: a fault that waiting cannot mend
 */
export async function logOutbound(
	texts: OutboundText[],
	desk: NoteDesk,
): Promise<Map<string, Logged>> {
	let own: ReadonlyMap<string, ListedTicket> = new Map();
	let unseen: ReadonlySet<string> = new Set();
	const noted = await writeNotes<OutboundText, OutboundEnd>(texts, desk, (waiting, view) => {
		unseen = new Set(texts.map(({ key }) => key).filter((key) => liesUnseen(view, key)));
		own = new Map([...own, ...ownReplies(texts, view)]);
		return placeOutbound(waiting, view, own);
	});
	return new Map(
		texts.map(({ key, isFailed }): [string, Logged] => {
			const note = noted.get(key);
			const concernsAgent = isFailed && own.has(key);
			if (!note) return [key, { outcome: 'failed', message: 'The text has no outcome' }];
			if (note.outcome === 'failed') return [key, note];
			if (note.outcome === 'ended') {
				const { end } = note;
				return [
					key,
					end.outcome === 'ownReply'
						? { ...end, concernsAgent: false }
						: { ...end, ticketId: null, concernsAgent },
				];
			}
			const { ticketId } = note;
			if (note.outcome === 'written') return [key, { outcome: 'logged', ticketId, concernsAgent }];
			const isLeft = concernsAgent && unseen.has(key);
			const left = isLeft ? { liesUnseen: true as const } : {};
			return [key, { outcome: 'duplicate', ticketId, concernsAgent: isLeft, ...left }];
		}),
	);
}

const SENDERS: Record<OutboundText['kind'], string> = {
	campaign: 'Campaign',
	flow: 'Flow',
	conversation: "Klaviyo's Inbox",
	autoResponse: "Klaviyo's automatic response",
};

function piecesOf(text: OutboundText, isOwn: boolean): NotePiece[] {
	const time = `${new Date(text.sentAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
	const name = text.name?.trim() ? ` '${text.name.trim()}'` : '';
	const reason = text.failureReason?.trim() || 'Klaviyo gives no reason';
	const said = [text.body, ...text.mediaUrls].filter((part) => part.trim()).join('\n');
	const heading = text.isFailed
		? `The text was not delivered: ${reason}. ${isOwn ? 'It was this reply' : `It came from ${SENDERS[text.kind]}${name}`}, sent ${time}:`
		: `${SENDERS[text.kind]}${name} texted, ${time}:`;
	return toComments(`${heading}\n\n${said || '(The text is empty.)'}`).map((html, index) => ({
		key: index === 0 ? text.key : `${text.key}/${index + 1}`,
		html,
	}));
}
