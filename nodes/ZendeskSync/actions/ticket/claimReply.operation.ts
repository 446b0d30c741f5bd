/**
 * Ticket: Claim Reply, before Klaviyo: Message: Send Reply.
 *
 * Claims replies side by side, for as long as the first claim leaves time to send.
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
import { commentIdOf, ticketIdField, ticketIdOf } from './fields';
import { optionsField, scopeOption } from './messageOptions';
import { claimLimits, claimReply as claim } from '../../../../domain/reply/claim';
import { type Claim, replyKey } from '../../../../domain/reply/items';
import { isItemError, linkResults, tryItems } from '../../../shared/items';
import { type Zendesk, zendeskOf } from '../../api/client';
import { neededSince, zendeskReplyStore } from '../../api/replyStore';
import { ReplyTickets } from '../../api/replyTickets';
import { SecureDownloads } from '../../api/secureDownloads';
import { toPlainString, trimmedParameter } from '../../../shared/parameters';

const properties: INodeProperties[] = [
	ticketIdField,
	{
		displayName: 'Comment ID',
		name: 'commentId',
		type: 'string',
		required: true,
		default: '={{ $json.comment?.id ?? $json.commentId }}',
		description: "The agent's public comment that is to be sent",
	},
	optionsField([
		{
			...scopeOption,
			description:
				'Claims only replies in conversations with this scope; in all when empty. Write - for conversations without a scope.',
		},
		{
			displayName: 'Keep Signature',
			name: 'keepSignature',
			type: 'boolean',
			default: false,
			description:
				"Whether to message the agent's signature too, which Zendesk puts under each reply. A reply that is tried once more goes out as it was claimed first.",
		},
	]),
];

/** Tickets at once: a claim mostly waits for its ticket to settle. */
const SIDE_BY_SIDE = 10;

/**
 * A claimed reply has to be sent within 30 seconds, but the next node starts when all are claimed: claims end this
 * long after the first, and the rest is left to catch-up.
 */
const CLAIMS_WITHIN = 12_000;

/** When the reply was written, milliseconds since 1970, as far as the item says so. */
function writtenAtOf({ json }: INodeExecutionData): number | undefined {
	const time = Date.parse(String(json.occurredAt ?? json.writtenAt));
	return Number.isNaN(time) ? undefined : time;
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
	// As Klaviyo: Message: Send Reply says of a reply whose earlier claim left no message in Klaviyo's log.
	const isMissing = input.json.outcome === 'missing';
	const { keepSignature = false, scope } = context.getNodeParameter('options', itemIndex, {}) as {
		keepSignature?: boolean;
		scope?: unknown;
	};
	const writtenAt = writtenAtOf(input);
	const reply = {
		ticketId,
		commentId,
		isMissing,
		keepSignature,
		run: randomUUID(),
		scope: toPlainString(scope).trim(),
	};
	const about = { ticketId, commentId, writtenAt: writtenAt ?? Date.now() };
	const store = zendeskReplyStore(zendesk, tickets, downloads, about);
	const claimed = await claim({ ...reply, ...(writtenAt ? { writtenAt } : {}) }, store);
	const { account } = zendesk;
	return { key: replyKey(commentId), account, ticketId, commentId, ...toldBy(claimed, input) };
}

/** Whether the trigger brings the reply once more, as far as its item says so: polling finds what a webhook brought. */
const comesAgainOf = ({ json }: INodeExecutionData): boolean | undefined => {
	if (typeof json.comesAgain === 'boolean') return json.comesAgain;
	return json.catchUp === false ? true : undefined;
};

/** A reply that could not be claimed and does not come again has nobody left to care for it but its agent. */
function toldBy(claimed: Claim, input: INodeExecutionData): IDataObject {
	const comesAgain = comesAgainOf(input);
	const told = { ...claimed, ...(comesAgain === undefined ? {} : { comesAgain }) };
	if (claimed.outcome !== 'notNow' || claimed.reason === 'taken') return told;
	if (comesAgain === undefined) return told;
	if (comesAgain) return { ...told, message: `${claimed.message}; catch-up brings it again` };
	const message = `It is not certain that the message was sent: ${claimed.message}.`;
	return { ...told, message, notifyAgent: true };
}

/** Tells how far back each ticket is needed, so that one read does for all of its replies. */
function ticketsOf(
	context: IExecuteFunctions,
	zendesk: Zendesk,
	items: INodeExecutionData[],
): ReplyTickets {
	const tickets = new ReplyTickets(zendesk);
	for (const [itemIndex, input] of items.entries()) {
		const ticketId = trimmedParameter(context, 'ticketId', itemIndex);
		tickets.willNeed(ticketId, neededSince(writtenAtOf(input) ?? Date.now()));
	}
	return tickets;
}

const notNow = (
	input: INodeExecutionData,
	reason: 'tooMany' | 'notClaimed',
	message: string,
): IDataObject => ({ ...input.json, ...toldBy({ outcome: 'notNow', reason, message }, input) });

/** Whether the item says which reply it is about. If not, only a person can fix it, and there is no ticket to note that on. */
function namesReply(context: IExecuteFunctions, itemIndex: number): boolean {
	try {
		return Boolean(ticketIdOf(context, itemIndex) && commentIdOf(context, itemIndex));
	} catch {
		return false;
	}
}

const notNamed = (
	{ json }: INodeExecutionData,
	{ message, description }: NodeApiError | NodeOperationError,
): IDataObject => {
	const words = [`This item has no reply to claim: ${message}`, description].filter(Boolean);
	const claim: Claim = { outcome: 'notNow', reason: 'notClaimed', message: words.join('. ') };
	return { ...json, ...claim };
};

/** Lets so many replies be claimed as can be sent before their claims are over. */
class Turns {
	private firstClaim: number | undefined;
	private taken = 0;

	isOver(): boolean {
		const isTooLate = this.firstClaim !== undefined && Date.now() - this.firstClaim > CLAIMS_WITHIN;
		return isTooLate || this.taken >= claimLimits.together;
	}

	/** Counts the reply for as long as it may be claimed. */
	async take(claiming: () => Promise<IDataObject>): Promise<IDataObject> {
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

const execute: Execute = async (context, items) => {
	const zendesk = await zendeskOf(context);
	const tickets = ticketsOf(context, zendesk, items);
	const downloads = new SecureDownloads(zendesk);
	const turns = new Turns();
	const claimInTurn = async (input: INodeExecutionData, itemIndex: number): Promise<IDataObject> =>
		turns.isOver()
			? notNow(input, 'tooMany', 'Too many replies at once')
			: await turns.take(
					async () => await claimItem(context, zendesk, tickets, downloads, input, itemIndex),
				);
	const results = await tryItems(context, items, claimInTurn, SIDE_BY_SIDE);
	// A failure fails the node, but only when no other reply has anything before it: a claimed one must be sent, an
	// unclear one looked for in Klaviyo's log. Catch-up brings many together, and most of those are unclear.
	const goesOn = results.some(
		(result) =>
			!isItemError(result) && (result.outcome === 'claimed' || result.outcome === 'unclear'),
	);
	if (!goesOn) return linkResults(context, items, results);
	// Not as a failure: whoever gets the items would tell the agent that a reply was not sent, which may have been.
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
};
