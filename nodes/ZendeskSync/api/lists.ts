/** Lists of the account, for builders to choose from. */
import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { z } from 'zod';
import type { VendorContext } from '../../shared/send';
import { isOk } from '../../shared/answer';
import { readPages, zendeskOf } from './client';
import { brandPage, groupPage, ticketFieldPage, ticketFormPage } from './wire';
import { paths } from './paths';

const tagPage = z.object({ tags: z.array(z.object({ name: z.string() })) });

const asOptions = (entries: Array<{ id: string; name: string | null }>): INodePropertyOptions[] =>
	entries
		.map(({ id, name }) => ({ name: name ?? id, value: id }))
		.sort((a, b) => a.name.localeCompare(b.name));

async function listOf<T extends z.ZodTypeAny>(
	context: ILoadOptionsFunctions,
	path: string,
	name: string,
	schema: T,
): Promise<Array<z.infer<T>>> {
	// n8n types this context's getNodeParameter differently. `zendeskOf` calls it in the way that all contexts share.
	const zendesk = await zendeskOf(context as unknown as VendorContext);
	const what = `The ${name} could not be listed`;
	const { pages, last } = await readPages(zendesk, what, path, {}, schema);
	if (!isOk(last)) throw zendesk.refusal(what, last);
	return pages;
}

export async function brandOptions(
	context: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	const pages = await listOf(context, paths.brands, 'brands', brandPage);
	return asOptions(pages.flatMap(({ brands }) => brands));
}

export async function groupOptions(
	context: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	const pages = await listOf(context, paths.groups, 'groups', groupPage);
	return asOptions(pages.flatMap(({ groups }) => groups));
}

export async function formOptions(context: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const pages = await listOf(context, paths.ticketForms, 'ticket forms', ticketFormPage);
	const forms = pages.flatMap(({ ticket_forms: listed }) => listed);
	return asOptions(forms.filter(({ active }) => active !== false));
}

/** For a field that may stay empty: n8n marks a value that is not in the list as an error. */
export const orNotSet = (options: INodePropertyOptions[]): INodePropertyOptions[] => [
	{ name: 'Not Set', value: '' },
	...options,
];

/** The account's own fields. Every account's standard fields cannot be removed, and have their own options here. */
export async function customFieldOptions(
	context: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	const pages = await listOf(context, paths.ticketFields, 'ticket fields', ticketFieldPage);
	const fields = pages.flatMap(({ ticket_fields: listed }) => listed);
	const own = fields.filter(({ active, removable }) => active !== false && removable !== false);
	return asOptions(own.map(({ id, title }) => ({ id, name: title })));
}

/** Zendesk lists the tags of the last 60 days, most used first, up to 20,000: too many to choose from. */
const PAGES_OF_TAGS = 10;

/** https://developer.zendesk.com/api-reference/ticketing/ticket-management/tags/ */
export async function tagOptions(context: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const zendesk = await zendeskOf(context as unknown as VendorContext);
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
