/** A process that never outlives the one that started it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

export interface Program {
	command: string;
	args: string[];
	env: NodeJS.ProcessEnv;
	cwd: string;
	/** Signal that asks it to finish its work and exit; SIGTERM by default. */
	stopSignal?: NodeJS.Signals;
	/** Whether it is ready for its work. May throw while it is not. */
	isReady(): Promise<boolean>;
}

/** n8n finishes running executions for up to 30 s by itself. */
const STOP_LIMIT = 40_000;

/** The program must end when its IPC channel does: `guard.cjs` inside a Node, `keeper.cjs` around another program. */
export class Child {
	/** Resolves when it has ended, however it ended. */
	readonly gone: Promise<void>;
	private readonly child: ChildProcess;
	private failure: string | undefined;

	/** @param logFile to which all of its output is appended */
	constructor(
		private readonly program: Program,
		logFile: string,
	) {
		const { command, args, env, cwd } = program;
		const log = openSync(logFile, 'a');
		// A process group of its own: a signal to it reaches n8n's task runner too.
		this.child = spawn(command, args, {
			cwd,
			env,
			detached: true,
			stdio: ['ignore', log, log, 'ipc'],
		});
		closeSync(log);
		this.gone = new Promise((resolve) => {
			this.child.on('error', (error) => {
				this.failure = error.message;
				resolve();
			});
			this.child.on('exit', (code, signal) => {
				this.failure = `exited with ${signal ?? code}`;
				resolve();
			});
		});
		process.once('exit', this.killNow);
		void this.gone.then(() => process.off('exit', this.killNow));
	}

	get running(): boolean {
		return this.failure === undefined;
	}

	/** How it ended, if it has. */
	get end(): string | undefined {
		return this.failure;
	}

	get pid(): number | undefined {
		return this.child.pid;
	}

	/** Sends it a message over the IPC channel, and resolves with its next one; undefined if it ends first. */
	async ask(message: object): Promise<unknown> {
		if (!this.running || !this.child.connected) return undefined;
		const answer = new Promise((resolve) => this.child.once('message', resolve));
		this.child.send(message, () => {});
		return await Promise.race([answer, this.gone]);
	}

	/** Lets it finish its work. */
	async stop(): Promise<void> {
		if (this.running) this.signal(this.program.stopSignal ?? 'SIGTERM');
		const late = setTimeout(this.killNow, STOP_LIMIT);
		await this.gone;
		clearTimeout(late);
		// n8n's task runner usually goes with it; make sure.
		this.killNow();
	}

	/** Like a power failure: nothing is finished, and nothing is reported. */
	async kill(): Promise<void> {
		this.killNow();
		await this.gone;
	}

	private readonly killNow = () => this.signal('SIGKILL');

	private signal(signal: NodeJS.Signals) {
		if (this.child.pid === undefined) return;
		// A request to stop goes to n8n alone: it stops its task runner itself, in its own order.
		const target = signal === 'SIGKILL' ? -this.child.pid : this.child.pid;
		try {
			process.kill(target, signal);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
		}
	}
}
