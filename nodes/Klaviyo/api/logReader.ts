/** Reads what the event log has at given times, in as few pages as possible. */
import type { IDataObject } from 'n8n-workflow';
import type { Identifiers } from '../../../domain/tracking/event';
import { type Klaviyo, type Page, pagesOf } from './client';
import { eventQuery, EVENTS_PATH, readTogether } from './eventReader';
import { eventResource, type EventResource, profileResource } from './wire';

export interface LoggedEvent {
	metricId: string | null;
	uniqueId: string;
	profile: Identifiers;
}

export interface LogSelection {
	metricIds: readonly string[];
	/** Whether to read who the events belong to. */
	withProfiles: boolean;
	/** The most pages to read. */
	pages: number;
}

export interface LogRead {
	logged: LoggedEvent[];
	/** Milliseconds since 1970 from which nothing was read; Infinity if everything was. */
	unreadFrom: number;
}

const ERROR_TITLE = 'Events could not be read';

const wholeSecond = (milliseconds: number): number => Math.floor(milliseconds / 1000) * 1000;

/** @param times milliseconds since 1970. Events in other seconds may be read too, but are skipped where possible */
export async function readLog(
	klaviyo: Klaviyo,
	{ metricIds, withProfiles, pages }: LogSelection,
	times: readonly number[],
): Promise<LogRead> {
	const seconds = [...new Set(times.map(wholeSecond))].sort((a, b) => a - b);
	const until = seconds.at(-1);
	if (until === undefined) return { logged: [], unreadFrom: Infinity };
	const fields: IDataObject = {
		'fields[event]': 'datetime,event_properties,timestamp',
		...(withProfiles
			? { include: 'profile', 'fields[profile]': 'email,external_id,phone_number' }
			: {}),
	};
	let pagesLeft = pages;
	const scan = async (ids: readonly string[]): Promise<LogRead> => {
		const logged: LoggedEvent[] = [];
		let [since, ...later] = seconds;
		while (since !== undefined) {
			if (pagesLeft === 0) return { logged, unreadFrom: since };
			pagesLeft -= 1;
			const query = { ...eventQuery(ids, { since, until }), ...fields };
			for await (const page of pagesOf(klaviyo, ERROR_TITLE, eventResource, EVENTS_PATH, query)) {
				logged.push(...loggedOf(page));
				const end = page.data.map(timeOf).findLast((time) => time !== undefined);
				if (!page.links?.next || end === undefined) return { logged, unreadFrom: Infinity };
				[since, ...later] = [since, ...later].filter((time) => time >= end);
				// The page's last second may continue on the next page. Otherwise start again at the next time asked for: what
				// lies between is skipped.
				if (since !== end || pagesLeft === 0) break;
				pagesLeft -= 1;
			}
		}
		return { logged, unreadFrom: Infinity };
	};
	const reads = await readTogether(klaviyo, metricIds, scan);
	return {
		logged: reads.flatMap(({ logged }) => logged),
		unreadFrom: Math.min(...reads.map(({ unreadFrom }) => unreadFrom)),
	};
}

function timeOf({ attributes: { timestamp, datetime } }: EventResource): number | undefined {
	const time = timestamp ? timestamp * 1000 : Date.parse((datetime ?? '').replace(' ', 'T'));
	return Number.isNaN(time) ? undefined : wholeSecond(time);
}

function loggedOf({ data, included }: Page<EventResource>): LoggedEvent[] {
	const profiles = new Map<string, Identifiers>();
	for (const resource of included ?? []) {
		const parsed = profileResource.safeParse(resource);
		if (!parsed.success) continue;
		const { id, attributes } = parsed.data;
		profiles.set(id, {
			...(attributes.email ? { email: attributes.email } : {}),
			...(attributes.phone_number ? { phone_number: attributes.phone_number } : {}),
			...(attributes.external_id ? { external_id: attributes.external_id } : {}),
		});
	}
	return data.flatMap(({ attributes, relationships }) => {
		const uniqueId = attributes.event_properties?.$event_id;
		if (typeof uniqueId !== 'string' && typeof uniqueId !== 'number') return [];
		const id = relationships?.profile?.data?.id;
		return {
			metricId: relationships?.metric?.data?.id ?? null,
			uniqueId: String(uniqueId),
			profile: id === undefined ? {} : { ...profiles.get(id), id },
		};
	});
}
