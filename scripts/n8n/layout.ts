/** The processes of an n8n: one, or those of queue mode with their database and queue. */
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import axios, { type AxiosResponse } from 'axios';
import type { InstalledN8n } from './install';
import { Part, type PartName } from './part';
import { freePort } from './ports';
import { missingForQueueMode, newPassword, postgresPart, redisPart } from './services';
import { commonSettings, queueSettings, urlOf } from './settings';

export interface Layout {
	/** The parts that can be killed and restarted individually. */
	parts: Part[];
	/** All parts in the order of their start: those of a group in parallel, once the earlier groups are ready. */
	order: Part[][];
	/** What n8n depends on: keeps running when n8n is stopped. */
	services: Part[];
	/** N8N_USER_FOLDER of each n8n process; the first one serves the editor. */
	homes: string[];
	/** Environment of that one, and of n8n's command line. */
	env: NodeJS.ProcessEnv;
	/** The editor's. */
	port: number;
	/** Where production webhooks arrive: at any of these, as a load balancer chooses. Vendors are told the first. */
	webhooksAt: [string, ...string[]];
}

/** How many of each there are. */
export interface Processes {
	webhooks: number;
	workers: number;
}

export interface LayoutOptions {
	installed: InstalledN8n;
	userFolder: string;
	port: number;
	/** More settings, for all processes. */
	env: Record<string, string>;
	/** Of queue mode. */
	processes: Processes;
	/** Set if the clock of the n8n processes can be moved: the offset so far, milliseconds. */
	clock?: { offset: number };
}

interface N8nPart {
	name: PartName;
	/** Of n8n's command line. */
	command: string[];
	env: NodeJS.ProcessEnv;
	home: string;
	logFile: string;
	/** The port where it reports whether it is ready. */
	port: number;
	/** Whether it serves the editor. */
	hasEditor: boolean;
	startsAgain: boolean;
	clock: LayoutOptions['clock'];
}

const loaded = (file: string): string[] => ['--require', join(__dirname, file)];

const get = async (url: string): Promise<AxiosResponse<unknown>> =>
	await axios.get(url, { proxy: false, timeout: 5000, validateStatus: () => true });

/** Whether REST answers, be it to say who is not signed in. Before it is there, others answer in its place, not in JSON. */
async function hasRest(port: number): Promise<boolean> {
	const { status, data } = await get(`${urlOf(port)}/rest/login`);
	return status !== 404 && typeof data === 'object';
}

function n8nPart(
	installed: InstalledN8n,
	{ command, env, home, port, hasEditor, clock, ...rest }: N8nPart,
): Part {
	const first = [...loaded('guard.cjs'), ...(clock ? loaded('clock.cjs') : [])];
	return new Part({
		...rest,
		hasClock: clock !== undefined,
		program: async () => ({
			command: join(installed.nodeFolder, 'node'),
			args: [...first, installed.script, ...command],
			cwd: home,
			env: {
				...env,
				N8N_RUNNERS_BROKER_PORT: String(await freePort()),
				...(clock ? { N8N_CLOCK_OFFSET: String(clock.offset) } : {}),
			},
			async isReady() {
				// `/healthz` answers seconds before webhooks do, and n8n 1 says that it is ready before REST is.
				const { status } = await get(`${urlOf(port)}/healthz/readiness`);
				return status === 200 && (!hasEditor || (await hasRest(port)));
			},
		}),
	});
}

/** `n8n start` on SQLite, as most people run it. */
export function singleLayout(options: LayoutOptions): Layout {
	const { installed, userFolder, port, env: more, clock } = options;
	const env = {
		...commonSettings(installed),
		N8N_USER_FOLDER: userFolder,
		N8N_PORT: String(port),
		WEBHOOK_URL: `${urlOf(port)}/`,
		...more,
	};
	const n8n = n8nPart(installed, {
		name: 'n8n',
		command: ['start'],
		env,
		home: userFolder,
		logFile: join(userFolder, 'n8n.log'),
		port,
		hasEditor: true,
		// A test must be able to see that n8n ended.
		startsAgain: false,
		clock,
	});
	const webhooksAt: Layout['webhooksAt'] = [urlOf(port)];
	return {
		parts: [n8n],
		order: [[n8n]],
		services: [],
		homes: [userFolder],
		env,
		port,
		webhooksAt,
	};
}

/**
 * One main, webhook processes and workers, each with a folder of its own as in containers; PostgreSQL and Redis. The first
 * webhook process takes the place of a load balancer.
 * @throws Error that says what to install, if PostgreSQL or Redis is missing
 */
export async function queueLayout(options: LayoutOptions): Promise<Layout> {
	const missing = missingForQueueMode();
	if (missing) throw new Error(missing);
	const { installed, userFolder, port, clock } = options;
	// If this is root, PostgreSQL runs as another user, who must be able to reach its folder.
	if (process.getuid?.() === 0) await chmod(userFolder, 0o711);
	const { webhooks, workers } = options.processes;
	const redisPort = await freePort();
	const webhookPort = await freePort();
	const redisPassword = newPassword();
	const databaseFolder = join(userFolder, 'postgres');
	const database = await postgresPart(databaseFolder);
	const redis = await redisPart(join(userFolder, 'redis'), redisPort, redisPassword);
	const shared = {
		...commonSettings(installed),
		...queueSettings({ databaseFolder, redisPort, redisPassword }),
		WEBHOOK_URL: `${urlOf(webhookPort)}/`,
		// A vendor's "Connect" page must lead back to the editor, not to the webhook process.
		N8N_EDITOR_BASE_URL: urlOf(port),
		...options.env,
	};
	const homeOf = (name: PartName) => join(userFolder, name.replace(' ', '-'));
	const settingsOf = (name: PartName, at: number) => ({
		...shared,
		N8N_USER_FOLDER: homeOf(name),
		N8N_PORT: String(at),
		QUEUE_HEALTH_CHECK_PORT: String(at),
	});
	const part = async (name: PartName, command: string[], at: number): Promise<Part> => {
		const home = homeOf(name);
		await mkdir(home, { recursive: true });
		const env = settingsOf(name, at);
		const logFile = `${home}.log`;
		const own = { name, command, env, home, logFile, port: at, hasEditor: name === 'main' };
		return n8nPart(installed, { ...own, startsAgain: true, clock });
	};
	const main = await part('main', ['start'], port);
	const others = [await part('webhook', ['webhook'], webhookPort)];
	const webhooksAt: Layout['webhooksAt'] = [urlOf(webhookPort)];
	for (let number = 2; number <= webhooks; number++) {
		const at = await freePort();
		others.push(await part(`webhook ${number}`, ['webhook'], at));
		webhooksAt.push(urlOf(at));
	}
	for (let number = 1; number <= workers; number++)
		others.push(await part(`worker ${number}`, ['worker', '--concurrency=10'], await freePort()));
	return {
		parts: [main, ...others, redis],
		// Main migrates the database: the first time, the others cannot start before it is done.
		order: [[database, redis], [main], others],
		services: [redis, database],
		homes: [main, ...others].map(({ name }) => homeOf(name)),
		env: settingsOf('main', port),
		port,
		webhooksAt,
	};
}
