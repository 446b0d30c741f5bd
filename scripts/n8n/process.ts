/** A running `n8n start`, which never outlives the process that started it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import axios from 'axios';
import type { InstalledN8n } from './install';
import { GiveUp, until } from './until';

export interface ProcessOptions {
	installed: InstalledN8n;
	env: NodeJS.ProcessEnv;
	cwd: string;
	/** Gets all that n8n prints, after what is in it already. */
	logFile: string;
	/** `http://127.0.0.1:<port>` */
	url: string;
}

/** n8n finishes running executions for up to 30 s by itself. */
const STOP_LIMIT = 40_000;
const START_LIMIT = 180_000;

export class N8nProcess {
	private readonly child: ChildProcess;
	private readonly gone: Promise<void>;
	private failure: string | undefined;

	private constructor(private readonly options: ProcessOptions) {
		const { installed, env, cwd, logFile } = options;
		const log = openSync(logFile, 'a');
		const args = ['--require', join(__dirname, 'guard.cjs'), installed.script, 'start'];
		// A process group of its own: a signal to it reaches the task runner too.
		this.child = spawn(join(installed.nodeFolder, 'node'), args, {
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

	/**
	 * Resolves when n8n takes webhooks.
	 * @throws Error with the end of the log, when it does not come up
	 */
	static async start(options: ProcessOptions): Promise<N8nProcess> {
		const started = new N8nProcess(options);
		try {
			// `/healthz` answers seconds before webhooks do.
			await until('n8n to be ready', () => started.isReady(), { timeout: START_LIMIT });
			return started;
		} catch (error) {
			await started.kill();
			const log = await readFile(options.logFile, 'utf8').catch(() => '');
			const end = log.trimEnd().split('\n').slice(-25).join('\n');
			const message = error instanceof Error ? error.message : String(error);
			throw new Error(`n8n did not start: ${message}. End of ${options.logFile}:\n${end}`);
		}
	}

	get running(): boolean {
		return this.failure === undefined;
	}

	get pid(): number | undefined {
		return this.child.pid;
	}

	/** Lets n8n finish what it does. */
	async stop(): Promise<void> {
		this.signal('SIGTERM');
		const late = setTimeout(this.killNow, STOP_LIMIT);
		await this.gone;
		clearTimeout(late);
		// The task runner usually goes with n8n; make sure.
		this.killNow();
	}

	/** As the power going: nothing is finished, nothing is said. */
	async kill(): Promise<void> {
		this.killNow();
		await this.gone;
	}

	private async isReady(): Promise<boolean> {
		if (!this.running) throw new GiveUp(this.failure);
		const { status } = await axios.get(`${this.options.url}/healthz/readiness`, {
			proxy: false,
			timeout: 5000,
			validateStatus: () => true,
		});
		return status === 200;
	}

	private readonly killNow = () => this.signal('SIGKILL');

	private signal(signal: NodeJS.Signals) {
		if (this.child.pid === undefined) return;
		// To n8n alone when it is asked to stop: it stops its task runner itself, in its own order.
		const target = signal === 'SIGKILL' ? -this.child.pid : this.child.pid;
		try {
			process.kill(target, signal);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
		}
	}
}
