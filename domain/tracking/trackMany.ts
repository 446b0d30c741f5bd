/**
 * Records many events, each once. A single event is safe by itself: Klaviyo ignores a repeat on the same profile. An event
 * that is unique across profiles and may have been recorded before is looked for first: its customer may have changed, or
 * be identified in another way since. A bulk job is not safe: one repeated unique id fails the whole job, perhaps
 * silently. So what may be recorded already is looked for and left out of jobs, and afterwards the log is searched for
 * what the jobs should have recorded. What is missing is sent one by one.
 * https://developers.klaviyo.com/en/reference/bulk_create_events
 */
import { identityOf, MAX_EVENT_BYTES, type MetricEvent, sizeOf } from './event';

/** `unknown`: no clear answer. The job may be processed, now or later. */
export type JobAnswer = 'accepted' | 'refused' | 'unknown';

export interface LogLookup {
	/** Events that the log shows. */
	shown: ReadonlySet<MetricEvent>;
	/** Events of which nothing is known: the log could not be read, or is too long. */
	unread: ReadonlySet<MetricEvent>;
}

/** What these rules need from Klaviyo. */
export interface EventLog {
	/** Milliseconds since 1970. */
	now(): number;
	sleep(milliseconds: number): Promise<void>;
	lookFor(events: readonly MetricEvent[]): Promise<LogLookup>;
	sendJob(events: readonly MetricEvent[]): Promise<JobAnswer>;
	/** Sends each by itself. @returns the events that could not be sent, each with its error */
	sendSingly(events: readonly MetricEvent[]): Promise<ReadonlyMap<MetricEvent, unknown>>;
}

/**
 * `duplicate`: a repeat, in the list or in Klaviyo. `unconfirmed`: a job accepted it, and `confirm` was off.
 */
export type TrackOutcome = 'tracked' | 'duplicate' | 'unconfirmed' | { error: unknown };

export interface TrackOptions {
	/** Whether to check that the events of jobs were recorded. */
	confirm: boolean;
	/** How long to wait for them at most, in milliseconds. */
	retryForMs: number;
}

/** Fewer events go one by one: that needs no reading of the log and no waiting. See docs/decisions/0013. */
export const MIN_BULK_EVENTS = 50;
/** Klaviyo's limit. */
const MAX_JOB_EVENTS = 1000;
/** A refused job of so many events or fewer goes one by one: of 150 jobs a minute, one is worth 23 of 3,500 single events. */
const MIN_SPLIT_EVENTS = 50;
/** After so many refusals, halving jobs costs more than sending their events one by one. */
const MAX_REFUSALS = 20;
const FIRST_PAUSE = 1000;
const MAX_PAUSE = 30_000;

/** How long, in milliseconds, an event is so new that only one run has it and its customer has not changed. */
const FRESH = 60_000;
const isFresh = ({ time }: MetricEvent, now: number): boolean => now - Date.parse(time) <= FRESH;

/** The guards. A test takes each out in turn, to show what it is for. */
export const trackingRules = {
	goesSingly: (count: number): boolean => count < MIN_BULK_EVENTS,
	largestJob: MAX_JOB_EVENTS,
	/** Whether a single event may be recorded already, on another profile. */
	mayBeElsewhere: (event: MetricEvent, now: number): boolean =>
		event.isUniqueForAll === true && !isFresh(event, now),
	/** Whether a refused job is tried again in halves. */
	isHalved: (count: number, refusals: number): boolean =>
		count > MIN_SPLIT_EVENTS && refusals <= MAX_REFUSALS,
	/** Whether an event for a job may be recorded already: then it is left out, or goes one by one if nobody knows. */
	looksFirst: (event: MetricEvent, now: number): boolean =>
		event.isUniqueForAll !== true || !isFresh(event, now),
	/** A lost response says nothing: such events are checked whatever the options say. */
	mustConfirm: (answer: JobAnswer, { confirm }: TrackOptions): boolean =>
		confirm || answer === 'unknown',
	/** If an event is not recorded in time, its job may have failed or still be running. A single event is safe in both cases. */
	repairsSingly: (): boolean => true,
};
export type TrackingRules = typeof trackingRules;

/** By `identityOf`: events that were sent. If the log shows one at the next try of the same run, it is this run's own. */
export type AttemptedEvents = Set<string>;

/**
 * @param attempted is filled in, for the next try of the same run
 * @returns the outcome of each event given
 */
export async function trackMany(
	events: readonly MetricEvent[],
	log: EventLog,
	options: TrackOptions,
	rules: TrackingRules = trackingRules,
	attempted: AttemptedEvents = new Set(),
): Promise<Map<MetricEvent, TrackOutcome>> {
	const firsts = new Map<string, MetricEvent>();
	for (const event of events) {
		const identity = identityOf(event);
		if (!firsts.has(identity)) firsts.set(identity, event);
	}
	const before = new Set(attempted);
	const isAttempted = (event: MetricEvent): boolean => before.has(identityOf(event));
	const outcomes = await trackDistinct(
		[...firsts.values()],
		notingSent(log, attempted),
		options,
		rules,
	);
	const outcomeOf = (event: MetricEvent): TrackOutcome => {
		const first = firsts.get(identityOf(event)) ?? event;
		const found = outcomes.get(first) ?? 'tracked';
		const outcome = found === 'duplicate' && isAttempted(first) ? 'tracked' : found;
		return first === event || typeof outcome === 'object' ? outcome : 'duplicate';
	};
	return new Map(events.map((event) => [event, outcomeOf(event)]));
}

