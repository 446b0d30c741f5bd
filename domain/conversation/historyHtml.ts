/** The conversation so far, as an internal note for the agent who answers first. */
import { z } from 'zod';
import { messageEvent } from '../items';
import { COMMENT_BYTES, toComments, toHtml } from './commentHtml';

/** The fields of a message that the note shows; others may be missing. */
const historyMessage = messageEvent
	.pick({ direction: true, kind: true, body: true, sentAt: true })
	.extend({
		event: z.string().nullish(),
		campaign: z.object({ name: z.string().nullish() }).nullish(),
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
/** Without it one message could fill the whole note. */
const MAX_MESSAGE_BYTES = 20_000;

const bytes = new TextEncoder();
const sizeOf = (html: string): number => bytes.encode(html).length;

function lineOf({ direction, kind, body, sentAt, event, campaign }: HistoryMessage): string {
	const time = sentAt.slice(0, 16).replace('T', ' ');
	const arrow = direction === 'inbound' ? '←' : '→';
	const campaignName = campaign?.name ? ` '${toHtml(campaign.name)}'` : '';
	const undelivered = event === 'failed' ? ' (not delivered)' : '';
	const [words = '', ...more] = toComments(body, MAX_MESSAGE_BYTES);
	return `${time} ${arrow} <strong>${SENDERS[kind]}${campaignName}${undelivered}:</strong> ${words}${more.length > 0 ? ' …' : ''}`;
}

/**
 * @param history messages as Message: Screen of Klaviyo adds them; anything else is skipped
 * @returns HTML that fits in one comment: the newest messages, oldest first; undefined if there are none
 */
export function toHistoryHtml(history: unknown[], limit = COMMENT_BYTES): string | undefined {
	const messages = history.flatMap((entry) => historyMessage.safeParse(entry).data ?? []);
	if (messages.length === 0) return undefined;
	messages.sort((a, b) => Date.parse(a.sentAt) - Date.parse(b.sentAt));
	const lines: string[] = [];
	let size = sizeOf(`${HEADING}<br>${LEFT_OUT}`);
	for (const line of messages.map(lineOf).reverse()) {
		size += sizeOf(`<br>${line}`);
		if (size > limit) break;
		lines.unshift(line);
	}
	const isWhole = lines.length === messages.length;
	return [HEADING, ...(isWhole ? [] : [LEFT_OUT]), ...lines].join('<br>');
}
