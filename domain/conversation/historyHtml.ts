/** The conversation so far, as an internal note for the agent who answers first. */
import { z } from 'zod';
import {
	channelNames,
	channels,
	type ConversationChannel,
	conversationChannelOf,
} from '../channel';
import { messageEvent } from '../items';
import { COMMENT_BYTES, toComments, toHtml } from './commentHtml';

/** The fields of a message that the note shows; others may be missing. */
const historyMessage = messageEvent
	.pick({ direction: true, kind: true, body: true, sentAt: true })
	.extend({
		event: z.string().nullish(),
		campaign: z.object({ name: z.string().nullish() }).nullish(),
		/** Any name: a message of a channel that is not known here is one all the same. */
		channel: z.string().nullish(),
	});
type HistoryMessage = z.infer<typeof historyMessage>;

const SENDERS: Record<HistoryMessage['kind'], string> = {
	customer: 'Customer',
	campaign: 'Campaign',
	flow: 'Flow',
	conversation: 'Reply',
	autoResponse: 'Automatic response',
};

const HEADING = '<strong>Earlier messages</strong> (times in UTC)';
const LEFT_OUT = '<em>Older messages are left out.</em>';
const WORDLESS = '<em>(without words)</em>';
/** Without it one message could fill the whole note. */
const MAX_MESSAGE_BYTES = 20_000;

const bytes = new TextEncoder();
const sizeOf = (html: string): number => bytes.encode(html).length;

const known = ({ channel }: HistoryMessage) => channels.find((one) => one === channel);

/** The conversation that a message belongs to, or the channel's name if it is not known; undefined if there is none. */
const conversationOf = (message: HistoryMessage): string | undefined => {
	const channel = known(message);
	return channel ? conversationChannelOf(channel) : (message.channel ?? undefined);
};

const byChannel = (message: HistoryMessage): string => {
	const channel = known(message);
	return message.channel ? ` by ${toHtml(channel ? channelNames[channel] : message.channel)}` : '';
};

function lineOf(message: HistoryMessage, namesChannel: boolean): string {
	const { direction, kind, body, sentAt, event, campaign } = message;
	const time = sentAt.slice(0, 16).replace('T', ' ');
	const arrow = direction === 'inbound' ? '←' : '→';
	const campaignName = campaign?.name ? ` '${toHtml(campaign.name)}'` : '';
	const undelivered = event === 'failed' ? ' (not delivered)' : '';
	const channel = namesChannel ? byChannel(message) : '';
	const [words = '', ...more] = toComments(body, MAX_MESSAGE_BYTES);
	const shown = body.trim() === '' ? WORDLESS : `${words}${more.length > 0 ? ' …' : ''}`;
	return `${time} ${arrow} <strong>${SENDERS[kind]}${campaignName}${channel}${undelivered}:</strong> ${shown}`;
}

/**
 * @param history messages as Message: Screen of Klaviyo adds them; anything else is skipped
 * @param channel of the ticket. Each line names its own if any has another.
 * @returns HTML that fits in one comment: the newest messages, oldest first; undefined if there are none
 */
export function toHistoryHtml(
	history: unknown[],
	{ channel, limit = COMMENT_BYTES }: { channel?: ConversationChannel; limit?: number } = {},
): string | undefined {
	const messages = history.flatMap((entry) => historyMessage.safeParse(entry).data ?? []);
	if (messages.length === 0) return undefined;
	messages.sort((a, b) => Date.parse(a.sentAt) - Date.parse(b.sentAt));
	const conversations = new Set([channel, ...messages.map(conversationOf)]);
	conversations.delete(undefined);
	const namesChannel = conversations.size > 1;
	const lines: string[] = [];
	let size = sizeOf(`${HEADING}<br>${LEFT_OUT}`);
	for (const message of [...messages].reverse()) {
		const line = lineOf(message, namesChannel);
		size += sizeOf(`<br>${line}`);
		if (size > limit) break;
		lines.unshift(line);
	}
	const isWhole = lines.length === messages.length;
	return [HEADING, ...(isWhole ? [] : [LEFT_OUT]), ...lines].join('<br>');
}
