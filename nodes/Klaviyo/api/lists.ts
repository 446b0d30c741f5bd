/** Lists of the account, for builders to choose from. */
import {
	type IDataObject,
	type ILoadOptionsFunctions,
	type INodeListSearchResult,
	NodeOperationError,
} from 'n8n-workflow';
import type { z } from 'zod';
import { isOk } from '../../shared/answer';
import { type ListPage, listed, matching } from '../../shared/locator';
import type { VendorContext } from '../../shared/send';
import { type Klaviyo, klaviyoOf } from './client';
import { METRICS_PATH, shownName, trackedMetricNames } from './metrics';
import { SEGMENTS_PATH } from './segments';
import { metricResource, page, segmentResource, senderResource } from './wire';

// n8n types this context's getNodeParameter differently. `klaviyoOf` calls it in the way that all contexts share.
const klaviyoIn = async (context: ILoadOptionsFunctions): Promise<Klaviyo> =>
	await klaviyoOf(context as unknown as VendorContext);

/** Names of the metrics that were tracked by API. An app's may be any integration's, so the whole list is read. */
export async function searchMetrics(
	context: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const names = await trackedMetricNames(await klaviyoIn(context));
	return {
		results: matching(
			names.map((name) => ({ name, value: name })),
			filter,
		),
	};
}

/** One of the account's lists. */
interface AccountList<T extends z.ZodTypeAny> {
	/** As an error begins. */
	what: string;
	path: string;
	query: IDataObject;
	headers?: Record<string, string>;
	item: T;
	entryOf: (item: z.infer<T>) => ListPage['entries'][number] | undefined;
	/** What is missing if Klaviyo refuses, which its words alone do not say. */
	refused?: string;
}

/** Only the cursor of the next page is kept: the editor hands it back, and must not choose what is asked. */
const cursorIn = (link: string | null | undefined): string | undefined =>
	(link ? new URL(link, 'https://a.klaviyo.com').searchParams.get('page[cursor]') : null) ??
	undefined;

const searchIn =
	<T extends z.ZodTypeAny>({
		what,
		path,
		query,
		headers,
		item,
		entryOf,
		refused,
	}: AccountList<T>) =>
	async (
		context: ILoadOptionsFunctions,
		filter?: string,
		paginationToken?: string,
	): Promise<INodeListSearchResult> => {
		const klaviyo = await klaviyoIn(context);
		const read = async (cursor: string | undefined): Promise<ListPage> => {
			const answer = await klaviyo.request({
				method: 'GET',
				path,
				query: { ...query, ...(cursor ? { 'page[cursor]': cursor } : {}) },
				...(headers ? { headers } : {}),
				repeatable: true,
			});
			if (answer.status === 403 && refused)
				// The editor shows the message alone, and writes a space for each hyphen.
				throw new NodeOperationError(context.getNode(), `${what}. ${refused}`);
			if (!isOk(answer)) throw klaviyo.refusal(what, answer);
			const { data, links } = klaviyo.read(what, page(item), answer);
			return { entries: data.flatMap((one) => entryOf(one) ?? []), next: cursorIn(links?.next) };
		};
		return await listed(read, filter, paginationToken);
	};

/** All metrics of the account, by id. */
export const searchAllMetrics = searchIn({
	what: 'The metrics could not be listed',
	path: METRICS_PATH,
	query: {},
	item: metricResource,
	entryOf: (metric) => ({ name: shownName(metric), value: metric.id }),
});

export const searchSegments = searchIn({
	what: 'The segments could not be listed',
	path: SEGMENTS_PATH,
	query: { sort: 'name', 'fields[segment]': 'name' },
	item: segmentResource,
	entryOf: ({ id, attributes }) => ({ name: attributes?.name ?? id, value: id }),
});

/**
 * The numbers that the account sends from. A toll-free number is there once for each country, so the country is shown.
 * https://developers.klaviyo.com/en/reference/text-messaging
 */
export const searchSendingNumbers = searchIn({
	what: 'The sending numbers could not be listed',
	path: '/api/text-messaging-senders',
	query: { 'page[size]': 20 },
	// The first revision with these numbers.
	headers: { revision: '2026-10-15' },
	item: senderResource,
	entryOf: ({ attributes }) => {
		const { sender_identifier: number, sender_type: type, sender_details: details } = attributes;
		if (!number) return undefined;
		const shown = [type?.replaceAll('_', ' '), details?.country].filter(Boolean).join(', ');
		return { name: shown ? `${number} (${shown})` : number, value: number };
	},
	refused:
		'The key or app needs the scope Sender config (read), and the account text messaging. You can enter a number instead.',
});
