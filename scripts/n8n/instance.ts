/** A real n8n with this package in it, on 127.0.0.1, for tests and the demo: in one process, or in queue mode. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Editor } from './editor';
import { ensureN8n, type InstalledN8n, type Progress } from './install';
import { type Layout, type Processes, queueLayout, singleLayout } from './layout';
import { packPackage } from './pack';
import type { Part } from './part';
import { packageName, TARBALL } from './paths';
import { freePort } from './ports';
import { urlOf } from './settings';
import {
	type ImportedWorkflow,
	type WorkflowFile,
	withImportFolder,
	workflowFiles,
} from './workflows';

const run = promisify(execFile);

export interface InstanceOptions {
	/**
	 * `single`, the default: one process on SQLite. `queue`: one main, webhook processes and workers on PostgreSQL and Redis,
	 * see `missingForQueueMode`.
	 */
	mode?: 'single' | 'queue';
	/** Of queue mode; one webhook process and two workers by default. */
	processes?: Processes;
	/** Version of n8n; the pinned one by default. */
	version?: string;
	/** The packed package; by default built and packed from this checkout. `false`: without it. */
	tarball?: string | false;
	/** Folder for database, settings and logs; by default a new temporary one, which `dispose` removes. */
	userFolder?: string;
	/** The editor's port; a free one by default. It stays the same over restarts. */
	port?: number;
	/** More n8n settings, as environment variables. */
	env?: Record<string, string>;
	/**
	 * Whether it serves the editor; true by default. Without it, n8n starts in two thirds of the time, and REST still works.
	 */
	editor?: boolean;
	/** Whether `advance` can move its clock. */
	movesClock?: boolean;
	/** Called with a line now and then while n8n is being installed; stderr by default. */
	progress?: Progress;
}

/**
 * `const n8n = await N8nInstance.start()` and, in a `finally`, `await n8n.dispose()`. What a person does in the
 * editor is on the instance too: `createCredential`, `publish`, `executions` ...
 */
export class N8nInstance extends Editor {
	private constructor(
		private readonly layout: Layout,
		readonly userFolder: string,
		private readonly temporary: boolean,
		private readonly installed: InstalledN8n,
		private readonly clock: { offset: number } | undefined,
	) {
		super(urlOf(layout.port), layout.webhooksAt[0]);
	}

	/** Installs n8n if need be, puts the package into it, starts it and signs in. */
	static async start(options: InstanceOptions = {}): Promise<N8nInstance> {
		const n8n = await N8nInstance.prepare(options);
		try {
			await n8n.boot();
			return n8n;
		} catch (error) {
			await n8n.kill();
			await n8n.stopServices();
			throw error;
		}
	}

	/**
	 * Everything in `start` except starting. On SQLite, workflows can be imported already. `boot` starts it.
	 */
	static async prepare(options: InstanceOptions = {}): Promise<N8nInstance> {
		const installed = await ensureN8n(options.progress, options.version);
		const userFolder = options.userFolder ?? (await mkdtemp(join(tmpdir(), 'n8n-user-')));
		await mkdir(userFolder, { recursive: true });
		const port = options.port ?? (await freePort());
		const clock = options.movesClock ? { offset: 0 } : undefined;
		const choice = {
			installed,
			userFolder,
			port,
			processes: options.processes ?? { webhooks: 1, workers: 2 },
			env: { ...((options.editor ?? true) ? {} : { N8N_DISABLE_UI: 'true' }), ...options.env },
			...(clock ? { clock } : {}),
		};
		const layout = options.mode === 'queue' ? await queueLayout(choice) : singleLayout(choice);
		const temporary = options.userFolder === undefined;
		const n8n = new N8nInstance(layout, userFolder, temporary, installed, clock);
		if (options.tarball === false) return n8n;
		const tarball = options.tarball ?? process.env[TARBALL] ?? (await packPackage(userFolder));
		await n8n.installPackage(tarball);
		return n8n;
	}

	/** The processes, each of which can be killed and booted by itself: one `n8n`, or in queue mode five. */
	get parts(): readonly Part[] {
		return this.layout.parts;
	}

	/** Where production webhooks arrive, at any of them. */
	get webhookAddresses(): readonly string[] {
		return this.layout.webhooksAt;
	}

	/** How often a part ended unasked and was started again, over all parts. */
	get restarts(): number {
		return this.parts.reduce((sum, { restarts }) => sum + restarts, 0);
	}

