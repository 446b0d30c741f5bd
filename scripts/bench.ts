/** `npm run bench`: speed, calls and weight of the package, compared with what people build without it. See --help. */
import { writeFile } from 'node:fs/promises';
import { InvalidArgumentError, program } from 'commander';
import { checkAlternative } from './bench/check';
import { calls } from './bench/measures/calls';
import { amongConversations, inLongThreads } from './bench/measures/growth';
import { alone } from './bench/measures/alone';
import { paced } from './bench/measures/paced';
import { inQueueMode } from './bench/measures/queueMode';
import { backfill, catchUp } from './bench/measures/simulated';
import { manyAWebhook, oneAWebhook } from './bench/measures/messages';
import { weight } from './bench/measures/weight';
import { growthPlot } from './bench/plot';
import { lastLine, type Run, tables } from './bench/report';
import { playRounds } from './bench/rounds';
import { type Scene, setScene, type Sizes } from './bench/scene';
import { missingForQueueMode } from './n8n/services';

const PARTS = ['speed', 'queue', 'growth', 'backfill', 'catchup', 'weight'] as const;
type Part = (typeof PARTS)[number];

const number = (typed: string): number => {
	const value = Number(typed);
	if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('A number above 0.');
	return value;
};
const numbers = (typed: string): number[] => typed.split(',').map(number);
const parts = (typed: string): Part[] =>
	typed.split(',').map((name) => {
		const part = PARTS.find((one) => one === name);
		if (!part) throw new InvalidArgumentError(`One of ${PARTS.join(', ')}.`);
		return part;
	});

interface Options {
	check?: boolean;
	tiny?: boolean;
	only: Part[];
	rounds: number;
	messages: number;
	batches: number[];
	batchMessages: number;
	rate: number;
	seconds: number;
	alone: number;
	conversations: number[];
	comments: number[];
	growthRounds: number;
	tickets: number[];
	processes: number[];
	boots: number;
	plot?: string;
}

/** Enough to see that everything runs. The figures mean nothing. */
const TINY = {
	rounds: 1,
	messages: 20,
	batches: [100],
	batchMessages: 100,
	rate: 10,
	seconds: 2,
	alone: 3,
	conversations: [10, 1000],
	comments: [1, 100],
	growthRounds: 2,
	tickets: [1000],
	processes: [2],
	boots: 1,
};

program
	.name('npm run bench --')
	.description(
		'Compares the package with what people build without it, and with a webhook that does nothing, in one n8n beside one local Zendesk and Klaviyo. Prints tables and, as its last line, one JSON object. Needs a machine to itself.',
	)
	.option('--check', 'only play the same conversation with both, and exit with 0 if both succeed')
	.option('--tiny', 'a small run of everything, in a few minutes, to see that it works')
	.option('--only <parts>', `some of ${PARTS.join(', ')}, separated by commas`, parts, [...PARTS])
	.option('--rounds <n>', 'rounds; the medians count', number, 5)
	.option('--messages <n>', 'messages in a round, one per webhook', number, 200)
	.option('--batches <list>', 'messages per webhook', numbers, [100, 1000])
	.option('--batch-messages <n>', 'messages in a round with many per webhook', number, 2000)
	.option('--rate <n>', 'messages per second while the answers of webhooks are timed', number, 10)
	.option('--seconds <n>', 'how long that takes', number, 20)
	.option('--alone <n>', 'messages in a round, one at a time', number, 20)
	.option('--conversations <list>', 'sizes of the account', numbers, [10, 1000, 100_000])
	.option('--comments <list>', 'lengths of threads', numbers, [1, 100, 1000])
	.option('--growth-rounds <n>', 'times that ten customers text at each size', number, 20)
	.option('--tickets <list>', 'past tickets', numbers, [10_000, 50_000])
	.option(
		'--processes <list>',
		'webhook processes in queue mode, and as many workers',
		numbers,
		[1, 2, 4],
	)
	.option('--boots <n>', 'starts of n8n with and without the package', number, 3)
	.option('--plot <file>', 'write growth as SVG, such as docs/images/growth.svg')
	.parse();

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const sizesOf = (options: Options): Sizes => {
	const { rounds, messages, rate, seconds, batchMessages } = options;
	const batches = options.batches.map((size) => ({
		size,
		webhooks: Math.max(1, Math.round(batchMessages / size)),
	}));
	return {
		rounds,
		messages,
		batches,
		pace: { rate, seconds },
		alone: options.alone,
		customers: Math.max(
			messages,
			rate * seconds,
			...batches.map(({ size, webhooks }) => size * webhooks),
		),
		growth: {
			conversations: options.conversations,
			comments: options.comments,
			rounds: options.growthRounds,
		},
		backfill: options.tickets,
		boots: options.boots,
	};
};

async function on<T>(customers: number, work: (scene: Scene) => Promise<T>): Promise<T> {
	const scene = await setScene(customers, say);
	try {
		return await work(scene);
	} finally {
		await scene.close();
	}
}

async function main(options: Options): Promise<void> {
	const tell = (who: string, what: string): void => print(`${who.padEnd(12)} ${what}`);
	if (options.check) return await checkAlternative(tell, print);
	const began = Date.now();
	const sizes = sizesOf(options);
	const isWanted = (part: Part): boolean => options.only.includes(part);
	const run: Run = { sizes, results: {}, seconds: NaN };

	if (isWanted('speed')) {
		run.results = await on(
			sizes.customers,
			async (scene) =>
				await playRounds(
					scene,
					(given) => [oneAWebhook, ...manyAWebhook(given), paced, alone, calls],
					sizes,
				),
		);
	}
	if (isWanted('queue')) {
		const missing = missingForQueueMode();
		if (missing) say(missing);
		run.queueMode = [];
		for (const processes of missing ? [] : options.processes)
			run.queueMode.push(await inQueueMode(sizes, processes, say));
	}
	if (isWanted('growth')) {
		run.threads = await on(1, async (scene) => await inLongThreads(scene, sizes));
		run.conversations = await on(1, async (scene) => await amongConversations(scene, sizes));
	}
	if (isWanted('backfill')) {
		run.backfills = [];
		for (const tickets of sizes.backfill) {
			say(`Backfill of ${tickets} tickets, simulated clock`);
			run.backfills.push(await backfill(tickets));
		}
	}
	if (isWanted('catchup')) {
		say('Catch-up, simulated clock');
		run.catchUp = await catchUp();
	}
	if (isWanted('weight')) run.weight = await weight(sizes, say);

	run.seconds = (Date.now() - began) / 1000;
	// Before the plot, so that an hour's figures are not lost if a file cannot be written.
	print(tables(run));
	print(`\n${lastLine(run)}`);
	const { conversations, threads } = run;
	if (options.plot && conversations && threads)
		await writeFile(options.plot, growthPlot(conversations, threads));
}

const { tiny, ...typed } = program.opts<Options>();
main(tiny ? { ...typed, ...TINY } : typed).catch((error: unknown) => {
	process.stderr.write(
		`\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
	);
	process.exitCode = 1;
});
