/** Sends a claimed reply as a message: when to check the log first, when to send nothing, and what the agent is told. */
import { holdsAddress } from '../comment/addresses';
import { type ClaimedReply, replyChannel } from './items';
import { mayBeLate } from './log';
import { sendLimits } from './limits';
import { hold, refuse, refuseClosedWindow, type SendOutcome } from './outcome';
import type { ReplyPermission } from './permission';
import { claimName, isKnownUnsent, type Sending, type Sendings } from './sendings';

/** The customer as Klaviyo knows them. */
export interface ReplyRecipient {
	profileId: string;
	email: string | null;
	/** On the reply's channel. */
	permission: ReplyPermission;
	/** The conversation on the reply's channel; null until the customer has written. */
	conversationId: string | null;
}

/**
 * `conversation`: a message in the customer's conversation, for which Klaviyo takes no idempotency key.
 * `flow`: an event that starts the builder's flow, which sends the message. Klaviyo records only the first of several
 * events with one key, so a repeat does no harm.
 */
export const sendThrough = ['conversation', 'flow'] as const;
export type SendThrough = (typeof sendThrough)[number];

/** What Klaviyo's log shows of a reply. */
export interface LoggedReply {
	/**
	 * How many outbound messages have its words, delivered or failed. For a reply through a flow whose event is not
	 * recorded, only messages in the conversation count: another reply's flow may have sent the same words.
	 */
	messages: number;
	/** How many there may be at most, if the log does not show which entries are of one message. */
	atMost?: number;
	/** For a reply through a flow: whether its event is recorded. */
	isRecorded?: boolean;
}

export interface MessageSender {
	readonly through: SendThrough;
	now(): number;
	/**
	 * Profile, permission and conversation of the reply's phone number; undefined if there is no such profile.
	 *
	 * @param profileId whose log is to be read, since a profile can get another phone number; null to go by the number
	 */
	findCustomer(reply: ClaimedReply, profileId: string | null): Promise<ReplyRecipient | undefined>;
	/** @param since milliseconds since 1970 */
	findInLog(
		reply: ClaimedReply,
		profileId: string,
		body: string,
		since: number,
	): Promise<LoggedReply | 'unreadable'>;
	/** When the account's newest messages on the reply's channel were sent, to anybody; milliseconds since 1970. */
	recentMessages(reply: ClaimedReply): Promise<readonly number[] | 'unreadable'>;
	/**
	 * Sends no later than `notAfter` (milliseconds since 1970), and never repeats a request to a conversation. `unknown`: no
	 * response, or one that does not say whether the message was accepted. `notTaken`: certainly not accepted, for now.
	 */
	send(
		reply: ClaimedReply,
		customer: ReplyRecipient,
		body: string,
		notAfter: number,
	): Promise<'accepted' | 'unknown' | 'notTaken' | { rejected: string }>;
}

/**
 * The comment's words with a link to each attachment, and the ending: a conversation message is plain text. A picture
 * inside the comment is an attachment too, and its link is already among the words.
 */
export const textOf = ({
	body,
	attachments,
	ending = '',
}: Pick<ClaimedReply, 'body' | 'attachments'> & { ending?: string }): string =>
	[
		body.trim(),
		...attachments.map(({ url }) => url).filter((url) => !holdsAddress(body, url)),
		ending,
	]
		.filter(Boolean)
		.join('\n');

/** The guards. A test takes each out in turn, to show what it is for. */
export const sendRules = {
	isLate: (claimedAt: number, now: number): boolean => now - claimedAt > sendLimits.startsWithin,
	/**
	 * A flow's event has a key of its own, so the same words in another reply do not matter. A claim that met a closed
	 * window sent nothing, but may have been a second attempt.
	 */
	looksFirst: (reply: ClaimedReply, through: SendThrough): boolean =>
		reply.attempt > 1 ||
		reply.claimNumber > reply.attempt + 1 ||
		(through === 'conversation' && reply.sameWordsBefore > 0),
	/** A repeated event does no harm; a repeated message does. */
	needsCurrentLog: (isRetry: boolean, through: SendThrough): boolean =>
		isRetry && through === 'conversation',
	/** Another process that was given the same claim knows nothing of what this one sends. */
	isOthers: ({ executionId }: ClaimedReply, own: string | undefined): boolean =>
		own !== undefined && executionId !== null && executionId !== own,
	mayBeLate,
};
export type SendRules = typeof sendRules;

