/** Reads the tickets on which replies are claimed: once for all replies to a ticket in one execution. */
import { isCustomerOf } from '../../../domain/conversation/conversationCustomer';
import type { ReplyTicket } from '../../../domain/reply/claim';
import { isOk, isTransient } from '../../shared/answer';
import { type History, isHistory, readHistory } from './audits';
import type { Zendesk } from './client';
import { withMissing } from './users';
import { isComment } from './origin';
import { asReplyAudits } from './replyAudits';
import { ticketWithPeople, whoIs, type WireTicket, type WireUser } from './wire';
import { saysGone } from './gone';
import { paths } from './paths';

export type ReadTicket = ReplyTicket | 'gone' | undefined;

interface Read {
	/** Milliseconds since 1970. */
	askedAt: number;
	/** The history is complete from here on, milliseconds since 1970. */
	since: number;
	ticket: Promise<ReadTicket>;
}

/**
 * A claim is written under the ticket's stamp, so a ticket that was read a moment ago is as good as a new one: if it
 * has changed since, Zendesk refuses the claim.
 */
export class ReplyTickets {
	private readonly reads = new Map<string, Read>();

	/** How far back the history of each ticket is needed, milliseconds since 1970. */
	private readonly needed = new Map<string, number>();

	constructor(private readonly zendesk: Zendesk) {}

	/** Must be called for each reply before the first ticket is read. */
	willNeed(ticketId: string, since: number): void {
		this.needed.set(ticketId, Math.min(since, this.needed.get(ticketId) ?? since));
	}

	/** @param notBefore milliseconds since 1970: a history read from then on shows the reply */
	async readOnce(ticketId: string, since: number, notBefore: number): Promise<ReadTicket> {
		const known = this.reads.get(ticketId);
		if (known && known.askedAt >= notBefore && known.since <= since) return await known.ticket;
		return await this.read(ticketId, since);
	}

	async read(ticketId: string, since: number): Promise<ReadTicket> {
		const reach = Math.min(since, this.needed.get(ticketId) ?? since);
		const ticket = readTicket(this.zendesk, ticketId, reach);
		this.reads.set(ticketId, { askedAt: Date.now(), since: reach, ticket });
		return await ticket;
	}
}

const wasGiven = ({ audits }: History): boolean =>
	audits.some(({ events }) =>
		events.some(({ type, field_name: field }) => type === 'Change' && field === 'requester_id'),
	);

/** Whether the ticket's present requester is not the customer with the conversation's number. */
function isOthers(ticket: WireTicket, users: ReadonlyMap<string, WireUser>): boolean {
	const requester = users.get(ticket.requester_id ?? '');
	return !requester || !isCustomerOf(ticket.external_id, whoIs(requester));
}

const authorsOf = ({ audits }: History): Array<string | null | undefined> =>
	audits.flatMap(({ author_id: author, events }) =>
		events
			.filter(({ type, public: isPublic }) => isComment(type) && isPublic)
			.map((event) => event.author_id ?? author),
	);

async function readTicket(zendesk: Zendesk, ticketId: string, since: number): Promise<ReadTicket> {
	const path = paths.ticket(ticketId);
	const answer = await zendesk.tryRequest({
		method: 'GET',
		path,
		query: { include: 'users' },
		repeatable: true,
	});
	if (saysGone(answer)) return 'gone';
	if (isTransient(answer)) return undefined;
	if (!isOk(answer)) throw zendesk.refusal(`Ticket ${ticketId} could not be read`, answer);
	const { ticket, users } = zendesk.read(`Ticket ${ticketId}`, ticketWithPeople, answer);
	const history = await readHistory(zendesk, ticketId, since, zendesk.tryRequest);
	if (!isHistory(history)) {
		if (isTransient(history) || history.status === 404) return undefined;
		throw zendesk.refusal(`The history of ticket ${ticketId} could not be read`, history);
	}
	const isGiven = wasGiven(history);
	const people = await withMissing(
		zendesk,
		new Map([...history.users, ...(users ?? []).map((user) => [user.id, user] as const)]),
		[...authorsOf(history), ...(isGiven ? [ticket.requester_id] : [])],
	);
	if (!people) return undefined;
	return {
		status: ticket.status ?? 'open',
		updatedAt: Date.parse(ticket.updated_at),
		externalId: ticket.external_id,
		isOthers: isGiven && isOthers(ticket, people),
		audits: history.audits.flatMap((audit) => asReplyAudits(audit, people)),
		serverTime: history.serverTime,
	};
}
