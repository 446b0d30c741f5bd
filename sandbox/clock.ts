import type { SandboxClock } from './types';

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;

type Work = () => void | Promise<void>;
interface Job {
	due: number;
	work: Work;
	timer: NodeJS.Timeout;
}

/** Real time plus what `advance` added. Work that waits is done when its time comes, by either way. */
export class MovableClock implements SandboxClock {
	private offset = 0;
	private readonly jobs = new Set<Job>();
	private readonly hourly: Work[] = [];
	private hourTimer: NodeJS.Timeout | undefined;

	constructor(private readonly announce: () => void) {
		this.waitForHour();
	}

	now(): number {
		return Date.now() + this.offset;
	}

	/** Does `work` once, `milliseconds` from now. */
	after(milliseconds: number, work: Work): void {
		const job: Job = {
			due: this.now() + milliseconds,
			work,
			timer: setTimeout(() => void this.run(job), milliseconds),
		};
		this.jobs.add(job);
	}

	/** Resolves `milliseconds` from now. */
	wait(milliseconds: number): Promise<void> {
		if (milliseconds <= 0) return Promise.resolve();
		return new Promise((resolve) => this.after(milliseconds, resolve));
	}

	/** Does `work` at every full hour. */
	everyHour(work: Work): void {
		this.hourly.push(work);
	}

	async advance(milliseconds: number): Promise<void> {
		const target = this.now() + milliseconds;
		for (;;) {
			const next = Math.min(this.nextHour(), ...[...this.jobs].map((job) => job.due));
			if (next > target) break;
			const atHour = next === this.nextHour();
			this.jumpTo(next);
			await this.runDue();
			if (atHour) await this.runHourly();
		}
		this.jumpTo(target);
		await this.runDue();
		this.waitForHour();
		this.announce();
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
		await Promise.all(due.map((job) => this.run(job)));
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
		this.hourTimer = setTimeout(() => {
			void this.runHourly();
			this.waitForHour();
		}, this.nextHour() - this.now());
		this.hourTimer.unref();
	}
}

/** ISO 8601 in UTC without fractions, as both vendors' stamps have one-second resolution. */
export function stamp(milliseconds: number): string {
	return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
