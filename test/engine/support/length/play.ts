/**
 * A shop's days, one after the other, through templates 01, 02 and 03: what each costs, and whether any of it grows. n8n is
 * restarted now and then. See docs/scale.md.
 */
import { memoriesNamed, productMemory } from './productMemory';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { forgetProcess } from '../../../../nodes/shared/processMemory';
import { judge, truthOf, type Verdict } from '../../../../scripts/judge';
import { dice } from '../../../../sandbox/random';
import type { Sandbox } from '../../../../sandbox/types';
import { HOUR, MINUTE, World } from '../world';
import { type Happening, Shop } from './shop';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const MB = 1024 * 1024;
const SECOND = 1000;

/** Milliseconds after ten in the morning: the busiest hours are over, so there is much to look back on. */
const MEASURED_AT = 7 * HOUR;
const DOWN_FOR = 3 * MINUTE;
/** After the last day: catch-up has brought what was lost. */
const REST = 3 * HOUR;

export interface LengthOptions {
	days: number;
	/** How much of each day is played, from ten in the morning on. */
	hours: number;
	/** Customers' messages in a whole day. */
	messages: number;
	seed: number;
	/** Multiplies the vendors' rate limits. */
	limits: number;
	/** Days from one restart of n8n to the next. */
	restartEvery: number;
	/** Minutes from one poll to the next. */
	pollEvery: number;
	onDay?: (day: DayFigures) => void;
}

export interface LookBack {
	executions: number;
	items: number;
	/** Items of the largest execution. */
	largest: number;
	/** Until all of it was brought. */
	minutes: number;
}

export interface DayFigures {
	day: number;
	messages: number;
	replies: number;
	executions: number;
	/** Without those of the look-back. */
	itemsAnExecution: number;
	/** Requests for each message, with those for replies, ticket events and polls, and without those of the look-back. */
	zendeskCalls: number;
	klaviyoCalls: number;
	/** Entries of everything that the package remembers in its process, by memory, at the same hour of each day. */
	entries: Record<string, number>;
	/** Characters that n8n saves for each trigger. */
	saved: Record<string, number>;
	/** Seconds for which something that was due to be read, or found, waited for its turn; without the look-back. */
	behind: number;
	/** Executions and items that polls brought, without the look-back. */
	caughtUp: { executions: number; items: number };
	/** On days with a restart: how much of the heap the old process's memory was, MB, and what the new one looked back on. */
	restart?: { memory: number; rest: number; lookBack: LookBack };
	/** Real seconds that it took. */
	seconds: number;
}

export interface LengthReport {
	days: DayFigures[];
	verdict: Verdict;
	/** What ended executions and polls before their end. */
	failures: string[];
	/** MB of the heap that are still in use after everything was closed, without those that a first small run leaves. */
	left: number;
}

/** MB of the heap that are in use. */
async function heapInUse(): Promise<number> {
	for (let round = 0; round < 3; round++) {
		collectGarbage();
		await new Promise(setImmediate);
	}
	return process.memoryUsage().heapUsed / MB;
}

/** @param options of the days that are measured; what is loaded once is loaded by a small run before them */
export async function playLength(options: LengthOptions): Promise<LengthReport> {
	const messages = Math.min(options.messages, 1000);
	await Play.of({ ...options, days: 1, hours: 2, messages, onDay: () => {} });
	const before = await heapInUse();
	const played = await Play.of(options);
	return { ...played, left: (await heapInUse()) - before };
}

interface Tally {
	executions: number;
	items: number;
	polled: number;
	polledItems: number;
	zendesk: number;
	klaviyo: number;
}

const less = (one: Tally, other: Tally): Tally => ({
	executions: one.executions - other.executions,
	items: one.items - other.items,
	polled: one.polled - other.polled,
	polledItems: one.polledItems - other.polledItems,
	zendesk: one.zendesk - other.zendesk,
	klaviyo: one.klaviyo - other.klaviyo,
});

const NOTHING: Tally = {
	executions: 0,
	items: 0,
	polled: 0,
	polledItems: 0,
	zendesk: 0,
	klaviyo: 0,
};

class Play {
	private readonly started = { ...NOTHING };

	private largest = 0;

	private readonly behind = new Behind();

	private happenings: Happening[] = [];

	private constructor(
		private readonly options: LengthOptions,
		private readonly world: World,
		private readonly shop: Shop,
	) {}

	static async of(options: LengthOptions): Promise<Omit<LengthReport, 'left'>> {
		const { seed, limits, messages, pollEvery } = options;
		const started: { play?: Play } = {};
		const world = await World.start({
			seed,
			limits,
			pollEvery: pollEvery * MINUTE,
			keepExecutions: false,
			templates: [
				'01-inbound-message-to-ticket.json',
				'02-agent-reply-to-customer.json',
				'03-ticket-metrics-to-klaviyo.json',
			],
			switches: { latency: 300, whatsAppFromStart: true },
			onExecution: (execution) => started.play?.count(execution),
		});
		try {
			const play = new Play(options, world, new Shop(world.sandbox, dice(seed), messages));
			started.play = play;
			play.behind.watch(world.sandbox);
			return await play.all();
		} finally {
			await world.close();
			forgetProcess();
		}
	}

