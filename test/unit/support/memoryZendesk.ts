/**
 * Zendesk's ticket API in memory, on a clock of its own, for the property tests of the rules: idempotency keys that
 * live two hours, lists and audits that lag, `safe_update` on one-second stamps, agents and automations, ids from
 * blocks, and rules that act inside the audit of what fired them. Nothing in it is random: the schedule decides.
 */
import type {
	Audit,
	CreateAnswer,
	ConversationMessage,
	ListedTicket,
	Listing,
	UpdateAnswer,
} from '../../../domain/conversation/ticketStore';
import type { TicketStatus } from '../../../domain/items';

export const wholeSecond = (time: number): number => Math.floor(time / 1000) * 1000;

/** Of five servers, each gives the ids of its own block. */
const blockId = (number: number): number => ((number * 7 + 3) % 5) * 1_000_000 + number;

/**
 * A history as Zendesk lists it: by the second, and inside one by ids, which say nothing of time.
 *
 * @param entries in the order of time
 */
export const asListed = <Entry extends { at: number }>(entries: readonly Entry[]): Entry[] =>
	entries
		.map((entry, number) => ({ entry, id: blockId(number) }))
		.sort((one, other) => one.entry.at - other.entry.at || one.id - other.id)
		.map(({ entry }) => entry);

const KEY_LIFE = 2 * 3600_000;

export interface MemorySwitches {
	/** What a second request with a key that is still in flight gets. */
	inFlight: '409' | 'wait';
	/** Longest that a list, or a ticket's audits, may be behind; each read says how much of it it is. */
	listLag: number;
	auditLag: number;
}

interface Entry extends Audit {
	/** Exact time, for audits that are read behind. */
	trueAt: number;
	statusAfter: TicketStatus;
	/** Whether it wrote what goes with a message, rather than a message. */
	isAttached?: boolean;
}

interface Ticket extends ListedTicket {
	brand: number;
	deleted: boolean;
	audits: Entry[];
}

interface Key {
	body: string;
	at: number;
	answer?: Extract<CreateAnswer, { outcome: 'created' }>;
}

export interface CreateRequest {
	key: string;
	body: string;
	message: ConversationMessage;
}

/** What Zendesk keeps of a message, as strings in `metadata.custom`. */
const markerOf = ({ key, flowKey, sentAt }: ConversationMessage): Audit['marker'] => ({
	key,
	...(flowKey ? { flowKey } : {}),
	sentAt,
});

/** What agents and automations do to a conversation's tickets. */
export const deskEvents = [
	'solve',
	'park',
	'note',
	'closeSolved',
	'solveAndClose',
	'noteAndSolve',
	'touchClosed',
	'moveBrand',
	'solveAndReopen',
	'reopenAndSolve',
	'delete',
	'ruleParksTexts',
	'ruleSolvesTexts',
	'ruleHoldsNotes',
	'ruleReopensSolved',
	'noRule',
] as const;
export type DeskEvent = (typeof deskEvents)[number];

/** What a rule of the account's makes of an update: the status that it sets, inside the update's own audit. */
type AccountRule = (
	status: TicketStatus,
	update: { isMessage: boolean; isNote: boolean },
) => TicketStatus | undefined;

const accountRules: Partial<Record<DeskEvent, AccountRule>> = {
	ruleParksTexts: (_, { isMessage }) => (isMessage ? 'pending' : undefined),
	ruleSolvesTexts: (_, { isMessage }) => (isMessage ? 'solved' : undefined),
	ruleHoldsNotes: (_, { isNote }) => (isNote ? 'hold' : undefined),
	ruleReopensSolved: (status) => (status === 'solved' ? 'open' : undefined),
	noRule: () => undefined,
};

const unattended: readonly TicketStatus[] = ['pending', 'hold', 'solved'];

export class MemoryZendesk {
	now = 1_700_000_000_000;

	readonly tickets: Ticket[] = [];

	/** The most tickets of the conversation that were ever not closed at once. */
	mostOpen = 0;

	private rule: AccountRule | undefined;

	private readonly keys = new Map<string, Key>();

	private readonly past: Array<{ at: number; tickets: Array<ListedTicket & { brand: number }> }> =
		[];

	constructor(readonly switches: MemorySwitches) {
		this.remember();
	}

	list(lag: number, brand?: number): Listing {
		const at = this.now - Math.min(lag, this.switches.listLag);
		const then = this.past.findLast((moment) => moment.at <= at) ?? this.past[0];
		const tickets = (then?.tickets ?? []).filter((t) => brand === undefined || t.brand === brand);
		return { tickets: tickets.map((ticket) => ({ ...ticket })), serverTime: wholeSecond(this.now) };
	}

	/** The list, and in it the ticket as it is; undefined when that was deleted. */
	listWith(ticketId: string, lag: number): Listing | undefined {
		const ticket = this.find(ticketId);
		if (!ticket) return undefined;
		const listing = this.list(lag);
		if (listing.tickets.some(({ id }) => id === ticketId)) return listing;
		const { id, status, updatedAt } = ticket;
		return { ...listing, tickets: [...listing.tickets, { id, status, updatedAt }] };
	}

	audits(ticketId: string, lag: number): Audit[] | undefined {
		const at = this.now - Math.min(lag, this.switches.auditLag);
		const ticket = this.find(ticketId);
		return ticket && asListed(ticket.audits).filter((audit) => audit.trueAt <= at);
	}

