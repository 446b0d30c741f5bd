/** What is done for a waiting reply when its customer writes again. */
import { type Refusal, refusals } from './items';
import { quoting } from './outcome';
import { isAnswered, type WaitingReply } from './waiting';

/** The conversation, when the customer has written again. */
export interface Answer {
	/** When the customer wrote, milliseconds since 1970; undefined to ask which replies wait. */
	answeredAt: number | undefined;
	/** Whether the message may have unsubscribed the customer. */
	isOptOut: boolean;
	/** The ticket with the reply. */
	ticketId: string;
	isClosed: boolean;
	/** The conversation's ticket that is not closed, where its agent can be told. */
	openTicketId: string | undefined;
}

export type Answered =
	| { outcome: 'waits'; message: string }
	/** It may be claimed. */
	| { outcome: 'answered'; message: string }
	/** The agent is to be told on `ticketId`. */
	| { outcome: 'refused'; reason: Refusal; message: string; ticketId: string }
	| { outcome: 'notNow'; reason: 'noTicket'; message: string };

const AGAIN = 'The customer has written again.';

/** @returns undefined if the message is no answer: it was written before the window closed */
export function answered(
	reply: WaitingReply,
	{ answeredAt, isOptOut, ticketId, isClosed, openTicketId }: Answer,
): Answered | undefined {
	const isWaiting = reply.claimedAt === undefined;
	if (answeredAt === undefined)
		return isWaiting ? { outcome: 'waits', message: refusals.waitsForCustomer } : undefined;
	if (!isAnswered(reply, answeredAt)) return undefined;
	const { body } = reply.comment;
	if (isWaiting && isClosed)
		return openTicketId === undefined
			? {
					outcome: 'notNow',
					reason: 'noTicket',
					message:
						'The reply waited on a ticket that was closed, and the conversation has no other ticket yet on which its agent could be told; catch-up brings it again',
				}
			: {
					outcome: 'refused',
					reason: 'ticketClosed',
					message: quoting(
						`${AGAIN} A reply that waited for that on ticket #${ticketId} was not sent, because that ticket was closed meanwhile. Please write it here if it is still right.`,
						body,
					),
					ticketId: openTicketId,
				};
	if (isWaiting && isOptOut)
		return {
			outcome: 'refused',
			reason: 'optedOut',
			message: quoting(
				'This reply was not sent: the customer has written again, with words that may have unsubscribed them.',
				body,
			),
			ticketId,
		};
	if (reply.whenAnswered === 'tellAgent')
		return {
			outcome: 'refused',
			reason: 'leftToAgent',
			message: quoting(
				`${AGAIN} This reply was not sent: please write it again if it is still right.`,
				body,
			),
			ticketId,
		};
	return { outcome: 'answered', message: `${AGAIN} The reply can be claimed` };
}
