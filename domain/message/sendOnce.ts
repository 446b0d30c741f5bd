/**
 * Sends a message once a key. Klaviyo takes no idempotency key for a message, but records only the first of several
 * events with one unique id, and shows which: so a key is reserved by an event, and only the run whose event is the
 * recorded one sends. A key is good for one attempt whose outcome is not known: nothing is ever sent blindly again.
 */
import { sendLimits } from '../reply/limits';
import type { LoggedReply } from '../reply/send';

/** What Klaviyo recorded under a key. */
export interface Reservation {
	/** Unique to the run that made it. */
	run: string;
	/** The message's words, which another run may not have. */
	words: string;
	/** Milliseconds since 1970. */
	at: number;
}

export interface OncePort {
	/**
	 * Reserves the key for `run`. Harmless to repeat.
	 *
	 * @returns the first reservation of the key; `unseen` if Klaviyo does not show one in time
	 * @throws an error that waiting cannot fix
	 */
	reserve(run: string): Promise<Reservation | 'unseen'>;
	/** The first reservation of the key, if there is one. Reserves nothing. */
	reservation(): Promise<Reservation | undefined>;
	/** Sends, and never repeats a request whose answer was lost. `notTaken`: certainly not accepted, for now. */
	send(run: string): Promise<'accepted' | 'unknown' | 'notTaken' | { rejected: string }>;
	/**
	 * @returns what Klaviyo's log shows with these words, and how many messages with other keys have the same words
	 */
	findInLog(
		words: string,
		since: number,
	): Promise<(LoggedReply & { ofOtherKeys: number }) | 'unreadable'>;
}

export type OnceOutcome =
	| { outcome: 'sent' }
	/** @param words of the message that was sent */
	| { outcome: 'alreadySent'; words: string }
	/** Nothing more is sent with this key. */
	| { outcome: 'unknown'; reason: 'noAnswer' | 'notInLog' | 'logUnreadable'; words: string }
	/** Certainly not sent: the same key may be tried again, at least by this process. */
	| { outcome: 'notSent'; reason: 'rejected'; detail: string }
	| { outcome: 'notSent'; reason: 'rateLimit' | 'keyUnseen' | 'notPermitted' };

/** What this process has done with a key. */
export interface Attempt extends Reservation {
	outcome: Promise<OnceOutcome>;
}
export type Attempts = Pick<Map<string, Attempt>, 'get' | 'set'>;

/** The guards. A test takes each out in turn, to show what it is for. */
export const onceRules = {
	/** Another run's reservation: that run sends, has sent, or died. */
	isOwn: (reservation: Reservation, run: string): boolean => reservation.run === run,
	/** Only what is certainly not sent may be tried again. */
	mayTryAgain: ({ outcome }: OnceOutcome): boolean => outcome === 'notSent',
};
export type OnceRules = typeof onceRules;

export interface OnceMessage {
	/** Unique to the account, the recipient and the message. */
	name: string;
	words: string;
	/** Whether the customer may be sent it now. If not, it is only found out whether it was sent before. */
	isPermitted: boolean;
	/** A new one for a first attempt. A later attempt in this process keeps the first one's. */
	run: string;
	/** Milliseconds since 1970. */
	now: number;
}

/** @throws what the port throws. Nothing was sent then, and the same key may be tried again */
export async function sendOnce(
	{ name, words, isPermitted, run, now }: OnceMessage,
	port: OncePort,
	attempts: Attempts,
	rules: OnceRules = onceRules,
): Promise<OnceOutcome> {
	let earlier = attempts.get(name);
	while (earlier) {
		const outcome = await earlier.outcome.catch(() => undefined);
		if (outcome && !rules.mayTryAgain(outcome)) return await again(outcome, earlier, port);
		// Somebody who waited for the same attempt may have begun the next one.
		if (attempts.get(name) === earlier) break;
		earlier = attempts.get(name);
	}
	const own = { run: earlier?.run ?? run, words, at: earlier?.at ?? now };
	const outcome = isPermitted ? attempt(own, port, rules) : lookBack(port);
	attempts.set(name, { ...own, outcome });
	return await outcome;
}

async function attempt(own: Reservation, port: OncePort, rules: OnceRules): Promise<OnceOutcome> {
	const reservation = await port.reserve(own.run);
	if (reservation === 'unseen') return { outcome: 'notSent', reason: 'keyUnseen' };
	if (!rules.isOwn(reservation, own.run)) return await lookUp(reservation, port, 'notInLog');
	const answer = await port.send(own.run);
	if (answer === 'accepted') return { outcome: 'sent' };
	if (answer === 'unknown') return { outcome: 'unknown', reason: 'noAnswer', words: own.words };
	return answer === 'notTaken'
		? { outcome: 'notSent', reason: 'rateLimit' }
		: { outcome: 'notSent', reason: 'rejected', detail: answer.rejected };
}

async function lookBack(port: OncePort): Promise<OnceOutcome> {
	const reservation = await port.reservation();
	return reservation
		? await lookUp(reservation, port, 'notInLog')
		: { outcome: 'notSent', reason: 'notPermitted' };
}

/** The outcome of a message that this process has been asked to send before. */
async function again(before: OnceOutcome, earlier: Attempt, port: OncePort): Promise<OnceOutcome> {
	if (before.outcome === 'sent') return { outcome: 'alreadySent', words: earlier.words };
	if (before.outcome !== 'unknown') return before;
	return await lookUp({ ...earlier, words: before.words }, port, before.reason);
}

async function lookUp(
	{ words, at }: Reservation,
	port: OncePort,
	otherwise: 'noAnswer' | 'notInLog' | 'logUnreadable',
): Promise<OnceOutcome> {
	const logged = await port.findInLog(words, at - sendLimits.clockMargin);
	if (logged === 'unreadable') return { outcome: 'unknown', reason: 'logUnreadable', words };
	return logged.messages > logged.ofOtherKeys
		? { outcome: 'alreadySent', words }
		: { outcome: 'unknown', reason: otherwise, words };
}
