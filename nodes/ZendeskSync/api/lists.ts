/** Lists of the account, for builders to choose from. */
import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodePropertyOptions,
} from 'n8n-workflow';
import { z } from 'zod';
import type { VendorContext } from '../../shared/send';
import { isGone, isOk } from '../../shared/answer';
import { type ListPage, listed } from '../../shared/locator';
import { readPages, type Zendesk, zendeskOf } from './client';
import { brandPage, groupPage, pageMeta, ticketFieldPage, ticketFormPage, wireId } from './wire';
import { paths } from './paths';

const tagPage = z.object({ tags: z.array(z.object({ name: z.string() })) });

interface Named {
	id: string;
	name: string | null;
}

const asEntries = (named: readonly Named[]): Array<{ name: string; value: string }> =>
	named.map(({ id, name }) => ({ name: name ?? id, value: id }));

const asOptions = (named: readonly Named[]): INodePropertyOptions[] =>
	asEntries(named).sort((a, b) => a.name.localeCompare(b.name));

// n8n types this context's getNodeParameter differently. `zendeskOf` calls it in the way that all contexts share.
const zendeskIn = async (context: ILoadOptionsFunctions): Promise<Zendesk> =>
	await zendeskOf(context as unknown as VendorContext);

/** One of the account's lists. */
interface AccountList<T extends z.ZodTypeAny> {
	path: string;
	/** As an error says it. */
	name: string;
	schema: T;
	namedIn: (page: z.infer<T>) => Named[];
}

const listOf = <T extends z.ZodTypeAny>(list: AccountList<T>): AccountList<T> => list;

const brands = listOf({
	path: paths.brands,
	name: 'brands',
	schema: brandPage,
	namedIn: (page) => page.brands,
});
const groups = listOf({
	path: paths.groups,
	name: 'groups',
	schema: groupPage,
	namedIn: (page) => page.groups,
});
const forms = listOf({
	path: paths.ticketForms,
	name: 'ticket forms',
	schema: ticketFormPage,
	namedIn: (page) => page.ticket_forms.filter(({ active }) => active !== false),
});
/** The account's own fields. Every account's standard fields cannot be removed, and have their own options here. */
const customFields = listOf({
	path: paths.ticketFields,
	name: 'ticket fields',
	schema: ticketFieldPage,
	namedIn: (page) =>
		page.ticket_fields
			.filter(({ active, removable }) => active !== false && removable !== false)
			.map(({ id, title }) => ({ id, name: title })),
});

/** Reads one page of a list. */
async function onePage<T extends z.ZodTypeAny>(
	zendesk: Zendesk,
	what: string,
	{ path, schema }: Pick<AccountList<T>, 'path' | 'schema'>,
	query: IDataObject,
	after: string | undefined,
): Promise<{ page: z.infer<T>; next: string | undefined }> {
	const answer = await zendesk.request({
		method: 'GET',
		path,
		query: { ...query, ...(after ? { 'page[after]': after } : {}) },
		repeatable: true,
	});
	if (!isOk(answer)) throw zendesk.refusal(what, answer);
	const { meta } = zendesk.read(what, pageMeta, answer);
	const next = meta?.has_more ? (meta.after_cursor ?? undefined) : undefined;
	return { page: zendesk.read(what, schema, answer), next };
}

const searchIn =
	<T extends z.ZodTypeAny>(list: AccountList<T>) =>
	async (
		context: ILoadOptionsFunctions,
		filter?: string,
		paginationToken?: string,
	): Promise<INodeListSearchResult> => {
		const zendesk = await zendeskIn(context);
		const what = `The ${list.name} could not be listed`;
		const read = async (after: string | undefined): Promise<ListPage> => {
			const { page, next } = await onePage(zendesk, what, list, { 'page[size]': 100 }, after);
			return { entries: asEntries(list.namedIn(page)), next };
		};
		return await listed(read, filter, paginationToken);
	};

