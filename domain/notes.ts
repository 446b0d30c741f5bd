/**
 * Internal notes of this integration, each written once however many runs bring it, and though a run may die between
 * two pieces of a long one. As with messages, a ticket's `safe_update` on a settled stamp is the lock, and the ticket's
 * own history says what is there already.
 */
import type { ListedTicket, Listing } from './conversation/ticketStore';
import { conversationRules, limits } from './conversation/rules';
import type { ReplyAudit } from './reply/audit';

/** One comment's worth of a note. */
export interface NotePiece {
	/** Kept on the audit: the note's own key, and `<key>/2`, `<key>/3` ... for what did not fit into one comment. */
	key: string;
	html: string;
}

/** Something to be noted, wherever it turns out to belong. */
export interface Notice {
	key: string;
	/** Milliseconds since 1970: no note with the key can be older. */
	since: number;
	/** Milliseconds since 1970: how far back the tickets' history matters to where it belongs. */
	readFrom: number;
}

/** What one look at Zendesk gave. */
export interface NoteView {
	tickets: ListedTicket[];
	/** Oldest first, of those tickets that changed late enough to matter. */
	audits: ReadonlyMap<string, ReplyAudit[]>;
}

export type NoteAnswer =
	| { outcome: 'written'; updatedAt: number }
	| { outcome: 'conflict' | 'gone' | 'unknown' }
	| { outcome: 'refused'; description: string };

/** What notes ask of Zendesk. Reads answer `undefined` when there was no usable answer. */
export interface NoteStore {
	sleep(milliseconds: number): Promise<void>;
	/** @param stale tickets whose stamp in the list has proved to be old: they are read one by one */
	listTickets(stale: ReadonlySet<string>): Promise<Listing | undefined>;
	readAudits(ticketId: string, since: number): Promise<ReplyAudit[] | undefined>;
	/** Under the stamp of `ticket`. */
	writeNote(ticket: ListedTicket, piece: NotePiece): Promise<NoteAnswer>;
}

/** Where a notice belongs: into a ticket, in pieces, or nowhere. */
export type Placement<End> = { ticketId: string; pieces: NotePiece[] } | { end: End };

export type Noted<End> =
	| { outcome: 'written' | 'duplicate'; ticketId: string }
	| { outcome: 'ended'; end: End }
	| { outcome: 'failed'; message: string };

/** Looks at Zendesk, each with its waiting, before a notice is given up. */
const PASSES = 12;

/** Looks without an answer, each asked for several times, before Zendesk is taken for down. */
const SILENCES = 3;

/** Looks in which a history may be behind its ticket. */
const AUDIT_READS = 8;

/** What a test may take out, to show what it is there for. */
export const noteRules = {
	/** Milliseconds until the ticket's stamp is a lock: two writers in one second would both pass `safe_update`. */
	settlesIn: (ticket: ListedTicket, serverTime: number): number =>
		ticket.updatedAt + limits.stampSettles - serverTime,
	/** A history older than its own ticket is behind it. */
	areCurrent: (audits: ReplyAudit[], ticket: ListedTicket): boolean =>
		audits.some(({ at }) => at >= ticket.updatedAt),
};
export type NoteRules = typeof noteRules;

/** The ticket that holds the note already, or its first piece. */
export const holderOf = ({ tickets, audits }: NoteView, key: string): ListedTicket | undefined =>
	tickets.find(({ id }) => audits.get(id)?.some(({ marker }) => marker?.key === key));

/**
 * Whether the note is in a ticket that waits for nobody, and whose status nobody has changed since: whoever should have
 * opened it again died. What happened in the note's own second may have come before it.
 */
export function needsReopening(view: NoteView, key: string): boolean {
	const holder = holderOf(view, key);
	const audits = (holder && view.audits.get(holder.id)) ?? [];
	const notedAt = audits.find(({ marker }) => marker?.key === key)?.at ?? Infinity;
	return (
		holder !== undefined &&
		conversationRules.statusFor(holder.status) !== undefined &&
		!audits.some(({ at, changesStatus }) => changesStatus && at > notedAt)
	);
}

/**
 * Writes what `place` says.
 *
 * @param place where each waiting notice belongs, by its key. A notice that `holderOf` finds belongs into that ticket.
 * @returns what became of each notice, by its key
 * @throws what the desk throws: a fault that waiting cannot fix
 */
export const writeNotes = <One extends Notice, End>(
	notices: One[],
	store: NoteStore,
	place: (waiting: One[], view: NoteView) => Map<string, Placement<End>>,
	rules: NoteRules = noteRules,
): Promise<Map<string, Noted<End>>> => new NoteRun(notices, store, place, rules).run();

class NoteRun<One extends Notice, End> {
	private readonly noted = new Map<string, Noted<End>>();

	/** Pieces whose answer was lost: found in a ticket later, they are this run's own. */
	private readonly attempted = new Set<string>();

