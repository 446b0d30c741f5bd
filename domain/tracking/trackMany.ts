/**
 * Recording many events, each once. A single event is safe by itself: Klaviyo ignores a repeat on the same profile. What
 * is unique for all profiles, and may have been recorded before, is looked for first: meanwhile its person may be
 * another, or have another name. A bulk job is not safe: one repeated unique id fails all of it, perhaps without a word.
 * So what is there already is left out of jobs, and what jobs were to bring is looked for afterwards; what is missing
 * goes one by one.
 * https://developers.klaviyo.com/en/reference/bulk_create_events
 */
import { identityOf, LARGEST_EVENT, type MetricEvent, sizeOf } from './event';

/** `unknown`: no clear answer. It may be processed, now or later. */
export type JobAnswer = 'accepted' | 'refused' | 'unknown';

export interface Looked {
	/** Those that the log shows. */
	shown: ReadonlySet<MetricEvent>;
	/** Those of which nothing is known: the log could not be read, or is too long. */
	unread: ReadonlySet<MetricEvent>;
}

/** Klaviyo, as these rules see it. */
export interface EventLog {
	/** Milliseconds since 1970. */
	now(): number;
	sleep(milliseconds: number): Promise<void>;
	lookFor(events: readonly MetricEvent[]): Promise<Looked>;
	sendJob(events: readonly MetricEvent[]): Promise<JobAnswer>;
	/** Sends each by itself. @returns those that could not be sent, with the error */
	sendSingly(events: readonly MetricEvent[]): Promise<ReadonlyMap<MetricEvent, unknown>>;
}

/**
 * `duplicate`: of a repeat, in the list or at Klaviyo. `unconfirmed`: a job took it, and nobody was to look whether it
 * arrived.
 */
export type TrackOutcome = 'tracked' | 'duplicate' | 'unconfirmed' | { error: unknown };

export interface TrackOptions {
	/** Whether to look if the events of jobs have arrived. */
	confirm: boolean;
	/** Milliseconds to wait for them at most. */
	retryForMs: number;
}

/**
 * Fewer go one by one: that needs no look into the log and no wait, and takes a twelfth of Klaviyo's minute (3,500
 * events). See docs/decisions/0013.
 */
export const BULK_FROM = 300;
/** Klaviyo's limit. */
const LARGEST_JOB = 1000;
/** A refused job of so many goes one by one: one of 150 jobs a minute is worth 23 of 3,500 single events. */
const SMALLEST_JOB = 50;
/** When jobs are refused so often, halving costs more than sending their events one by one. */
const MOST_REFUSALS = 20;
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;

/** How long, in milliseconds, an event is so new that only one run has it, and its person is the one it happened to. */
const FRESH = 60_000;

/** The guards, each by itself, so that a test can take one out. */
export const trackingRules = {
	goesSingly: (count: number): boolean => count < BULK_FROM,
	largestJob: LARGEST_JOB,
	/** Whether a single event may be there, on whichever profile. */
	mayBeElsewhere: ({ isUniqueForAll, time }: MetricEvent, now: number): boolean =>
		isUniqueForAll === true && now - Date.parse(time) > FRESH,
	/** Whether a refused job is tried again in halves. */
	isHalved: (count: number, refusals: number): boolean =>
		count > SMALLEST_JOB && refusals <= MOST_REFUSALS,
	/** What the log has is left out of jobs; what could not be looked for goes one by one. */
	looksFirst: (): boolean => true,
	/** An answer that was lost says nothing: such events are looked for whatever the options say. */
	mustConfirm: (answer: JobAnswer, { confirm }: TrackOptions): boolean =>
		confirm || answer === 'unknown',
	/** What did not arrive in time may have failed as a job, and may yet arrive: both bear a single event. */
	repairsSingly: (): boolean => true,
};
export type TrackingRules = typeof trackingRules;

/** @returns the outcome of each event given */
export async function trackMany(
	events: readonly MetricEvent[],
	log: EventLog,
	options: TrackOptions,
	rules: TrackingRules = trackingRules,
): Promise<Map<MetricEvent, TrackOutcome>> {
	const firsts = new Map<string, MetricEvent>();
	for (const event of events) {
		const identity = identityOf(event);
		if (!firsts.has(identity)) firsts.set(identity, event);
	}
	const outcomes = await trackDistinct([...firsts.values()], log, options, rules);
	const outcomeOf = (event: MetricEvent): TrackOutcome => {
		const first = firsts.get(identityOf(event)) ?? event;
		const outcome = outcomes.get(first) ?? 'tracked';
		return first === event || typeof outcome === 'object' ? outcome : 'duplicate';
	};
	return new Map(events.map((event) => [event, outcomeOf(event)]));
}

const NOTHING_SEEN: Looked = { shown: new Set(), unread: new Set() };

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
		// Where the log cannot be read, it is sent all the same: not to be recorded at all would be worse.
		const { shown } = late.length > 0 ? await log.lookFor(late) : NOTHING_SEEN;
		for (const event of shown) outcomes.set(event, 'duplicate');
		await singly(events.filter((event) => !shown.has(event)));
		return outcomes;
	}
	const { shown, unread } = rules.looksFirst() ? await log.lookFor(events) : NOTHING_SEEN;
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

/** In order of time, so that what is looked for stands close together in the log. */
function jobsOf(events: readonly MetricEvent[], { largestJob }: TrackingRules): MetricEvent[][] {
	const jobs: MetricEvent[][] = [];
	let room = 0;
	for (const event of [...events].sort((a, b) => Date.parse(a.time) - Date.parse(b.time))) {
		const size = sizeOf(event);
		const last = jobs.at(-1);
		if (last !== undefined && last.length < largestJob && size <= room) last.push(event);
		else {
			jobs.push([event]);
			room = LARGEST_EVENT;
		}
		room -= size;
	}
	return jobs;
}

interface SentJobs {
	toConfirm: MetricEvent[];
	unconfirmed: MetricEvent[];
	/** Not sent: they are to go one by one. */
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

/** Waits until the log shows them. @returns those that it did not show in time */
async function waitFor(
	events: readonly MetricEvent[],
	log: EventLog,
	retryForMs: number,
	outcomes: Outcomes,
): Promise<MetricEvent[]> {
	const until = log.now() + retryForMs;
	let missing = [...events];
	for (let pause = FIRST_PAUSE; missing.length > 0; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
		const left = until - log.now();
		if (left <= 0) return missing;
		await log.sleep(Math.min(pause, left));
		const { shown } = await log.lookFor(missing);
		for (const event of shown) outcomes.set(event, 'tracked');
		missing = missing.filter((event) => !shown.has(event));
	}
	return missing;
}
