/** Reads one outbound message from the parameters, checks it, and prepares it to be noted. */
import { type IExecuteFunctions, type INodeExecutionData, NodeOperationError } from 'n8n-workflow';
import { conversationChannelOf } from '../../../../domain/channel';
import { toExternalId } from '../../../../domain/conversation/externalId';
import { type OutboundMessage, historyNeeded } from '../../../../domain/outbound';
import { toE164 } from '../../../../domain/phone';
import { channelAt } from '../../../shared/channel';
import { toPlainString, trimmedParameter } from '../../../shared/parameters';
import { fieldError, phoneFault, sentAtFault } from '../../../shared/fieldFaults';
import { parseTime } from '../../../shared/time';

export interface OutboundInput extends OutboundMessage {
	itemIndex: number;
	externalId: string;
}

const KINDS = ['campaign', 'flow', 'conversation', 'autoResponse'] as const;
const EVENTS = ['', 'delivered', 'failed', 'autoResponse'];

/**
 * @returns undefined for an item that is not a message of the brand
 * @throws NodeOperationError if phone number, key or time is missing or not valid
 */
export function readOutbound(
	context: IExecuteFunctions,
	input: INodeExecutionData,
	itemIndex: number,
): OutboundInput | undefined {
	const parameter = (name: string): string => trimmedParameter(context, name, itemIndex);
	const inputError = (message: string, description: string): NodeOperationError =>
		new NodeOperationError(context.getNode(), message, { itemIndex, description });

	const event = parameter('event');
	if (!EVENTS.includes(event)) return undefined;
	const typed = parameter('customerPhone');
	const phone = toE164(typed);
	if (!phone) throw fieldError(context, itemIndex, phoneFault('Customer Phone', typed));
	const key = parameter('key');
	if (!key)
		throw inputError(
			"'Key' is empty",
			"Without a key the same message could be noted twice. Map the trigger's 'key' to it.",
		);
	const sent = parameter('sentAt');
	const sentAt = parseTime(sent, context.getTimezone());
	if (Number.isNaN(sentAt)) throw fieldError(context, itemIndex, sentAtFault('Sent At', sent));
	const named = parameter('kind') || (event === 'autoResponse' ? event : 'conversation');
	const kind = KINDS.find((known) => known === named);
	if (!kind)
		throw inputError(
			`'Kind' is not valid: '${named}'`,
			"Map the trigger's 'kind' to it, or enter campaign, flow, conversation or autoResponse.",
		);

	const { scope, ticketId } = context.getNodeParameter('options', itemIndex, {}) as {
		scope?: string;
		ticketId?: unknown;
	};
	const chosen = toPlainString(ticketId).trim();
	if (!/^\d*$/.test(chosen))
		throw inputError(
			`'Ticket ID' is not a valid ticket ID: '${chosen}'`,
			"Map the 'ticketId' of an earlier node to it, or leave it empty for the conversation's open ticket.",
		);
	const { mediaUrls } = input.json;
	const isFailed = event === 'failed';
	return {
		itemIndex,
		...(chosen ? { ticketId: chosen } : {}),
		externalId: toExternalId({
			channel: conversationChannelOf(channelAt(context, itemIndex)),
			phone,
			scope: scope?.trim() || undefined,
		}),
		key,
		kind,
		isFailed,
		failureReason: parameter('failureReason') || null,
		body: parameter('text'),
		mediaUrls: Array.isArray(mediaUrls) ? mediaUrls.map(String) : [],
		name: parameter('campaignName') || null,
		sentAt,
		...historyNeeded({ kind, isFailed, sentAt }),
	};
}
