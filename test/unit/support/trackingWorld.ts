/** Several runs that record the same events in a Klaviyo in memory, under a random schedule, and the verdict on its log. */
import { isSameProfile, type Identifiers, type MetricEvent } from '../../../domain/tracking/event';
import {
	type EventLog,
	type JobAnswer,
	type LogLookup,
	trackMany,
	type TrackingRules,
	trackingRules,
	type TrackOutcome,
} from '../../../domain/tracking/trackMany';
import { type Command, type Line, Schedule } from './schedule';

export interface TrackingSettings {
	workers: number;
	/** What a repeated unique id does to a job. */
	repeats: 'refused' | 'swallowed' | 'discarded';
	/** Longest that the log is behind, milliseconds. */
	logLag: number;
	rules?: Partial<TrackingRules>;
	/** Whether the runs are told to look if the events have arrived. */
	confirm: boolean;
	/** How old the events are at first, in milliseconds. */
	age: number;
}

export type TrackingVerdict = Partial<Record<'lost' | 'doubled' | 'untrue' | 'costly', string>>;

/** One person, known by a number and an address. */
const person = (n: number): Required<Pick<Identifiers, 'id' | 'email' | 'phone_number'>> => ({
	id: `P${n}`,
	email: `p${n}@home.co`,
	phone_number: `+1212555012${n}`,
});

const TIME = '2026-11-22T10:00:00.000Z';

/** Eleven events of three people, some of which have one unique id in common. Two repeats stand among them. */
export const someEvents: readonly MetricEvent[] = [
	...Array.from({ length: 8 }, (_, n): MetricEvent => {
		const { email, phone_number } = person(n % 3);
		return {
			name: n % 2 ? 'Opened Ticket' : 'Resolved Ticket',
			uniqueId: `ticket:${n}`,
			isUniqueForAll: true,
			time: TIME,
			profile: n % 4 < 2 ? { email } : { phone_number },
			properties: { n },
		};
	}),
	...[0, 1, 2].map((n): MetricEvent => ({
		name: 'Greeted',
		uniqueId: 'welcome',
		time: TIME,
		profile: { email: person(n).email },
		properties: {},
	})),
];
const listed: readonly MetricEvent[] = [
	...someEvents,
	...someEvents.slice(2, 3),
	// The first's person by another name: no run can know that it is a repeat.
	{ ...(someEvents[8] as MetricEvent), profile: { phone_number: person(0).phone_number } },
];

class World {
	constructor(public now: number) {}

	readonly recorded: Array<{ key: string; event: MetricEvent; visibleAt: number }> = [];

	requests = 0;

	keyOf({ name, uniqueId, profile }: MetricEvent): string {
		const owner = [0, 1, 2].map(person).find((one) => isSameProfile(one, profile));
		return `${owner?.id} ${name} ${uniqueId}`;
	}

	has(key: string): boolean {
		return this.recorded.some((known) => known.key === key);
	}

	record(event: MetricEvent, lag: number): void {
		const key = this.keyOf(event);
		if (!this.has(key)) this.recorded.push({ key, event, visibleAt: this.now + lag });
	}
}

const logFor = (world: World, line: Line, settings: TrackingSettings): EventLog => {
	const lagOf = (lag: number): number => Math.min(lag, settings.logLag);
	return {
		now: () => world.now,
		sleep: line.sleep,
		lookFor: async (events) => {
			const keys = await line.ask<string[] | 'unreadable'>({
				name: 'log',
				serve: () =>
					world.recorded.filter(({ visibleAt }) => visibleAt <= world.now).map(({ key }) => key),
				lost: 'unreadable',
			});
			const looked: LogLookup =
				keys === 'unreadable'
					? { shown: new Set(), unread: new Set(events) }
					: {
							shown: new Set(events.filter((event) => keys.includes(world.keyOf(event)))),
							unread: new Set(),
						};
			return looked;
		},
		sendJob: (events) =>
			line.ask<JobAnswer>({
				name: `job of ${events.length}`,
				serve: (lag) => {
					world.requests += 1;
					const keys = events.map((event) => world.keyOf(event));
					const isRepeated = new Set(keys).size < keys.length || keys.some((key) => world.has(key));
					if (isRepeated && settings.repeats === 'refused') return 'refused';
					if (isRepeated && settings.repeats === 'swallowed') return 'accepted';
					for (const event of events) world.record(event, lagOf(lag));
					return 'accepted';
				},
				lost: 'unknown',
			}),
		sendSingly: async (events) => {
			const failed = new Map<MetricEvent, unknown>();
			for (const event of events) {
				const answer = await line.ask<'sent' | 'lost'>({
					name: event.uniqueId,
					serve: (lag) => {
						world.record(event, lagOf(lag));
						return 'sent';
					},
					lost: 'lost',
				});
				if (answer === 'lost') failed.set(event, 'no answer');
			}
			return failed;
		},
	};
};

const small: Partial<TrackingRules> = {
	goesSingly: () => false,
	largestJob: 5,
	isHalved: (count) => count > 1,
};

export async function playTracking(
	settings: TrackingSettings,
	commands: Command[],
): Promise<{ verdict: TrackingVerdict; log: string[] }> {
	const world = new World(Date.parse(TIME) + settings.age);
	const schedule = new Schedule(world, 12_000);
	const rules = { ...trackingRules, ...small, ...settings.rules };
	const ends: Array<Map<MetricEvent, TrackOutcome>> = [];
	const begin = async (from: number, confirm: boolean): Promise<void> => {
		const events = [...listed.slice(from), ...listed.slice(0, from)];
		await schedule.start(`run${schedule.workers.length}`, async (line) => {
			const log = logFor(world, line, settings);
			const end = await trackMany(events, log, { confirm, retryForMs: 60_000 }, rules);
			ends.push(end);
			return [...end.values()].map(String).join(' ');
		});
	};
	for (const command of commands) {
		world.now += 20;
		if (command.do === 'start' && schedule.workers.length < settings.workers)
			await begin(command.item, settings.confirm);
		if (command.do === 'step') {
			const ready = schedule.workers.filter((worker) => worker.ready);
			await ready[command.worker % ready.length]?.step(command.fault, command.lag);
		}
		if (command.do === 'arrive') schedule.arrive();
		if (command.do === 'pass') schedule.pass(command.time);
	}
	schedule.markCompleted();
	await schedule.drain();
	const verdict: TrackingVerdict = {};
	// What a run said to be recorded is recorded, before anybody comes by again.
	for (const end of ends)
		for (const [event, outcome] of end)
			if ((outcome === 'tracked' || outcome === 'duplicate') && !world.has(world.keyOf(event)))
				verdict.untrue = `${event.uniqueId} is said to be ${outcome}`;
	world.requests = 0;
	await begin(0, settings.confirm);
	await schedule.drain();
	for (const event of listed) if (!world.has(world.keyOf(event))) verdict.lost = world.keyOf(event);
	for (const event of someEvents) {
		const times = world.recorded.filter(({ key }) => key === world.keyOf(event)).length;
		if (times > 1) verdict.doubled = `${event.uniqueId} ${times} times`;
	}
	if (world.requests > 30) verdict.costly = `${world.requests} jobs`;
	return { verdict, log: schedule.log };
}
