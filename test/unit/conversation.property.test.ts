/**
 * The guarantee for inbound messages, over random schedules: workers killed, answers lost, agents acting, lists and audits
 * behind. Then each guard is removed alone, and the same search must find the harm that it prevents.
 */
import fc from 'fast-check';
import { type ConversationRules, limits, openNext } from '../../domain/conversation/rules';
import { type CommandSettings, commands } from './support/commands';
import { seed } from '../support/seed';
import { sizeOf } from '../support/size';
import { playConversation, type Verdict, type WorldSettings } from './support/conversationWorld';
import { deskEvents } from './support/memoryZendesk';

const SCHEDULES = sizeOf({ quick: 1_500, all: 12_000 });
/** Seeds with which a guard's schedules are shown to be harmless while it is in place. */
const CONTROLS = sizeOf({ quick: 300, all: 2_000 });

const lags = [0, 0, 300, 1500, 3000, 30_000, 90_000];
const times = [400, 1000, 2500, 15_000, 900_000, 3 * 3600_000];

const search = async (world: WorldSettings, schedule: Partial<CommandSettings>, runs: number) => {
	const arbitrary = commands({
		items: world.withFlow ? world.messages * 2 : world.messages,
		workers: world.workers,
		events: deskEvents,
		times,
		lags,
		...schedule,
	});
	return fc.check(
		fc.asyncProperty(arbitrary, async (list) => {
			const played = await playConversation(world, list);
			const { log } = played;
			// Without catch-up a message may still be on its way: only what is wrong at once counts.
			const inTheEnd = world.sweeps?.length === 0 ? ['lost', 'stuck', 'missing'] : [];
			// The one that stays solved is not closed either.
			if (world.rules === openNext) inTheEnd.push('twoOpen');
			const verdict: Verdict = Object.fromEntries(
				Object.entries(played.verdict).filter(([name]) => !inTheEnd.includes(name)),
			);
			if (Object.keys(verdict).length > 0) {
				throw Object.assign(new Error(`${JSON.stringify(verdict)}\n${log.join('\n')}`), {
					verdict,
				});
			}
		}),
		{ numRuns: runs },
	);
};

const verdictOf = (error: unknown): Verdict => (error as { verdict?: Verdict }).verdict ?? {};

describe(`every message is added once, to at most one open ticket (seed ${seed})`, () => {
	it.each([
		{ inFlight: '409' as const, listLag: 0 },
		{ inFlight: '409' as const, listLag: 90_000 },
		{ inFlight: 'wait' as const, listLag: 3000 },
	])(
		`over ${SCHEDULES} schedules with $inFlight for a key in flight and lists $listLag ms behind`,
		async (switches) => {
			const world = {
				messages: 3,
				workers: 6,
				skew: 3000,
				switches: { ...switches, auditLag: 1500 },
			};
			const result = await search(world, {}, SCHEDULES);
			expect(result.errorInstance ?? 'no violation').toBe('no violation');
			expect(result.numRuns).toBe(SCHEDULES);
		},
		300_000,
	);
});

describe(`a message that a flow webhook also brings is added once (seed ${seed})`, () => {
	it.each([0, 90_000])(
		`over ${SCHEDULES} schedules with lists %s ms behind`,
		async (listLag) => {
			const switches = { inFlight: '409' as const, listLag, auditLag: 1500 };
			const world = { messages: 2, workers: 6, skew: 3000, withFlow: true, switches };
			const result = await search(world, {}, SCHEDULES);
			expect(result.errorInstance ?? 'no violation').toBe('no violation');
			expect(result.numRuns).toBe(SCHEDULES);
		},
		300_000,
	);
});

describe(`pictures and notes of a message are in its ticket once (seed ${seed})`, () => {
	it.each([false, true])(
		`over ${SCHEDULES} schedules, with a flow webhook: %s`,
		async (withFlow) => {
			const switches = { inFlight: '409' as const, listLag: 3000, auditLag: 1500 };
			const world = { messages: 2, workers: 5, withFlow, withAttached: true, switches };
			const result = await search(world, {}, SCHEDULES);
			expect(result.errorInstance ?? 'no violation').toBe('no violation');
			expect(result.numRuns).toBe(SCHEDULES);
		},
		300_000,
	);
});