	private async all(): Promise<Omit<LengthReport, 'left'>> {
		const { world, options, behind } = this;
		const days: DayFigures[] = [];
		for (let day = 1; day <= options.days; day++) {
			const figures = await this.day(day);
			days.push(figures);
			options.onDay?.(figures);
		}
		world.sandbox.switches.webhooks = true;
		await world.pass(REST);
		await world.idle();
		behind.isWatched = false;
		const verdict = judge(truthOf(world.sandbox), { outbound: false });
		return {
			days,
			verdict,
			failures: world.failures().map(({ workflow, error }) => `${workflow}: ${error.message}`),
		};
	}

	private async day(day: number): Promise<DayFigures> {
		const { world, shop, options, behind } = this;
		const began = performance.now();
		const begin = world.now;
		const count = { ...shop.count };
		const before = this.tally();
		const length = options.hours * HOUR;
		this.happenings = shop.day(begin, length);
		behind.most = 0;
		await this.until(begin + Math.min(MEASURED_AT, length - HOUR));
		const entries = productMemory();
		const saved = world.saved();
		const isRestart = day % options.restartEvery === 0;
		const restarted = isRestart ? await this.restart() : undefined;
		await this.until(begin + length);
		const own = less(less(this.tally(), before), restarted?.cost ?? NOTHING);
		const messages = shop.count.messages - count.messages;
		return {
			day,
			messages,
			replies: shop.count.replies - count.replies,
			executions: own.executions + (restarted?.cost.executions ?? 0),
			itemsAnExecution: own.items / own.executions,
			zendeskCalls: own.zendesk / messages,
			klaviyoCalls: own.klaviyo / messages,
			entries,
			saved,
			behind: behind.most / SECOND,
			caughtUp: { executions: own.polled, items: own.polledItems },
			...(restarted ? { restart: restarted.figures } : {}),
			seconds: (performance.now() - began) / 1000,
		};
	}

	/** n8n ends, is away for some minutes, and looks back. The cost is all of that time's. */
	private async restart(): Promise<{
		figures: NonNullable<DayFigures['restart']>;
		cost: Tally;
	}> {
		const { world, behind } = this;
		await world.down();
		const full = await heapInUse();
		forgetProcess();
		const rest = await heapInUse();
		behind.isLookingBack = true;
		this.largest = 0;
		const before = this.tally();
		await this.until(world.now + DOWN_FOR);
		world.up();
		const upAt = world.now;
		// A restarted trigger has polled by then.
		await this.until(upAt + (this.options.pollEvery + 1) * MINUTE);
		while (behind.isBehind) await this.until(world.now + MINUTE);
		behind.isLookingBack = false;
		const cost = less(this.tally(), before);
		const lookBack = {
			executions: cost.polled,
			items: cost.polledItems,
			largest: this.largest,
			minutes: (world.now - upAt) / MINUTE,
		};
		return { figures: { memory: full - rest, rest, lookBack }, cost };
	}

	private async until(time: number): Promise<void> {
		for (let next = this.happenings[0]; next && next.at < time; next = this.happenings[0]) {
			this.happenings.shift();
			await this.world.passUntil(next.at);
			next.does(this.world.isUp);
		}
		await this.world.passUntil(time);
	}

	private count({ items, by }: { items: number; by: 'poll' | 'webhook' }): void {
		this.started.executions += 1;
		this.started.items += items;
		if (by === 'webhook') return;
		this.started.polled += 1;
		this.started.polledItems += items;
		this.largest = Math.max(this.largest, items);
	}

	/** What there was so far. */
	private tally(): Tally {
		const tally = { ...this.started };
		for (const [owner, made] of Object.entries(this.world.requests())) {
			if (owner.endsWith(' publish')) continue;
			tally.zendesk += made.zendesk;
			tally.klaviyo += made.klaviyo;
		}
		return tally;
	}
}

const isWindow = (one: unknown): one is { dueAt: number } =>
	typeof one === 'object' && one !== null && 'dueAt' in one && typeof one.dueAt === 'number';

/** Looks each minute whether catch-up has left something for later. */
class Behind {
	isWatched = true;

	isLookingBack = false;

	/** Milliseconds, outside of look-backs. */
	most = 0;

	private since = NaN;

	get isBehind(): boolean {
		return !Number.isNaN(this.since);
	}

	watch({ clock }: Sandbox): void {
		const look = (): void => {
			if (!this.isWatched) return;
			clock.after(MINUTE, look);
			const unread = memoriesNamed('catchUpParts unreadWindows').flat().filter(isWindow);
			const waiting = memoriesNamed('backlog waiting').some(
				(events) => events instanceof Map && events.size > 0,
			);
			const isNow = unread.length > 0 || waiting;
			const now = clock.now();
			this.since = isNow
				? Math.min(...unread.map(({ dueAt }) => dueAt), Number.isNaN(this.since) ? now : this.since)
				: NaN;
			if (isNow && !this.isLookingBack) this.most = Math.max(this.most, now - this.since);
		};
		clock.after(MINUTE, look);
	}
}
