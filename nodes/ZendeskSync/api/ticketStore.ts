/** The ticket store for the status logic (domain/conversation/ticketStore.ts), over HTTP. */
import { createHash } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';
import type {
	Audit,
	CreateAnswer,
	TicketStore,
	ConversationMessage,
	Limited,
	UpdateAnswer,
} from '../../../domain/conversation/ticketStore';
import { externalIdsOf, fromExternalId } from '../../../domain/conversation/externalId';
import { isCustomerOf } from '../../../domain/conversation/conversationCustomer';
import { netChange } from '../../../domain/fieldChanges';
import type { TicketStatus } from '../../../domain/items';
import { isOk, isTransient, type VendorAnswer } from '../../shared/answer';
import { isHistory, readHistory } from './audits';
import { saysClosed, saysFull, saysKeyTaken, errorText, type Zendesk } from './client';
import { asListed, listConversation, readSingle } from './conversationTickets';
import { saysGone } from './gone';
import { withMissing } from './users';
import type { Requester } from './requester';
import { type Uploads, uploadAll } from './uploads';
import { statusChanges } from './statusChanges';
import { markerOf, ticketWithPeople, whoIs, type WireAudit, wireStatus } from './wire';
import { paths } from './paths';

/** A part of a message, or a comment attached to one, ready to be written. */
export interface StoredMessage extends ConversationMessage {
	html: string;
	/** Put before `html` if the ticket already has a newer message of the conversation. */
	sentNote: string;
	/** Stored on the audit, where the next run finds it. Strings only. */
	marker: Record<string, string>;
	/** Whether only agents see it. */
	isNote: boolean;
	/** Attached to the comment. */
	media?: Media | undefined;
	/** Used if the message opens a ticket. */
	newTicket: NewTicket;
}

export interface Media {
	urls: string[];
	/** Says which files are not even tried; '' if none. */
	left: string;
	/** Filled in later: one line for each file that could not be attached. */
	faults: string[];
}

/** A new ticket's fields, besides the message. Must depend on the message alone. */
export interface NewTicket {
	subject: string;
	tags: string[];
	fields: IDataObject;
	/** Whether it follows up the conversation's newest ticket, which is closed. */
	followsUp: boolean;
}

const stampOf = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z');

const statusOf = (written: unknown): TicketStatus | undefined => wireStatus.safeParse(written).data;

export const asAudit = (audit: WireAudit): Audit => {
	const change = netChange(statusChanges(audit, ['Create', 'Change']));
	const marker = markerOf(audit);
	const sentAt = Date.parse(marker?.sentAt ?? '');
	return {
		at: Date.parse(audit.created_at),
		...(change
			? { statusChange: { before: statusOf(change.before), after: statusOf(change.after) } }
			: {}),
		...(audit.events.some(({ type }) => type === 'Create') ? { opens: true } : {}),
		...(marker?.key && !Number.isNaN(sentAt)
			? {
					marker: {
						...{ key: marker.key, flowKey: marker.flowKey, sentAt },
						...(marker.rating ? { isRating: true } : {}),
					},
				}
			: {}),
	};
};

const limited = ({ headers }: VendorAnswer): Limited => {
	const seconds = Number(headers['retry-after'] ?? NaN);
	return { outcome: 'limited', ...(Number.isNaN(seconds) ? {} : { wait: seconds * 1000 }) };
};

const CHECK_OPTIONS =
	"Check the brand, group, form, fields and other options of the node: one may have been deleted, or belong to another account. A field may also be required for new tickets, or the customer's user may not be allowed to have tickets.";

