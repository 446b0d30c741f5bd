/** `npm run test:n8n`: the package on several versions of n8n. See --help. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { program } from 'commander';
import { playConversation } from './demo/conversation';
import { setStage, type Stage } from './demo/stage';
import { playKlaviyoApp } from './matrix/klaviyoApp';
import { playUnheardHour } from './matrix/unheardHour';
import { ensureN8n } from './n8n/install';
import { packPackage } from './n8n/pack';
import { projectRoot } from './n8n/paths';

/** The oldest that the package runs on, the first and the newest of n8n 2. A release that cannot be installed is no choice. */
const VERSIONS = ['1.123.81', '2.0.3', '2.41.1'];

program
	.name('npm run test:n8n --')
	.description(
		"Installs each version of n8n into the cache folder, plays the demo's conversation on it, and prints what was seen.",
	)
	.option('--versions <list>', 'versions of n8n, separated by commas', VERSIONS.join(','))
	.parse();

const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Play {
	name: string;
	/** Resolves with what was seen, if it can be said in figures. */
	act: (stage: Stage) => Promise<unknown>;
}

async function checkSetup({ n8n, workflow }: Stage): Promise<void> {
	const { id: workflowId } = workflow('00');
	await n8n.run(workflowId, 'Start');
	const [run] = await n8n.executionsEnded(1, { workflowId });
	if (run?.status !== 'success') throw new Error(`The execution ended with ${run?.status}`);
}

/** In this order: each leaves the stage to the next one. */
const plays: Play[] = [
	{
		name: 'conversation',
		async act(stage) {
			let steps = 0;
			await playConversation(stage, () => (steps += 1));
			return `${steps} steps`;
		},
	},
	{ name: 'catch-up, webhooks come back, tokens renewed', act: playUnheardHour },
	{ name: 'Klaviyo connected by OAuth2', act: playKlaviyoApp },
	{ name: 'Check Setup, run by hand', act: checkSetup },
	{
		name: 'templates by command line',
		async act({ n8n }) {
			const imported = await n8n.importByCommand(join(projectRoot, 'templates'));
			return `${imported.length} templates`;
		},
	},
];

const NAMES = ['triggers are published', ...plays.map(({ name }) => name)];

interface Row {
	version: string;
	/** By the play's name: what was seen, or what failed. */
	seen: Map<string, string>;
	isWell: boolean;
	installed: number;
	played: number;
}

const secondsSince = (began: number): number => Math.round((Date.now() - began) / 1000);

const endOf = async (log: string): Promise<string> =>
	(await readFile(log, 'utf8')).trimEnd().split('\n').slice(-20).join('\n');

async function playOn(version: string, tarball: string): Promise<Row> {
	const row: Row = { version, seen: new Map(), isWell: true, installed: 0, played: 0 };
	const began = Date.now();
	let stage: Stage | undefined;
	const play = async (name: string, act: () => Promise<unknown>): Promise<void> => {
		const start = Date.now();
		try {
			const seen = await act();
			row.seen.set(name, typeof seen === 'string' ? seen : 'yes');
		} catch (error) {
			row.isWell = false;
			row.seen.set(name, '**no**');
			say(`${version}: ${name}: ${error instanceof Error ? error.message : String(error)}`);
			if (stage) say(await endOf(stage.n8n.logFile));
		}
		say(`${version}: ${name}: ${row.seen.get(name)} (${secondsSince(start)} s)`);
	};
	try {
		await ensureN8n(say, version);
		row.installed = secondsSince(began);
		await play(NAMES[0] ?? '', async () => {
			const n8n = { version, tarball, editor: false, movesClock: true };
			stage = await setStage({ n8n, publish: ['01', '02', '03', '04'] });
		});
		for (const { name, act } of plays) {
			const running = stage;
			if (running) await play(name, async () => await act(running));
		}
	} catch (error) {
		row.isWell = false;
		say(`${version}: ${error instanceof Error ? error.message : String(error)}`);
	} finally {
		await stage?.close();
		row.played = secondsSince(began) - row.installed;
	}
	return row;
}

function tableOf(rows: Row[]): string[] {
	const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
	const cellsOf = ({ version, seen, installed, played }: Row): string[] => [
		version,
		...NAMES.map((name) => seen.get(name) ?? 'not tried'),
		`${installed}`,
		`${played}`,
	];
	const head = ['n8n', ...NAMES, 'seconds to install', 'seconds to play'];
	return [line(head), line(head.map(() => '---')), ...rows.map((row) => line(cellsOf(row)))];
}

async function main(): Promise<void> {
	const { versions } = program.opts<{ versions: string }>();
	const tarball = await packPackage();
	const rows: Row[] = [];
	for (const version of versions.split(',')) rows.push(await playOn(version.trim(), tarball));
	say('');
	for (const line of tableOf(rows)) say(line);
	if (rows.some(({ isWell }) => !isWell)) process.exitCode = 1;
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
