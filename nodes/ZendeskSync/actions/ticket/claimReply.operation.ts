/**
 * Ticket: Claim Reply, before Klaviyo: Message: Send Reply.
 *
 * Claims replies in parallel, as long as the first claim leaves time to send them.
 */

import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';
import { randomUUID } from 'node:crypto';
import type { Execute, Operation } from '../../../shared/operation';
import { commentIdOf, ticketIdField, ticketIdOf, typedTicketId } from './fields';
import { optionsField, scopeOption } from './messageOptions';
import { isoTime, ticketEvent } from '../../../../domain/items';
import { claimLimits, claimReply as claim } from '../../../../domain/reply/claim';
import { type Claim, replyKey } from '../../../../domain/reply/items';
import { CHECK_AND_RESEND, quoting } from '../../../../domain/reply/outcome';
import {
	beforeGiven,
	isItemError,
	type ItemError,
	linkResults,
	tryItems,
} from '../../../shared/items';
import { sharedByItem, sharedByTries } from '../../../shared/tries';
import { type Zendesk, zendeskOf } from '../../api/client';
import { neededSince, zendeskReplyStore } from '../../api/replyStore';
import { ReplyTickets } from '../../api/replyTickets';
import { SecureDownloads } from '../../api/secureDownloads';
import { toPlainString } from '../../../shared/parameters';

const properties: INodeProperties[] = [
	ticketIdField,
	{
		displayName: 'Comment ID',
		name: 'commentId',
		type: 'string',
		required: true,
		default: '={{ $json.comment?.id ?? $json.commentId }}',
		description: "The ID of the agent's public comment to send",
	},
	optionsField([
		{
			displayName: 'End With Agent Name',
			name: 'endWith',
			type: 'string',
			// In an expression, n8n would evaluate {{agent}}.
			noDataExpression: true,
			default: '',
			placeholder: 'e.g. – {{agent}}',
			description:
				'Text for the end of each reply. {{agent}} stands for the name of the agent who wrote it: the alias that Zendesk shows to customers or, without one, the name. If neither is known, the reply ends without the text. A second attempt is sent as the reply was first claimed.',
		},
		{
			...scopeOption,
			description:
				'Only claim replies in conversations with this scope. Leave empty for all conversations, or enter - for those without a scope.',
		},
		{
			displayName: 'Keep Signature',
			name: 'keepSignature',
			type: 'boolean',
			default: false,
			description:
				"Whether to include the agent's signature, which Zendesk adds to each reply. A second attempt is sent as the reply was first claimed.",
		},
	]),
];

/** Each item's run, by which its claim is known as its own: in the next try of this run too. */
const runIdAt = sharedByItem(() => randomUUID());

/** Tickets in parallel: a claim mostly waits for its ticket's stamp to settle. */
const CONCURRENCY = 10;

/**
 * A claimed reply has to be sent within 30 seconds, but the next node starts only when all are claimed. So claiming ends
 * this long after the first claim, and the rest is left to catch-up.
 */
const CLAIMS_WITHIN = 12_000;

/** When the reply was written, milliseconds since 1970; undefined if the item does not say. */
function writtenAtOf({ json }: INodeExecutionData): number | undefined {
	const time = Date.parse(String(json.occurredAt ?? json.writtenAt));
	return Number.isNaN(time) ? undefined : time;
}

/** From Get Waiting Replies: when the customer wrote again, milliseconds since 1970. */
function answeredAtOf({ json }: INodeExecutionData): number | undefined {
	const time = isoTime.safeParse(json.answeredAt).data;
	return time === undefined ? undefined : Date.parse(time);
}

async function claimItem(
	context: IExecuteFunctions,
	zendesk: Zendesk,
	tickets: ReplyTickets,
	downloads: SecureDownloads,
	input: INodeExecutionData,
	itemIndex: number,
): Promise<IDataObject> {
	const ticketId = ticketIdOf(context, itemIndex);
	const commentId = commentIdOf(context, itemIndex);
	// From Send Reply, when Klaviyo's log does not show the message of an earlier claim.
	const isMissing = input.json.outcome === 'missing';
	const { keepSignature, endWith, scope } = context.getNodeParameter('options', itemIndex, {}) as {
		keepSignature?: boolean;
		endWith?: unknown;
		scope?: unknown;
	};
	const writtenAt = writtenAtOf(input);
	const answeredAt = answeredAtOf(input);
	const reply = {
		ticketId,
		commentId,
		isMissing,
		keepSignature,
		endWith: toPlainString(endWith),
		run: runIdAt(context, itemIndex),
		executionId: context.getExecutionId(),
		scope: toPlainString(scope).trim(),
	};
	const comment = { ticketId, commentId, writtenAt: writtenAt ?? Date.now() };
	const store = zendeskReplyStore(zendesk, tickets, downloads, comment);
	const times = { ...(writtenAt ? { writtenAt } : {}), ...(answeredAt ? { answeredAt } : {}) };
	const claimed = await claim({ ...reply, ...times }, store);
	const { account } = zendesk;
	return { ...outputOf(claimed, input), ticketId, commentId, key: replyKey(commentId), account };
}

/** Whether the trigger brings the reply once more; undefined if the item does not say. Polling finds what a webhook brought. */
const comesAgainOf = ({ json }: INodeExecutionData): boolean | undefined => {
	if (typeof json.comesAgain === 'boolean') return json.comesAgain;
	return json.catchUp === false ? true : undefined;
};

