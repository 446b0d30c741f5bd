import { z } from 'zod';
import { stamp } from '../clock';
import { Refusal } from '../httpServer';
import { refuse } from './wording';

/** Query parameters of both kinds of paging. */
export const pageQuery = {
	'page[size]': z.coerce.number().int().min(1).max(100).optional(),
	'page[after]': z.string().optional(),
	page: z.coerce.number().int().min(1).optional(),
	per_page: z.coerce.number().int().min(1).max(100).optional(),
	sort: z.string().optional(),
	sort_by: z.string().optional(),
	sort_order: z.enum(['asc', 'desc']).optional(),
	include: z.string().optional(),
};
export type PageQuery = { [Name in keyof typeof pageQuery]?: z.infer<(typeof pageQuery)[Name]> };

export interface Page<T> {
	items: T[];
	/** Cursor paging returns meta and links, offset paging count and next_page. */
	envelope: Record<string, unknown>;
}

const deepest = 10_000;

/** One page of a list that is sorted already. `url` is the list's own address without query. */
export function pageOf<T>(
	list: readonly T[],
	query: PageQuery,
	url: string,
	kept: Record<string, string> = {},
): Page<T> {
	return query['page[size]'] !== undefined || query['page[after]'] !== undefined
		? cursorPage(list, query, url, kept)
		: offsetPage(list, query, url, kept);
}

function cursorPage<T>(
	list: readonly T[],
	query: PageQuery,
	url: string,
	kept: Record<string, string>,
): Page<T> {
	const size = query['page[size]'] ?? 100;
	const start = query['page[after]'] === undefined ? 0 : offsetOf(query['page[after]']);
	const items = list.slice(start, start + size);
	const hasMore = start + size < list.length;
	const cursor = (offset: number): string => Buffer.from(`offset:${offset}`).toString('base64url');
	const after = items.length > 0 ? cursor(start + items.length) : null;
	const next = new URLSearchParams({
		...kept,
		'page[size]': String(size),
		'page[after]': after ?? '',
	});
	return {
		items,
		envelope: {
			meta: {
				has_more: hasMore,
				after_cursor: after,
				before_cursor: items.length > 0 ? cursor(start) : null,
			},
			links: { prev: null, next: hasMore ? `${url}?${next.toString()}` : null },
		},
	};
}

function offsetOf(cursor: string): number {
	const offset = /^offset:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
	if (offset === undefined) throw refuse(400, 'InvalidCursor', 'page[after] is not valid');
	return Number(offset);
}

function offsetPage<T>(
	list: readonly T[],
	query: PageQuery,
	url: string,
	kept: Record<string, string>,
): Page<T> {
	const size = query.per_page ?? 100;
	const page = query.page ?? 1;
	if (page * size > deepest) throw tooDeep();
	const items = list.slice((page - 1) * size, page * size);
	const address = (number: number): string =>
		`${url}?${new URLSearchParams({ ...kept, page: String(number), per_page: String(size) }).toString()}`;
	return {
		items,
		envelope: {
			count: list.length,
			next_page: page * size < list.length ? address(page + 1) : null,
			previous_page: page > 1 ? address(page - 1) : null,
		},
	};
}

function tooDeep(): Refusal {
	return new Refusal(400, {
		error: {
			title: 'InvalidPaginationDepth',
			message: 'Offset pagination ends at 10000 records; use cursor pagination',
		},
	});
}

/** Zendesk sorts by whole seconds, and within a second by ids, which say nothing about time. */
export const byCreation = ({ createdAt, id }: { createdAt: number; id: number }): string =>
	`${stamp(createdAt)} ${String(id).padStart(16, '0')}`;

/** Sorts by one of `keys`. With cursor paging only `sort` counts, and `sort_by` is silently ignored. */
export function sorted<T>(
	list: readonly T[],
	query: PageQuery,
	keys: Record<string, (item: T) => number | string>,
	usual: string,
): T[] {
	const asked = query['page[size]'] !== undefined ? query.sort : (query.sort ?? query.sort_by);
	const descends =
		asked?.startsWith('-') || (asked === query.sort_by && query.sort_order === 'desc');
	const name = (asked ?? usual).replace(/^-/, '');
	const key = keys[name];
	if (key === undefined) {
		if (query.sort !== undefined) throw refuse(400, 'InvalidSort', `sort is not valid: ${name}`);
		return sorted(list, {}, keys, usual);
	}
	const way = descends ? -1 : 1;
	return list
		.map((item) => ({ item, at: key(item) }))
		.sort((a, b) => (a.at < b.at ? -way : a.at > b.at ? way : 0))
		.map(({ item }) => item);
}
