/**
 * Runs any number of workers against a server in memory, in an order that a list of commands decides: which one goes
 * on, whose request or answer is lost, who is killed, how much time passes. Nothing waits for real.
 */

/** One request of a worker, as far as the server has got with it. */
export interface Request<Answer = unknown> {
	name: string;
	/** Carries the request out, one phase a call; undefined while it is not answered yet. */
	serve(lag: number): Answer | undefined;
	/** What the worker gets when the answer is lost. */
	lost: Answer;
	/** Whether the server has begun: then it can no longer be lost before it arrives. */
	begun?(): boolean;
}

export const faults = ['crash', 'lostBefore', 'lostAfter', 'late'] as const;
export type Fault = (typeof faults)[number] | 'none';

interface Pending {
	request: Request;
	answer?: { value: unknown };
	resume(value: unknown): void;
}

/** What the code under test is given instead of a network and a clock. */
export interface Line {
	ask<Answer>(request: Request<Answer>): Promise<Answer>;
	sleep(milliseconds: number): Promise<void>;
}

export class Worker<Result = unknown> {
	dead = false;

	result: Result | undefined;

	pending: Pending | undefined;

	wakesAt: number | undefined;

	private wake: (() => void) | undefined;

	constructor(
		readonly name: string,
		private readonly schedule: Schedule,
		work: (line: Line) => Promise<Result>,
	) {
		const line: Line = {
			ask: <Answer>(request: Request<Answer>) =>
				new Promise<Answer>((resolve) => {
					this.pending = { request, resume: (value) => resolve(value as Answer) };
				}),
			sleep: (milliseconds) =>
				new Promise((resolve) => {
					this.wakesAt = schedule.now() + milliseconds;
					this.wake = resolve;
				}),
		};
		void work(line).then((result) => {
			this.result = result;
			this.dead = true;
			schedule.say(`${name} ends: ${JSON.stringify(result instanceof Map ? [...result] : result)}`);
		});
	}

	get ready(): boolean {
		return !this.dead && (this.wakesAt === undefined || this.schedule.now() >= this.wakesAt);
	}

	/** Lets the worker run until it asks, sleeps or ends. */
	async run(): Promise<void> {
		for (
			let turn = 0;
			turn < 100 && !this.dead && !this.pending && this.wakesAt === undefined;
			turn++
		) {
			await Promise.resolve();
		}
	}

	async step(fault: Fault, lag: number): Promise<void> {
		if (this.dead) return;
		if (this.wakesAt !== undefined) {
			if (!this.ready) return;
			this.wakesAt = undefined;
			this.wake?.();
			return this.run();
		}
		const { pending } = this;
		if (!pending) return;
		if (fault === 'crash') {
			this.dead = true;
			this.schedule.say(`${this.name} is killed at ${pending.request.name}`);
			if (!pending.answer) this.schedule.onTheirWay.push(pending);
			return;
		}
		if (pending.answer) return this.deliver(pending.answer.value);
		if (fault === 'lostBefore' || fault === 'late') {
			this.schedule.say(`${this.name}: ${pending.request.name} ${fault}`);
			if (fault === 'late' || pending.request.begun?.()) this.schedule.onTheirWay.push(pending);
			return this.deliver(pending.request.lost);
		}
		this.schedule.serve(pending, lag, this.name);
		if (fault === 'lostAfter' && pending.answer) return this.deliver(pending.request.lost);
	}

	private async deliver(value: unknown): Promise<void> {
		const { pending } = this;
		this.pending = undefined;
		pending?.resume(value);
		return this.run();
	}
}

export type Command =
	| { do: 'start'; item: number; both: boolean }
	| { do: 'step'; worker: number; fault: Fault; lag: number }
	| { do: 'arrive' }
	| { do: 'pass'; time: number }
	| { do: 'event'; event: string };

export class Schedule {
	readonly log: string[] = [];

	readonly workers: Array<Worker> = [];

	/** Requests whose sender has given up or died, still on their way to the server. */
	readonly onTheirWay: Pending[] = [];

	/** @param requestLife milliseconds after which every request has reached the server */
	constructor(
		readonly clock: { now: number },
		private readonly requestLife = 60_000,
	) {}

	now = (): number => this.clock.now;

	say(line: string): void {
		this.log.push(`${(this.clock.now % 1e8) / 1000} ${line}`);
	}

	async start<Result>(
		name: string,
		work: (line: Line) => Promise<Result>,
	): Promise<Worker<Result>> {
		const worker = new Worker(name, this, work);
		this.workers.push(worker);
		this.say(`${name} starts`);
		await worker.run();
		return worker;
	}

	serve(pending: Pending, lag: number, who: string): void {
		const value = pending.request.serve(lag);
		if (value === undefined) return;
		pending.answer = { value };
		this.say(`${who}: ${pending.request.name} => ${JSON.stringify(value)}`);
	}

	/** The next request on its way reaches the server. */
	arrive(): void {
		const [pending] = this.onTheirWay;
		if (!pending) return;
		this.serve(pending, 0, 'late');
		if (pending.answer) this.onTheirWay.shift();
	}

	/** Whatever was sent has reached the server: a request is dead within a minute. */
	markCompleted(): void {
		for (let round = 0; round < 8; round++) {
			for (const pending of this.onTheirWay) if (!pending.answer) this.serve(pending, 0, 'late');
			for (const worker of this.workers) {
				if (!worker.dead && worker.pending && !worker.pending.answer)
					this.serve(worker.pending, 0, worker.name);
			}
		}
		this.onTheirWay.length = 0;
	}

	pass(time: number): void {
		if (time > this.requestLife) this.markCompleted();
		this.clock.now += time;
	}

	/** Without further faults, until nobody is left. */
	async drain(): Promise<void> {
		for (let round = 0; round < 5000; round++) {
			const alive = this.workers.filter((worker) => !worker.dead);
			if (alive.length === 0) return;
			const ready = alive.filter((worker) => worker.ready);
			if (ready.length === 0) {
				this.clock.now = Math.min(...alive.map((worker) => worker.wakesAt ?? Infinity));
				continue;
			}
			for (const worker of ready) await worker.step('none', 0);
			this.clock.now += 40;
		}
		throw new Error(`Workers never end:\n${this.log.join('\n')}`);
	}
}
