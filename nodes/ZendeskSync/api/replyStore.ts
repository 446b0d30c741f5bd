/** The ticket store for claiming replies (domain/reply/claim.ts), over HTTP. */
import { sleep } from 'n8n-workflow';
import { toHtml } from '../../../domain/conversation/commentHtml';
import { stampLimits } from '../../../domain/conversation/stamp';
import type { ReplyStore } from '../../../domain/reply/claim';
import { replyKey } from '../../../domain/reply/items';
import { CHECK_AND_RESEND, quoting } from '../../../domain/reply/outcome';
import { isOk, isTransient } from '../../shared/answer';
import { errorText, saysClosed, saysFull, type Zendesk } from './client';
import type { ReadTicket, ReplyTickets } from './replyTickets';
import type { SecureDownloads } from './secureDownloads';
import { paths } from './paths';

/** Milliseconds before a reply within which its ticket is searched for replies with the same text. */
const LOOK_BACK = 24 * 3600_000;

/** @returns the time from which the ticket's history must be read, milliseconds since 1970 */
export const neededSince = (writtenAt: number): number => writtenAt - LOOK_BACK;

/** The note stays as it is, whatever becomes of the reply: Zendesk lets nobody change a comment's words. */
const goesOut = (attempt: number): string =>
	`This reply goes to the customer's phone${attempt > 1 ? ', at the second attempt: Klaviyo shows no message of the first' : ''}. If it does not, or if that stays uncertain, a later note says why, unless the ticket is closed by then.`;

const UNOPENABLE =
	"The customer gets the attachments as links and cannot open them: 'Allow secure downloads' is turned on in this Zendesk account, so the links require signing in. Please tell the customer in words what they need.";

/**
 * @param writtenAt about when the reply was written, milliseconds since 1970
 */
export function zendeskReplyStore(
	zendesk: Zendesk,
	tickets: ReplyTickets,
	downloads: SecureDownloads,
	{ ticketId, commentId, writtenAt }: { ticketId: string; commentId: string; writtenAt: number },
): ReplyStore {
	const path = paths.ticket(ticketId);
	let isRead = false;
	return {
		now: () => Date.now(),
		sleep,
		async readTicket(): Promise<ReadTicket> {
			const since = neededSince(writtenAt);
			if (isRead) return await tickets.read(ticketId, since);
			isRead = true;
			return await tickets.readOnce(ticketId, since, writtenAt + stampLimits.settles);
		},
		async writeNote(ticket, note) {
			const key = replyKey(commentId);
			const isUseless = note.kind === 'claim' && note.hasAttachments && (await downloads.areOn());
			const useless = isUseless ? `\n\n${UNOPENABLE}` : '';
			const text =
				note.kind === 'claim'
					? `${goesOut(note.attempt)}${useless}`
					: quoting(
							`n8n tried twice to send this reply to the customer, and Klaviyo shows no such message. ${CHECK_AND_RESEND}`,
							note.body,
						);
			const marker =
				note.kind === 'claim'
					? {
							claim: key,
							run: note.run,
							...(note.keepsSignature ? { signature: 'kept' } : {}),
							...(note.ending ? { ending: note.ending } : {}),
						}
					: { gaveUp: key };
			const answer = await zendesk.tryRequest({
				method: 'PUT',
				path,
				body: {
					ticket: {
						comment: { html_body: toHtml(text), public: false },
						metadata: marker,
						safe_update: true,
						updated_stamp: new Date(ticket.updatedAt).toISOString().replace('.000Z', 'Z'),
					},
				},
				repeatable: false,
				// The reply must be sent soon after its claim, so the rules wait for rate limits, not this request.
				retryForMs: 2000,
			});
			if (isOk(answer)) return 'written';
			if (answer.status === 409) return 'conflict';
			if (saysClosed(answer)) return 'closed';
			if (isTransient(answer)) return 'unknown';
			// A full ticket accepts no note that could tell its agent.
			if (answer.status === 422 && !saysFull(answer))
				return { refused: errorText(answer) || 'nothing about the reason' };
			throw zendesk.refusal(`Ticket ${ticketId} could not be updated`, answer);
		},
	};
}
