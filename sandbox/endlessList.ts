/** As Zendesk's lists have it. */
const firstCursor = Buffer.from('offset:0').toString('base64url');

/**
 * The same page, with itself as its next one: whoever follows it never comes to the list's end.
 *
 * @param url the request's path and query
 */
export function leadingToItself(url: string, page: unknown): unknown {
	const { searchParams } = new URL(url, 'http://sandbox');
	if (isObject(page) && isObject(page.meta)) {
		const { before_cursor: first } = page.meta;
		const after = searchParams.get('page[after]') ?? first ?? firstCursor;
		return { ...page, meta: { ...page.meta, has_more: true, after_cursor: after } };
	}
	if (isObject(page) && 'end_of_stream' in page) {
		const after = searchParams.get('cursor') ?? page.after_cursor;
		return { ...page, end_of_stream: false, after_cursor: after };
	}
	if (isObject(page) && isObject(page.links)) {
		const { origin } = new URL(String(page.links.self));
		return { ...page, links: { ...page.links, next: `${origin}${url}` } };
	}
	return page;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null;
