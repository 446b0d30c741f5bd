/** What was texted before a text that opens a ticket, so that the agent sees what the customer answers to. */
import { type JsonObject, NodeApiError } from 'n8n-workflow';
import type { TextEvent } from '../../../../domain/items';
import type { Klaviyo } from '../../api/client';
import { HistoryReader, messageMetrics } from '../../api/history';

export type PlainText = Omit<TextEvent, 'raw'>;

export const withoutRaw = ({ raw: _raw, ...text }: TextEvent): PlainText => text;

export interface WantedHistory {
	/** Null where Klaviyo knows no such profile. */
	profileId: string | null;
	/** Milliseconds since 1970: what is older counts. */
	before: number;
	/** How many texts; 0 for none. */
	count: number;
}

export interface RecentTexts {
	/** Oldest first. */
	history: PlainText[];
	/** Why there is none. */
	historyError?: string;
}

/** Room for what was texted between the texts of one customer in one execution. */
const BETWEEN = 100;

/** Reads a customer's history once, however many of their texts are in the execution. */
export class RecentHistory {
	private readonly reader: HistoryReader;

	private readonly byProfile = new Map<string, Promise<TextEvent[]>>();

	/** @param wanted of every item, so that one read does for all of a customer's */
	constructor(
		private readonly klaviyo: Klaviyo,
		private readonly wanted: readonly WantedHistory[],
	) {
		this.reader = new HistoryReader(klaviyo);
	}

	/** Never fails: a text without its history is better than none. */
	async of({ profileId, before, count }: WantedHistory): Promise<RecentTexts> {
		if (profileId === null) return { history: [] };
		try {
			const texts = await this.textsWith(profileId);
			const earlier = texts.filter(({ sentAt }) => Date.parse(sentAt) < before);
			return { history: earlier.slice(-count).map(withoutRaw) };
		} catch (error) {
			const { message } = new NodeApiError(this.klaviyo.context.getNode(), error as JsonObject);
			return { history: [], historyError: message };
		}
	}

	private async textsWith(profileId: string): Promise<TextEvent[]> {
		const known = this.byProfile.get(profileId);
		if (known) return await known;
		const own = this.wanted.filter((one) => one.profileId === profileId);
		const texts = this.reader.read(profileId, {
			metrics: messageMetrics,
			until: Math.max(...own.map(({ before }) => before)),
			limit: Math.max(...own.map(({ count }) => count)) + own.length + BETWEEN,
		});
		this.byProfile.set(profileId, texts);
		return await texts;
	}
}
