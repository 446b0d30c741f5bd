/**
 * A record of the account that a builder chooses: from a list with search, by its id, or by the address of its page.
 * Beyond the parameter there are plain ids.
 */
import type { INodeListSearchResult, INodeProperties, INodePropertyMode } from 'n8n-workflow';

/** What is to be chosen. */
export interface Locatable {
	/** The node's method that lists the records. */
	list: string;
	/** If records are known by a name, which may be new. */
	byName?: Typed;
	/** If records are known by an id. */
	byId?: Typed;
	/** If they are telephone numbers. n8n has words of its own for the mode `id`. */
	byNumber?: Typed;
	/** The page of a record in the vendor's own interface. */
	page?: Typed & {
		/** Its one group is the id. */
		pattern: string;
	};
}

interface Typed {
	example: string;
	hint?: string;
}

interface Chosen {
	displayName: string;
	name: string;
	description: string;
	required?: boolean;
	/** An expression, if the incoming item has the id; or a name. */
	byDefault?: string;
}

type Named = Pick<INodePropertyMode, 'name' | 'displayName'>;

// Of a name and the rest, since n8n's lint takes an object with both for a field.
const listMode = (named: Named, searchListMethod: string): INodePropertyMode => ({
	...named,
	type: 'list',
	placeholder: 'Choose...',
	typeOptions: { searchListMethod, searchable: true },
});

const typedMode = (named: Named, { example, hint }: Typed): INodePropertyMode => ({
	...named,
	type: 'string',
	placeholder: `e.g. ${example}`,
	...(hint ? { hint } : {}),
});

const modesOf = ({
	list,
	byName: name,
	byId: id,
	byNumber,
	page,
}: Locatable): INodePropertyMode[] => [
	...(name ? [typedMode({ displayName: 'By Name', name: 'name' }, name)] : []),
	listMode({ displayName: 'From List', name: 'list' }, list),
	...(id ? [typedMode({ displayName: 'By ID', name: 'id' }, id)] : []),
	...(byNumber ? [typedMode({ displayName: 'By Number', name: 'number' }, byNumber)] : []),
	...(page
		? [
				{
					...typedMode({ displayName: 'By URL', name: 'url' }, page),
					extractValue: { type: 'regex' as const, regex: page.pattern },
				},
			]
		: []),
];

/** The list first, unless there is an id that comes with the item, or a name that may be new. */
export const locatorField = (
	what: Locatable,
	{ required, byDefault, ...named }: Chosen,
): INodeProperties => ({
	...named,
	type: 'resourceLocator',
	...(required ? { required } : {}),
	default: {
		mode: what.byName ? 'name' : byDefault === undefined ? 'list' : 'id',
		value: byDefault ?? '',
	},
	modes: modesOf(what),
});

export const isLocatorDefault = (
	value: INodeProperties['default'],
): value is { mode: string; value: string } =>
	typeof value === 'object' && value !== null && 'mode' in value && 'value' in value;

export interface LocatorValue {
	__rl: true;
	mode: string;
	value: unknown;
}

export const isLocatorValue = (value: unknown): value is LocatorValue =>
	typeof value === 'object' && value !== null && '__rl' in value && 'value' in value;

/** What was chosen or typed; the value itself if it is none of a locator's, as an expression may return. */
export const valueIn = (value: unknown): unknown => (isLocatorValue(value) ? value.value : value);

/**
 * The id in what was chosen or typed. An address counts in each mode, because people paste it where they are.
 *
 * @returns the text as it is if it is not the address of such a page: not an id, as the caller will see
 */
export function idIn({ page }: Locatable, typed: string): string {
	const text = typed.trim();
	if (!page || !/^https?:\/\//i.test(text)) return text;
	return new RegExp(page.pattern).exec(text)?.[1] ?? text;
}

type Entry = INodeListSearchResult['results'][number];

const compareNames = (one: Entry, other: Entry): number => one.name.localeCompare(other.name);

/** The entries in whose name or id the words of the search occur. */
export function matching(entries: Entry[], filter: string | undefined): Entry[] {
	const wanted = filter?.trim().toLowerCase() ?? '';
	return entries.filter(
		({ name, value }) => name.toLowerCase().includes(wanted) || String(value) === filter?.trim(),
	);
}

/** One page of the vendor's list, and what its next page is asked by. */
export interface ListPage {
	entries: Entry[];
	next?: string | undefined;
}

/**
 * Without a search, one page of the vendor's for each time that a builder scrolls to the end. With one, the whole list:
 * the vendor cannot search by these names.
 */
export async function listed(
	read: (next: string | undefined) => Promise<ListPage>,
	filter: string | undefined,
	paginationToken: string | undefined,
): Promise<INodeListSearchResult> {
	if (!filter?.trim()) {
		const { entries, next } = await read(paginationToken);
		return { results: entries.sort(compareNames), ...(next ? { paginationToken: next } : {}) };
	}
	const all: Entry[] = [];
	let next: string | undefined;
	let pages = 0;
	do {
		const page = await read(next);
		all.push(...page.entries);
		next = page.next;
	} while (next !== undefined && ++pages < MAX_PAGES);
	return { results: matching(all, filter).sort(compareNames) };
}

/** A search that takes longer than a builder waits is of no use. */
const MAX_PAGES = 100;
