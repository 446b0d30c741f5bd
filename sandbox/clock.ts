import type { SandboxClock } from './types';

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;

/** Milliseconds between a waiting request's checks whether it still has to wait. */
const LOOK_AGAIN = 250;

type Work = () => void | Promise<void>;
interface Job {
	due: number;
	work: Work;
	/** Undefined while time stands still. */
	timer: NodeJS.Timeout | undefined;
}

export interface ClockOptions {
	/** Sandbox milliseconds per real millisecond; 0: time moves only by `advance`. 1 by default. */
	speed?: number | undefined;
	/** Start time, in milliseconds since 1970; now by default. */
	start?: number | undefined;
	/**
	 * Awaited by `advance` before it goes from one moment to the next, so that everything the first one started is over.
	 * Nothing else is awaited then, since it may itself need time to pass.
	 */
	settled?: (() => Promise<void>) | undefined;
	/** Moves the clock of whatever syncs, too, each time `advance` moves this one. */
	along?: ((milliseconds: number) => Promise<void>) | undefined;
}

/** Real time, or time at the requested speed, plus what `advance` added. Scheduled work is done when it is due. */
export class MovableClock implements SandboxClock {
	private readonly began = Date.now();
	private offset = 0;
	private held = 0;
	private readonly jobs = new Set<Job>();
	private readonly hourly: Work[] = [];
	private hourTimer: NodeJS.Timeout | undefined;

	constructor(
		private readonly announce: () => void,
		private readonly options: ClockOptions = {},
	) {
		this.waitForHour();
	}

	/** Sandbox milliseconds per real millisecond. */
	get speed(): number {
		return this.options.speed ?? 1;
	}

	now(): number {
		const { speed = 1, start = this.began } = this.options;
		const ran = speed === 0 ? 0 : (Date.now() - this.began) * speed;
		return start + ran + this.offset;
	}

	/** How many requests are being held right now. */
	waiting(): number {
		return this.held;
	}

	/** When the next thing is due, hourly jobs included. */
	nextDue(): number {
		let next = this.nextHour();
		for (const { due } of this.jobs) if (due < next) next = due;
		return next;
	}

	/** Does `work` once, `milliseconds` from now. */
	after(milliseconds: number, work: Work): void {
		const job: Job = {
			due: this.now() + milliseconds,
			work,
			timer: this.timer(() => void this.run(job), milliseconds),
		};
		this.jobs.add(job);
	}

	/** Holds a request for this long. */
	async wait(milliseconds: number): Promise<void> {
		if (milliseconds <= 0) return;
		this.held += 1;
		this.announce();
		await new Promise<void>((resolve) => {
			this.after(milliseconds, () => {
				this.held -= 1;
				resolve();
			});
		});
	}

	/** Holds a request for the given time, which may become shorter in the meantime. */
	async waitFor(milliseconds: () => number): Promise<void> {
		const began = this.now();
		for (let rest = milliseconds(); rest > 0; rest = began + milliseconds() - this.now())
			await this.wait(Math.min(rest, LOOK_AGAIN));
	}

	/** Does `work` at every full hour. */
	everyHour(work: Work): void {
		this.hourly.push(work);
	}

	/** Whether the clock of whatever syncs moves with this one. */
	get isShared(): boolean {
		return this.options.along !== undefined;
	}

	async advance(milliseconds: number): Promise<void> {
		await Promise.all([this.options.along?.(milliseconds), this.advanceAlone(milliseconds)]);
	}

	private async advanceAlone(milliseconds: number): Promise<void> {
		const { settled } = this.options;
		const target = this.now() + milliseconds;
		for (;;) {
			await settled?.();
			const next = this.nextDue();
			if (next > target) break;
			const atHour = next === this.nextHour();
			this.jumpTo(next);
			await this.runDue();
			if (atHour) await this.runHourly();
		}
		this.jumpTo(target);
		await this.runDue();
		await settled?.();
		this.waitForHour();
		this.announce();
	}

	jump(milliseconds: number): void {
		this.offset += milliseconds;
	}

	stop(): void {
		clearTimeout(this.hourTimer);
		for (const job of this.jobs) clearTimeout(job.timer);
		this.jobs.clear();
	}

	private nextHour(): number {
		return (Math.floor(this.now() / hour) + 1) * hour;
	}

	private jumpTo(time: number): void {
		this.offset += Math.max(0, time - this.now());
	}

	private async runDue(): Promise<void> {
		const due = [...this.jobs].filter((job) => job.due <= this.now());
		const done = due.map((job) => this.run(job));
		if (this.options.settled === undefined) await Promise.all(done);
	}

	private async runHourly(): Promise<void> {
		for (const work of this.hourly) await work();
		this.announce();
	}

	private async run(job: Job): Promise<void> {
		clearTimeout(job.timer);
		if (!this.jobs.delete(job)) return;
		await job.work();
		this.announce();
	}

	private waitForHour(): void {
		clearTimeout(this.hourTimer);
		this.hourTimer = this.timer(() => {
			void this.runHourly();
			this.waitForHour();
		}, this.nextHour() - this.now());
		this.hourTimer?.unref();
	}

	private timer(work: () => void, milliseconds: number): NodeJS.Timeout | undefined {
		const { speed = 1 } = this.options;
		return speed === 0 ? undefined : setTimeout(work, milliseconds / speed);
	}
}

/** ISO 8601 in UTC without fractions, because both vendors' stamps have one-second resolution. */
export function stamp(milliseconds: number): string {
	return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
