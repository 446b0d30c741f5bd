/** What became of a message, in words for the builder or the model: an output, or an error if nothing was sent. */
import { type IDataObject, type IExecuteFunctions, NodeOperationError } from 'n8n-workflow';
import type { OnceOutcome } from '../../../../domain/message/sendOnce';
import { shownTime } from '../../../../domain/reply/outcome';
import { type RecipientFault, recipientFaults } from '../../api/recipient';

const notSent = (
	context: IExecuteFunctions,
	itemIndex: number,
	why: string,
	description: string,
): NodeOperationError =>
	new NodeOperationError(context.getNode(), `The message was not sent: ${why}`, {
		itemIndex,
		description,
	});

const ADVICE: Partial<Record<RecipientFault, string>> = {
	noConversation: "Set 'Send Through' to 'Flow', or wait until the customer writes.",
	windowClosed: "Set 'Send Through' to 'Flow', with a flow that sends an approved template.",
};

export function refusalOf(
	context: IExecuteFunctions,
	itemIndex: number,
	fault: RecipientFault,
	closedSince: number | null = null,
): NodeOperationError {
	const since = closedSince === null ? '' : ` (since ${shownTime(closedSince)})`;
	return notSent(
		context,
		itemIndex,
		`${recipientFaults[fault]}${since}`,
		ADVICE[fault] ?? 'Check the customer in Klaviyo.',
	);
}

const UNKNOWN = {
	noAnswer: 'Klaviyo did not say whether it accepted the message, and its log does not show it',
	notInLog:
		"another execution began to send a message with this key, and Klaviyo's log does not show that message",
	logUnreadable: "Klaviyo's log could not show whether it was sent",
} as const;

const otherWords = (sent: string, words: string): string =>
	sent === words ? '' : ` It had other words: "${sent}"`;

/** @throws NodeOperationError if it is certain that nothing was sent */
export function outputOf(
	context: IExecuteFunctions,
	itemIndex: number,
	outcome: OnceOutcome,
	words: string,
): IDataObject {
	switch (outcome.outcome) {
		case 'sent':
			return { outcome: 'sent' };
		case 'alreadySent':
			return {
				outcome: 'alreadySent',
				message: `A message with this key was sent before, so nothing was sent now.${otherWords(outcome.words, words)}`,
			};
		case 'unknown':
			return {
				outcome: 'unknown',
				reason: outcome.reason,
				message: `It is not known whether the message was sent: ${UNKNOWN[outcome.reason]}. Nothing more is sent with this key. Look in Klaviyo before you send it with another.`,
			};
		case 'notSent':
			if (outcome.reason === 'rejected')
				throw notSent(context, itemIndex, outcome.detail, 'Klaviyo refused it.');
			throw notSent(
				context,
				itemIndex,
				outcome.reason === 'rateLimit'
					? 'Klaviyo is accepting no more messages at this time'
					: 'Klaviyo has not yet shown that the key is reserved',
				'Run the item again with the same key.',
			);
	}
}
