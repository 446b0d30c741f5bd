/** One of the processes that n8n is made of: a part that can be killed by itself, and started again. */
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Child, type Program } from './child';
import { GiveUp, until } from './until';

export type PartName = 'n8n' | 'main' | 'webhook' | 'worker 1' | 'worker 2' | 'redis' | 'postgres';

export interface PartOptions {
	name: PartName;
	/** Gets all that it prints, over all its starts. */
	logFile: string;
	/** What to run; asked at each start, so that ports can be chosen anew. */
	program: () => Promise<Program>;
	/**
	 * Starts it again when it ends unasked, as a restart policy of Docker or systemd does: in queue mode n8n ends by
	 * itself when Redis was away for ten seconds, and counts on that.
	 */
	startsAgain?: boolean;
	/** Whether it runs with clock.cjs. */
	hasClock?: boolean;
}

const START_LIMIT = 180_000;
const START_ATTEMPTS = 3;
/** With a restart policy a start may meet a Redis that is away: n8n gives up after ten seconds, and tries again. */
const ATTEMPTS_WITH_POLICY = 10;
const BEFORE_NEXT_ATTEMPT = 1000;

export class Part {
	/** How often it ended unasked and was started again, starts in vain among them. */
	restarts = 0;
	private child: Child | undefined;
	private isReady = false;
	private isWanted = false;
	private booting: Promise<void> | undefined;

	constructor(private readonly options: PartOptions) {}

	get name(): PartName {
		return this.options.name;
	}

	get logFile(): string {
		return this.options.logFile;
	}

	/** Whether it runs, and was ready for its work. */
	get running(): boolean {
		return this.isReady && this.child?.running === true;
	}

	/** Process id while it runs. */
	get pid(): number | undefined {
		return this.running ? this.child?.pid : undefined;
	}

	/**
	 * Starts it, if it does not run; resolves when it is ready for its work.
	 * @throws Error with the end of the log, when it does not come up
	 */
	async boot(): Promise<void> {
		this.isWanted = true;
		if (this.running) return;
		await this.bringUp(this.options.startsAgain ? ATTEMPTS_WITH_POLICY : START_ATTEMPTS);
	}

	/** Lets it finish what it does. */
	async stop(): Promise<void> {
		this.isWanted = false;
		await this.child?.stop();
		await this.booting?.catch(() => {});
	}

	/** SIGKILL, to it and all that it started. It stays away until `boot`. */
	async kill(): Promise<void> {
		this.isWanted = false;
		await this.child?.kill();
		await this.booting?.catch(() => {});
	}

	/** Moves its clock, see clock.cjs. One that does not run comes up with the clock moved. */
	async advance(milliseconds: number): Promise<void> {
		if (this.options.hasClock) await this.child?.ask({ advance: milliseconds });
	}

	private bringUp(attempts: number): Promise<void> {
		this.booting ??= this.tryToStart(attempts).finally(() => {
			this.booting = undefined;
		});
		return this.booting;
	}

	private async tryToStart(attempts: number): Promise<void> {
		for (let attempt = 1; !this.running; attempt++) {
			try {
				await this.start();
			} catch (error) {
				// Somebody was quicker: another n8n of another test, say.
				const isTaken = /port \d+ is already in use/i.test(String(error));
				const goesOn = this.isWanted && (isTaken || this.options.startsAgain);
				if (!goesOn || attempt >= attempts) throw error;
				this.restarts += isTaken ? 0 : 1;
				await pause(BEFORE_NEXT_ATTEMPT);
				if (!this.isWanted) throw error;
			}
		}
	}

	/** For messages: what it has printed last. */
	async endOfLog(): Promise<string> {
		const log = await readFile(this.logFile, 'utf8').catch(() => '');
		return `End of ${this.logFile}:\n${log.trimEnd().split('\n').slice(-25).join('\n')}`;
	}

	private async start(): Promise<void> {
		const { name, logFile, program } = this.options;
		const chosen = await program();
		// Killed meanwhile.
		if (!this.isWanted) throw new Error(`${name} was stopped before it started`);
		const child = new Child(chosen, logFile);
		this.child = child;
		this.isReady = false;
		const isReady = async () => {
			if (!child.running) throw new GiveUp(child.end);
			return await chosen.isReady();
		};
		try {
			await until(`${name} to be ready`, isReady, { timeout: START_LIMIT });
		} catch (error) {
			await child.kill();
			const message = error instanceof Error ? error.message : String(error);
			throw new Error(`${name} did not start: ${message}. ${await this.endOfLog()}`);
		}
		this.isReady = true;
		if (this.options.startsAgain) void child.gone.then(() => this.comeBack());
	}

	private async comeBack(): Promise<void> {
		if (!this.isWanted) return;
		this.restarts += 1;
		await pause(BEFORE_NEXT_ATTEMPT);
		if (!this.isWanted || this.running) return;
		// Whoever boots it meanwhile waits for the same start, and hears of a failure.
		await this.bringUp(Infinity).catch(() => {});
	}
}
