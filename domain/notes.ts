/**
 * Writes this integration's internal notes, each once, however many runs bring it and even if a run dies between two
 * pieces of a long one. As with messages, a ticket's `safe_update` on a settled stamp is the lock, and the ticket's own
 * history shows what is there already.
 */
import { obstacleOf } from './conversation/addResult';
import type { ListedTicket, Listing } from './conversation/ticketStore';
import { conversationRules, limits } from './conversation/rules';
import { stampLimits, type StampRules, stampRules } from './conversation/stamp';
import type { ReplyAudit } from './reply/audit';

/** The part of a note that fits in one comment. */
export interface NotePiece {
	/** Kept on the audit: the note's key, and `<key>/2`, `<key>/3` ... for what did not fit in one comment. */
	key: string;
	html: string;
	/** What else is kept on the audit. */
	marker?: Readonly<Record<string, string>>;
	/** The ticket's tags with it, made of those before. */
	tagsAfter?: (tags: readonly string[]) => string[];
}

/** Something to note, on whichever ticket it belongs. */
export interface Notice {
	key: string;
	/** Milliseconds since 1970. No note with this key can be older. */
	since: number;
	/** Milliseconds since 1970. From when on the tickets' histories decide where it belongs. */
	readFrom: number;
}

/** What one read of Zendesk gave. */
export interface NoteView {
	tickets: ListedTicket[];
	/** Oldest first, for the tickets that changed late enough to matter. */
	audits: ReadonlyMap<string, ReplyAudit[]>;
}

export type NoteAnswer =
	| { outcome: 'written'; updatedAt: number }
	| { outcome: 'conflict' | 'gone' | 'unknown' }
	| { outcome: 'refused'; description: string };

/** What notes need from Zendesk. Reads return `undefined` if there was no usable answer. */
export interface NoteStore {
	sleep(milliseconds: number): Promise<void>;
	/** @param stale tickets whose stamp in the list proved to be old: they are read one by one */
	listTickets(stale: ReadonlySet<string>): Promise<Listing | undefined>;
	readAudits(ticketId: string, since: number): Promise<ReplyAudit[] | undefined>;
	/** Writes only if the stamp of `ticket` is unchanged. */
	writeNote(ticket: ListedTicket, piece: NotePiece): Promise<NoteAnswer>;
}

/** @param said Zendesk's own words; empty if it gave none */
export const refusalOfNote = (why: 'closed' | 'full' | 'other', said: string): string =>
	({
		closed: 'it is closed',
		full: 'it has 5,000 comments. Set it to closed, with a macro or an automation',
		other: `${said || 'no reason given'}. Fix that on the ticket, and then run the item again`,
	})[why];

/** Where a notice belongs: on a ticket, in pieces, or nowhere. */
export type NotePlacement<End> = { ticketId: string; pieces: NotePiece[] } | { end: End };

export type NoteResult<End> =
	| { outcome: 'written' | 'duplicate'; ticketId: string }
	| { outcome: 'ended'; end: End }
	| { outcome: 'failed'; message: string };

/** Reads of Zendesk, each with its wait, before a notice is given up. */
const MAX_PASSES = 12;

/** Reads without an answer, each retried several times, before Zendesk counts as down. */
const MAX_SILENCES = 3;

/** The ticket that already holds the note, or its first piece. */
export const holderOf = ({ tickets, audits }: NoteView, key: string): ListedTicket | undefined =>
	tickets.find(({ id }) => audits.get(id)?.some(({ marker }) => marker?.key === key));

/**
 * Whether the note is on a ticket that waits for nobody, and whose status nobody has changed since: the run that should
 * have reopened it died. What happened in the note's own second may have come before it.
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
 * Keys of the pieces that were written, or whose response was lost: if they are found on a ticket later, they are this
 * run's own.
 */
export type AttemptedNotes = Set<string>;

/**
 * Writes each notice where `place` says.
 *
 * @param place where each waiting notice belongs, by its key. A notice that `holderOf` finds belongs on that ticket.
 * @param attempted is filled in, for the next try of the same run
 * @returns the outcome of each notice, by its key
 * @throws what the store throws: an error that waiting cannot fix
 */
