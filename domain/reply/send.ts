/** Sending a claimed reply as a message: when to look before sending, when to send nothing, and what the agent is told. */
import { holdsAddress } from '../comment/addresses';
import type { ClaimedReply } from './items';
import { mayBeLate } from './log';
import { sendLimits } from './limits';
import { hold, refuse, type SendOutcome } from './outcome';
import { claimName, isKnownUnsent, type Sending, type Sendings } from './sendings';

/** The customer as Klaviyo knows them. */
export interface Customer {
	profileId: string;
	email: string | null;
	canReceiveSms: boolean;
	/** Of the reply's channel; null until the customer has written. */
	conversationId: string | null;
}

/**
 * `conversation`: a message into the customer's conversation, for which Klaviyo takes no idempotency key.
 * `flow`: an event that the builder's flow answers with a message. Of several events with one key Klaviyo records the
 * first only, so that a repeat does no harm.
 */
export const sendThrough = ['conversation', 'flow'] as const;
export type SendThrough = (typeof sendThrough)[number];

/** What Klaviyo's log has of a reply. */
export interface Logged {
	/**
	 * How many outbound messages with its words there are, delivered or failed. Through a flow they say what became of the
	 * event when that is recorded; when it is not, only messages into the conversation count, since another reply's flow
	 * may have sent the same words.
	 */
	messages: number;
	/** Through a flow only: whether the reply's own event is recorded. */
	isRecorded?: boolean;
}

export interface MessageSender {
	readonly through: SendThrough;
	now(): number;
	/**
	 * Profile, consent and conversation of a number; undefined when there is no such profile.
	 *
	 * @param profileId of whoever the number belonged to, where only their log is asked for: a profile can get another
	 * number
	 */
	findCustomer(phone: string, profileId: string | null): Promise<Customer | undefined>;
	/** @param since milliseconds since 1970 */
	look(
		reply: ClaimedReply,
		profileId: string,
		body: string,
		since: number,
	): Promise<Logged | 'unreadable'>;
	/** When the account's newest messages were sent, whoever they went to; milliseconds since 1970. */
	recentMessages(): Promise<readonly number[] | 'unreadable'>;
	/**
	 * Sends, and not later than `by` (milliseconds since 1970); into a conversation once and never again. `unknown`: no
	 * answer, or one that does not say whether it was taken. `notTaken`: certainly not, for now.
	 */
	send(
		reply: ClaimedReply,
		customer: Customer,
		body: string,
		by: number,
	): Promise<'accepted' | 'unknown' | 'notTaken' | { rejected: string }>;
}

/**
 * The comment with a link to each of its attachments: a conversation message takes text only. A picture inside the
 * comment is an attachment too, and its address is among the words already.
 */
export const textOf = ({ body, attachments }: Pick<ClaimedReply, 'body' | 'attachments'>): string =>
	[body.trim(), ...attachments.map(({ url }) => url).filter((url) => !holdsAddress(body, url))]
		.filter(Boolean)
		.join('\n');

/** What a test may take out, to show what it is there for. */
export const sendRules = {
	isLate: (claimedAt: number, now: number): boolean => now - claimedAt > sendLimits.startsWithin,
	/** A flow's event is told from another with the same words by its key. */
	looksFirst: (reply: ClaimedReply, through: SendThrough): boolean =>
		reply.attempt > 1 || (through === 'conversation' && reply.sameWordsBefore > 0),
	/** A repeated event does no harm; a repeated message does. */
	needsCurrentLog: (isRetry: boolean, through: SendThrough): boolean =>
		isRetry && through === 'conversation',
	mayBeLate,
};
export type SendRules = typeof sendRules;

/**
 * Messages a claimed reply: one claim is for one message, however often a node is run on it. One that comes too late may have
 * been used already, so that it is only looked up.
 *
 * @throws what the texter throws: a fault that waiting cannot fix. Nothing was sent then.
 */
export async function sendClaimedReply(
	reply: ClaimedReply,
	sender: MessageSender,
	rules: SendRules = sendRules,
	sendings: Sendings = new Map<string, Sending>(),
): Promise<SendOutcome> {
	const { claimedAt, attempt } = reply;
	const name = claimName(reply, attempt);
	const before = (): SendOutcome | undefined => {
		const known = sendings.get(name);
		return known?.claimedAt === claimedAt && !known.isUnsent
			? asRepeated(known.outcome)
			: undefined;
	};
	const repeated = before();
	if (repeated) return repeated;
	if (textOf(reply) === '') return refuse('emptyBody');
	const age = sender.now() - Date.parse(claimedAt);
	if (rules.isLate(Date.parse(claimedAt), sender.now()))
		return age > sendLimits.settleTime
			? await lookUpReply({ ...reply, claimedBefore: claimedAt }, sender, rules, sendings)
			: hold('tooLate');
	const remember = (outcome: SendOutcome, isUnsent: boolean): SendOutcome => {
		sendings.set(name, { claimedAt, outcome, isUnsent });
		return outcome;
	};
	const ready = await prepare(reply, sender, rules, sendings);
	const meanwhile = before();
	if (meanwhile) return meanwhile;
	if ('outcome' in ready) return remember(ready, ready.outcome === 'held');
	remember(hold('noAnswer'), false);
	let isOver = false;
	try {
		const by = Date.parse(claimedAt) + sendLimits.startsWithin;
		const answer = await sender.send(reply, ready, textOf(reply), by);
		isOver = true;
		return remember(sentBy(answer, ready.profileId), answer === 'notTaken');
	} finally {
		if (!isOver) remember(hold('noAnswer'), true);
	}
}

