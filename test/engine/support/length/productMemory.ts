/**
 * What the package remembers in its process, by name. To be imported before any node: it watches the memories being
 * made.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type * as ProcessMemory from '../../../../nodes/shared/processMemory';

interface Known {
	name: string;
	memory: ReadonlyMap<string, unknown>;
}

const mockKnown: Known[] = [];

/** As the source calls it, such as `completedEvents completed`, and what a function has made, such as `backlog waiting of poll backlog`. */
const mockNameOf = (stack: string): string => {
	const places = [...stack.matchAll(/(\/nodes\/[^\s:]+\.ts):(\d+)/g)];
	const names = places.flatMap(([place, path = '', line]) => {
		const start = stack.lastIndexOf('(', stack.indexOf(place)) + 1;
		const file = stack.slice(start, stack.indexOf(place) + path.length);
		if (file.endsWith('processMemory.ts')) return [];
		const source = readFileSync(file, 'utf8').split('\n')[Number(line) - 1] ?? '';
		const name = /(?:const|let) (\w+)/.exec(source)?.[1];
		return name === undefined ? [] : `${basename(file, '.ts')} ${name}`;
	});
	return names.slice(0, 2).join(' of ') || 'unknown';
};

jest.mock('../../../../nodes/shared/processMemory', () => {
	const actual = jest.requireActual<typeof ProcessMemory>('../../../../nodes/shared/processMemory');
	const watched =
		<T>(make: () => Map<string, T>) =>
		(): Map<string, T> => {
			const memory = make();
			mockKnown.push({ name: mockNameOf(new Error('made here').stack ?? ''), memory });
			return memory;
		};
	return {
		...actual,
		processMemory: watched(actual.processMemory),
		accountMemory: watched(actual.accountMemory),
	};
});

const isCollection = (value: unknown): value is Iterable<unknown> =>
	Array.isArray(value) || value instanceof Map || value instanceof Set;

/** Entries in a memory, and in the lists and maps that are in it. */
function entriesIn(value: unknown, depth = 6): number {
	if (typeof value !== 'object' || value === null || depth === 0) return 1;
	const inner = value instanceof Map ? [...value.values()] : isCollection(value) ? [...value] : [];
	if (isCollection(value))
		return inner.reduce<number>((sum, one) => sum + entriesIn(one, depth - 1), 0);
	const lists = Object.values(value).filter(isCollection);
	return lists.length === 0 ? 1 : lists.reduce((sum, one) => sum + entriesIn(one, depth - 1), 0);
}

/** How many entries each memory has; those of one name together. */
export function productMemory(): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { name, memory } of mockKnown) counts[name] = (counts[name] ?? 0) + entriesIn(memory);
	return counts;
}

/** What the memories hold whose name begins so. */
export const memoriesNamed = (name: string): unknown[] =>
	mockKnown.flatMap((one) => (one.name.startsWith(name) ? [...one.memory.values()] : []));