/** The log, noting what is sent. */
function notingSent(log: EventLog, attempted: AttemptedEvents): EventLog {
	const note = (events: readonly MetricEvent[]): void => {
		for (const event of events) attempted.add(identityOf(event));
	};
	return {
		now: () => log.now(),
		sleep: async (milliseconds) => await log.sleep(milliseconds),
		lookFor: async (events) => await log.lookFor(events),
		async sendJob(events) {
			note(events);
			return await log.sendJob(events);
		},
		async sendSingly(events) {
			note(events);
			return await log.sendSingly(events);
		},
	};
}

const NOTHING_SEEN: LogLookup = { shown: new Set(), unread: new Set() };

type Outcomes = Map<MetricEvent, TrackOutcome>;

async function trackDistinct(
	events: readonly MetricEvent[],
	log: EventLog,
	options: TrackOptions,
	rules: TrackingRules,
): Promise<Outcomes> {
	const outcomes: Outcomes = new Map();
	const singly = async (some: readonly MetricEvent[]): Promise<void> => {
		if (some.length === 0) return;
		const failed = await log.sendSingly(some);
		for (const event of some)
			outcomes.set(event, failed.has(event) ? { error: failed.get(event) } : 'tracked');
	};
	if (rules.goesSingly(events.length)) {
		const late = events.filter((event) => rules.mayBeElsewhere(event, log.now()));
		// If the log cannot be read, the event is sent all the same: not recording it at all would be worse.
		const { shown } = late.length > 0 ? await log.lookFor(late) : NOTHING_SEEN;
		for (const event of shown) outcomes.set(event, 'duplicate');
		await singly(events.filter((event) => !shown.has(event)));
		return outcomes;
	}
	const known = events.filter((event) => rules.looksFirst(event, log.now()));
	const { shown, unread } = known.length > 0 ? await log.lookFor(known) : NOTHING_SEEN;
	for (const event of shown) outcomes.set(event, 'duplicate');
	const isUnread = (event: MetricEvent): boolean => unread.has(event) && !shown.has(event);
	const jobs = jobsOf(
		events.filter((event) => !shown.has(event) && !unread.has(event)),
		rules,
	);
	const sent = await sendJobs(jobs, log, options, rules);
	for (const event of sent.unconfirmed) outcomes.set(event, 'unconfirmed');
	await singly([...events.filter(isUnread), ...sent.refused]);
	const missing = await waitFor(sent.toConfirm, log, options.retryForMs, outcomes);
	if (rules.repairsSingly()) await singly(missing);
	else await sendJobs(jobsOf(missing, rules), log, options, rules);
	return outcomes;
}

/** In order of time, so that events to be looked up are close together in the log. */
function jobsOf(events: readonly MetricEvent[], { largestJob }: TrackingRules): MetricEvent[][] {
	const jobs: MetricEvent[][] = [];
	let room = 0;
	for (const event of [...events].sort((a, b) => Date.parse(a.time) - Date.parse(b.time))) {
		const size = sizeOf(event);
		const last = jobs.at(-1);
		if (last !== undefined && last.length < largestJob && size <= room) last.push(event);
		else {
			jobs.push([event]);
			room = MAX_EVENT_BYTES;
		}
		room -= size;
	}
	return jobs;
}

interface SentJobs {
	toConfirm: MetricEvent[];
	unconfirmed: MetricEvent[];
	/** Not accepted: to be sent one by one. */
	refused: MetricEvent[];
}

async function sendJobs(
	jobs: readonly MetricEvent[][],
	log: EventLog,
	options: TrackOptions,
	rules: TrackingRules,
): Promise<SentJobs> {
	const sent: SentJobs = { toConfirm: [], unconfirmed: [], refused: [] };
	const open = [...jobs];
	let refusals = 0;
	for (let job = open.shift(); job !== undefined; job = open.shift()) {
		const answer = await log.sendJob(job);
		if (answer !== 'refused') {
			sent[rules.mustConfirm(answer, options) ? 'toConfirm' : 'unconfirmed'].push(...job);
			continue;
		}
		refusals += 1;
		const half = Math.ceil(job.length / 2);
		if (rules.isHalved(job.length, refusals)) open.unshift(job.slice(0, half), job.slice(half));
		else sent.refused.push(...job);
	}
	return sent;
}

/** Waits until the log shows the events. @returns those that it did not show in time, or cannot show */
async function waitFor(
	events: readonly MetricEvent[],
	log: EventLog,
	retryForMs: number,
	outcomes: Outcomes,
): Promise<MetricEvent[]> {
	const until = log.now() + retryForMs;
	let missing = [...events];
	for (let pause = FIRST_PAUSE; missing.length > 0; pause = Math.min(pause * 2, MAX_PAUSE)) {
		const left = until - log.now();
		if (left <= 0) return missing;
		await log.sleep(Math.min(pause, left));
		const { shown, unread } = await log.lookFor(missing);
		for (const event of shown) outcomes.set(event, 'tracked');
		missing = missing.filter((event) => !shown.has(event));
		if (missing.every((event) => unread.has(event))) return missing;
	}
	return missing;
}
