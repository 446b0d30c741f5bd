/** One text from elsewhere as the parameters give it, checked and ready to be noted. */
import { type IExecuteFunctions, type INodeExecutionData, NodeOperationError } from 'n8n-workflow';
import { toExternalId } from '../../../../domain/conversation/externalId';
import { type OutboundMessage, historyNeeded } from '../../../../domain/outbound';
import { toE164 } from '../../../../domain/phone';
import { trimmedParameter } from '../../../shared/parameters';
import { parseTime } from '../../../shared/time';

export interface PlacedOutbound extends OutboundMessage {
	itemIndex: number;
	externalId: string;
}

const KINDS = ['campaign', 'flow', 'conversation', 'autoResponse'] as const;
const EVENTS = ['', 'delivered', 'failed', 'autoResponse'];

/**
 * @returns undefined for an item that is no text of the brand's
 * @throws NodeOperationError when number, key or time are missing or make no sense
 */
export function readOutbound(
	context: IExecuteFunctions,
	input: INodeExecutionData,
	itemIndex: number,
): PlacedOutbound | undefined {
	const parameter = (name: string): string => trimmedParameter(context, name, itemIndex);
	const wrong = (message: string, description: string): NodeOperationError =>
		new NodeOperationError(context.getNode(), message, { itemIndex, description });

	const event = parameter('event');
	if (!EVENTS.includes(event)) return undefined;
	const typed = parameter('customerPhone');
	const phone = toE164(typed);
	if (!phone)
		throw wrong(
			"'Customer Phone' is no phone number",
			`It is '${typed}'. A number with its country code is needed, such as +15005550006.`,
		);
	const key = parameter('key');
	if (!key)
		throw wrong(
			"'Key' is empty",
			"Without it the same message could be noted twice. Map the trigger's 'key' to it.",
		);
	const sentAt = parseTime(parameter('sentAt'), context.getTimezone());
	if (Number.isNaN(sentAt))
		throw wrong("'Sent At' is no time", "Map the trigger's 'sentAt' to it.");
	const named = parameter('kind') || (event === 'autoResponse' ? event : 'conversation');
	const kind = KINDS.find((known) => known === named);
	if (!kind)
		throw wrong(
			`'Kind' is '${named}'`,
			"Map the trigger's 'kind' to it, or give campaign, flow, conversation or autoResponse.",
		);

	const { scope } = context.getNodeParameter('options', itemIndex, {}) as { scope?: string };
	const { mediaUrls } = input.json;
	const isFailed = event === 'failed';
	return {
		itemIndex,
		externalId: toExternalId({ channel: 'sms', phone, scope: scope?.trim() || undefined }),
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