/** Changes a ticket once: a request whose answer was lost is not made again. */
export async function updateTicket(
	zendesk: Zendesk,
	ticketId: string,
	ticket: IDataObject,
): Promise<UpdateAnswer> {
	const path = paths.ticket(ticketId);
	const answer = await zendesk.tryRequest({
		method: 'PUT',
		path,
		body: { ticket },
		repeatable: false,
	});
	if (answer.status === 429) return limited(answer);
	if (isTransient(answer)) return { outcome: 'unknown' };
	if (answer.status === 409) return { outcome: 'conflict' };
	if (saysGone(answer)) return { outcome: 'gone' };
	if (saysClosed(answer)) return { outcome: 'closed' };
	if (saysFull(answer)) return { outcome: 'full' };
	if (answer.status === 422) {
		// Accounts in other languages say "closed" in theirs, and the list may be behind. The ticket itself is not.
		const now = await readSingle(zendesk, ticketId);
		const isClosed = now?.tickets.some(({ status }) => status === 'closed');
		return isClosed
			? { outcome: 'closed' }
			: { outcome: 'invalid', description: errorText(answer) };
	}
	if (!isOk(answer)) throw zendesk.refusal(`Ticket ${ticketId} could not be updated`, answer);
	const { status } = zendesk.read('The updated ticket', ticketWithPeople, answer).ticket;
	return { outcome: 'written', status: status ?? 'open' };
}

type Status = Pick<TicketStore<StoredMessage>, 'now' | 'sleep' | 'setOpen'>;

/** The part that needs no conversation. */
const unboundStore = (zendesk: Zendesk): Status => ({
	now: () => Date.now(),
	sleep,
	async setOpen(ticketId, updatedAt) {
		const stamp =
			updatedAt === undefined ? {} : { safe_update: true, updated_stamp: stampOf(updatedAt) };
		return await updateTicket(zendesk, ticketId, { status: 'open', ...stamp });
	},
});

/** A store with one ticket, which is never behind. */
export const oneTicketStore = (
	zendesk: Zendesk,
	ticketId: string,
): Status & Pick<TicketStore<StoredMessage>, 'listTickets'> => ({
	...unboundStore(zendesk),
	async listTickets() {
		const single = await readSingle(zendesk, ticketId);
		return single && { ...single, tickets: single.tickets.flatMap(asListed) };
	},
});

/**
 * Always the same for the same key. A header cannot hold other characters, and if they were left out, two scopes
 * could share a key.
 */
const headerSafe = (key: string): string =>
	/^[\x20-\x7e]{1,255}$/.test(key) ? key : createHash('sha256').update(key).digest('hex');

/** The line above a message on a ticket whose requester has changed. */
const otherRequesterNote = (externalId: string): string =>
	`<em>Sent from ${fromExternalId(externalId)?.phone ?? 'another phone number'}, which is not a phone number of this ticket's requester. If it is theirs, add it to their user profile.</em><br>`;

export interface TicketStoreSettings {
	externalId: string;
	/** A ticket that belongs to the conversation, whatever its external id is. */
	ticketId?: string | undefined;
	/** The customer's email address, if the builder trusts that it is theirs. */
	trustedEmail?: string | null;
	/** Finds or creates a new ticket's requester. `hadTicket`: whether the conversation had a ticket before. */
	requester(hadTicket: boolean): Promise<Requester>;
}

