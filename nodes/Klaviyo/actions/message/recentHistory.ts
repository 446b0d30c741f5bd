/** The messages before one that opens a ticket, so that the agent sees what the customer answers. */
import type { MessageEvent } from '../../../../domain/items';
import { asRefusal } from '../../../shared/transport';
import type { Klaviyo } from '../../api/client';
import { historyMetrics, readHistory } from '../../api/messageHistory';

export type PlainMessage = Omit<MessageEvent, 'raw'>;

export const withoutRaw = ({ raw: _raw, ...message }: MessageEvent): PlainMessage => message;

export interface WantedHistory {
	/** Null if Klaviyo has no such profile. */
	profileId: string | null;
	/** Milliseconds since 1970: only older messages count. */
	before: number;
	/** How many messages; 0 for none. */
	count: number;
}

export interface RecentMessages {
	/** Oldest first. */
	history: PlainMessage[];
	/** Why the history is missing. */
	historyError?: string;
}

/** Room for messages between those that one customer has in one execution. */
const EXTRA_MESSAGES = 100;

/** Reads a customer's history once, however many messages they have in the execution. */
export class RecentHistory {
	private readonly byProfile = new Map<string, Promise<MessageEvent[]>>();

	/** @param wanted for each item, so that one read serves all items of a customer */
	constructor(
		private readonly klaviyo: Klaviyo,
		private readonly wanted: readonly WantedHistory[],
	) {}

	/** Never throws: a message without its history is better than no message. */
	async of({ profileId, before, count }: WantedHistory): Promise<RecentMessages> {
		if (profileId === null) return { history: [] };
		try {
			const messages = await this.messagesWith(profileId);
			const earlier = messages.filter(({ sentAt }) => Date.parse(sentAt) < before);
			return { history: earlier.slice(-count).map(withoutRaw) };
		} catch (error) {
			return { history: [], historyError: asRefusal(this.klaviyo, error).message };
		}
	}

	private async messagesWith(profileId: string): Promise<MessageEvent[]> {
		const known = this.byProfile.get(profileId);
		if (known) return await known;
		const own = this.wanted.filter((one) => one.profileId === profileId);
		const messages = readHistory(this.klaviyo, profileId, {
			metrics: historyMetrics,
			until: Math.max(...own.map(({ before }) => before)),
			limit: Math.max(...own.map(({ count }) => count)) + own.length + EXTRA_MESSAGES,
		});
		this.byProfile.set(profileId, messages);
		return await messages;
	}
}
