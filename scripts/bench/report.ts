/** The run as Markdown tables for people, and as one line for programs. */
import { cpus } from 'node:os';
import type { CatchUpCost } from './measures/simulated';
import type { Grown } from './measures/growth';
import { type Goal, goalsOf, type Outcome } from './goals';
import type { Results } from './rounds';
import type { Figures, Sizes } from './scene';
import { LIMITS, type Side } from './stage';
import { rounded } from './statistics';

export interface Run extends Outcome {
	sizes: Sizes;
	catchUp?: CatchUpCost[];
	seconds: number;
}

const SIDES: Side[] = ['ours', 'apart', 'alternative', 'ceiling'];

function table(head: string[], rows: string[][]): string {
	const all = [head, ...rows];
	const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
	const line = (row: string[]): string =>
		`| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
	const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
	return [line(head), rule, ...rows.map(line)].join('\n');
}

const shown = (value: number | undefined): string =>
	value === undefined || Number.isNaN(value) ? '' : String(rounded(value));

/** `messagesPerSecond` is read as "messages per second". */
const words = (name: string): string =>
	name
		.replace(/([a-z0-9])([A-Z])/g, '$1 $2')
		.replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
		.toLowerCase()
		.replace('p50', 'p50, ms')
		.replace('p95', 'p95, ms')
		.replace('p99', 'p99, ms');

function measured(results: Results, title = 'measured'): string {
	const rows = Object.entries(results).flatMap(([measure, bySide]) => {
		const names = Object.keys(bySide.ours ?? bySide.alternative ?? {});
		return names.map((name) => [
			words(measure),
			words(name),
			...SIDES.map((side) => shown(bySide[side]?.[name])),
		]);
	});
	return table([title, '', 'package', 'package, each apart', 'alternative', 'ceiling'], rows);
}

function grown(what: string, sizes: Grown[]): string {
	const names = Object.keys(sizes[0]?.figures ?? {});
	const rows = sizes.map(({ size, figures }) => [
		size.toLocaleString('en'),
		...names.map((name) => shown(figures[name])),
	]);
	return table([what, ...names.map(words)], rows);
}

const listed = (title: string, figures: Figures): string =>
	table(
		[title, ''],
		Object.entries(figures).map(([name, value]) => [words(name), shown(value)]),
	);

const bound = ({ bound: given }: Goal): string =>
	'least' in given ? `at least ${given.least}` : `at most ${given.most}`;

function goals(run: Run): string {
	const all = goalsOf(run);
	if (all.length === 0) return '';
	const rows = all.map((goal) => [
		goal.what,
		shown(goal.value),
		bound(goal),
		goal.isMet ? 'yes' : 'NO',
	]);
	return table(['ratios and counts of this run', '', 'wanted', 'met'], rows);
}

export function tables(run: Run): string {
	const { conversations, threads, backfills = [], weight, catchUp } = run;
	return [
		`Limits of the vendors multiplied by ${LIMITS} (not for the backfill and catch-up). Medians of ${run.sizes.rounds} rounds, on ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), in ${Math.round(run.seconds)} s.`,
		...(Object.keys(run.results).length > 0 ? [measured(run.results)] : []),
		...(run.queueMode ?? []).map(({ processes, results }) =>
			measured(results, `queue mode, ${processes} webhook processes and workers`),
		),
		...(conversations ? [grown('conversations', conversations)] : []),
		...(threads ? [grown('comments', threads)] : []),
		...backfills.map((figures) => listed('backfill, simulated clock', figures)),
		...(catchUp
			? [
					table(
						['catch-up, simulated clock', 'Zendesk', 'Klaviyo'],
						catchUp.map(({ what, zendesk, klaviyo }) => [what, zendesk, klaviyo]),
					),
				]
			: []),
		...(weight ? [listed('weight', weight)] : []),
		goals(run),
	]
		.filter(Boolean)
		.join('\n\n');
}

/** The last line. */
export function lastLine(run: Run): string {
	const { sizes, seconds, ...rest } = run;
	const all = { limits: LIMITS, sizes, seconds, ...rest, goals: goalsOf(run) };
	return JSON.stringify(all, (_name, value: unknown) =>
		typeof value === 'number' ? rounded(value) : value,
	);
}
