/** The ticket store for notes (domain/notes.ts), over HTTP. */
import { sleep } from 'n8n-workflow';
import type { ListedTicket } from '../../../domain/conversation/ticketStore';
import { type NotePiece, type NoteStore, refusalOfNote } from '../../../domain/notes';
import type { ReplyAudit } from '../../../domain/reply/audit';
import { isOk, isTransient, type VendorAnswer } from '../../shared/answer';
import { type History, isHistory, readHistory } from './audits';
import { asListed, readSingle, ticketsOfConversation } from './conversationTickets';
import { errorText, saysClosed, saysFull, serverTimeOf, type Zendesk } from './client';
import { saysGone } from './gone';
import { asReplyAudits } from './replyAudits';
import { statusChanges } from './statusChanges';
import { noteKeyOf, ticketWithPeople, type WireAudit } from './wire';
import { paths } from './paths';

/**
 * Milliseconds. A note is not urgent, there may be hundreds at once, and Zendesk allows an account 100 updates a
 * minute. So a call waits for up to three minutes' limits.
 */
const RETRY_FOR_MS = 200_000;

/** `alsoTicketId`: a ticket of the conversation that its list may not show yet. */
export type NoteScope = { ticketId: string } | { externalId: string; alsoTicketId?: string };

/** Notes with any key. */
function asNoteAudits(audit: WireAudit, users: History['users']): ReplyAudit[] {
	const [read, ...more] = asReplyAudits(audit, users);
	if (!read) return [];
	const changesStatus = statusChanges(audit, ['Change']).length > 0;
	const first = changesStatus ? { ...read, changesStatus } : read;
	const key = noteKeyOf(audit);
	return [first.marker || key === undefined ? first : { ...first, marker: { key } }, ...more];
}

/** The stamp that `safe_update` compares. */
const stampOf = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z');

/**
 * A solved ticket that lacks a field required for solving accepts no note. It is opened, so that agents get the note.
 */
const mayOpen = (answer: VendorAnswer): boolean =>
	answer.status === 422 && !saysClosed(answer) && !saysFull(answer);

function refusalOf(answer: VendorAnswer): string {
	const other = saysFull(answer) ? 'full' : 'other';
	return refusalOfNote(saysClosed(answer) ? 'closed' : other, errorText(answer));
}

/**
 * Writes a note without looking whether the ticket holds it already.
 *
 * @returns 'written', 'closed', or why Zendesk refuses it
 * @throws NodeApiError for any refusal that is not about the ticket
 */
export async function writeWithoutLooking(
	zendesk: Zendesk,
	ticketId: string,
	{ key, html }: NotePiece,
): Promise<'written' | 'closed' | { refused: string }> {
	const write = async (change: { status?: 'open' }): Promise<VendorAnswer> =>
		await zendesk.request({
			method: 'PUT',
			path: paths.ticket(ticketId),
			body: {
				ticket: {
					comment: { html_body: html, public: false },
					metadata: { key },
					...change,
				},
			},
			repeatable: false,
		});
	let answer = await write({});
	if (mayOpen(answer)) {
		// Zendesk may also say "closed" in another language.
		const [ticket] = (await readSingle(zendesk, ticketId))?.tickets ?? [];
		if (ticket?.status === 'closed') return 'closed';
		if (ticket?.status === 'solved') answer = await write({ status: 'open' });
	}
	if (isOk(answer)) return 'written';
	if (saysClosed(answer)) return 'closed';
	if (answer.status === 422) return { refused: refusalOf(answer) };
	throw zendesk.refusal(`No note could be added to ticket ${ticketId}`, answer);
}