	part(name: Part['name']): Part {
		const found = this.parts.find((part) => part.name === name);
		if (!found) throw new Error(`There is no part named ${name}`);
		return found;
	}

	get port(): number {
		return this.layout.port;
	}

	/** Of the process that serves the editor; the other parts have their own. */
	get logFile(): string {
		return this.editorPart.logFile;
	}

	protected async endOfLog(): Promise<string> {
		return await this.editorPart.endOfLog();
	}

	get running(): boolean {
		return this.parts.every(({ running }) => running);
	}

	/** Process id of the n8n that serves the editor, while it runs. */
	get pid(): number | undefined {
		return this.editorPart.pid;
	}

	private get editorPart(): Part {
		const [first] = this.parts;
		if (!first) throw new Error('An n8n has at least one part');
		return first;
	}

	/** Starts what does not run. The session survives: n8n's keys are in its database. */
	async boot(): Promise<void> {
		for (const group of this.layout.order) await Promise.all(group.map((part) => part.boot()));
		await this.rest.signIn();
	}

	/** Lets running executions end, and stops. Redis and its jobs stay. */
	async stop(): Promise<void> {
		const { parts, services } = this.layout;
		const own = parts.filter((part) => !services.includes(part));
		await Promise.all(own.map((part) => part.stop()));
	}

	/** SIGKILL, to all parts at once. The database stays. */
	async kill(): Promise<void> {
		await Promise.all(this.parts.map((part) => part.kill()));
	}

	/** Whether `advance` can move its clock. */
	get movesClock(): boolean {
		return this.clock !== undefined;
	}

	/**
	 * Makes it so much later for all its processes; what became due is begun when this resolves. Database and queue stay
	 * in real time.
	 */
	async advance(milliseconds: number): Promise<void> {
		if (!this.clock)
			throw new Error('Only an n8n that was started with movesClock has such a clock');
		this.clock.offset += milliseconds;
		await Promise.all(this.parts.map((part) => part.advance(milliseconds)));
	}

	async restart(): Promise<void> {
		await this.stop();
		await this.boot();
	}

	/** Stops, and removes the user folder if it was a temporary one. */
	async dispose(): Promise<void> {
		await this.stop();
		await this.stopServices();
		if (this.temporary) await rm(this.userFolder, { recursive: true, force: true });
	}

	private async stopServices(): Promise<void> {
		await Promise.all(this.layout.services.map((part) => part.stop()));
	}

	/** Puts a packed package where n8n looks for community packages. Takes effect at the next start. */
	async installPackage(tarball: string): Promise<void> {
		for (const home of this.layout.homes) {
			const folder = join(home, '.n8n', 'nodes', 'node_modules', packageName);
			await rm(folder, { recursive: true, force: true });
			await mkdir(folder, { recursive: true });
			await run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
		}
	}

	/**
	 * Imports workflows with n8n's own command line, which takes n8n's start once more, whether n8n runs or not.
	 * Credentials are found as by `importTemplates`.
	 * @param source a folder of .json files, or files
	 * @param change what a builder would change after importing
	 */
	async importByCommand(
		source: string | string[],
		change: (workflow: WorkflowFile) => WorkflowFile = (workflow) => workflow,
	): Promise<ImportedWorkflow[]> {
		const files = await workflowFiles(source);
		return await withImportFolder(files, change, async (folder) => {
			const output = await this.cli('import:workflow', '--separate', `--input=${folder}`);
			// The command ends well even when it failed.
			if (!output.includes(`Successfully imported ${files.length} workflow`)) {
				throw new Error(`n8n did not import ${files.join(', ')}: ${output}`);
			}
		});
	}

	/** What a person's shell has on this instance's machine: its user folder is their home, and `n8n` is a command. */
	get shell(): NodeJS.ProcessEnv {
		const { env, homes } = this.layout;
		const commands = join(this.installed.script, '..', '..', '..', '.bin');
		return { ...env, HOME: homes[0], PATH: `${commands}:${env.PATH ?? ''}` };
	}

	/** Runs a command of n8n's command line on this instance's database; resolves with what it printed. */
	async cli(...args: string[]): Promise<string> {
		const node = join(this.installed.nodeFolder, 'node');
		const { env, homes } = this.layout;
		const options = { cwd: homes[0], env, timeout: 120_000 };
		const { stdout, stderr } = await run(node, [this.installed.script, ...args], options);
		return stdout + stderr;
	}
}