	/** First half of a creation: the key is taken. `wait` means that the server makes this request wait. */
	beginCreate({ key, body }: CreateRequest): CreateAnswer | 'begun' | 'wait' {
		const known = this.keys.get(key);
		if (!known || this.now - known.at >= KEY_LIFE) {
			this.keys.set(key, { body, at: this.now });
			return 'begun';
		}
		if (!known.answer) return this.switches.inFlight === '409' ? { outcome: 'inFlight' } : 'wait';
		if (known.body !== body) return { outcome: 'keyTaken' };
		return { outcome: 'remembered', ticketId: known.answer.ticketId };
	}

	/** Second half: the ticket exists and the answer is remembered. */
	commitCreate({ key, body, message }: CreateRequest): CreateAnswer {
		const ticket: Ticket = {
			id: String(this.tickets.length + 1),
			status: 'new',
			updatedAt: wholeSecond(this.now),
			brand: 1,
			deleted: false,
			audits: [],
		};
		this.tickets.push(ticket);
		this.write(ticket, 'new', message);
		const answer = { outcome: 'created', ticketId: ticket.id, status: ticket.status } as const;
		this.keys.set(key, { body, at: this.keys.get(key)?.at ?? this.now, answer });
		return answer;
	}

	/** @param stamp of `safe_update`, or undefined to write whatever happened since */
	update(
		ticketId: string,
		stamp: number | undefined,
		status?: TicketStatus,
		message?: ConversationMessage,
	): UpdateAnswer {
		const ticket = this.find(ticketId);
		if (!ticket) return { outcome: 'gone' };
		if (stamp !== undefined && stamp !== ticket.updatedAt) return { outcome: 'conflict' };
		if (ticket.status === 'closed') return { outcome: 'closed' };
		this.write(ticket, status, message);
		return { outcome: 'written', status: ticket.status };
	}

	happens(event: DeskEvent): void {
		this.rule = accountRules[event] ?? this.rule;
		const live = this.tickets.filter((ticket) => !ticket.deleted);
		const newest = live.at(-1);
		const working = newest && newest.status !== 'closed' ? newest : undefined;
		const closed = live.find((ticket) => ticket.status === 'closed');
		if (event === 'solve' && working) this.write(working, 'solved');
		if (event === 'park' && working) this.write(working, 'pending');
		if (event === 'note' && working) this.write(working, undefined, 'note');
		if (event === 'closeSolved' && working?.status === 'solved') this.write(working, 'closed');
		if (event === 'solveAndClose' && working) {
			this.write(working, 'solved');
			this.write(working, 'closed');
		}
		// Both in one second: the stamp of the first cannot be told from that of the second.
		if (event === 'noteAndSolve' && working) this.twice(working, [undefined, 'solved']);
		if (event === 'solveAndReopen' && working) this.twice(working, ['solved', 'open']);
		if (event === 'reopenAndSolve' && working) this.twice(working, ['open', 'solved']);
		if (event === 'touchClosed' && closed) this.write(closed);
		if (event === 'moveBrand' && newest) {
			newest.brand++;
			this.write(newest);
		}
		if (event === 'delete' && newest) {
			this.write(newest);
			newest.deleted = true;
			this.remember();
		}
	}

	/** Messages that an agent cannot see: written into a ticket that was or got solved or parked, and left there. */
	unseen(): string[] {
		return this.tickets
			.filter((ticket) => !ticket.deleted)
			.flatMap(({ audits }) => {
				const buried = new Set<string>();
				const inTicket = new Set<string>();
				for (const { marker, isAttached, statusAfter, statusChange } of audits) {
					const isLeft = unattended.includes(statusAfter);
					if (marker && !isAttached) inTicket.add(marker.key);
					if (marker && !isAttached && isLeft) buried.add(marker.key);
					else if (marker && isLeft && statusChange) {
						// A rule that acts on a program's note buries what was there before, unless somebody had done with it.
						const wasLeft = unattended.some((status) => status === statusChange.before);
						for (const key of wasLeft ? [] : inTicket) buried.add(key);
					} else if (statusChange) buried.clear();
				}
				return [...buried];
			});
	}

	private find(ticketId: string): Ticket | undefined {
		return this.tickets.find((ticket) => ticket.id === ticketId && !ticket.deleted);
	}

	private twice(ticket: Ticket, [one, other]: [TicketStatus?, TicketStatus?]): void {
		this.now = wholeSecond(this.now) + 1000;
		this.write(ticket, one);
		this.now += 800;
		this.write(ticket, other);
	}

	private write(
		ticket: Ticket,
		status?: TicketStatus,
		written?: ConversationMessage | 'note',
	): void {
		const marker = written === 'note' ? undefined : written;
		const isNote = written === 'note' || marker?.attachedTo !== undefined;
		const before = ticket.audits.length > 0 ? ticket.status : undefined;
		let after = status ?? ticket.status;
		let hasChanged = after !== before;
		const byRule =
			after === 'closed'
				? undefined
				: this.rule?.(after, { isMessage: !isNote && marker !== undefined, isNote });
		if (byRule !== undefined && byRule !== after) {
			after = byRule;
			hasChanged = true;
		}
		ticket.status = after;
		ticket.updatedAt = wholeSecond(this.now);
		ticket.audits.push({
			at: wholeSecond(this.now),
			trueAt: this.now,
			statusAfter: after,
			...(hasChanged ? { statusChange: { before, after } } : {}),
			...(before === undefined ? { opens: true } : {}),
			...(marker ? { marker: markerOf(marker), isAttached: marker.attachedTo !== undefined } : {}),
		});
		this.remember();
	}

	private remember(): void {
		const live = this.tickets.filter((ticket) => !ticket.deleted);
		this.past.push({
			at: this.now,
			tickets: live.map(({ id, status, updatedAt, brand }) => ({ id, status, updatedAt, brand })),
		});
		this.mostOpen = Math.max(
			this.mostOpen,
			live.filter((ticket) => ticket.status !== 'closed').length,
		);
	}
}
