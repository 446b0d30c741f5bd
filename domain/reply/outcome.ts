/** What became of a reply, and what its agent is told. */
import { plainLine } from '../plainLine';

/** Why a reply was not sent, in words for the agent. */
export const sendRefusals = {
	unknownCustomer: 'Klaviyo has no profile with this phone number',
	noConversation:
		'the customer has no conversation in Klaviyo on this channel, so they have to send a message first',
	noConsent:
		'the customer cannot receive SMS (they unsubscribed or never subscribed). Please answer another way, such as by e-mail',
	windowClosed:
		'the customer last wrote more than 24 hours ago, and WhatsApp delivers no answer after that',
	throughFlow: 'a reply on WhatsApp cannot be sent through a flow',
	agentIsCustomer: "the agent's e-mail address is also the customer's",
	emptyBody: 'the reply has no text and no attachments',
	rejected: 'Klaviyo refused it',
	failed: 'the request to Klaviyo failed',
} as const;

/** Why it is not known whether a reply was sent; the next attempt, or a person, has to check. */
export const sendHolds = {
	tooLate: 'more than 30 seconds had passed since n8n claimed the reply for sending',
	otherExecution:
		'another execution of n8n claimed the reply, and only that one sends it. To send it by hand, execute the whole workflow',
	logUnreadable: "Klaviyo's log could not show whether it was sent before",
	logMayBeLate:
		"Klaviyo's log does not show it, and may be late: it shows no newer message from your account either",
	earlierUnconfirmed:
		"an earlier reply has the same words, and Klaviyo's log does not show that one yet",
	windowOpen:
		"the customer's 24 hours on WhatsApp were over when it was to be sent, and the customer has written again since",
	noAnswer: 'Klaviyo did not say whether it accepted the message',
	rateLimit: 'Klaviyo was accepting no more messages at that time',
	lookUpFailed: 'n8n could not ask Klaviyo whether it was',
	profileNotFound: "Klaviyo no longer has the customer's profile, whose log would show it",
	flowSentNothing:
		"Klaviyo recorded the reply's event, but the flow has not sent the message. Check that the flow is live, and that no filter and no quiet hours hold the message back",
} as const;

export type SendOutcome =
	| { outcome: 'sent' | 'alreadySent'; profileId: string }
	/** Only looked up: the log shows no message of an earlier claim, so the reply may be claimed once more. */
	| { outcome: 'missing'; profileId: string }
	| {
			outcome: 'refused';
			reason: keyof typeof sendRefusals;
			message: string;
			/** For `windowClosed`, ISO 8601: when the customer's 24 hours ended. Null if that is not known. */
			windowClosedAt?: string | null;
	  }
	| { outcome: 'held'; reason: keyof typeof sendHolds; message: string };

/** Milliseconds. */
const PATIENCE = 2 * 60 * 60_000;

/**
 * Whether the agent should be told: always of a refusal; of a reply that is held, if nothing else will find out, such as
 * the execution that claimed it. If a flow has not sent the message by the second attempt, looking again will not change
 * that. In an account that sends little, a log that may be late may seem so for hours: longer than an agent should wait.
 *
 * @param isRetry whether the reply had been claimed before
 * @param comesAgain whether the reply will be checked once more; if that is not known, a first attempt counts as one
 * that will
 * @param age of the reply, in milliseconds
 */
export const notifyAgent = (
	sent: SendOutcome,
	isRetry: boolean,
	comesAgain: boolean | undefined = undefined,
	age = 0,
): boolean => {
	if (sent.outcome !== 'held') return sent.outcome === 'refused';
	if (sent.reason === 'otherExecution') return false;
	if (sent.reason === 'logMayBeLate' && isRetry && age >= PATIENCE) return true;
	return sent.reason === 'flowSentNothing' ? isRetry : !(comesAgain ?? !isRetry);
};

type Refused = Extract<SendOutcome, { outcome: 'refused' }>;
type Held = Extract<SendOutcome, { outcome: 'held' }>;

export const refuse = (reason: keyof typeof sendRefusals, detail = ''): Refused => ({
	outcome: 'refused',
	reason,
	message: `This reply was not sent: ${sendRefusals[reason]}${detail ? ` (${detail})` : ''}.`,
});

/** @param time milliseconds since 1970 */
export const shownTime = (time: number): string =>
	`${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** @param since milliseconds since 1970; null if it is not known */
export function refuseClosedWindow(since: number | null): Refused {
	const shown = since === null ? '' : `since ${shownTime(since)}`;
	const windowClosedAt = since === null ? null : new Date(since).toISOString();
	return { ...refuse('windowClosed', shown), windowClosedAt };
}

/** For a claimed reply that an error kept from being sent, when no later attempt will be made. */
export const refuseFailed = (fault: string): SendOutcome => refuse('failed', fault);

export const hold = (reason: keyof typeof sendHolds, detail = ''): Held => ({
	outcome: 'held',
	reason,
	message: `This reply may not have been sent: ${sendHolds[reason]}${detail}.`,
});

/** What the agent of a held reply should do. */
export const CHECK_AND_RESEND =
	'Nothing more is sent automatically: please look in Klaviyo, and write the reply again if it is not there.';

/** Characters by which an agent recognizes a reply. */
const MAX_QUOTED = 80;

/**
 * Words for a note about a reply, with how the reply begins: the note stands at the end of the ticket, where "this reply"
 * may be any of several.
 */
export function quoting(message: string, body: string): string {
	const words = plainLine(body, Infinity);
	const beginning = words.length > MAX_QUOTED ? `${plainLine(words, MAX_QUOTED)}...` : words;
	return beginning === '' ? message : `${message}\n\nThe reply: "${beginning}"`;
}

/** The outcome of a reply that nothing more is done for, in words for the note to its agent. */
export function forAgent(sent: SendOutcome, body: string): SendOutcome {
	if (sent.outcome === 'refused') return { ...sent, message: quoting(sent.message, body) };
	if (sent.outcome !== 'held') return sent;
	return { ...sent, message: quoting(`${sent.message} ${CHECK_AND_RESEND}`, body) };
}