describe(`drawn status logic adds every message once, to at most one open ticket (seed ${seed})`, () => {
	it.each([0, 3000])(
		`over ${SCHEDULES} schedules with lists %s ms behind`,
		async (listLag) => {
			const switches = { inFlight: '409' as const, listLag, auditLag: 1500 };
			const world = { messages: 3, workers: 6, skew: 3000, drawn: true, switches };
			const result = await search(world, {}, SCHEDULES);
			expect(result.errorInstance ?? 'no violation').toBe('no violation');
			expect(result.numRuns).toBe(SCHEDULES);
		},
		300_000,
	);
});

describe(`a solved ticket may stay solved: the next message opens another one (seed ${seed})`, () => {
	it.each([
		{ listLag: 0, auditLag: 1500 },
		{ listLag: 3000, auditLag: 1500 },
		{ listLag: 90_000, auditLag: 0 },
	])(
		`over ${SCHEDULES} schedules with lists $listLag ms behind`,
		async (lags) => {
			const switches = { inFlight: '409' as const, ...lags };
			const world = {
				messages: 3,
				workers: 6,
				skew: 3000,
				rules: openNext,
				solvedStay: true,
				switches,
			};
			const result = await search(world, {}, SCHEDULES);
			expect(result.errorInstance ?? 'no violation').toBe('no violation');
			expect(result.numRuns).toBe(SCHEDULES);
		},
		300_000,
	);
});

/** Changes inside one second, whose ids are not in the order of time, and rules that act inside the audit of a write. */
const ruledEvents = deskEvents.filter(
	(event) =>
		/rule/i.test(event) || ['solve', 'note', 'noteAndSolve'].includes(event) || /And/.test(event),
);

describe(`no message stays unseen if rules act and ids are not in order (seed ${seed})`, () => {
	it.each<[string, Partial<WorldSettings>]>([
		['lists up to date', { switches: { inFlight: '409', listLag: 0, auditLag: 1500 } }],
		['lists 90 s behind', { switches: { inFlight: '409', listLag: 90_000, auditLag: 1500 } }],
		['pictures and a history', { withAttached: true }],
		['pictures, and catch-up that leaves out', { withAttached: true, leavesOut: 'settled' }],
	])(
		`over ${SCHEDULES} schedules with %s`,
		async (_, more) => {
			const switches = { inFlight: '409' as const, listLag: 3000, auditLag: 1500 };
			const world = { messages: 2, workers: 4, switches, ...more };
			const result = await search(world, { events: ruledEvents }, SCHEDULES);
			expect(result.errorInstance ?? 'no violation').toBe('no violation');
			expect(result.numRuns).toBe(SCHEDULES);
		},
		300_000,
	);
});

describe(`catch-up may leave out what a run has completed (seed ${seed})`, () => {
	it.each([
		{ listLag: 0, withFlow: false, withAttached: false },
		{ listLag: 90_000, withFlow: false, withAttached: false },
		{ listLag: 3000, withFlow: true, withAttached: false },
		{ listLag: 3000, withFlow: true, withAttached: true },
	])(
		`over ${SCHEDULES} schedules with lists $listLag ms behind, a flow webhook: $withFlow, pictures: $withAttached`,
		async ({ listLag, withFlow, withAttached }) => {
			const switches = { inFlight: '409' as const, listLag, auditLag: 1500 };
			const messages = withFlow ? 2 : 3;
			const world = { messages, workers: 6, skew: 3000, withFlow, withAttached, switches };
			const result = await search({ ...world, leavesOut: 'settled' }, {}, SCHEDULES);
			expect(result.errorInstance ?? 'no violation').toBe('no violation');
			expect(result.numRuns).toBe(SCHEDULES);
		},
		300_000,
	);
});

interface Guard {
	guard: string;
	without?: Partial<ConversationRules>;
	/** Guards that would fix the same harm later, taken out too: the control shows that this one alone is enough. */
	backups?: Partial<ConversationRules>;
	store?: WorldSettings['store'];
	leavesOut?: WorldSettings['leavesOut'];
	switches?: Partial<WorldSettings['switches']>;
	schedule?: Partial<CommandSettings>;
	world?: Partial<WorldSettings>;
	/** What is expected to go wrong. */
	breaks: Array<keyof Verdict>;
}

