/** The conversation so far, as an internal note that an agent reads before the first answer. */
import { z } from 'zod';
import { messageEvent } from '../items';
import { COMMENT_BYTES, toComments, toHtml } from './commentHtml';

/** What the note shows of a message; the rest of the item may be missing. */
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

const HEADING = '<strong>Messages before this one</strong> (times in UTC)';
const LEFT_OUT = '<em>Older messages are left out.</em>';
/** One text may be as long as the whole note. */
const LONGEST_TEXT = 20_000;

const bytes = new TextEncoder();
const sizeOf = (html: string): number => bytes.encode(html).length;

function lineOf({ direction, kind, body, sentAt, event, campaign }: HistoryMessage): string {
	const time = sentAt.slice(0, 16).replace('T', ' ');
	const arrow = direction === 'inbound' ? '←' : '→';
	const campaignName = campaign?.name ? ` '${toHtml(campaign.name)}'` : '';
	const undelivered = event === 'failed' ? ' (not delivered)' : '';
	const [words = '', ...more] = toComments(body, LONGEST_TEXT);
	return `${time} ${arrow} <strong>${SENDERS[kind]}${campaignName}${undelivered}:</strong> ${words}${more.length > 0 ? ' …' : ''}`;
}

/**
 * @param history messages as Klaviyo: Message: Screen adds them; entries that are none are passed over
 * @returns HTML that fits one comment, oldest message first, the newest ones kept; undefined when there is no message
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
