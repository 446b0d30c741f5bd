/** Whether days stayed as the second one was, and in words what did not. */
import type { DayFigures, LengthOptions, LengthReport } from './play';

/** Requests for a message: by how much of the second day's the last day's may differ. */
const CALLS = 0.15;
/** What is remembered, and saved: the same, and so much more. A day is drawn. */
const MEMORY = { share: 0.3, entries: 200, megabytes: 2, characters: 200 };
/** Polls after which whatever was found has had its turn. */
const BEHIND = 3;
/** Items of an execution. */
const LARGEST = 2500;
/** Executions of a look-back, other than those that are full: each workflow has one or some more of webhooks lost meanwhile. */
const SOME = 20;
/** MB, and bytes a message, that may be left in the heap when everything is closed: compiled code, pools. */
const LEFT = { megabytes: 12, bytesAMessage: 50 };

export const entriesOf = ({ entries }: Pick<DayFigures, 'entries'>): number =>
	Object.values(entries).reduce((sum, one) => sum + one, 0);

export const savedOf = ({ saved }: Pick<DayFigures, 'saved'>): number =>
	Math.max(...Object.values(saved));

/** @returns a line for each thing that was not as it should be */
export function faultsOf(
	{ days, verdict, left }: LengthReport,
	{ pollEvery }: Pick<LengthOptions, 'pollEvery'>,
): string[] {
	const faults: string[] = [];
	for (const [what, lines] of Object.entries(verdict))
		for (const line of lines as string[]) faults.push(`${what}: ${line}`);
	const messages = days.reduce((sum, day) => sum + day.messages, 0);
	const allowed = LEFT.megabytes + (LEFT.bytesAMessage * messages) / 1024 / 1024;
	if (left > allowed) faults.push(`${left.toFixed(1)} MB are left in the heap when all is closed`);
	for (const { day, behind, restart } of days) {
		if (behind > BEHIND * pollEvery * 60)
			faults.push(`day ${day}: catch-up was ${behind} seconds behind`);
		if (!restart) continue;
		const { executions, items, largest } = restart.lookBack;
		if (largest > LARGEST) faults.push(`day ${day}: an execution of ${largest} items`);
		if (executions > SOME + items / 100)
			faults.push(`day ${day}: the look-back took ${executions} executions for ${items} items`);
	}
	return [...faults, ...growthOf(days)];
}

function growthOf(days: readonly DayFigures[]): string[] {
	const [second, last] = [days[1], days.at(-1)];
	if (!second || !last || second === last) return [];
	const { share, entries, characters, megabytes } = MEMORY;
	const restarts = days.flatMap(({ restart }) => (restart ? [restart] : []));
	const compared: Array<[string, number | undefined, number | undefined, number, number]> = [
		['Zendesk calls a message', second.zendeskCalls, last.zendeskCalls, CALLS, 0],
		['Klaviyo calls a message', second.klaviyoCalls, last.klaviyoCalls, CALLS, 0],
		['entries in memory', entriesOf(second), entriesOf(last), share, entries],
		['characters that n8n saves', savedOf(second), savedOf(last), share, characters],
		['MB in memory at restarts', restarts[0]?.memory, restarts.at(-1)?.memory, share, megabytes],
		[
			'items of a look-back',
			restarts[0]?.lookBack.items,
			restarts.at(-1)?.lookBack.items,
			share,
			entries,
		],
	];
	return compared.flatMap(([what, before = 0, after = 0, part, more]) =>
		after > before * (1 + part) + more
			? [`${what}: ${after.toFixed(2)} on the last day, ${before.toFixed(2)} before`]
			: [],
	);
}