/** The reply's words as the trigger brought them; '' if the item does not have them. */
const bodyIn = ({ json }: INodeExecutionData): string =>
	ticketEvent.shape.comment.safeParse(json.comment).data?.body ?? '';

/** If a reply could not be claimed and does not come again, its agent is told. */
function outputOf(claimed: Claim, input: INodeExecutionData): IDataObject {
	const comesAgain = comesAgainOf(input);
	const output = { ...claimed, ...(comesAgain === undefined ? {} : { comesAgain }) };
	if (claimed.outcome !== 'notNow' || claimed.reason === 'taken') return output;
	if (comesAgain === undefined) return output;
	if (comesAgain) return { ...output, message: `${claimed.message}; catch-up brings it again` };
	const message = `This reply may not have been sent: ${claimed.message}. ${CHECK_AND_RESEND}`;
	return { ...output, message: quoting(message, bodyIn(input)), notifyAgent: true };
}

/** Notes how far back each ticket has to be read, so that one read serves all of its replies. */
function ticketsToRead(
	context: IExecuteFunctions,
	zendesk: Zendesk,
	items: INodeExecutionData[],
): ReplyTickets {
	const tickets = new ReplyTickets(zendesk);
	for (const [itemIndex, input] of items.entries()) {
		const ticketId = typedTicketId(context, itemIndex);
		tickets.willNeed(ticketId, neededSince(writtenAtOf(input) ?? Date.now()));
	}
	return tickets;
}

const notNow = (
	input: INodeExecutionData,
	reason: 'tooMany' | 'notClaimed',
	message: string,
): IDataObject => beforeGiven(outputOf({ outcome: 'notNow', reason, message }, input), input);

/** Whether the item says which reply it is about. If not, only a person can fix it, and there is no ticket to note that on. */
function namesReply(context: IExecuteFunctions, itemIndex: number): boolean {
	try {
		return Boolean(ticketIdOf(context, itemIndex) && commentIdOf(context, itemIndex));
	} catch {
		return false;
	}
}

const notNamed = (
	input: INodeExecutionData,
	{ message, description }: NodeApiError | NodeOperationError,
): IDataObject => {
	const words = [`This item has no reply to claim: ${message}`, description].filter(Boolean);
	const claim: Claim = { outcome: 'notNow', reason: 'notClaimed', message: words.join('. ') };
	return beforeGiven(claim, input);
};

/** Limits claims to as many as can be sent before they run out, over all tries of a run. */
class ClaimBudget {
	/** Why items could not be claimed when they were tried last. */
	readonly failures = new Map<number, ItemError>();

	private firstClaim: number | undefined;
	private taken = 0;

	isOver(): boolean {
		const isTooLate = this.firstClaim !== undefined && Date.now() - this.firstClaim > CLAIMS_WITHIN;
		return isTooLate || this.taken >= claimLimits.together;
	}

	/** Counts a reply while it is being claimed, and afterwards if it was claimed. */
	async spendOn(claiming: () => Promise<IDataObject>): Promise<IDataObject> {
		this.taken += 1;
		let isClaimed = false;
		try {
			const claimed = await claiming();
			isClaimed = claimed.outcome === 'claimed';
			if (isClaimed) this.firstClaim ??= Date.now();
			return claimed;
		} finally {
			if (!isClaimed) this.taken -= 1;
		}
	}
}

const budgets = sharedByTries(() => new ClaimBudget());

const execute: Execute = async (context, items) => {
	const zendesk = await zendeskOf(context);
	const tickets = ticketsToRead(context, zendesk, items);
	const downloads = new SecureDownloads(zendesk);
	const budget = budgets(context);
	const claimInTurn = async (
		input: INodeExecutionData,
		itemIndex: number,
	): Promise<IDataObject> => {
		if (!budget.isOver())
			return await budget.spendOn(
				async () => await claimItem(context, zendesk, tickets, downloads, input, itemIndex),
			);
		const failure = budget.failures.get(itemIndex);
		if (failure) throw failure;
		return notNow(input, 'tooMany', 'Too many replies came at once');
	};
	const results = await tryItems(context, items, claimInTurn, CONCURRENCY);
	for (const [itemIndex, result] of results.entries())
		if (isItemError(result)) budget.failures.set(itemIndex, result);
	// A failure fails the node only if nothing is left to do for the others: a claimed reply must be sent, an unclear one
	// looked up in Klaviyo's log. Catch-up brings many together, and most of those are unclear.
	const goesOn = results.some(
		(result) =>
			!isItemError(result) &&
			[result].flat().some(({ outcome }) => outcome === 'claimed' || outcome === 'unclear'),
	);
	if (!goesOn) return linkResults(context, items, results);
	// Not as a failure: later nodes would tell the agent that the reply was not sent, although it may have been.
	const told = results.map((result, itemIndex) => {
		if (!isItemError(result) || context.continueOnFail()) return result;
		context.logger.warn(`${context.getNode().name}: ${result.message}`);
		const input = items[itemIndex] ?? { json: {} };
		return namesReply(context, itemIndex)
			? notNow(input, 'notClaimed', result.message)
			: notNamed(input, result);
	});
	return linkResults(context, items, told);
};

export const claimReply: Operation = {
	properties,
	execute,
	eventRole: 'followsReply',
};