/** An agent writes twice within a second, and the list is still at the first. */
const behindInOneSecond = {
	switches: { listLag: 90_000 },
	world: { messages: 2, workers: 3, sweeps: [] },
};

let keys = 0;

const guards: Guard[] = [
	{
		guard: 'tickets that changed since the message was sent are read',
		without: { mayHold: () => [] },
		breaks: ['doubled'],
	},
	{
		guard: 'each such ticket is read, not only the newest',
		without: {
			mayHold: (tickets, message) =>
				tickets
					.slice(-1)
					.filter((ticket) => ticket.updatedAt >= message.sentAt - limits.clockMargin),
		},
		schedule: { events: ['solveAndClose'] },
		breaks: ['doubled'],
	},
	{
		guard: 'two clocks may differ by the margin',
		without: {
			mayHold: (tickets, message) => tickets.filter((ticket) => ticket.updatedAt >= message.sentAt),
		},
		world: { skew: 3000 },
		schedule: { events: [] },
		breaks: ['doubled'],
	},
	{
		guard: "a message that is ahead of Zendesk's clock waits until it is not",
		without: { isAhead: () => false },
		world: { skew: 200_000 },
		schedule: { events: [] },
		breaks: ['doubled'],
	},
	{
		guard: 'a stamp is a lock only when its second is over',
		without: { untilSettled: () => 0, areCurrent: () => true },
		schedule: { events: [] },
		breaks: ['doubled'],
	},
	{
		guard: 'audits older than their ticket are read again',
		without: { areCurrent: () => true },
		switches: { auditLag: 8000 },
		schedule: { events: [], lags: [0, 8000] },
		breaks: ['doubled'],
	},
	{
		guard: 'the target is the newest ticket that is not closed',
		without: {
			target: (tickets) =>
				[tickets.sort((a, b) => b.updatedAt - a.updatedAt)[0]].find(
					(t) => t && t.status !== 'closed',
				),
		},
		schedule: { events: ['solveAndClose', 'touchClosed'] },
		breaks: ['twoOpen'],
	},
	{
		guard: 'tickets of all brands are listed',
		store: 'oneBrandOnly',
		schedule: { events: ['moveBrand'] },
		breaks: ['doubled', 'twoOpen', 'stuck', 'lost'],
	},
	{
		guard: 'the status in the audits counts, not the one in a list that is behind',
		without: { statusNow: (ticket) => ticket.status },
		backups: { agentChangedStatus: () => false, needsReopening: () => false },
		...behindInOneSecond,
		schedule: {
			events: ['noteAndSolve'],
			times: [400, 4000],
			lags: [0, 4400, 4800, 5200],
			withFaults: false,
		},
		breaks: ['unseen'],
	},
	{
		guard: 'a ticket that an agent solved in between is set open again',
		without: { agentChangedStatus: () => false },
		backups: { needsReopening: () => false },
		...behindInOneSecond,
		schedule: {
			events: ['noteAndSolve'],
			times: [400, 62_000],
			lags: [0, 62_400, 62_800, 63_200],
			withFaults: false,
		},
		breaks: ['unseen'],
	},
	{
		guard: 'a message that lies unseen is brought to light by the next run',
		without: { needsReopening: () => false },
		switches: { listLag: 90_000 },
		world: { messages: 2, workers: 3 },
		schedule: { events: ['noteAndSolve'], times: [400, 62_000], lags: [0, 62_400, 62_800, 63_200] },
		breaks: ['unseen'],
	},
	{
		guard: 'changes of one second are chained by what they changed, not by their ids',
		without: {
			statusNow: (ticket, audits) =>
				audits.findLast((audit) => audit.statusChange)?.statusChange?.after ?? ticket.status,
		},
		backups: { agentChangedStatus: () => false, needsReopening: () => false },
		world: { messages: 2, workers: 3, sweeps: [] },
		schedule: { events: ['solve', 'reopenAndSolve', 'solveAndReopen'], withFaults: false },
		breaks: ['unseen'],
	},
	{
		guard: 'a ticket that a rule parks as it is made is set open',
		without: { agentChangedStatus: () => false },
		world: { messages: 2, workers: 3, leavesOut: 'settled' },
		schedule: { events: ['ruleParksTexts', 'ruleSolvesTexts'] },
		breaks: ['unseen'],
	},
	{
		guard: 'a ticket that a rule parks for what goes with a message is set open',
		without: { isParked: () => false },
		world: { messages: 2, workers: 3, withAttached: true, leavesOut: 'settled' },
		schedule: { events: ['ruleHoldsNotes'] },
		breaks: ['unseen'],
	},
	{
		guard: 'nobody has seen what a rule did when we wrote',
		without: {
			needsReopening: (audits, index, status) =>
				['pending', 'hold', 'solved'].includes(status) &&
				!audits.some((one) => one.at > (audits[index]?.at ?? 0) && one.statusChange),
		},
		world: { messages: 2, workers: 3, withAttached: true },
		schedule: { events: ['ruleHoldsNotes', 'ruleSolvesTexts'] },
		breaks: ['unseen'],
	},
	{
		guard: 'a solved or waiting ticket is set open with the message',
		without: { statusFor: () => undefined },
		backups: { agentChangedStatus: () => false, needsReopening: () => false },
		world: { sweeps: [] },
		schedule: { events: ['solve', 'park'], withFaults: false },
		breaks: ['unseen'],
	},
	{
		guard: 'a list asked for long ago says nothing about which tickets exist',
		without: { isFresh: () => true },
		schedule: { events: [], times: [3 * 3600_000] },
		breaks: ['doubled', 'twoOpen'],
	},
	{
		guard: 'every message without a ticket uses the same key',
		without: { idempotencyKey: (conversation) => `${conversation}:${++keys}` },
		schedule: { events: [] },
		breaks: ['twoOpen', 'doubled'],
	},
	{
		guard: "the key changes with the conversation's tickets",
		without: { idempotencyKey: (conversation) => conversation },
		world: { sweeps: [5 * 60_000] },
		schedule: { events: ['solveAndClose'], times: [400, 15_000] },
		breaks: ['lost', 'stuck'],
	},
	{
		guard: 'a comment whose answer was lost is not simply sent again',
		store: 'repeatsPut',
		schedule: { events: [] },
		breaks: ['doubled'],
	},
	{
		guard: 'an event knows the marker that its flow webhook has left',
		without: {
			isSame: (marker, message) => marker.key === message.key || marker.flowKey === message.key,
		},
		world: { messages: 2, withFlow: true },
		schedule: { events: [] },
		breaks: ['doubled'],
	},
	{
		guard: "a flow webhook's text knows the marker that its event has left",
		without: {
			isSame: (marker, message) => [message.key, message.flowKey].includes(marker.key),
		},
		world: { messages: 2, withFlow: true },
		schedule: { events: [] },
		breaks: ['doubled'],
	},
	{
		guard: 'the history goes only into the ticket that its message has opened',
		without: { isDue: () => true },
		world: { messages: 2, withAttached: true },
		schedule: { events: [] },
		breaks: ['astray'],
	},
	{
		guard: 'catch-up brings again what no run has found to be done',
		world: { messages: 2 },
		leavesOut: 'begun',
		schedule: { events: [] },
		breaks: ['lost'],
	},
	{
		guard: "each update carries its message's key as a marker",
		store: 'forgetsMarker',
		schedule: { events: [] },
		breaks: ['lost', 'doubled'],
	},
];

describe(`each guard is needed (seed ${seed})`, () => {
	it.each(guards)(
		'$guard',
		async ({ without, backups, store, leavesOut, switches, schedule, world, breaks }) => {
			const settings: WorldSettings = {
				messages: 3,
				workers: 6,
				switches: { inFlight: '409', listLag: 0, auditLag: 0, ...switches },
				...world,
			};
			const times = [400, 1000, 2500, 15_000];
			const control = await search(
				{ ...settings, rules: backups },
				{ times, ...schedule },
				CONTROLS,
			);
			expect(control.errorInstance ?? 'no violation').toBe('no violation');
			const broken = {
				...settings,
				store,
				...(leavesOut ? { leavesOut } : {}),
				rules: { ...backups, ...without },
			};
			const result = await search(broken, { times, ...schedule }, 60_000);
			expect(result.failed).toBe(true);
			expect(breaks).toContain(Object.keys(verdictOf(result.errorInstance))[0]);
		},
		300_000,
	);
});
