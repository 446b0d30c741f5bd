/** Reading what the event log has at given times, in as few pages as that takes. */
import type { IDataObject } from 'n8n-workflow';
import type { z } from 'zod';
import type { Identifiers } from '../../../domain/tracking/event';
import type { VendorAnswer } from '../../shared/answer';
import { type Klaviyo, ownPath } from './client';
import { ofMetrics, EVENTS_PER_PAGE, second } from './events';
import { eventResource, page, type EventResource, profileResource } from './wire';

export interface LoggedEvent {
	metricId: string | null;
	uniqueId: string;
	profile: Identifiers;
}

export interface LogSelection {
	metricIds: readonly string[];
	/** Whether to read who the events belong to. */
	withProfiles: boolean;
	/** As many are read at most. */
	pages: number;
}

export interface LogRead {
	logged: LoggedEvent[];
	/** Milliseconds since 1970 from which on nothing was read; Infinity when all was. */
	unreadFrom: number;
}

const ERROR_TITLE = 'Events could not be read';
const eventPage = page(eventResource);
type EventPage = z.infer<typeof eventPage>;

const wholeSecond = (milliseconds: number): number => Math.floor(milliseconds / 1000) * 1000;

export class LogReader {
	private pagesLeft: number;

	constructor(
		private readonly klaviyo: Klaviyo,
		private readonly selection: LogSelection,
	) {
		this.pagesLeft = selection.pages;
	}

	/** @param times milliseconds since 1970; what the log has in other seconds may be read too, but is skipped over */
	async read(times: readonly number[]): Promise<LogRead> {
		const { metricIds } = this.selection;
		const seconds = [...new Set(times.map(wholeSecond))].sort((a, b) => a - b);
		if (metricIds.length === 0 || seconds.length === 0) return { logged: [], unreadFrom: Infinity };
		const together = await this.scan(metricIds, seconds);
		if (together !== undefined) return together;
		// Klaviyo's description names single ids only, its changelog lists too: where it takes none, one after the other.
		const reads: LogRead[] = [];
		for (const id of metricIds) {
			const one = await this.scan([id], seconds);
			reads.push(one ?? { logged: [], unreadFrom: 0 });
		}
		return {
			logged: reads.flatMap(({ logged }) => logged),
			unreadFrom: Math.min(...reads.map(({ unreadFrom }) => unreadFrom)),
		};
	}

	/** @returns undefined when Klaviyo does not take several metrics at once */
	private async scan(
		metricIds: readonly string[],
		seconds: readonly number[],
	): Promise<LogRead | undefined> {
		const logged: LoggedEvent[] = [];
		const last = seconds.at(-1) ?? 0;
		let at = 0;
		let cursor: string | undefined;
		for (;;) {
			const from = seconds[at];
			if (from === undefined) return { logged, unreadFrom: Infinity };
			if (this.pagesLeft === 0) return { logged, unreadFrom: from };
			this.pagesLeft -= 1;
			const answer = await this.ask(cursor, metricIds, from, last);
			if (answer.status === 400 && metricIds.length > 1) return undefined;
			const found = this.readPage(answer);
			logged.push(...loggedOf(found));
			const end = found.data.map(timeOf).findLast((time) => time !== undefined);
			const next = found.links?.next;
			if (!next || end === undefined) return { logged, unreadFrom: Infinity };
			// Up to the page's last second, which may go on on the next page. What lies before the next second that is
			// asked for is passed over by beginning anew there.
			const passed = seconds.findIndex((time) => time >= end);
			at = passed === -1 ? seconds.length : passed;
			cursor = seconds[at] === end ? next : undefined;
		}
	}

	private async ask(
		cursor: string | undefined,
		metricIds: readonly string[],
		from: number,
		until: number,
	): Promise<VendorAnswer> {
		const call = { method: 'GET', repeatable: true } as const;
		if (cursor !== undefined) return await this.klaviyo.request({ ...call, path: ownPath(cursor) });
		const conditions = [
			ofMetrics(metricIds),
			`greater-or-equal(datetime,${second(from)})`,
			`less-or-equal(datetime,${second(until)})`,
		];
		const query: IDataObject = {
			filter: `and(${conditions.join(',')})`,
			sort: 'datetime',
			'page[size]': EVENTS_PER_PAGE,
			'fields[event]': 'datetime,event_properties,timestamp',
			...(this.selection.withProfiles
				? { include: 'profile', 'fields[profile]': 'email,external_id,phone_number' }
				: {}),
		};
		return await this.klaviyo.request({ ...call, path: '/api/events', query });
	}

	private readPage(answer: VendorAnswer): EventPage {
		if (answer.status !== 200) throw this.klaviyo.refusal(ERROR_TITLE, answer);
		return this.klaviyo.read(ERROR_TITLE, eventPage, answer);
	}
}

function timeOf({ attributes: { timestamp, datetime } }: EventResource): number | undefined {
	const time = timestamp ? timestamp * 1000 : Date.parse((datetime ?? '').replace(' ', 'T'));
	return Number.isNaN(time) ? undefined : wholeSecond(time);
}

function loggedOf({ data, included }: EventPage): LoggedEvent[] {
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
