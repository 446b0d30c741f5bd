/**
 * Ticket: Get Waiting Replies, when a customer has written again on WhatsApp.
 *
 * Finds the replies for which Message: Send Follow-Up of Klaviyo had the customer asked to continue. Items of one
 * conversation share one read.
 */

import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
} from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import { customerPhoneField } from './messageFields';
import { optionsField, scopeOption } from './messageOptions';
import { conversationRules } from '../../../../domain/conversation/rules';
import { answered } from '../../../../domain/reply/answered';
import { replyKey } from '../../../../domain/reply/items';
import {
	WAITING_READ_BACK,
	type WaitingReply,
	waitingReplies,
} from '../../../../domain/reply/waiting';
import { optOutReasons } from '../../../../domain/screening';
import { channelField } from '../../../shared/channel';
import { markCompleted, notYetCompleted } from '../../../shared/completedEvents';
import { fieldError, sentAtFault } from '../../../shared/fieldFaults';
import { beforeGiven, eachItem } from '../../../shared/items';
import { trimmedParameter } from '../../../shared/parameters';
import { parseTime } from '../../../shared/time';
import { type Zendesk, zendeskOf } from '../../api/client';
import { conversationHistories, type TicketWithHistory } from '../../api/conversationHistories';
import { readCustomer } from './messageInput';

const properties: INodeProperties[] = [
	customerPhoneField,
	{
		...channelField,
		default: "={{ $json.channel ?? 'whatsapp' }}",
		description:
			"The channel of the customer's message: sms, rcs or whatsapp. Replies wait on WhatsApp only.",
	},
	{
		displayName: 'Answered At',
		name: 'answeredAt',
		type: 'dateTime',
		default: '={{ $json.sentAt }}',
		description:
			'When the customer wrote again. Leave empty to get all replies that wait, whether the customer has written or not.',
	},
	optionsField([
		{
			...scopeOption,
			description:
				'The scope that Create or Reopen From Message uses, if you separate conversations there',
		},
	]),
];

/** Milliseconds after a message within which a note about a closed window may still be on its way. */
const NOTED_WITHIN = 15 * 60_000;

/** @returns milliseconds since 1970; undefined if the field is empty */
function answeredAtOf(context: IExecuteFunctions, itemIndex: number): number | undefined {
	const typed = trimmedParameter(context, 'answeredAt', itemIndex);
	if (typed === '') return undefined;
	const time = parseTime(typed, context.getTimezone());
	if (Number.isNaN(time)) throw fieldError(context, itemIndex, sentAtFault('Answered At', typed));
	return time;
}

const iso = (time: number): string => new Date(time).toISOString();

const describe = (reply: WaitingReply, answeredAt: number | undefined): IDataObject => ({
	commentId: reply.commentId,
	body: reply.comment.body,
	agentName: reply.comment.author?.name ?? null,
	writtenAt: iso(reply.writtenAt),
	waitsSince: iso(reply.since),
	windowClosedAt: iso(reply.windowEnd),
	...(answeredAt === undefined ? {} : { answeredAt: iso(answeredAt) }),
	whenAnswered: reply.whenAnswered,
	key: replyKey(reply.commentId),
});

/** The replies of one conversation that wait, or were claimed again and may not have been sent. */
function found(
	zendesk: Zendesk,
	tickets: TicketWithHistory[],
	{ answeredAt, isOptOut }: { answeredAt: number | undefined; isOptOut: boolean },
	isLeft: (key: string) => boolean,
): IDataObject[] {
	const all = tickets.flatMap(({ audits }) => audits);
	const openTicketId = conversationRules.target(tickets)?.id;
	return tickets.flatMap(({ id: ticketId, status, audits }) =>
		waitingReplies(audits, all, Date.now()).flatMap((reply) => {
			const isClosed = status === 'closed';
			const answer = { answeredAt, isOptOut, ticketId, isClosed, openTicketId };
			const what = answered(reply, answer);
			const isDone = reply.claimedAt !== undefined && !isLeft(replyKey(reply.commentId));
			if (!what || isDone) return [];
			const told = 'ticketId' in what ? what.ticketId : ticketId;
			return [
				{
					outcome: what.outcome,
					...('reason' in what ? { reason: what.reason } : {}),
					ticketId: told,
					...describe(reply, answeredAt),
					message: what.message,
					notifyAgent: what.outcome === 'refused',
					ticketUrl: `${zendesk.origin}/agent/tickets/${told}`,
				},
			];
		}),
	);
}

/** Nothing waits for this message any more, and no note that something does can still come. */
function complete(
	context: IExecuteFunctions,
	{ json: { key } }: INodeExecutionData,
	answeredAt: number | undefined,
): void {
	if (answeredAt === undefined || Date.now() - answeredAt < NOTED_WITHIN) return;
	if (typeof key === 'string' && key !== '') markCompleted(context, key);
}

const execute: Execute = async (context, items) => {
	const zendesk = await zendeskOf(context);
	const isLeft = notYetCompleted(context, { account: zendesk.account });
	const read = new Map<string, Promise<TicketWithHistory[]>>();
	return await eachItem(context, items, async (input, itemIndex) => {
		const { externalId } = readCustomer(context, itemIndex);
		const answeredAt = answeredAtOf(context, itemIndex);
		const histories =
			read.get(externalId) ??
			conversationHistories(zendesk, externalId, Date.now() - WAITING_READ_BACK);
		read.set(externalId, histories);
		const isOptOut = optOutReasons.includes(String(input.json.reason));
		const replies = found(zendesk, await histories, { answeredAt, isOptOut }, isLeft);
		if (replies.length === 0) complete(context, input, answeredAt);
		const { account } = zendesk;
		return replies.map((reply) => beforeGiven({ ...reply, externalId, account }, input));
	});
};

export const getWaitingReplies: Operation = {
	properties,
	execute,
	eventRole: 'completes',
};
