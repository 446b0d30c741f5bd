/** `npm run chaos`: tests the guarantees under faults, load and kills, in a real n8n. See --help. */
import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { SECOND_CHECK } from '../nodes/ZendeskSync/trigger/secondChecks';
import { startSandbox } from '../sandbox';
import { dice } from '../sandbox/random';
import type { Sandbox, SandboxOptions } from '../sandbox/types';
import { Kills } from './chaos/kills';
import { Night } from './chaos/night';
import { type ChaosOptions, readOptions } from './chaos/options';
import { Outages } from './chaos/outages';
import { Passing } from './chaos/passing';
import { faultsMissing, isWell, type Outcome, summaryOf, tableOf } from './chaos/report';
import { setScene } from './chaos/scene';
import { play } from './chaos/script';
import { judge, truthOf } from './judge';
import type { ExecutionSummary } from './n8n/executions';
import { N8nInstance } from './n8n/instance';
import { People } from './people';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Higher catch-up ages are read every ten minutes, at the next poll. */
const READ_WITHIN = 11 * MINUTE;
/** A reply that would not be checked again for hours is checked once more, at the poll after this time. */
const LOOKED_AT_WITHIN = SECOND_CHECK + 2 * MINUTE;
/** Time to process what a poll brings. */
const WORKED_OFF_WITHIN = 90 * SECOND;

const began = Date.now();
const say = (line: string): void => {
	const seconds = String(Math.round((Date.now() - began) / SECOND)).padStart(5);
	process.stdout.write(`${seconds} s  ${line}\n`);
};

/** The settings that docs/install.md gives for many messages. */
const settings = {
	N8N_CONCURRENCY_PRODUCTION_LIMIT: '20',
	N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true',
	N8N_EXPRESSION_ENGINE_COMPILE_CACHE: 'true',
	EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'none',
};

/** Besides faults: an account that lags a little everywhere. */
const account: SandboxOptions['switches'] = {
	latency: 60,
	searchLag: 20 * SECOND,
	ticketListLag: 500,
	auditLag: 500,
	outboundLogLag: 20 * SECOND,
	eventLag: 10 * SECOND,
	inboundLogLag: 10 * SECOND,
};

async function run(options: ChaosOptions): Promise<Outcome> {
	const { seed, record } = options;
	const started: { n8n?: N8nInstance } = {};
	const along = async (milliseconds: number) => await started.n8n?.advance(milliseconds);
	const sandbox = await startSandbox({
		seed,
		limits: options.limits,
		keepCalls: false,
		controlPort: options.port,
		switches: account,
		time: { along },
		...(record ? { record } : {}),
	});
	say(`control server at ${sandbox.controlUrl}, limits multiplied by ${options.limits}`);
	try {
		return await runIn(sandbox, options, started);
	} finally {
		await sandbox.close();
	}
}

async function runIn(
	sandbox: Sandbox,
	options: ChaosOptions,
	started: { n8n?: N8nInstance },
): Promise<Outcome> {
	const n8n = await N8nInstance.start({
		mode: options.queue ? 'queue' : 'single',
		progress: say,
		env: settings,
		editor: false,
		movesClock: !options.realTime,
	});
	started.n8n = n8n;
	try {
		await setScene(n8n, sandbox, options);
		say(`n8n runs at ${n8n.url}`);
		const people = new People(sandbox, dice(options.seed), options.customers);
		Object.assign(sandbox.switches.faults, options.faults);
		const kills = new Kills(n8n.parts, dice(options.seed ^ 0xdead), options.kills, say);
		const passing = new Passing(sandbox, n8n, () => kills.lastBack, say);
		const outages = new Outages(sandbox.switches, n8n, passing, options.outage, say);
		const night = options.realTime
			? undefined
			: new Night(people, passing, async () => await kills.over(), say);
		await playScript(people, sandbox, options, async (share) => {
			kills.at(share);
			await outages.at(share);
			await night?.at(share);
		});
		await kills.over();
		await caughtUp(passing, outages, options);
		const failed = await n8n.executions({ status: ['error', 'crashed'] });
		const truth = truthOf(sandbox, outages.seenWithin);
		const outcome: Outcome = {
			options,
			truth,
			verdict: judge(truth),
			faults: sandbox.faults(),
			calls: sandbox.callCounts(),
			kills: kills.done,
			restarts: n8n.restarts,
			failedExecutions: failed.length,
			seconds: (Date.now() - began) / SECOND,
		};
		for (const line of await whyFailed(n8n, failed)) say(line);
		if (options.record) await writeFile(`${options.record}.state.json`, JSON.stringify(truth));
		for (const line of people.storyOf(outcome.verdict)) say(line);
		return outcome;
	} finally {
		await n8n.dispose();
	}
}

/** Reasons of some failed executions, the most frequent first. Catch-up has brought their events again. */
async function whyFailed(n8n: N8nInstance, failed: readonly ExecutionSummary[]): Promise<string[]> {
	const counts = new Map<string, number>();
	for (const { id, status } of failed.slice(0, 50)) {
		const { error } = await n8n.execution(id);
		const why = error?.message ?? status;
		counts.set(why, (counts.get(why) ?? 0) + 1);
	}
	return [...counts]
		.sort(([, one], [, other]) => other - one)
		.map(([why, count]) => `${count} of ${Math.min(failed.length, 50)} failed with: ${why}`);
}

async function playScript(
	people: People,
	sandbox: Sandbox,
	options: ChaosOptions,
	at: (share: number) => Promise<void>,
): Promise<void> {
	const all = options.messages + options.replies;
	const report = setInterval(() => {
		const { messages, replies } = people.count;
		const { zendesk, klaviyo } = sandbox.callCounts();
		say(`${messages} messages, ${replies} replies; ${zendesk + klaviyo} calls`);
	}, 30 * SECOND);
	try {
		await play(people, dice(options.seed ^ 0xf00d), options, (done) => at(done / all));
	} finally {
		clearInterval(report);
	}
	say('the script is over');
}

/** Resolves when catch-up has brought the last event at its highest age, and n8n has processed it. */
async function caughtUp(
	passing: Passing,
	outages: Outages,
	{ ages, realTime }: ChaosOptions,
): Promise<void> {
	const highest = Math.max(...ages.split(',').map((age) => Number(age) * MINUTE), outages.lastAge);
	const wait = highest + READ_WITHIN + LOOKED_AT_WITHIN + WORKED_OFF_WITHIN;
	const minutes = Math.round(wait / MINUTE);
	if (realTime) {
		say(`waiting ${minutes} minutes for catch-up`);
		await pause(wait);
	} else {
		say(`moving the clocks by ${minutes} minutes for catch-up`);
		await passing.pass(wait);
	}
	await passing.over();
}

async function main(): Promise<void> {
	const options = readOptions(process.argv);
	const outcome = await run(options);
	for (const [what, lines] of Object.entries(outcome.verdict))
		for (const line of lines as string[]) say(`${what}: ${line}`);
	say(`\n${tableOf(outcome)}`);
	for (const fault of faultsMissing(outcome)) say(`no ${fault} occurred: play more`);
	process.stdout.write(`${JSON.stringify(summaryOf(outcome))}\n`);
	process.exitCode = isWell(outcome) ? 0 : 1;
}

main().catch((error: unknown) => {
	process.stderr.write(
		`\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
	);
	process.exitCode = 1;
});