/**
 * Sends a claimed reply: one claim is good for one message, however often a node runs on it. A claim that comes too late
 * may have been used already, so it is only looked up.
 *
 * @param sendings what this process knows of the claims it was given
 * @param execution the execution of n8n that sends it; undefined if that may be another one than claimed it
 * @throws what the sender throws: an error that waiting cannot fix. Nothing was sent then.
 */
export async function sendClaimedReply(
	reply: ClaimedReply,
	sender: MessageSender,
	rules: SendRules = sendRules,
	sendings: Sendings = new Map<string, Sending>(),
	execution: string | undefined = undefined,
): Promise<SendOutcome> {
	const { claimedAt, claimNumber } = reply;
	const name = claimName(reply, claimNumber);
	const sendingOfThisClaim = (): Sending | undefined => {
		const known = sendings.get(name);
		return known?.claimedAt === claimedAt && !known.isUnsent ? known : undefined;
	};
	const known = sendingOfThisClaim();
	if (known) return asAlreadySent(await known.outcome);
	if (textOf({ ...reply, ending: '' }) === '') return refuse('emptyBody');
	const age = sender.now() - Date.parse(claimedAt);
	if (rules.isLate(Date.parse(claimedAt), sender.now()))
		return age > sendLimits.settleTime
			? await lookUpReply({ ...reply, claimedBefore: claimedAt }, sender, rules, sendings)
			: hold('tooLate');
	if (rules.isOthers(reply, execution)) return hold('otherExecution');
	const remember = (outcome: SendOutcome, isUnsent: boolean): SendOutcome => {
		sendings.set(name, { claimedAt, outcome, isUnsent });
		return outcome;
	};
	const ready = await prepare(reply, sender, rules, sendings);
	const meanwhile = sendingOfThisClaim();
	if (meanwhile) return asAlreadySent(await meanwhile.outcome);
	if ('outcome' in ready) return remember(ready, ready.outcome === 'held');
	const sendNow = async (): Promise<SendOutcome> => {
		let isOver = false;
		try {
			const by = Date.parse(claimedAt) + sendLimits.startsWithin;
			const answer = await sender.send(reply, ready, textOf(reply), by);
			isOver = true;
			return remember(outcomeOf(answer, ready.profileId), answer === 'notTaken');
		} finally {
			if (!isOver) remember(hold('noAnswer'), true);
		}
	};
	// The claim may be there twice: the other item waits for this one.
	const outcome = sendNow();
	sendings.set(name, { claimedAt, outcome, isUnsent: false });
	return await outcome;
}

const asAlreadySent = (before: SendOutcome): SendOutcome =>
	before.outcome === 'sent' ? { ...before, outcome: 'alreadySent' } : before;

function outcomeOf(
	answer: Awaited<ReturnType<MessageSender['send']>>,
	profileId: string,
): SendOutcome {
	if (answer === 'accepted') return { outcome: 'sent', profileId };
	if (answer === 'unknown') return hold('noAnswer');
	return answer === 'notTaken' ? hold('rateLimit') : refuse('rejected', answer.rejected);
}

function refusalOf(permission: ReplyPermission): SendOutcome | undefined {
	if (permission.isGiven) return undefined;
	return permission.reason === 'noConsent'
		? refuse('noConsent')
		: refuseClosedWindow(permission.since);
}