export const searchBrands = searchIn(brands);
export const searchGroups = searchIn(groups);
export const searchForms = searchIn(forms);
export const searchCustomFields = searchIn(customFields);

const listedTicket = z.object({ id: wireId, subject: z.string().nullish().catch(null) });
type ListedTicket = z.infer<typeof listedTicket>;

/** What a builder sees without scrolling. */
const TICKETS_PER_PAGE = 25;
/** Zendesk's search ends there. */
const MAX_FOUND = 1000;

/** The ticket whose number was typed: Zendesk's search would take it for a word. */
async function numbered(zendesk: Zendesk, what: string, typed: string): Promise<ListedTicket[]> {
	if (!/^#?\d{1,15}$/.test(typed)) return [];
	const path = paths.ticket(typed.replace('#', ''));
	const answer = await zendesk.request({ method: 'GET', path, repeatable: true });
	if (isGone(answer)) return [];
	if (!isOk(answer)) throw zendesk.refusal(what, answer);
	return [zendesk.read(what, z.object({ ticket: listedTicket }), answer).ticket];
}

/** Tickets with the words, or without words all tickets: the last changed first. */
export async function searchTickets(
	context: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const zendesk = await zendeskIn(context);
	const what = 'The tickets could not be listed';
	const words = filter?.trim() ?? '';
	const results = (tickets: readonly ListedTicket[]) =>
		tickets.map(({ id, subject }) => ({
			name: `#${id} ${subject ?? ''}`.trim(),
			value: id,
			url: `${zendesk.origin}/agent/tickets/${id}`,
		}));
	if (words === '') {
		const { page, next } = await onePage(
			zendesk,
			what,
			{ path: paths.tickets, schema: z.object({ tickets: z.array(listedTicket) }) },
			{ 'page[size]': TICKETS_PER_PAGE, sort: '-updated_at' },
			paginationToken,
		);
		return { results: results(page.tickets), ...(next ? { paginationToken: next } : {}) };
	}
	const at = Number(paginationToken ?? 1);
	const exact = at === 1 ? await numbered(zendesk, what, words) : [];
	const { page } = await onePage(
		zendesk,
		what,
		{
			path: paths.search,
			schema: z.object({
				results: z.array(listedTicket),
				next_page: z.string().nullish().catch(null),
			}),
		},
		{
			query: `type:ticket ${words}`,
			sort_by: 'updated_at',
			sort_order: 'desc',
			per_page: TICKETS_PER_PAGE,
			page: at,
		},
		undefined,
	);
	const others = page.results.filter(({ id }) => !exact.some((one) => one.id === id));
	const hasMore = Boolean(page.next_page) && (at + 1) * TICKETS_PER_PAGE <= MAX_FOUND;
	return {
		results: results([...exact, ...others]),
		...(hasMore ? { paginationToken: String(at + 1) } : {}),
	};
}

/** For a field in which several brands can be chosen. */
export async function brandOptions(
	context: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	const what = 'The brands could not be listed';
	const zendesk = await zendeskIn(context);
	const { pages, last } = await readPages(zendesk, what, brands.path, {}, brands.schema);
	if (!isOk(last)) throw zendesk.refusal(what, last);
	return asOptions(pages.flatMap(brands.namedIn));
}

/** Zendesk lists the tags of the last 60 days, most used first, up to 20,000: too many to choose from. */
const PAGES_OF_TAGS = 10;

/** https://developer.zendesk.com/api-reference/ticketing/ticket-management/tags/ */
export async function tagOptions(context: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const zendesk = await zendeskIn(context);
	const what = 'The tags could not be listed';
	let read = 0;
	const { pages, last } = await readPages(
		zendesk,
		what,
		paths.tags,
		{},
		tagPage,
		() => ++read < PAGES_OF_TAGS,
	);
	if (!isOk(last)) throw zendesk.refusal(what, last);
	return asOptions(pages.flatMap(({ tags }) => tags.map(({ name }) => ({ id: name, name }))));
}
