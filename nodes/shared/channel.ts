/** The channel of a message, as a field and as it is read for one item. */
import {
	type IExecuteFunctions,
	type INodeProperties,
	type INodePropertyOptions,
	NodeOperationError,
} from 'n8n-workflow';
import { type Channel, channels, type ConversationChannel } from '../../domain/channel';
import { trimmedParameter } from './parameters';

/** The conversations' channels, for people to choose. */
export const channelOptions = [
	{ name: 'SMS and RCS', value: 'sms' },
	{ name: 'WhatsApp', value: 'whatsapp' },
] as const satisfies ReadonlyArray<INodePropertyOptions & { value: ConversationChannel }>;

export const channelField: INodeProperties = {
	displayName: 'Channel',
	name: 'channel',
	type: 'string',
	default: "={{ $json.channel ?? '' }}",
	placeholder: 'e.g. whatsapp',
	description: 'How the message was sent: sms, rcs or whatsapp. Leave empty for sms.',
};

/** @throws NodeOperationError if it names no channel */
export function channelAt(context: IExecuteFunctions, itemIndex: number): Channel {
	const typed = trimmedParameter(context, 'channel', itemIndex).toLowerCase() || 'sms';
	const channel = channels.find((one) => one === typed);
	if (channel) return channel;
	throw new NodeOperationError(context.getNode(), `'Channel' is not a known channel: '${typed}'`, {
		itemIndex,
		description: "Map the trigger's 'channel' to it, or enter sms, rcs or whatsapp.",
	});
}
