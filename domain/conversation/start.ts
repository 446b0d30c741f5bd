/**
 * Makes a ticket that an agent wrote for a customer's number the customer's conversation by SMS: its public comments are
 * then replies, and what the customer answers lands on it. Repeating it does no harm.
 */
import type { TicketStatus } from '../items';
import { toE164 } from '../phone';
import { obstacleOf } from './addResult';
import { fromExternalId, toExternalId } from './externalId';
import { conversationRules } from './rules';
import { stampLimits, stampRules } from './stamp';
import type { ListedTicket, UpdateAnswer } from './ticketStore';

/** Why a ticket is not made a conversation, in words for its agent. */
export const startRefusals = {
	noPhone:
		"the ticket's requester has no phone number with + and country code. Add it to the user, and write again",
	suspended: "the ticket's requester is suspended in Zendesk",
	notByAgent:
		'the ticket was not opened by an agent. Open a new ticket for the customer, and write there',
	otherExternalId: 'the ticket has an external ID of another system',
	openConversation: 'the customer already has a conversation',
	ticketClosed: 'the ticket is closed',
} as const;
export type StartRefusal = keyof typeof startRefusals;

export interface TicketToStart extends ListedTicket {
	externalId: string | null;
	tags: readonly string[];
	/** Whether somebody else than the requester opened it; null if Zendesk does not say. */
	isByAgent: boolean | null;
	/** As the user has it; null if there is none. */
	phone: string | null;
	isSuspended: boolean;
}

export interface StartStore {
	now(): number;
	sleep(milliseconds: number): Promise<void>;
	/** Undefined if there was no usable answer. */
	readTicket(): Promise<{ ticket: TicketToStart; serverTime: number } | undefined>;
	/** The tickets with the external id, of all brands. Undefined if there was no usable answer. */
	listTickets(externalId: string): Promise<ListedTicket[] | undefined>;
	/** Writes if the ticket's stamp is unchanged. */
	write(
		ticket: TicketToStart,
		change: { externalId: string; tags: string[] },
	): Promise<UpdateAnswer>;
}

export type Start =
	| { outcome: 'started' | 'alreadyStarted'; externalId: string; phone: string }
	/** `otherTicketId`: the conversation's ticket, where the agent can write. */
	| { outcome: 'refused'; reason: StartRefusal; message: string; otherTicketId?: string }
	| { outcome: 'failed'; message: string };

const refuse = (reason: StartRefusal, otherTicketId?: string): Start => ({
	outcome: 'refused',
	reason,
	message: `This message was not sent to the customer's phone: ${startRefusals[reason]}${
		otherTicketId === undefined ? '' : `, on ticket #${otherTicketId}. Please write there`
	}.`,
	...(otherTicketId === undefined ? {} : { otherTicketId }),
});

/** The guards. A test takes each out in turn, to show what it is for. */
export const startRules = {
	/** A ticket that is not known to be an agent's may be a customer's mail, which must not turn into a text message. */
	isByAgent: ({ isByAgent }: TicketToStart): boolean => isByAgent === true,
	/** The ticket that the customer's answer would go to, if it is not this one; or another that waits for somebody. */
	otherTicket: (own: TicketToStart, tickets: readonly ListedTicket[]): ListedTicket | undefined => {
		const others = tickets.filter(({ id }) => id !== own.id);
		const target = conversationRules.target([...others, own]);
		const isWaiting = ({ status }: ListedTicket): boolean => !DONE.includes(status);
		return others.find(isWaiting) ?? (target?.id === own.id ? undefined : target);
	},
};
export type StartRules = typeof startRules;

const DONE: readonly TicketStatus[] = ['solved', 'closed'];

/** @throws what the store throws: an error that waiting cannot fix */
export async function startConversation(
	store: StartStore,
	rules: StartRules = startRules,
): Promise<Start> {
	const began = store.now();
	let obstacle = 'Zendesk did not answer';
	let isTried = false;
	while (store.now() - began <= stampLimits.retryForMs) {
		const read = await store.readTicket();
		const verdict = read && verdictOf(read.ticket, rules, isTried);
		if (verdict && 'outcome' in verdict) return verdict;
		const tickets = verdict && (await store.listTickets(verdict.externalId));
		if (read && verdict && tickets) {
			const { ticket, serverTime } = read;
			const other = rules.otherTicket(ticket, tickets);
			if (other) return refuse('openConversation', other.id);
			const unsettled = stampRules.untilSettled([ticket], serverTime);
			if (unsettled > 0) {
				await store.sleep(unsettled);
				continue;
			}
			const answer = await store.write(ticket, {
				externalId: verdict.externalId,
				tags: [...new Set([...ticket.tags, 'sms'])],
			});
			if (answer.outcome === 'written') return { outcome: 'started', ...verdict };
			if (answer.outcome === 'closed') return refuse('ticketClosed');
			if (answer.outcome === 'invalid')
				return {
					outcome: 'failed',
					message: `Zendesk refused it: ${answer.description || 'no reason given'}. Fix that on the ticket.`,
				};
			isTried = true;
			obstacle = obstacleOf('the ticket', answer);
		}
		await store.sleep(1000);
	}
	const seconds = stampLimits.retryForMs / 1000;
	return { outcome: 'failed', message: `It took longer than ${seconds} seconds: ${obstacle}` };
}

/** @param isTried whether this run asked to start it: what it finds then is its own */
function verdictOf(
	ticket: TicketToStart,
	rules: StartRules,
	isTried: boolean,
): Start | { externalId: string; phone: string } {
	const known = fromExternalId(ticket.externalId);
	if (known)
		return {
			outcome: isTried ? 'started' : 'alreadyStarted',
			externalId: ticket.externalId ?? '',
			phone: known.phone,
		};
	if (ticket.status === 'closed') return refuse('ticketClosed');
	if (ticket.externalId) return refuse('otherExternalId');
	if (!rules.isByAgent(ticket)) return refuse('notByAgent');
	if (ticket.isSuspended) return refuse('suspended');
	const phone = toE164(ticket.phone);
	if (!phone) return refuse('noPhone');
	return { externalId: toExternalId({ channel: 'sms', phone }), phone };
}
