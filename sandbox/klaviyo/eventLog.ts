import { firstPlace } from '../lookup';
import type { Event } from './model';

/** What to read of the log. */
export interface EventsWanted {
	/** Ids of the metrics, all when undefined. */
	metrics: readonly string[] | undefined;
	/** Ids of the profiles, all when undefined. */
	profiles: readonly string[] | undefined;
	/** Bounds of `at`, both inclusive. */
	from: number;
	to: number;
	descends: boolean;
	/** The event after which to begin. */
	after: Event | undefined;
	isWanted(event: Event): boolean;
	most: number;
}

const order = (a: Event, b: Event): number =>
	a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** The events that the account shows, by id and sorted by time, so that reading a few of very many is quick. */
export class EventLog extends Map<string, Event> {
	private readonly byMetric = new Map<string, Event[]>();
	private readonly byProfile = new Map<string, Event[]>();
	private readonly names = new Map<string, Set<string>>();

	add(event: Event): void {
		if (this.has(event.id)) return;
		this.set(event.id, event);
		insert(this.byMetric, event.metric.id, event, order);
		insert(this.byProfile, event.profileId, event, (a, b) => a.at - b.at);
		const names = this.names.get(event.metric.id) ?? new Set();
		for (const name of Object.keys(event.properties)) names.add(name);
		this.names.set(event.metric.id, names);
	}

	/** Events of a profile, oldest first; within a second in the order in which they were recorded. */
	ofProfile(profileId: string): readonly Event[] {
		return this.byProfile.get(profileId) ?? [];
	}

	hasMetric(metricId: string): boolean {
		return this.byMetric.has(metricId);
	}

	/** Names of the properties that a metric's events have had. */
	propertyNames(metricId: string): string[] {
		return [...(this.names.get(metricId) ?? [])];
	}

	/** The first `most` events that are wanted, in order of time, those of one second by id. */
	read({ metrics, profiles, from, to, descends, after, isWanted, most }: EventsWanted): Event[] {
		const lists =
			profiles === undefined
				? [...this.byMetric].flatMap(([id, list]) =>
						metrics === undefined || metrics.includes(id) ? [list] : [],
					)
				: [...new Set(profiles)].map((id) => [...this.ofProfile(id)].sort(order));
		const heads = lists.map((list) => {
			const low = firstPlace(
				list,
				(event) => event.at >= from && (descends || after === undefined || order(event, after) > 0),
			);
			const high = firstPlace(
				list,
				(event) => event.at > to || (descends && after !== undefined && order(event, after) >= 0),
			);
			return { list, next: descends ? high - 1 : low, last: descends ? low : high - 1 };
		});
		const step = descends ? -1 : 1;
		const found: Event[] = [];
		while (found.length < most) {
			let first: { head: (typeof heads)[number]; event: Event } | undefined;
			for (const head of heads) {
				const event = (head.last - head.next) * step >= 0 ? head.list[head.next] : undefined;
				if (event === undefined) continue;
				if (first === undefined || order(event, first.event) * step < 0) first = { head, event };
			}
			if (first === undefined) break;
			first.head.next += step;
			if (isWanted(first.event)) found.push(first.event);
		}
		return found;
	}
}

function insert(
	lists: Map<string, Event[]>,
	id: string,
	event: Event,
	by: (a: Event, b: Event) => number,
): void {
	const list = lists.get(id);
	if (list === undefined) lists.set(id, [event]);
	else
		list.splice(
			firstPlace(list, (known) => by(known, event) > 0),
			0,
			event,
		);
}
