/** A real n8n with this package in it, on 127.0.0.1 and SQLite, for tests and the demo. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Editor } from './editor';
import { ensureN8n, type InstalledN8n, type Progress } from './install';
import { packPackage } from './pack';
import { packageName } from './paths';
import { freePort } from './ports';
import { N8nProcess } from './process';
import {
	type ImportedWorkflow,
	type WorkflowFile,
	withImportFolder,
	workflowFiles,
} from './workflows';

const run = promisify(execFile);

export interface InstanceOptions {
	/** The packed package; built and packed from this checkout when left out. */
	tarball?: string;
	/** Keeps database, settings and log; a new temporary one by default, which `dispose` removes. */
	userFolder?: string;
	/** A free one by default. It stays the same over restarts. */
	port?: number;
	/** More settings of n8n, by environment variable. */
	env?: Record<string, string>;
	/** Gets a line now and then while n8n is installed; stderr by default. */
	progress?: Progress;
}

/**
 * `const n8n = await N8nInstance.start()` and, in a `finally`, `await n8n.dispose()`. What a person does in the
 * editor is on the instance too: `createCredential`, `publish`, `executions` ...
 */
export class N8nInstance extends Editor {
	private process: N8nProcess | undefined;

	private constructor(
		readonly port: number,
		readonly userFolder: string,
		private readonly temporary: boolean,
		private readonly installed: InstalledN8n,
		private readonly env: NodeJS.ProcessEnv,
	) {
		super(urlOf(port));
	}

	/** Installs n8n if need be, puts the package into it, starts it and signs in. */
	static async start(options: InstanceOptions = {}): Promise<N8nInstance> {
		const n8n = await N8nInstance.prepare(options);
		try {
			await n8n.boot();
			return n8n;
		} catch (error) {
			await n8n.kill();
			throw error;
		}
	}

	/** All of `start` but starting: workflows can be imported already. `boot` starts it. */
	static async prepare(options: InstanceOptions = {}): Promise<N8nInstance> {
		const installed = await ensureN8n(options.progress);
		const userFolder = options.userFolder ?? (await mkdtemp(join(tmpdir(), 'n8n-user-')));
		await mkdir(userFolder, { recursive: true });
		const port = options.port ?? (await freePort());
		const env = environment(installed, userFolder, port);
		const temporary = options.userFolder === undefined;
		const n8n = new N8nInstance(port, userFolder, temporary, installed, { ...env, ...options.env });
		await n8n.installPackage(options.tarball ?? (await packPackage(userFolder)));
		return n8n;
	}

	get logFile(): string {
		return join(this.userFolder, 'n8n.log');
	}

	get running(): boolean {
		return this.process?.running ?? false;
	}

	/** Process id of the running n8n. */
	get pid(): number | undefined {
		return this.running ? this.process?.pid : undefined;
	}

	/** Starts n8n, if it does not run. The session survives: n8n's keys are in the user folder. */
	async boot(): Promise<void> {
		if (this.running) return;
		for (let attempt = 1; !this.running; attempt++) {
			try {
				this.process = await this.startProcess();
			} catch (error) {
				// Somebody was quicker: another n8n of another test, say.
				const isTaken = /port \d+ is already in use/i.test(String(error));
				if (!isTaken || attempt >= START_ATTEMPTS) throw error;
			}
		}
		await this.rest.signIn();
	}

	private async startProcess(): Promise<N8nProcess> {
		const { installed, userFolder: cwd, logFile, url } = this;
		const env = { ...this.env, N8N_RUNNERS_BROKER_PORT: String(await freePort()) };
		return await N8nProcess.start({ installed, env, cwd, logFile, url });
	}

	/** Lets running executions end, and stops. */
	async stop(): Promise<void> {
		await this.process?.stop();
	}

	/** SIGKILL, to n8n and its task runner. */
	async kill(): Promise<void> {
		await this.process?.kill();
	}

	async restart(): Promise<void> {
		await this.stop();
		await this.boot();
	}

	/** Stops, and removes the user folder if it was a temporary one. */
	async dispose(): Promise<void> {
		await this.stop();
		if (this.temporary) await rm(this.userFolder, { recursive: true, force: true });
	}

	/** Puts a packed package where n8n looks for community packages. Takes effect at the next start. */
	async installPackage(tarball: string): Promise<void> {
		const folder = join(this.userFolder, '.n8n', 'nodes', 'node_modules', packageName);
		await rm(folder, { recursive: true, force: true });
		await mkdir(folder, { recursive: true });
		await run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
	}

	/**
	 * Imports workflows with n8n's own command line, whether n8n runs or not. Credentials with an id of null are found
	 * by name and type: create them before.
	 * @param source a folder of .json files, or files
	 * @param change what a builder would change after importing
	 */
	async importTemplates(
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

	/** Runs a command of n8n's command line on this instance's database; resolves with what it printed. */
	async cli(...args: string[]): Promise<string> {
		const node = join(this.installed.nodeFolder, 'node');
		const options = { cwd: this.userFolder, env: this.env, timeout: 120_000 };
		const { stdout, stderr } = await run(node, [this.installed.script, ...args], options);
		return stdout + stderr;
	}
}

const START_ATTEMPTS = 3;

const urlOf = (port: number) => `http://127.0.0.1:${port}`;

/** Only what is named: a test's own NODE_ENV or NODE_OPTIONS would change n8n. */
function environment(installed: InstalledN8n, userFolder: string, port: number): NodeJS.ProcessEnv {
	const { PATH, HOME, TMPDIR, LANG } = process.env;
	return {
		PATH: `${installed.nodeFolder}:${PATH ?? ''}`,
		HOME,
		...(TMPDIR ? { TMPDIR } : {}),
		...(LANG ? { LANG } : {}),
		N8N_USER_FOLDER: userFolder,
		N8N_PORT: String(port),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		WEBHOOK_URL: `${urlOf(port)}/`,
		N8N_ENCRYPTION_KEY: 'a-key-for-tests-and-the-demo',
		// The editor over plain HTTP would not keep a secure cookie.
		N8N_SECURE_COOKIE: 'false',
		GENERIC_TIMEZONE: 'UTC',
		// Nothing that asks the internet.
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	};
}
