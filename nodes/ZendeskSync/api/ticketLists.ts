/** Many tickets at once, as catch-up reads them. https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/ */
import { z } from 'zod';
import { unknownRest } from '../../shared/pageTrail';
import type { Zendesk } from './client';
import { pageMeta, wireTicket, type WireTicket, wireUser, type WireUser } from './wire';
import { paths } from './paths';
import { showManyCalls } from './showMany';

/** Zendesk's largest page. */
const TICKETS_PER_PAGE = 100;

/** One unreadable record must not cost the others. */
const readable = <T extends z.ZodTypeAny>(schema: T, list: unknown[]): Array<z.infer<T>> =>
	list.flatMap((one) => {
		const parsed = schema.safeParse(one);
		return parsed.success ? [parsed.data as z.infer<T>] : [];
	});

const ticketList = z.object({
	tickets: z.array(z.unknown()),
	users: z.array(z.unknown()).nullish(),
});
const ERROR_TITLE = 'The tickets and users of the events could not be read';

export interface ShownTickets {
	/** Without deleted ones: Zendesk leaves them out. */
	tickets: WireTicket[];
	users: WireUser[];
	/** How many tickets did not have the documented shape. */
	unreadable: number;
}

/** @param retryForMs milliseconds after which no further attempt of a request begins */
export async function showTickets(
	zendesk: Zendesk,
	ids: string[],
	retryForMs: number,
): Promise<ShownTickets> {
	const shown: ShownTickets = { tickets: [], users: [], unreadable: 0 };
	for (const { call } of showManyCalls('tickets', ids, { include: 'users', retryForMs })) {
		const page = zendesk.read(ERROR_TITLE, ticketList, await zendesk.requestOk(ERROR_TITLE, call));
		const tickets = readable(wireTicket, page.tickets);
		shown.tickets.push(...tickets);
		shown.unreadable += page.tickets.length - tickets.length;
		shown.users.push(...readable(wireUser, page.users ?? []));
	}
	return shown;
}

/** Tickets by the time of their last change, newest first. */
export interface ChangedPage {
	tickets: WireTicket[];
	/** Start of the next page; absent on the last one. */
	cursor?: string;
}

/**
 * @param cursor from the page before
 * @param retryForMs milliseconds after which no further attempt begins
 * @returns undefined if Zendesk's rate limit is reached
 */
export async function changedPage(
	zendesk: Zendesk,
	cursor: string | undefined,
	retryForMs: number,
): Promise<ChangedPage | undefined> {
	const what = 'The tickets could not be listed';
	const answer = await zendesk.request({
		method: 'GET',
		path: paths.tickets,
		query: {
			sort: '-updated_at',
			'page[size]': TICKETS_PER_PAGE,
			...(cursor ? { 'page[after]': cursor } : {}),
		},
		repeatable: true,
		retryForMs,
	});
	if (answer.status === 429) return undefined;
	if (answer.status !== 200) throw zendesk.refusal(what, answer);
	const { meta } = zendesk.read(what, pageMeta, answer);
	if (meta?.has_more && !meta.after_cursor) throw unknownRest(what, zendesk);
	return {
		tickets: readable(wireTicket, zendesk.read(what, ticketList, answer).tickets),
		...(meta?.has_more && meta.after_cursor ? { cursor: meta.after_cursor } : {}),
	};
}
