/** What became of a reply that was to be sent, and what its agent is told. */

/** Why a message did not go out, in words for the agent. */
export const sendRefusals = {
	unknownCustomer: 'Klaviyo has no profile with this number',
	noConversation: 'the customer has no SMS conversation in Klaviyo: they must text first',
	noConsent: 'the customer cannot receive SMS (unsubscribed, or never subscribed)',
	agentIsCustomer: "the agent's e-mail address is the customer's",
	emptyBody: 'the reply has no message',
	rejected: 'Klaviyo refused it',
	failed: 'Klaviyo could not be asked to send it',
} as const;

/** Why it is not known to have gone out; the next attempt, or a person, has to look. */
export const sendHolds = {
	tooLate: 'more than 30 s had passed since the reply was claimed',
	logUnreadable: "Klaviyo's log could not be read to make sure that it was not sent before",
	earlierUnconfirmed:
		"an earlier reply has the same words, and Klaviyo's log does not show its message yet",
	noAnswer: 'Klaviyo did not answer whether it took the message',
	rateLimit: 'Klaviyo took no more messages at that time',
	lookUpFailed: 'Klaviyo could not be asked whether it was',
	profileNotFound: 'Klaviyo no longer has a profile of the customer whose log would show it',
	flowSentNothing:
		"Klaviyo has the reply's event, but its flow has sent no such message: check that the flow is live, and that neither its filters nor quiet hours keep the message back",
} as const;

export type SendOutcome =
	| { outcome: 'sent' | 'alreadySent'; profileId: string }
	/** Looked up only: the log has no text of an earlier claim, so that the reply may be claimed once more. */
	| { outcome: 'missing'; profileId: string }
	| { outcome: 'refused'; reason: keyof typeof sendRefusals; message: string }
	| { outcome: 'held'; reason: keyof typeof sendHolds; message: string };

/**
 * Whether a person should be told: always for a refusal; for what is held, when nothing is left that will settle it.
 * What a flow of the account has not done no later look will change.
 *
 * @param isRetry whether the reply had been claimed before
 * @param comesAgain whether the reply will be looked at once more; where that is not known, a first attempt counts as
 * one that will
 */
export const notifyAgent = (
	sent: SendOutcome,
	isRetry: boolean,
	comesAgain: boolean | undefined = undefined,
): boolean => {
	if (sent.outcome !== 'held') return sent.outcome === 'refused';
	return sent.reason === 'flowSentNothing' ? isRetry : !(comesAgain ?? !isRetry);
};

export const refuse = (reason: keyof typeof sendRefusals, detail = ''): SendOutcome => ({
	outcome: 'refused',
	reason,
	message: `The message was not sent: ${sendRefusals[reason]}${detail ? ` (${detail})` : ''}.`,
});

/** Of a claimed reply that nothing more will be done for, when a fault has kept it from being sent. */
export const refuseFailed = (fault: string): SendOutcome => refuse('failed', fault);

export const hold = (reason: keyof typeof sendHolds, detail = ''): SendOutcome => ({
	outcome: 'held',
	reason,
	message: `It is not certain that the message was sent: ${sendHolds[reason]}${detail}.`,
});
