/**
 * Asks a customer to continue on WhatsApp when a reply met a closed window: an event starts the builder's flow, which sends
 * an approved template. Once for each closed window, however many replies wait in it and however often a node runs.
 */
import type { ClaimedReply } from './items';
import { hold, quoting, refuseClosedWindow, type SendOutcome } from './outcome';
import { WAITS_FOR_DAYS, waitingNoteKey, type WhenAnswered } from './waiting';

/** The customer as Klaviyo shows them. */
export interface CustomerToAsk {
	profileId: string;
	isWindowOpen: boolean;
	/**
	 * When the 24 hours after the customer's newest message ended; milliseconds since 1970. The same for each reply in one
	 * closed window; null if Klaviyo does not show it.
	 */
	windowEnd: number | null;
	/** Whether the customer may be sent a template; null if Klaviyo does not show that. */
	mayBeAsked: boolean | null;
}

export interface Asker {
	/**
	 * Undefined if no profile has the reply's number.
	 *
	 * @throws if the customer's messages cannot be read: a window that is not known for sure could be asked in twice
	 */
	findCustomer(): Promise<CustomerToAsk | undefined>;
	/**
	 * Starts the flow. Klaviyo records only the first of several events with one id.
	 *
	 * @returns `unknown` or `notTaken` if Klaviyo did not say that it recorded the event
	 */
	ask(
		customer: CustomerToAsk,
		uniqueId: string,
	): Promise<'accepted' | 'unknown' | 'notTaken' | { rejected: string }>;
}

/** Why a customer was not asked, in words for the agent. */
const notAsked = {
	unknownCustomer: 'Klaviyo has no profile with this phone number any more',
	noConsent: 'Klaviyo shows that they may not be sent WhatsApp templates',
	windowUnknown:
		'Klaviyo does not show when they last wrote, so n8n cannot tell whether they were asked already',
	rejected: 'Klaviyo refused it',
} as const;

export type FollowUp =
	/** The customer is asked, and the reply waits. */
	| { outcome: 'waits'; message: string; windowClosedAt: string; noteKey: string }
	/** Klaviyo may have been asked: a repeat does no harm. */
	| { outcome: 'notConfirmed' }
	/** The agent is told that the reply was not sent. */
	| Extract<SendOutcome, { outcome: 'refused' | 'held' }>;

/** The guards. A test takes each out in turn, to show what it is for. */
export const followUpRules = {
	/** One window, one id, whichever reply asks. */
	uniqueId: ({ phone }: ClaimedReply, windowEnd: number): string =>
		`followUp:whatsapp:${phone}:${Math.floor(windowEnd / 1000)}`,
	isWindowOpen: ({ isWindowOpen }: CustomerToAsk): boolean => isWindowOpen,
};
export type FollowUpRules = typeof followUpRules;

const THEN: Readonly<Record<WhenAnswered, string>> = {
	send: `If they write again within ${WAITS_FOR_DAYS} days, this reply is sent to them, so please do not write it again. If they do not, it is not sent. If this ticket is closed by then, a note on their new ticket says so.`,
	tellAgent: `If they write again within ${WAITS_FOR_DAYS} days, a note tells you, and you can write the reply again. It is not sent by itself.`,
};

const waits = (windowEnd: number, then: WhenAnswered): string =>
	`${then === 'send' ? 'This reply waits' : 'This reply was not sent'}: the customer's 24 hours on WhatsApp ended ${new Date(windowEnd).toISOString().slice(0, 16).replace('T', ' ')} UTC, and WhatsApp delivers no answer after that. Klaviyo was told to ask them to continue, which it does if your flow is live and they may be sent its message. ${THEN[then]}`;

/** @param why a sentence for the agent, without its full stop */
const refuseBecause = ({ body }: ClaimedReply, since: number | null, why: string): FollowUp => {
	const closed = refuseClosedWindow(since);
	return { ...closed, message: quoting(`${closed.message} ${why}.`, body) };
};

/** For the last attempt, whose outcome Klaviyo did not confirm. */
export const refuseUnconfirmed = (reply: ClaimedReply, since: number | null): FollowUp =>
	refuseBecause(
		reply,
		since,
		'n8n told Klaviyo to ask them to continue, and Klaviyo did not confirm it: they may be asked, or not. This reply does not wait for them, so please write it again when they do',
	);

/**
 * @param reply that *Send Reply* refused because the window is closed
 * @param then what happens to the reply when the customer writes again
 * @throws what the asker throws. The customer was not asked then, or will not be asked again by a repeat
 */
export async function followUp(
	reply: ClaimedReply,
	asker: Asker,
	then: WhenAnswered,
	rules: FollowUpRules = followUpRules,
): Promise<FollowUp> {
	const customer = await asker.findCustomer();
	const refuse = (why: keyof typeof notAsked, detail = ''): FollowUp =>
		refuseBecause(
			reply,
			customer?.windowEnd ?? null,
			`They were not asked to continue: ${notAsked[why]}${detail}`,
		);
	if (!customer) return refuse('unknownCustomer');
	if (rules.isWindowOpen(customer)) return hold('windowOpen');
	if (customer.mayBeAsked === false) return refuse('noConsent');
	const { windowEnd } = customer;
	if (windowEnd === null) return refuse('windowUnknown');
	const answer = await asker.ask(customer, rules.uniqueId(reply, windowEnd));
	if (answer === 'unknown' || answer === 'notTaken') return { outcome: 'notConfirmed' };
	if (answer !== 'accepted') return refuse('rejected', ` (${answer.rejected})`);
	const { commentId, claimNumber } = reply;
	return {
		outcome: 'waits',
		message: quoting(waits(windowEnd, then), reply.body),
		windowClosedAt: new Date(windowEnd).toISOString(),
		noteKey: waitingNoteKey({ commentId, claimNumber, windowEnd, whenAnswered: then }),
	};
}
