/** The once port of `domain/message/sendOnce.ts`: reserves a key by an event, and sends a message or lets a flow do so. */
import { NodeOperationError, sleep } from 'n8n-workflow';
import type { ConversationChannel } from '../../../domain/channel';
import type { OncePort, Reservation } from '../../../domain/message/sendOnce';
import { sendingsIn } from '../../../domain/reply/shown';
import { isLoggedAs } from '../../../domain/reply/words';
import { eventFault, type MetricEvent } from '../../../domain/tracking/event';
import { processMemory } from '../../shared/processMemory';
import type { Klaviyo } from './client';
import { eventsOf } from './eventReader';
import { trackedMetricIds } from './metrics';
import { sendEvent, sendMessage } from './sendMessage';
import { isWordless, messagesSince, orUnreadable } from './sentMessages';
import { eventResource } from './wire';

/** Shown on the customer's timeline. Recorded as backfill, so it starts no flow. */
export const RESERVING_METRIC = 'n8n Message';

/** Milliseconds within which a request that failed is made again. */
const SENDS_FOR = 60_000;

/** Milliseconds to wait for Klaviyo to show an event that it has accepted. */
const SHOWN_AFTER = [0, 1000, 2000, 4000, 8000, 15_000] as const;

export interface MessageToSend {
	/** Null if the message is sent once in its execution only, which this process knows. */
	key: string | null;
	profileId: string;
	channel: ConversationChannel;
	words: string;
}

interface Recorded extends Reservation {
	key: string;
}

/** By account and name. A metric's ids stay. */
const knownIds = processMemory<string[]>();

async function idsOf(klaviyo: Klaviyo, metric: string): Promise<string[]> {
	const name = `${klaviyo.account} ${metric}`;
	const known = knownIds.get(name);
	if (known) return known;
	const ids = (await trackedMetricIds(klaviyo, new Set([metric]))).get(metric) ?? [];
	if (ids.length > 0) knownIds.set(name, ids);
	return ids;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What is recorded under a metric for a profile, oldest first. */
async function recordedOf(
	klaviyo: Klaviyo,
	metric: string,
	profileId: string,
): Promise<Recorded[]> {
	const ids = await idsOf(klaviyo, metric);
	const events = await Promise.all(
		ids.map(async (id) => await eventsOf(klaviyo, [id], { profileId })),
	);
	return events.flat().flatMap((raw) => {
		const {
			timestamp,
			datetime,
			event_properties: properties,
		} = eventResource.safeParse(raw).data?.attributes ?? {};
		const at = timestamp ? timestamp * 1000 : Date.parse(datetime ?? '');
		const key = textOf(properties?.message_key);
		return key ? [{ key, run: textOf(properties?.run), words: textOf(properties?.body), at }] : [];
	});
}

/** @param key the message's, or another that is unique to it */
const eventOf = (
	metric: string,
	key: string,
	{ profileId, channel, words }: MessageToSend,
	run: string,
): MetricEvent => ({
	name: metric,
	uniqueId: `send:${key}`,
	time: new Date().toISOString(),
	profile: { id: profileId },
	properties: { body: words, channel, message_key: key, run },
});

/** @throws NodeOperationError if Klaviyo does not say that it recorded the event */
async function record(klaviyo: Klaviyo, event: MetricEvent): Promise<void> {
	const fault = eventFault(event, Date.now());
	const answer = fault
		? { rejected: fault }
		: await sendEvent(klaviyo, event, Date.now() + SENDS_FOR);
	if (answer === 'accepted') return;
	const isRefused = typeof answer === 'object';
	throw new NodeOperationError(
		klaviyo.context.getNode(),
		isRefused
			? `The message was not sent: Klaviyo refused to record '${event.name}'. ${answer.rejected}`
			: `Klaviyo did not confirm that it recorded '${event.name}'`,
		{
			description: isRefused
				? 'The credential needs the permission to write events (events:write).'
				: 'Run the item again. With the same key, the message is sent once, however often this is tried.',
		},
	);
}

const keyed =
	(key: string) =>
	(one: Recorded): boolean =>
		one.key === key;

/** Sends into the customer's conversation, once its key is reserved. */
export function conversationPort(
	klaviyo: Klaviyo,
	message: MessageToSend,
	conversationId: string,
): OncePort {
	const { key, profileId, channel, words } = message;
	const recorded = async () => await recordedOf(klaviyo, RESERVING_METRIC, profileId);
	return {
		async reserve(run) {
			if (key === null) return { run, words, at: Date.now() };
			const event = eventOf(RESERVING_METRIC, key, message, run);
			await record(klaviyo, { ...event, backfill: true });
			for (const wait of SHOWN_AFTER) {
				if (wait > 0) await sleep(wait);
				const first = (await recorded()).find(keyed(key));
				if (first) return first;
			}
			return 'unseen';
		},
		async reservation() {
			return key === null ? undefined : (await recorded()).find(keyed(key));
		},
		send: async () => await sendMessage(klaviyo, conversationId, words, Date.now() + SENDS_FOR),
		async findInLog(sought, since) {
			const look = async () => {
				const messages = await messagesSince(klaviyo, { profileId, channel }, since);
				if (messages === 'unreadable' || messages.some(isWordless)) return 'unreadable';
				const others = key === null ? [] : (await recorded()).filter((one) => !keyed(key)(one));
				return {
					...sendingsIn(messages.filter(({ body }) => isLoggedAs(body, sought))),
					ofOtherKeys: others.filter((one) => one.at >= since && isLoggedAs(one.words, sought))
						.length,
				};
			};
			return await orUnreadable(look());
		},
	};
}

/**
 * Records the event that starts the builder's flow: the event is the message, as far as can be told.
 *
 * @param otherwise the message's key if it has none of its own
 */
export function flowPort(
	klaviyo: Klaviyo,
	message: MessageToSend,
	metric: string,
	otherwise: string,
): OncePort {
	const { key, profileId, words } = message;
	const first = async (): Promise<Reservation | undefined> =>
		key === null ? undefined : (await recordedOf(klaviyo, metric, profileId)).find(keyed(key));
	return {
		async reserve(run) {
			await record(klaviyo, eventOf(metric, key ?? otherwise, message, run));
			const shown = await orUnreadable(first());
			const own = { run, words, at: Date.now() };
			return shown === 'unreadable' ? own : (shown ?? own);
		},
		reservation: first,
		send: async () => await Promise.resolve('accepted'),
		findInLog: async () => await Promise.resolve({ messages: 1, ofOtherKeys: 0 }),
	};
}
