import type { ServerResponse } from 'node:http';
import type { Changes } from '../changes';

/** Functions that build the sections of the page. */
export type Makers<Sections> = { [Name in keyof Sections]: () => Sections[Name] };

/** The shortest time between two updates of a page, milliseconds, so that a load test does not drown it. */
const restBetween = 100;
const pulse = 15_000;

/**
 * Server-sent events for one page: first all sections, then after each change those that differ. A page that reads slowly
 * gets fewer updates, never outdated ones.
 */
export function streamSections<Sections extends object>(
	response: ServerResponse,
	changes: Changes,
	makers: Makers<Sections>,
): void {
	const sent = new Map<string, string>();
	let timer: NodeJS.Timeout | undefined;
	let isFull = false;
	let hasNews = false;

	const tell = (): void => {
		const parts: string[] = [];
		for (const name in makers) {
			const json = JSON.stringify(makers[name]());
			if (sent.get(name) === json) continue;
			sent.set(name, json);
			parts.push(`${JSON.stringify(name)}:${json}`);
		}
		if (parts.length > 0) isFull = !response.write(`data: {${parts.join(',')}}\n\n`);
	};
	const rested = (): void => {
		timer = undefined;
		if (!hasNews || isFull) return;
		hasNews = false;
		tell();
		timer = setTimeout(rested, restBetween);
	};
	const changed = (): void => {
		hasNews = true;
		if (timer === undefined) rested();
	};
	const beat = setInterval(() => response.write(': still here\n\n'), pulse);
	response.on('drain', () => {
		isFull = false;
		if (timer === undefined) rested();
	});
	response.on('close', () => {
		clearInterval(beat);
		clearTimeout(timer);
		changes.off('change', changed);
	});
	response.writeHead(200, {
		'content-type': 'text/event-stream',
		'cache-control': 'no-store',
		'x-content-type-options': 'nosniff',
	});
	changes.on('change', changed);
	tell();
}
