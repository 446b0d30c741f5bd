/** `npm run length`: plays a shop's days, one after the other, and says whether anything grows with them. See --help. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { InvalidArgumentError, program } from 'commander';
import type { DayFigures, LengthOptions, LengthReport } from '../test/engine/support/length/play';
import { projectRoot } from './n8n/paths';
import { dayRow, DAY_HEAD, memoryTable, restartTable } from './length/tables';

const number = (typed: string): number => {
	const value = Number(typed);
	if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('A number above 0.');
	return value;
};

type Options = Omit<LengthOptions, 'onDay'>;

program
	.name('npm run length --')
	.description(
		"Plays a shop's days through templates 01, 02 and 03 in n8n's engine, between the local Zendesk and Klaviyo, by a clock that is moved: customers write, agents answer and solve, a minute in fifty has no webhooks, n8n polls and is restarted. Prints what each day cost and what was remembered. Exits with 0 only if the last day was as the second one, and nothing was lost or doubled.",
	)
	.option('--days <n>', 'days', number, 30)
	.option(
		'--messages <n>',
		"customers' messages a day; a quarter of them is answered",
		number,
		2000,
	)
	.option('--hours <n>', 'hours of each day that are played, from ten in the morning', number, 24)
	.option('--restart-every <n>', 'days from one restart of n8n to the next', number, 1)
	.option('--poll-every <n>', 'minutes from one poll to the next', number, 1)
	.option('--limits <n>', "multiplies the vendors' rate limits", number, 3)
	.option('--seed <n>', 'the days are drawn from it', number, 1)
	.parse();

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Run by jest, whose tests have a clock that is moved. */
async function play(options: Options): Promise<LengthReport & { faults: string[] }> {
	const bin = join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
	const config = join('test', 'bench', 'jest.config.js');
	const child = spawn(
		process.execPath,
		// The vendors' records of a day of 100,000 messages need more than Node takes by itself.
		['--max-old-space-size=12000', bin, '-i', '--config', config, 'length.bench'],
		{
			cwd: projectRoot,
			env: { ...process.env, LENGTH: JSON.stringify(options) },
			stdio: ['ignore', 'pipe', 'pipe'],
		},
	);
	let said = '';
	child.stderr.on('data', (data: Buffer) => (said += data.toString()));
	const ended = new Promise((resolve) => child.once('close', resolve));
	let report: (LengthReport & { faults: string[] }) | undefined;
	for await (const line of createInterface({ input: child.stdout })) {
		if (line.startsWith('DAY ')) print(dayRow(JSON.parse(line.slice(4)) as DayFigures));
		if (line.startsWith('LENGTH ')) report = JSON.parse(line.slice(7)) as typeof report;
	}
	await ended;
	if (!report) throw new Error(`The days were not played to their end:\n${said.slice(-3000)}`);
	return report;
}

async function main(options: Options): Promise<void> {
	print(DAY_HEAD);
	const { days, verdict, failures, left, faults } = await play(options);
	print(`\n${restartTable(days)}\n\n${memoryTable(days)}\n`);
	const messages = days.reduce((sum, day) => sum + day.messages, 0);
	print(
		`${messages} messages. Lost ${verdict.lost.length}, doubled ${verdict.doubled.length}, misdirected ${verdict.misdirected.length}, two open tickets ${verdict.openTicketsOverOne.length}, untrue ${verdict.untrue.length}. Executions that failed, and were caught up: ${failures.length}. Left in the heap when all was closed: ${left.toFixed(1)} MB.`,
	);
	for (const fault of faults.slice(0, 30)) print(fault);
	print(faults.length === 0 ? 'Flat.' : `Not flat, or not whole: ${faults.length} faults.`);
	process.exitCode = faults.length === 0 ? 0 : 1;
}

main(program.opts<Options>()).catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