	private readonly stale = new Set<string>();

	private readonly refusedBy = new Set<string>();

	private auditsBehind = 0;

	private silences = 0;

	private obstacle = 'Zendesk did not answer';

	constructor(
		private readonly notices: One[],
		private readonly store: NoteStore,
		private readonly place: (waiting: One[], view: NoteView) => Map<string, Placement<End>>,
		private readonly rules: NoteRules,
	) {}

	async run(): Promise<Map<string, Noted<End>>> {
		for (let pass = 0; pass < PASSES && this.waiting().length > 0; pass++) {
			if (this.silences >= SILENCES) break;
			await this.pass();
		}
		for (const { key } of this.waiting()) {
			const message = `No outcome: ${this.obstacle}. Run it again, or leave it to catch-up.`;
			this.noted.set(key, { outcome: 'failed', message });
		}
		return this.noted;
	}

	private waiting(): One[] {
		return this.notices.filter(({ key }) => !this.noted.has(key));
	}

	private async pass(): Promise<void> {
		const view = await this.look();
		if (!view) return;
		const waiting = this.waiting();
		const placements = this.place(waiting, view);
		for (const { key } of waiting) {
			const placement = placements.get(key);
			if (!placement) continue;
			if ('end' in placement) this.noted.set(key, { outcome: 'ended', end: placement.end });
			else if (!(await this.write(key, placement, view))) return;
		}
	}

	/** Reads everything that decides; undefined, after a pause, while it does not fit together. */
	private async look(): Promise<NoteView | undefined> {
		const listing = await this.store.listTickets(this.stale);
		if (!listing) {
			this.silences++;
			return await this.pause(500, 'the tickets could not be read');
		}
		const waiting = this.waiting();
		const since = Math.min(...waiting.map((notice) => notice.since)) - limits.clockMargin;
		const { tickets, serverTime } = listing;
		const settlesIn = (ticket: ListedTicket): number => this.rules.settlesIn(ticket, serverTime);
		const changed = tickets.filter(
			(ticket) =>
				ticket.updatedAt >= since || (settlesIn(ticket) > 0 && ticket.status !== 'closed'),
		);
		const unsettled = Math.max(0, ...changed.map(settlesIn));
		if (unsettled > 0) return await this.pause(unsettled, 'the ticket keeps changing');
		const from = Math.min(...waiting.map(({ readFrom }) => readFrom)) - limits.clockMargin;
		const audits = new Map<string, ReplyAudit[]>();
		for (const ticket of changed) {
			const history = await this.store.readAudits(ticket.id, from);
			if (!history) this.silences++;
			const isBehind = history !== undefined && !this.rules.areCurrent(history, ticket);
			if (!history || (isBehind && this.auditsBehind++ < AUDIT_READS))
				return await this.pause(1000, `the history of ticket ${ticket.id} could not be read`);
			audits.set(ticket.id, history);
		}
		return { tickets, audits };
	}

	/** False, after a pause, when the view no longer holds: nothing more is written by it. */
	private async write(
		key: string,
		{ ticketId, pieces }: { ticketId: string; pieces: NotePiece[] },
		view: NoteView,
	): Promise<boolean> {
		const ticket = view.tickets.find(({ id }) => id === ticketId);
		if (!ticket) return true;
		const history = view.audits.get(ticketId) ?? [];
		const missing = pieces.filter(
			(piece) => !history.some(({ marker }) => marker?.key === piece.key),
		);
		// What a closed ticket holds of a note is all that it will ever hold.
		for (const piece of ticket.status === 'closed' ? [] : missing) {
			const answer = await this.store.writeNote(ticket, piece);
			if (answer.outcome === 'refused' && this.refusedBy.has(key)) {
				const message = `Zendesk refused the note on ticket ${ticketId}: ${answer.description}`;
				this.noted.set(key, { outcome: 'failed', message });
				return true;
			}
			if (answer.outcome !== 'written') {
				// Once, a refusal may mean "closed", in any language: the next look says so.
				if (answer.outcome === 'refused') this.refusedBy.add(key);
				if (answer.outcome === 'unknown') this.attempted.add(piece.key);
				this.stale.add(ticketId);
				await this.pause(500, `ticket ${ticketId} could not be updated (${answer.outcome})`);
				return false;
			}
			this.attempted.add(piece.key);
			// Whoever got the settled stamp's lock may go on with the stamp of their own write: the others all wait for
			// it to settle, and find these pieces then.
			ticket.updatedAt = answer.updatedAt;
		}
		const isOwn = pieces.some((piece) => this.attempted.has(piece.key));
		this.noted.set(key, { outcome: isOwn ? 'written' : 'duplicate', ticketId });
		return true;
	}

	private async pause(milliseconds: number, obstacle: string): Promise<undefined> {
		this.obstacle = obstacle;
		await this.store.sleep(milliseconds);
	}
}