/** @returns the recipient, or why nothing is sent */
async function prepare(
	reply: ClaimedReply,
	sender: MessageSender,
	rules: SendRules,
	sendings: Sendings,
): Promise<ReplyRecipient | SendOutcome> {
	const customer = await sender.findCustomer(reply, null);
	if (!customer) return refuse('unknownCustomer', reply.phone);
	if (sender.through === 'flow' && replyChannel(reply) === 'whatsapp') return refuse('throughFlow');
	const agent = reply.agentEmail?.trim().toLowerCase();
	if (agent && agent === customer.email?.trim().toLowerCase())
		return refuse('agentIsCustomer', agent);
	const refusal = refusalOf(customer.permission);
	if (refusal) return refusal;
	if (sender.through === 'conversation' && !customer.conversationId)
		return refuse('noConversation');
	const { attempt, claimNumber, claimedBefore, claimedAt } = reply;
	const isFirst =
		attempt === 1 || isKnownUnsent(reply, claimNumber - 1, claimedBefore ?? claimedAt, sendings);
	const asFirst = { ...reply, attempt: 1, claimNumber: claimNumber - attempt + 1 };
	if (rules.looksFirst(isFirst ? asFirst : reply, sender.through)) {
		const seen = await lookInLog(reply, customer.profileId, sender, rules, !isFirst);
		if (seen.outcome !== 'missing') return seen;
	}
	return rules.isLate(Date.parse(claimedAt), sender.now()) ? hold('tooLate') : customer;
}

/**
 * Finds out whether a reply whose claim has expired was sent. Sends nothing, and never claims that it was not sent: what
 * cannot be looked up is held.
 */
export async function lookUpReply(
	reply: ClaimedReply,
	sender: MessageSender,
	rules: SendRules = sendRules,
	sendings: Sendings = new Map<string, Sending>(),
): Promise<SendOutcome> {
	try {
		const customer = await sender.findCustomer(reply, reply.profileId);
		if (!customer) return hold('profileNotFound');
		const { profileId } = customer;
		if (isKnownUnsent(reply, reply.claimNumber, reply.claimedAt, sendings))
			return { outcome: 'missing', profileId };
		return await lookInLog(reply, profileId, sender, rules, true);
	} catch (error) {
		return hold('lookUpFailed', ` (${error instanceof Error ? error.message : String(error)})`);
	}
}

/** @param isRetry whether the reply was claimed before, so its message may have gone out */
async function lookInLog(
	reply: ClaimedReply,
	profileId: string,
	sender: MessageSender,
	rules: SendRules,
	isRetry: boolean,
): Promise<SendOutcome> {
	const since = Date.parse(reply.sameWordsSince) - sendLimits.clockMargin;
	const logged = await sender.findInLog(reply, profileId, textOf(reply), since);
	if (logged === 'unreadable') return hold('logUnreadable');
	if (logged.messages > reply.sameWordsBefore) return { outcome: 'alreadySent', profileId };
	if ((logged.atMost ?? 0) > Math.max(logged.messages, reply.sameWordsBefore))
		return hold('logUnreadable', ONE_OR_TWO);
	// Klaviyo would not record a second event with this key.
	if (logged.isRecorded) return hold('flowSentNothing');
	if (sender.through === 'conversation' && logged.messages < reply.sameWordsBefore)
		return hold('earlierUnconfirmed');
	if (rules.needsCurrentLog(isRetry, sender.through)) {
		const recent = await sender.recentMessages(reply);
		if (recent === 'unreadable') return hold('logUnreadable');
		if (rules.mayBeLate(recent, settledAt(reply), sender.now())) return hold('logMayBeLate');
	}
	return { outcome: 'missing', profileId };
}

const ONE_OR_TWO =
	' (it shows these words as delivered and as failed, but not whether that was one message)';

/** The time that the log has to reach to show an earlier claim's message, by Klaviyo's clock; milliseconds since 1970. */
const settledAt = ({ claimedBefore, claimedAt }: ClaimedReply): number =>
	Date.parse(claimedBefore ?? claimedAt) + sendLimits.settleTime + sendLimits.clockMargin;