/** @param scope the one ticket, or the conversation whose tickets may have or get the notes */
export function zendeskNoteStore(zendesk: Zendesk, scope: NoteScope): NoteStore {
	const attempt: Zendesk['tryRequest'] = async (call) =>
		await zendesk.tryRequest({ retryForMs: RETRY_FOR_MS, ...call });

	const readOne = async (
		ticketId: string,
	): Promise<{ tickets: ListedTicket[]; answer: VendorAnswer } | undefined> => {
		const answer = await attempt({ method: 'GET', path: paths.ticket(ticketId), repeatable: true });
		if (isTransient(answer)) return undefined;
		if (!isOk(answer)) throw zendesk.refusal(`Ticket ${ticketId} could not be read`, answer);
		const { ticket } = zendesk.read(`Ticket ${ticketId}`, ticketWithPeople, answer);
		return { tickets: asListed(ticket), answer };
	};

	const readList = async (
		externalId: string,
	): Promise<{ tickets: ListedTicket[]; answer: VendorAnswer } | undefined> => {
		const { tickets, last } = await ticketsOfConversation(zendesk, externalId, attempt);
		if (isTransient(last)) return undefined;
		if (!isOk(last)) throw zendesk.refusal('The tickets could not be listed', last);
		return { tickets: tickets.flatMap(asListed), answer: last };
	};

	const readConversation = async ({
		externalId,
		alsoTicketId,
	}: {
		externalId: string;
		alsoTicketId?: string;
	}): ReturnType<typeof readList> => {
		const list = await readList(externalId);
		if (!list || !alsoTicketId || list.tickets.some(({ id }) => id === alsoTicketId)) return list;
		const one = await readOne(alsoTicketId);
		return one && { ...list, tickets: [...list.tickets, ...one.tickets] };
	};

	/** The list may be behind. A ticket that is read by itself is not. */
	const refreshed = async (ticket: ListedTicket): Promise<ListedTicket[]> => {
		const answer = await attempt({
			method: 'GET',
			path: paths.ticket(ticket.id),
			repeatable: true,
		});
		if (saysGone(answer)) return [];
		if (!isOk(answer)) return [ticket];
		return asListed(zendesk.read(`Ticket ${ticket.id}`, ticketWithPeople, answer).ticket);
	};

	return {
		sleep,
		async listTickets(stale) {
			const read =
				'ticketId' in scope ? await readOne(scope.ticketId) : await readConversation(scope);
			if (!read) return undefined;
			const serverTime = serverTimeOf(read.answer);
			if ('ticketId' in scope || stale.size === 0) return { tickets: read.tickets, serverTime };
			const tickets = await Promise.all(
				read.tickets.map(async (one) => (stale.has(one.id) ? await refreshed(one) : [one])),
			);
			return { tickets: tickets.flat(), serverTime };
		},
		async readAudits(ticketId, since) {
			const history = await readHistory(zendesk, ticketId, since, attempt);
			if (isHistory(history))
				return history.audits.flatMap((audit) => asNoteAudits(audit, history.users));
			if (isTransient(history) || history.status === 404) return undefined;
			throw zendesk.refusal(`The history of ticket ${ticketId} could not be read`, history);
		},
		async writeNote(ticket, { key, html, marker = {}, tagsAfter }) {
			const tags = ticket.tags && tagsAfter ? { tags: tagsAfter(ticket.tags) } : {};
			const write = async (change: { status?: 'open' }): Promise<VendorAnswer> =>
				await attempt({
					method: 'PUT',
					path: paths.ticket(ticket.id),
					body: {
						ticket: {
							comment: { html_body: html, public: false },
							metadata: { key, ...marker },
							...tags,
							safe_update: true,
							updated_stamp: stampOf(ticket.updatedAt),
							...change,
						},
					},
					// A second identical request would be refused because of its stamp, but then it is unknown whose
					// note is there.
					repeatable: false,
				});
			let answer = await write({});
			if (mayOpen(answer) && ticket.status === 'solved') answer = await write({ status: 'open' });
			if (isTransient(answer)) return { outcome: 'unknown' };
			if (answer.status === 409) return { outcome: 'conflict' };
			if (saysGone(answer)) return { outcome: 'gone' };
			if (answer.status === 422) return { outcome: 'refused', description: refusalOf(answer) };
			if (!isOk(answer)) throw zendesk.refusal(`Ticket ${ticket.id} could not be updated`, answer);
			const { updated_at: updatedAt } = zendesk.read(
				'The updated ticket',
				ticketWithPeople,
				answer,
			).ticket;
			return { outcome: 'written', updatedAt: Date.parse(updatedAt) };
		},
	};
}