export function zendeskTicketStore(
	zendesk: Zendesk,
	{ externalId, ticketId: alsoTicket, trustedEmail = null, requester }: TicketStoreSettings,
): TicketStore<StoredMessage> {
	/** The requester of each listed ticket. Comments are written in their name. */
	const requesters = new Map<string, string | null>();
	/**
	 * Tickets whose requester an agent has changed. Messages are not written in the name of somebody who did not send
	 * them.
	 */
	const ofOthers = new Set<string>();
	/** By the message's key: after a refusal, the comment is written again with the same uploads. */
	const uploads = new Map<string, Uploads>();

	const uploadsOf = async ({ key, media }: StoredMessage): Promise<Uploads | undefined> => {
		if (!media) return undefined;
		const done = uploads.get(key) ?? (await uploadAll(zendesk, media.urls));
		uploads.set(key, done);
		const left = media.left ? [`${media.left}: a message may have ${media.urls.length}`] : [];
		media.faults = [...done.faults, ...left];
		return done;
	};

	return {
		...unboundStore(zendesk),
		async listTickets() {
			const listed = await listConversation(zendesk, externalId, alsoTicket);
			if (!listed) return undefined;
			const { serverTime } = listed;
			const users = await withMissing(
				zendesk,
				listed.users,
				listed.tickets.map((ticket) => ticket.requester_id),
			);
			if (!users) return undefined;
			for (const ticket of listed.tickets) {
				requesters.set(ticket.id, ticket.requester_id);
				const user = users.get(ticket.requester_id ?? '');
				// If the builder has chosen the ticket, its requester does not matter.
				const isChosen = !externalIdsOf(externalId).includes(ticket.external_id ?? '');
				const isOwn = user !== undefined && isCustomerOf(externalId, whoIs(user), trustedEmail);
				if (isChosen || isOwn) ofOthers.delete(ticket.id);
				else ofOthers.add(ticket.id);
			}
			const tickets = listed.tickets.flatMap((ticket) =>
				asListed(ticket).map((one) => ({
					...one,
					isSuspended: users.get(ticket.requester_id ?? '')?.suspended === true,
				})),
			);
			return { tickets, serverTime };
		},
		async readAudits(ticketId, since) {
			const history = await readHistory(zendesk, ticketId, since, zendesk.tryRequest);
			if (isHistory(history)) return history.audits.map(asAudit);
			// It was deleted after the list was read. The next list no longer has it.
			if (isTransient(history) || history.status === 404) return undefined;
			throw zendesk.refusal(`The history of ticket ${ticketId} could not be read`, history);
		},
		async createTicket(message, idempotencyKey, newest): Promise<CreateAnswer> {
			const found = await requester(newest !== undefined);
			if (found === 'suspended') return { outcome: 'suspended' };
			const requesterId = Number(found.id);
			const { subject, tags, fields, followsUp } = message.newTicket;
			const comment = { html_body: message.html, public: true, author_id: requesterId };
			const answer = await zendesk.tryRequest({
				method: 'POST',
				path: paths.tickets,
				headers: { 'Idempotency-Key': headerSafe(idempotencyKey) },
				body: {
					ticket: {
						...fields,
						subject,
						comment,
						requester_id: requesterId,
						external_id: externalId,
						tags,
						...(followsUp && newest ? { via_followup_source_id: Number(newest) } : {}),
						metadata: message.marker,
					},
				},
				// The key would allow it, but the rules handle a lost response: they then know whose ticket they find.
				repeatable: false,
			});
			if (answer.status === 409) return { outcome: 'inFlight' };
			if (answer.status === 429) return limited(answer);
			if (isTransient(answer)) return { outcome: 'unknown' };
			if (saysKeyTaken(answer)) return { outcome: 'keyTaken' };
			if (!isOk(answer)) {
				const refusal = zendesk.refusal('The ticket could not be created', answer);
				if (answer.status === 422) refusal.description = `${errorText(answer)}. ${CHECK_OPTIONS}`;
				throw refusal;
			}
			const { id, status } = zendesk.read('The new ticket', ticketWithPeople, answer).ticket;
			const isMemory = answer.headers['x-idempotency-lookup'] === 'hit';
			if (isMemory) return { outcome: 'remembered', ticketId: id };
			return { outcome: 'created', ticketId: id, status: status ?? 'new' };
		},
		async addComment(ticket, message, status, outOfOrder) {
			const attached = await uploadsOf(message);
			// Files that failed permanently are skipped. If one may succeed later, the message waits.
			if (attached && (attached.isTransient || attached.tokens.length === 0))
				return { outcome: 'unready', description: attached.faults.join('; ') };
			const isOthers = !message.isNote && ofOthers.has(ticket.id);
			const isNote = message.isNote || isOthers;
			const author = isNote ? undefined : requesters.get(ticket.id);
			const html = outOfOrder ? message.sentNote + message.html : message.html;
			return await updateTicket(zendesk, ticket.id, {
				comment: {
					html_body: isOthers ? otherRequesterNote(externalId) + html : html,
					public: !isNote,
					...(author ? { author_id: Number(author) } : {}),
					...(attached ? { uploads: attached.tokens } : {}),
				},
				...(status ? { status } : {}),
				metadata: message.marker,
				safe_update: true,
				updated_stamp: stampOf(ticket.updatedAt),
			});
		},
	};
}
