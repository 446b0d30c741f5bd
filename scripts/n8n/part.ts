/** One of n8n's processes: a part that can be killed and restarted individually. */
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Child, type Program } from './child';
import { GiveUp, until } from './until';

export type PartName =
	'n8n' | 'main' | 'webhook' | `webhook ${number}` | `worker ${number}` | 'redis' | 'postgres';

export interface PartOptions {
	name: PartName;
	/** Receives all of its output, over all its starts. */
	logFile: string;
	/** What to run; called at each start, so that ports can be chosen anew. */
	program: () => Promise<Program>;
	/**
	 * Restarts it when it ends by itself, like a restart policy of Docker or systemd: in queue mode n8n exits when Redis was
	 * down for ten seconds, and relies on being restarted.
	 */
	startsAgain?: boolean;
	/** Whether it runs with clock.cjs. */
	hasClock?: boolean;
}

const START_LIMIT = 180_000;
const START_ATTEMPTS = 3;
/** With a restart policy, Redis may be down at a start: n8n exits after ten seconds and is started again. */
const ATTEMPTS_WITH_POLICY = 10;
const BEFORE_NEXT_ATTEMPT = 1000;

export class Part {
	/** How often it ended by itself and was restarted, including failed starts. */
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

	/** Whether it is running and was ready for its work. */
	get running(): boolean {
		return this.isReady && this.child?.running === true;
	}

	/** Process id while it is running. */
	get pid(): number | undefined {
		return this.running ? this.child?.pid : undefined;
	}

	/**
	 * Starts it if it is not running; resolves when it is ready for its work.
	 * @throws Error with the end of the log, if it does not start
	 */
	async boot(): Promise<void> {
		this.isWanted = true;
		if (this.running) return;
		await this.bringUp(this.options.startsAgain ? ATTEMPTS_WITH_POLICY : START_ATTEMPTS);
	}

	/** Lets it finish its work. */
	async stop(): Promise<void> {
		this.isWanted = false;
		await this.child?.stop();
		await this.booting?.catch(() => {});
	}

	/** SIGKILL to it and everything it started. It stays down until `boot`. */
	async kill(): Promise<void> {
		this.isWanted = false;
		await this.child?.kill();
		await this.booting?.catch(() => {});
	}

	/** Moves its clock, see clock.cjs. If it is not running, it starts with the clock moved. */
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
				// Something else was quicker, such as another test's n8n.
				const isTaken = /port \d+ is already in use/i.test(String(error));
				const goesOn = this.isWanted && (isTaken || this.options.startsAgain);
				if (!goesOn || attempt >= attempts) throw error;
				this.restarts += isTaken ? 0 : 1;
				await pause(BEFORE_NEXT_ATTEMPT);
				if (!this.isWanted) throw error;
			}
		}
	}

	/** For error messages: its latest output. */
	async endOfLog(): Promise<string> {
		const log = await readFile(this.logFile, 'utf8').catch(() => '');
		return `End of ${this.logFile}:\n${log.trimEnd().split('\n').slice(-25).join('\n')}`;
	}

	private async start(): Promise<void> {
		const { name, logFile, program } = this.options;
		const chosen = await program();
		// Killed in the meantime.
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
		// A caller who boots it meanwhile waits for the same start, and gets its failure.
		await this.bringUp(Infinity).catch(() => {});
	}
}
