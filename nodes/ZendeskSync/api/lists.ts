/** Lists of the account, for builders to choose from. */
import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import type { VendorContext } from '../../shared/http';
import { isOk } from '../../shared/http';
import { readPages, zendeskOf } from './client';
import { brandPage, groupPage } from './wire';

const asOptions = (entries: Array<{ id: string; name: string | null }>): INodePropertyOptions[] =>
	entries
		.map(({ id, name }) => ({ name: name ?? id, value: id }))
		.sort((a, b) => a.name.localeCompare(b.name));

export async function brandOptions(
	context: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	const zendesk = await zendeskOf(context as unknown as VendorContext);
	const what = 'The brands could not be listed';
	const { pages, last } = await readPages(zendesk, what, '/api/v2/brands', {}, brandPage);
	if (!isOk(last)) throw zendesk.refusal(what, last);
	return asOptions(pages.flatMap(({ brands }) => brands));
}

export async function groupOptions(
	context: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	const zendesk = await zendeskOf(context as unknown as VendorContext);
	const what = 'The groups could not be listed';
	const { pages, last } = await readPages(zendesk, what, '/api/v2/groups', {}, groupPage);
	if (!isOk(last)) throw zendesk.refusal(what, last);
	return asOptions(pages.flatMap(({ groups }) => groups));
}
