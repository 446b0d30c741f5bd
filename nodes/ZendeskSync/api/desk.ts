/** Zendesk as the status logic sees it (domain/conversation/desk.ts), over HTTP. */
import type { IDataObject } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';
import type {
	Audit,
	CreateAnswer,
	Desk,
	FiledText,
	UpdateAnswer,
} from '../../../domain/conversation/desk';
import { isOk, isPassing } from '../../shared/http';
import { isHistory, readHistory } from './audits';
import { readPages, saysClosed, serverTimeOf, wordsOf, type Zendesk } from './client';
import { markerOf, ticketPage, ticketWithPeople, type WireAudit, wireStatus } from './wire';

/** One piece of a text, ready to be written. */
export interface DeskText extends FiledText {
	html: string;
	/** Put before `html` when a newer text of the conversation is in the ticket already. */
	sentNote: string;
	/** Kept on the audit, where the next run finds it. Strings only. */
	marker: Record<string, string>;
}

/** What a new ticket of the conversation is made with, besides the text. Depends on the text alone. */
export interface NewTicket {
	subject: string;
	tags: string[];
	fields: IDataObject;
}

const stampOf = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z');

const asAudit = (audit: WireAudit): Audit => {
	const change = audit.events.find(
		({ type, field_name: field }) => field === 'status' && (type === 'Change' || type === 'Create'),
	);
	const to = wireStatus.safeParse(change?.value).data;
	const from = wireStatus.safeParse(change?.previous_value).data;
	const marker = markerOf(audit);
	const sentAt = Date.parse(marker?.sentAt ?? '');
	return {
		at: Date.parse(audit.created_at),
		...(to ? { statusChange: { to, ...(from ? { from } : {}) } } : {}),
		...(marker?.key && !Number.isNaN(sentAt) ? { marker: { key: marker.key, sentAt } } : {}),
	};
};

/**
 * @param requester finds or makes the ticket's requester; asked only when a ticket is made
 */
export function httpDesk(
	zendesk: Zendesk,
	externalId: string,
	newTicket: (text: DeskText) => NewTicket,
	requester: () => Promise<string>,
): Desk<DeskText> {
	/** The requester of each listed ticket: comments are written in that person's name. */
	const requesters = new Map<string, string | null>();

	const update = async (ticketId: string, ticket: IDataObject): Promise<UpdateAnswer> => {
		const path = `/api/v2/tickets/${ticketId}`;
		const answer = await zendesk.attempt({
			method: 'PUT',
			path,
			body: { ticket },
			repeatable: false,
		});
		if (isPassing(answer)) return { outcome: 'unknown' };
		if (answer.status === 409) return { outcome: 'conflict' };
		if (answer.status === 404) return { outcome: 'gone' };
		if (saysClosed(answer)) return { outcome: 'closed' };
		if (answer.status === 422) return { outcome: 'invalid', description: wordsOf(answer) };
		if (!isOk(answer)) throw zendesk.refusal(`Ticket ${ticketId} could not be updated`, answer);
		const { status } = zendesk.read('The updated ticket', ticketWithPeople, answer).ticket;
		return { outcome: 'written', status: status ?? 'open' };
	};

	return {
		now: () => Date.now(),
		sleep,
		async listTickets() {
			const { pages, last } = await readPages(
				zendesk,
				'The list of tickets',
				'/api/v2/tickets',
				{ external_id: externalId, sort: '-id' },
				ticketPage,
				undefined,
				zendesk.attempt,
			);
			if (isPassing(last)) return undefined;
			if (!isOk(last)) throw zendesk.refusal('The tickets could not be listed', last);
			const tickets = pages.flatMap((page) => page.tickets);
			for (const ticket of tickets) requesters.set(ticket.id, ticket.requester_id);
			return {
				tickets: tickets.flatMap(({ id, status, updated_at: updatedAt }) =>
					status ? [{ id, status, updatedAt: Date.parse(updatedAt) }] : [],
				),
				serverTime: serverTimeOf(last),
			};
		},
		async readAudits(ticketId, since) {
			const history = await readHistory(zendesk, ticketId, since, zendesk.attempt);
			if (isHistory(history)) return history.audits.map(asAudit);
			// Deleted between the list and now: the next list no longer has it.
			if (isPassing(history) || history.status === 404) return undefined;
			throw zendesk.refusal(`The history of ticket ${ticketId} could not be read`, history);
		},
		async createTicket(text, idempotencyKey): Promise<CreateAnswer> {
			const requesterId = await requester();
			const { subject, tags, fields } = newTicket(text);
			const comment = { html_body: text.html, public: true, author_id: Number(requesterId) };
			const answer = await zendesk.attempt({
				method: 'POST',
				path: '/api/v2/tickets',
				headers: { 'Idempotency-Key': idempotencyKey },
				body: {
					ticket: {
						...fields,
						subject,
						comment,
						requester_id: Number(requesterId),
						external_id: externalId,
						tags,
						metadata: text.marker,
					},
				},
				// Though it may: a lost answer is the rules' business, which then know whose ticket they find.
				repeatable: false,
			});
			if (answer.status === 409) return { outcome: 'inFlight' };
			if (isPassing(answer)) return { outcome: 'unknown' };
			if (answer.status === 400 && /idempoten/i.test(JSON.stringify(answer.body ?? '')))
				return { outcome: 'keyTaken' };
			if (!isOk(answer)) throw zendesk.refusal('The ticket could not be made', answer);
			const { id: ticketId } = zendesk.read('The new ticket', ticketWithPeople, answer).ticket;
			const isMemory = answer.headers['x-idempotency-lookup'] === 'hit';
			return { outcome: isMemory ? 'remembered' : 'created', ticketId };
		},
		async addComment(ticket, text, status, overtaken) {
			const author = requesters.get(ticket.id);
			const html = overtaken ? text.sentNote + text.html : text.html;
			return await update(ticket.id, {
				comment: {
					html_body: html,
					public: true,
					...(author ? { author_id: Number(author) } : {}),
				},
				...(status ? { status } : {}),
				metadata: text.marker,
				safe_update: true,
				updated_stamp: stampOf(ticket.updatedAt),
			});
		},
		async setOpen(ticketId, updatedAt) {
			const stamp =
				updatedAt === undefined ? {} : { safe_update: true, updated_stamp: stampOf(updatedAt) };
			return await update(ticketId, { status: 'open', ...stamp });
		},
	};
}
