/** What was sent before a message that opens a ticket, so that the agent sees what the customer answers to. */
import { type JsonObject, NodeApiError } from 'n8n-workflow';
import type { MessageEvent } from '../../../../domain/items';
import type { Klaviyo } from '../../api/client';
import { HistoryReader, messageMetrics } from '../../api/history';

export type PlainText = Omit<MessageEvent, 'raw'>;

export const withoutRaw = ({ raw: _raw, ...message }: MessageEvent): PlainText => message;

export interface WantedHistory {
	/** Null where Klaviyo knows no such profile. */
	profileId: string | null;
	/** Milliseconds since 1970: what is older counts. */
	before: number;
	/** How many messages; 0 for none. */
	count: number;
}

export interface RecentMessages {
	/** Oldest first. */
	history: PlainText[];
	/** Why there is none. */
	historyError?: string;
}

/** Room for what was sent between the messages of one customer in one execution. */
const BETWEEN = 100;

/** Reads a customer's history once, however many of their messages are in the execution. */
export class RecentHistory {
	private readonly reader: HistoryReader;

	private readonly byProfile = new Map<string, Promise<MessageEvent[]>>();

	/** @param wanted of every item, so that one read does for all of a customer's */
	constructor(
		private readonly klaviyo: Klaviyo,
		private readonly wanted: readonly WantedHistory[],
	) {
		this.reader = new HistoryReader(klaviyo);
	}

	/** Never fails: a message without its history is better than none. */
	async of({ profileId, before, count }: WantedHistory): Promise<RecentMessages> {
		if (profileId === null) return { history: [] };
		try {
			const messages = await this.messagesWith(profileId);
			const earlier = messages.filter(({ sentAt }) => Date.parse(sentAt) < before);
			return { history: earlier.slice(-count).map(withoutRaw) };
		} catch (error) {
			const { message } = new NodeApiError(this.klaviyo.context.getNode(), error as JsonObject);
			return { history: [], historyError: message };
		}
	}

	private async messagesWith(profileId: string): Promise<MessageEvent[]> {
		const known = this.byProfile.get(profileId);
		if (known) return await known;
		const own = this.wanted.filter((one) => one.profileId === profileId);
		const messages = this.reader.read(profileId, {
			metrics: messageMetrics,
			until: Math.max(...own.map(({ before }) => before)),
			limit: Math.max(...own.map(({ count }) => count)) + own.length + BETWEEN,
		});
		this.byProfile.set(profileId, messages);
		return await messages;
	}
}
