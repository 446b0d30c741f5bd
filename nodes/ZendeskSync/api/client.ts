/** How every call to Zendesk is made: credential, origin, and what its refusals mean. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import type { VendorAnswer, VendorContext } from '../../shared/http';
import { zendeskOrigin } from '../../shared/origin';
import { type Vendor, vendorOf } from '../../shared/vendor';
import { pageMeta } from './wire';

export type Zendesk = Vendor;

/** By the `authentication` parameter, in any of n8n's contexts: only some of them take an item's number. */
const credentialTypeOf = (context: VendorContext): string =>
	(context as IExecuteFunctions).getNodeParameter('authentication', 0) === 'apiToken'
		? 'zendeskSyncApi'
		: 'zendeskSyncOAuth2Api';

export async function zendeskOf(context: VendorContext): Promise<Zendesk> {
	const credentialType = credentialTypeOf(context);
	const { zendeskUrl } = await context.getCredentials<{ zendeskUrl: string }>(credentialType);
	const origin = zendeskOrigin(zendeskUrl);
	return vendorOf(context, {
		name: 'Zendesk',
		credentialType,
		origin,
		headers: () => ({ accept: 'application/json' }),
		explain,
	});
}

/** By status, where Zendesk's own words do not say what to do. */
const ADVICE: Record<number, string> = {
	403: "The credential's user may not do this. An OAuth token needs the scopes 'read' and 'write' (the history of a ticket needs 'read' itself), and some calls need an administrator.",
	404: 'There is no such record in this account, or it was deleted.',
	422: 'Zendesk does not accept the values.',
};

const words = z.string().nullish().catch(null);
const titled = z.object({ title: words, message: words, detail: words, description: words });
const anyTitled = titled.catch({});
/** Whatever else it may be: an error about an error would hide what happened. */
const refusal = z
	.object({
		error: z.union([z.string(), titled]).nullish().catch(null),
		errors: z.array(anyTitled).nullish().catch(null),
		description: words,
		details: z.record(z.array(anyTitled).catch([])).nullish().catch(null),
	})
	.catch({});

/**
 * Zendesk's refusals come in four shapes: `{error, description, details}`, `{error: {title, message}}`,
 * `{errors: [{title, detail}]}` and `{error: "text"}`.
 *
 * @returns Zendesk's own words, without advice; empty when it gave none
 */
export function wordsOf(answer: VendorAnswer): string {
	const { error, errors, description, details } = refusal.parse(answer.body);
	const named = typeof error === 'object' ? [error?.title, error?.message] : [description ?? error];
	const listed = (errors ?? []).flatMap(({ title, detail }) => [title, detail]);
	const detailed = Object.values(details ?? {})
		.flat()
		.map((detail) => detail.description);
	return [...named, ...listed, ...detailed].filter(Boolean).join('. ');
}

const explain = (answer: VendorAnswer): string =>
	[wordsOf(answer), ADVICE[answer.status]].filter(Boolean).join(' ');

/** Whether an update was refused because the ticket is closed. English, as most accounts answer. */
export const saysClosed = (answer: VendorAnswer): boolean =>
	answer.status === 422 && /closed prevents ticket update/i.test(JSON.stringify(answer.body ?? ''));

/** The server's clock when it answered, milliseconds since 1970; this machine's where it did not say. */
export const serverTimeOf = (answer: VendorAnswer): number => {
	const time = Date.parse(answer.headers.date ?? '');
	return Number.isNaN(time) ? Date.now() : time;
};

/** Reads one page of a list after the other (cursor pagination, 100 a page) until `goOn` says no. */
export async function readPages<T extends z.ZodTypeAny>(
	zendesk: Zendesk,
	what: string,
	path: string,
	query: IDataObject,
	schema: T,
	goOn: (page: z.infer<T>) => boolean = () => true,
	ask: Vendor['ask'] = zendesk.ask,
): Promise<{ pages: Array<z.infer<T>>; last: VendorAnswer }> {
	const pages: Array<z.infer<T>> = [];
	let after: string | undefined;
	for (;;) {
		const cursor = { 'page[size]': 100, ...(after ? { 'page[after]': after } : {}) };
		const last = await ask({
			method: 'GET',
			path,
			query: { ...query, ...cursor },
			repeatable: true,
		});
		if (last.status !== 200) return { pages, last };
		const page = zendesk.read(what, schema, last);
		pages.push(page);
		const { meta } = zendesk.read(what, pageMeta, last);
		after = meta?.has_more && meta.after_cursor ? meta.after_cursor : undefined;
		if (!after || !goOn(page)) return { pages, last };
	}
}