const asRepeated = (before: SendOutcome): SendOutcome =>
	before.outcome === 'sent' ? { ...before, outcome: 'alreadySent' } : before;

function sentBy(
	answer: Awaited<ReturnType<MessageSender['send']>>,
	profileId: string,
): SendOutcome {
	if (answer === 'accepted') return { outcome: 'sent', profileId };
	if (answer === 'unknown') return hold('noAnswer');
	return answer === 'notTaken' ? hold('rateLimit') : refuse('rejected', answer.rejected);
}

/** @returns whom to send it to, or why nothing is sent */
async function prepare(
	reply: ClaimedReply,
	sender: MessageSender,
	rules: SendRules,
	sendings: Sendings,
): Promise<Customer | SendOutcome> {
	const customer = await sender.findCustomer(reply.phone, null);
	if (!customer) return refuse('unknownCustomer', reply.phone);
	const agent = reply.agentEmail?.trim().toLowerCase();
	if (agent && agent === customer.email?.trim().toLowerCase())
		return refuse('agentIsCustomer', agent);
	if (!customer.canReceiveSms) return refuse('noConsent');
	if (sender.through === 'conversation' && !customer.conversationId)
		return refuse('noConversation');
	const { attempt, claimedBefore, claimedAt } = reply;
	const isFirst =
		attempt === 1 || isKnownUnsent(reply, attempt - 1, claimedBefore ?? claimedAt, sendings);
	if (rules.looksFirst(isFirst ? { ...reply, attempt: 1 } : reply, sender.through)) {
		const seen = await lookInLog(reply, customer.profileId, sender, rules, !isFirst);
		if (seen.outcome !== 'missing') return seen;
	}
	return rules.isLate(Date.parse(claimedAt), sender.now()) ? hold('tooLate') : customer;
}

/**
 * Says for a reply that was claimed long ago whether its message went out. Sends nothing, and never says that it was not
 * sent: what cannot be looked up is held.
 */
export async function lookUpReply(
	reply: ClaimedReply,
	sender: MessageSender,
	rules: SendRules = sendRules,
	sendings: Sendings = new Map<string, Sending>(),
): Promise<SendOutcome> {
	try {
		const customer = await sender.findCustomer(reply.phone, reply.profileId);
		if (!customer) return hold('profileNotFound');
		const { profileId } = customer;
		if (isKnownUnsent(reply, reply.attempt, reply.claimedAt, sendings))
			return { outcome: 'missing', profileId };
		return await lookInLog(reply, profileId, sender, rules, true);
	} catch (error) {
		return hold('lookUpFailed', ` (${error instanceof Error ? error.message : String(error)})`);
	}
}

/** @param isRetry whether the reply was claimed before, so that its message may be out */
async function lookInLog(
	reply: ClaimedReply,
	profileId: string,
	sender: MessageSender,
	rules: SendRules,
	isRetry: boolean,
): Promise<SendOutcome> {
	const since = Date.parse(reply.sameWordsSince) - sendLimits.clockMargin;
	const logged = await sender.look(reply, profileId, textOf(reply), since);
	if (logged === 'unreadable') return hold('logUnreadable');
	if (logged.messages > reply.sameWordsBefore) return { outcome: 'alreadySent', profileId };
	// Another event with its key would not be recorded.
	if (logged.isRecorded) return hold('flowSentNothing');
	if (sender.through === 'conversation' && logged.messages < reply.sameWordsBefore)
		return hold('earlierUnconfirmed');
	if (rules.needsCurrentLog(isRetry, sender.through)) {
		const recent = await sender.recentMessages();
		if (recent === 'unreadable') return hold('logUnreadable');
		if (rules.mayBeLate(recent, settledAt(reply), sender.now())) return hold('logUnreadable', LATE);
	}
	return { outcome: 'missing', profileId };
}

const LATE = ' (it shows no newer text of your account either, so it may be late)';

/** Up to when the log has to reach to show an earlier claim's text, by Klaviyo's clock; milliseconds since 1970. */
const settledAt = ({ claimedBefore, claimedAt }: ClaimedReply): number =>
	Date.parse(claimedBefore ?? claimedAt) + sendLimits.settleTime + sendLimits.clockMargin;