export const writeNotes = <Item extends Notice, End>(
	notices: Item[],
	store: NoteStore,
	place: (waiting: Item[], view: NoteView) => Map<string, NotePlacement<End>>,
	rules: StampRules = stampRules,
	attempted: AttemptedNotes = new Set(),
): Promise<Map<string, NoteResult<End>>> =>
	new NoteRun(notices, store, place, rules, attempted).run();

class NoteRun<One extends Notice, End> {
	private readonly noted = new Map<string, NoteResult<End>>();

	private readonly stale = new Set<string>();

	private readonly refusedBy = new Set<string>();

	private auditsBehind = 0;

	private silences = 0;

	private obstacle = 'Zendesk did not answer';

	constructor(
		private readonly notices: One[],
		private readonly store: NoteStore,
		private readonly place: (waiting: One[], view: NoteView) => Map<string, NotePlacement<End>>,
		private readonly rules: StampRules,
		private readonly attempted: AttemptedNotes,
	) {}

	async run(): Promise<Map<string, NoteResult<End>>> {
		for (let pass = 0; pass < MAX_PASSES && this.waiting().length > 0; pass++) {
			if (this.silences >= MAX_SILENCES) break;
			await this.pass();
		}
		for (const { key } of this.waiting()) {
			const message = `It took too long: ${this.obstacle}. Run it again, or leave it to catch-up.`;
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

	/** Reads everything that decides; undefined, after a pause, while the parts do not fit together. */
	private async look(): Promise<NoteView | undefined> {
		const listing = await this.store.listTickets(this.stale);
		if (!listing) {
			this.silences++;
			return await this.pause(500, 'the tickets could not be read');
		}
		const waiting = this.waiting();
		const since = Math.min(...waiting.map((notice) => notice.since)) - limits.clockMargin;
		const { tickets, serverTime } = listing;
		const untilSettled = (changing: ListedTicket[]): number =>
			this.rules.untilSettled(changing, serverTime);
		const changed = tickets.filter(
			(ticket) =>
				ticket.updatedAt >= since || (untilSettled([ticket]) > 0 && ticket.status !== 'closed'),
		);
		const unsettled = untilSettled(changed);
		if (unsettled > 0) return await this.pause(unsettled, 'the ticket keeps changing');
		const from = Math.min(...waiting.map(({ readFrom }) => readFrom)) - limits.clockMargin;
		const audits = new Map<string, ReplyAudit[]>();
		for (const ticket of changed) {
			const history = await this.store.readAudits(ticket.id, from);
			if (!history) this.silences++;
			const isBehind = history !== undefined && !this.rules.areCurrent(history, ticket);
			if (!history || (isBehind && this.auditsBehind++ < stampLimits.auditReads))
				return await this.pause(1000, `the history of ticket ${ticket.id} could not be read`);
			audits.set(ticket.id, history);
		}
		return { tickets, audits };
	}

	/** False, after a pause, if the view is out of date: nothing more is written by it. */
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
		// A closed ticket takes no more pieces.
		for (const piece of ticket.status === 'closed' ? [] : missing) {
			const answer = await this.store.writeNote(ticket, piece);
			if (answer.outcome === 'refused' && this.refusedBy.has(key)) {
				const message = `Zendesk refused the note on ticket ${ticketId}: ${answer.description}.`;
				this.noted.set(key, { outcome: 'failed', message });
				return true;
			}
			if (answer.outcome !== 'written') {
				// The first refusal may mean "closed", in any language: the next read shows it.
				if (answer.outcome === 'refused') this.refusedBy.add(key);
				if (answer.outcome === 'unknown') this.attempted.add(piece.key);
				this.stale.add(ticketId);
				await this.pause(500, obstacleOf(`ticket ${ticketId}`, answer));
				return false;
			}
			this.attempted.add(piece.key);
			// A run that won the lock may continue with the stamp of its own write: all others wait for that stamp to
			// settle, and then find these pieces.
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
