/** Lists that come in pages, each of which says where the next one is. */
import { NodeApiError } from 'n8n-workflow';
import type { Vendor } from './transport';

type Asked = Pick<Vendor, 'context' | 'origin'>;

/**
 * One is made for each reading of a list.
 *
 * @param what the error's title
 * @returns given where a page says that the next one is (a cursor, a link), the same; undefined at the list's end
 * @throws NodeApiError from that function if the list leads back to a page that was read, or goes on without saying
 * where: what its other pages have is unknown, and must not be taken for nothing
 */
export function pageTrail(
	what: string,
	asked: Asked,
): (next: string | null | undefined, hasMore?: boolean) => string | undefined {
	const followed = new Set<string>();
	return (next, hasMore = Boolean(next)) => {
		if (!hasMore) return undefined;
		if (!next || followed.has(next)) throw unknownRest(what, asked);
		followed.add(next);
		return next;
	};
}

/** Without a status, as when there is no answer: asking again later may help. */
export const unknownRest = (what: string, { context, origin }: Asked): NodeApiError =>
	new NodeApiError(
		context.getNode(),
		{},
		{
			message: `${what}: the list does not end`,
			description: `${new URL(origin).host} named no next page, or one that was already read, so the rest of the list is unknown. Try again later. If this does not pass, check any proxy on the way, and report it to the vendor.`,
		},
	);
