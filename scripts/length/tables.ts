/** The days in figures. */
import type { DayFigures } from '../../test/engine/support/length/play';
import { entriesOf, savedOf } from '../../test/engine/support/length/verdict';

const row = (cells: Array<string | number>): string => `| ${cells.join(' | ')} |`;
const rule = (count: number): string => row(Array.from({ length: count }, () => '---'));

const DAY_CELLS = [
	'day',
	'messages',
	'replies',
	'executions',
	'items an execution',
	'Zendesk calls a message',
	'Klaviyo calls a message',
	'caught up: executions, items',
	'entries in memory',
	'saved by n8n, characters',
	'behind at most, s',
	'took, s',
];
export const DAY_HEAD = `${row(DAY_CELLS)}\n${rule(DAY_CELLS.length)}`;

export const dayRow = (day: DayFigures): string =>
	row([
		day.day,
		day.messages,
		day.replies,
		day.executions,
		day.itemsAnExecution.toFixed(2),
		day.zendeskCalls.toFixed(2),
		day.klaviyoCalls.toFixed(2),
		`${day.caughtUp.executions}, ${day.caughtUp.items}`,
		entriesOf(day),
		savedOf(day),
		day.behind,
		Math.round(day.seconds),
	]);

const RESTART_CELLS = [
	'restart on day',
	'memory given back, MB',
	'rest of the heap, MB',
	'look-back: executions',
	'items',
	'largest',
	'minutes',
];

export const restartTable = (days: readonly DayFigures[]): string =>
	[
		row(RESTART_CELLS),
		rule(RESTART_CELLS.length),
		...days.flatMap(({ day, restart }) => {
			if (!restart) return [];
			const { executions, items, largest, minutes } = restart.lookBack;
			const heap = [restart.memory.toFixed(1), restart.rest.toFixed(0)];
			return [row([day, ...heap, executions, items, largest, Math.round(minutes)])];
		}),
	].join('\n');

/** The largest memories. */
const SHOWN = 8;

export function memoryTable(days: readonly DayFigures[]): string {
	const [first, second, last] = [days[0], days[1] ?? days[0], days.at(-1)];
	if (!first || !second || !last) return '';
	const names = Object.entries(last.entries)
		.sort(([, one], [, other]) => other - one)
		.slice(0, SHOWN);
	return [
		row(['remembered, entries', `day ${second.day}`, `day ${last.day}`]),
		rule(3),
		...names.map(([name, count]) => row([name, second.entries[name] ?? 0, count])),
	].join('\n');
}
