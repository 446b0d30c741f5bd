/** The event log port of `domain/tracking/trackMany.ts`, over HTTP. */
import { sleep } from 'n8n-workflow';
import pLimit from 'p-limit';
import { isSameProfile, type Identifiers, type MetricEvent } from '../../../domain/tracking/event';
import type { EventLog, LogLookup } from '../../../domain/tracking/trackMany';
import { asRefusal } from '../../shared/transport';
import type { Klaviyo } from './client';
import { BULK_RETRY_FOR_MS, createEvent, createEvents } from './eventWriter';
import { trackedMetricIds } from './metrics';
import { readLog } from './logReader';

/** Single events in parallel. At a tenth of a second each, this is within the 350 a second that Klaviyo accepts. */
const CONCURRENCY = 20;

/** Pages per look-up: reading more than a page for a hundred events costs more than sending them one by one. */
const pagesFor = (count: number): number => Math.max(10, Math.ceil(count / 100));

export const eventLogOf = (klaviyo: Klaviyo): EventLog => ({
	now: () => Date.now(),
	sleep,

	async lookFor(events) {
		try {
			return await lookFor(klaviyo, events);
		} catch (error) {
			const refusal = asRefusal(klaviyo, error);
			// With a refused credential nothing else would work either. Any other error only keeps the log from being read.
			if (refusal.httpCode === '401') throw refusal;
			return { shown: new Set(), unread: new Set(events) };
		}
	},

	sendJob: async (events) => await createEvents(klaviyo, events),

	async sendSingly(events) {
		const limit = pLimit(CONCURRENCY);
		const failed = new Map<MetricEvent, unknown>();
		const send = async (event: MetricEvent): Promise<void> => {
			try {
				await createEvent(klaviyo, event, BULK_RETRY_FOR_MS);
			} catch (error) {
				failed.set(event, error);
			}
		};
		await Promise.all(events.map((event) => limit(send, event)));
		return failed;
	},
});

const keyOf = (metricId: string | null, uniqueId: string): string => `${metricId}\n${uniqueId}`;

async function lookFor(klaviyo: Klaviyo, events: readonly MetricEvent[]): Promise<LogLookup> {
	const ids = await trackedMetricIds(klaviyo, new Set(events.map(({ name }) => name)));
	const wanted = events.filter(({ name }) => ids.has(name));
	const { logged, unreadFrom } = await readLog(
		klaviyo,
		{
			metricIds: [...new Set(wanted.flatMap(({ name }) => ids.get(name) ?? []))],
			withProfiles: wanted.some(({ isUniqueForAll }) => !isUniqueForAll),
			pages: pagesFor(events.length),
		},
		wanted.map(({ time }) => Date.parse(time)),
	);
	const profiles = new Map<string, Identifiers[]>();
	for (const { metricId, uniqueId, profile } of logged) {
		const key = keyOf(metricId, uniqueId);
		profiles.set(key, [...(profiles.get(key) ?? []), profile]);
	}
	const isShown = ({ name, uniqueId, isUniqueForAll, profile }: MetricEvent): boolean =>
		(ids.get(name) ?? []).some((id) => {
			const known = profiles.get(keyOf(id, uniqueId)) ?? [];
			return isUniqueForAll ? known.length > 0 : known.some((one) => isSameProfile(one, profile));
		});
	const shown = new Set(wanted.filter(isShown));
	const unread = wanted.filter(({ time }) => Date.parse(time) >= unreadFrom);
	return { shown, unread: new Set(unread.filter((event) => !shown.has(event))) };
}
