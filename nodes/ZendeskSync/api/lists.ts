/** Lists of the account, for builders to choose from. */
import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import type { z } from 'zod';
import type { VendorContext } from '../../shared/http';
import { isOk } from '../../shared/http';
import { readPages, zendeskOf } from './client';
import { brandPage, groupPage } from './wire';

const asOptions = (entries: Array<{ id: string; name: string | null }>): INodePropertyOptions[] =>
	entries
		.map(({ id, name }) => ({ name: name ?? id, value: id }))
		.sort((a, b) => a.name.localeCompare(b.name));

async function listOf<T extends z.ZodTypeAny>(
	context: ILoadOptionsFunctions,
	name: 'brands' | 'groups',
	schema: T,
): Promise<Array<z.infer<T>>> {
	// n8n types this context's getNodeParameter apart from the others'; `zendeskOf` calls it in the way that all share.
	const zendesk = await zendeskOf(context as unknown as VendorContext);
	const what = `The ${name} could not be listed`;
	const { pages, last } = await readPages(zendesk, what, `/api/v2/${name}`, {}, schema);
	if (!isOk(last)) throw zendesk.refusal(what, last);
	return pages;
}

export async function brandOptions(
	context: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	const pages = await listOf(context, 'brands', brandPage);
	return asOptions(pages.flatMap(({ brands }) => brands));
}

export async function groupOptions(
	context: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	const pages = await listOf(context, 'groups', groupPage);
	return asOptions(pages.flatMap(({ groups }) => groups));
}
