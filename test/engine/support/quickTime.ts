/**
 * Waiting that takes no time. While anything is under way, time stands still. When everything left is waiting for time (a
 * node that sleeps, a request that the sandbox holds, a test that waits for a delivery), it jumps to what is due next. So
 * parallel work interleaves in the same order in each run.
 */
import { followClock, Traffic } from './worldTime';
import { forgetProcess } from '../../../nodes/shared/processMemory';
import { startSandbox } from '../../../sandbox';
import type { Sandbox, SandboxClock, SandboxOptions } from '../../../sandbox/types';

export interface QuickSandbox extends Sandbox {
	/** Ends it, and the time that it made. */
	close(): Promise<void>;
}

/** The same moment in every run: limits count by the minutes of the clock, and jobs are done at full hours. */
const START = Date.UTC(2026, 9, 14, 9);
const HOUR = 3_600_000;

/** Lets time pass as long as something waits for it. */
class Pacemaker {
	private sleeping = 0;
	private hoping = 0;
	private isGoing = false;
	private isOver = false;
	private turn: Promise<void> = Promise.resolve();

	constructor(private readonly clock: SandboxClock) {}

	/** Does `work` after this many milliseconds, which pass as soon as there is nothing else to do. */
	after(milliseconds: number, work: () => void): void {
		this.sleeping += 1;
		this.clock.after(milliseconds, () => {
			this.sleeping -= 1;
			work();
		});
		this.wake();
	}

	/** Lets time pass, from one due thing to the next, until `work` is over. */
	async during<T>(work: Promise<T>): Promise<T> {
		this.hoping += 1;
		this.wake();
		try {
			return await work;
		} finally {
			this.hoping -= 1;
		}
	}

	/** One after the other: what the test requests, and what others wait for. */
	async advance(milliseconds: number): Promise<void> {
		const turn = this.turn.then(async () => await this.clock.advance(milliseconds));
		this.turn = turn.catch(() => undefined);
		await turn;
	}

	/** Something may have started to wait. */
	readonly wake = (): void => {
		if (this.isGoing || this.isOver) return;
		this.isGoing = true;
		void this.go().finally(() => {
			this.isGoing = false;
			if (this.isWaitedFor()) this.wake();
		});
	};

	stop(): void {
		this.isOver = true;
	}

	private async go(): Promise<void> {
		for (;;) {
			await this.advance(0);
			if (this.isOver || !this.isWaitedFor()) return;
			await this.advance(Math.max(0, this.clock.nextDue() - this.clock.now()));
		}
	}

	private isWaitedFor(): boolean {
		if (this.sleeping > 0 || this.clock.waiting() > 0) return true;
		// At a full hour nothing may be due but what the hour brings, which nobody waits for.
		return this.hoping > 0 && this.clock.nextDue() % HOUR !== 0;
	}
}

let isOpen = false;

export async function startQuickSandbox(options: SandboxOptions = {}): Promise<QuickSandbox> {
	if (isOpen) throw new Error('The quick sandbox before this one is still open: it has the clock');
	isOpen = true;
	const told = { request: () => {}, held: () => 0 };
	const traffic = new Traffic(() => told.request());
	const sandbox = await startSandbox({
		limits: 1000,
		...options,
		time: {
			speed: 0,
			start: START,
			...options.time,
			settled: async () => await traffic.settled(() => told.held()),
		},
	});
	const { clock } = sandbox;
	const pace = new Pacemaker(clock);
	told.held = () => clock.waiting();
	told.request = pace.wake;
	const stop = followClock(
		{ ...clock, after: (milliseconds, work) => pace.after(milliseconds, work) },
		options.seed ?? 1,
	);
	let isClosed = false;
	return {
		...sandbox,
		clock: { ...clock, advance: async (milliseconds) => await pace.advance(milliseconds) },
		deliveriesSettled: async () => await pace.during(sandbox.deliveriesSettled()),
		until: async (what, condition, timeout) =>
			await pace.during(sandbox.until(what, condition, timeout)),
		close: async () => {
			if (isClosed) return;
			isClosed = true;
			pace.stop();
			stop();
			await sandbox.close();
			traffic.close();
			// The next one may get the same ports, and must not be taken for this one.
			forgetProcess();
			isOpen = false;
		},
	};
}
