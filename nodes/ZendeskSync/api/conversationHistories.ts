/** The tickets of one conversation with their histories. */
import type { TicketStatus } from '../../../domain/items';
import type { ReplyAudit } from '../../../domain/reply/audit';
import { isOk } from '../../shared/answer';
import { isHistory, readHistory } from './audits';
import type { Zendesk } from './client';
import { ticketsOfConversation } from './conversationTickets';
import { asReplyAudits } from './replyAudits';

export interface TicketWithHistory {
	id: string;
	status: TicketStatus;
	/** Milliseconds since 1970. */
	updatedAt: number;
	/** Oldest first. */
	audits: ReplyAudit[];
}

/**
 * @param since milliseconds since 1970: closed tickets that have not changed since then are left out, and each history
 * goes back at least so far
 * @throws NodeApiError if Zendesk refuses, or does not answer
 */
export async function conversationHistories(
	zendesk: Zendesk,
	externalId: string,
	since: number,
): Promise<TicketWithHistory[]> {
	const { tickets, last } = await ticketsOfConversation(zendesk, externalId, zendesk.request);
	if (!isOk(last)) throw zendesk.refusal('The tickets could not be listed', last);
	const found: TicketWithHistory[] = [];
	for (const { id, status, updated_at: time } of tickets) {
		const updatedAt = Date.parse(time);
		// A status that is none of Zendesk's: nothing can be written to such a ticket.
		if (!status || (status === 'closed' && updatedAt < since)) continue;
		const history = await readHistory(zendesk, id, since);
		if (!isHistory(history)) {
			// Deleted since it was listed.
			if (history.status === 404) continue;
			throw zendesk.refusal(`The history of ticket ${id} could not be read`, history);
		}
		const audits = history.audits.flatMap((audit) => asReplyAudits(audit, history.users));
		found.push({ id, status, updatedAt, audits });
	}
	return found;
}
