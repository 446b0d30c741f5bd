/** A ticket's history. https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_audits/ */
import type { IDataObject } from 'n8n-workflow';
import { isOk, type VendorAnswer } from '../../shared/answer';
import { readPages, serverTimeOf, type Zendesk } from './client';
import { auditPage, type WireAudit, type WireUser } from './wire';
import { paths } from './paths';

export interface History {
	/** Oldest second first. Within one second the order is the same in every run, but not by time. */
	audits: WireAudit[];
	users: Map<string, WireUser>;
	/** The server's clock when it answered, milliseconds since 1970. */
	serverTime: number;
}

/**
 * @param since milliseconds since 1970: everything from then on is read, and older entries may be too
 * @returns the answer instead of a history, if it is not 2xx
 */
export async function readHistory(
	zendesk: Zendesk,
	ticketId: string,
	since: number,
	ask: Zendesk['request'] = zendesk.request,
): Promise<History | VendorAnswer> {
	// Asks for newest first, but does not rely on it: if Zendesk ignores it, the history is read to the end.
	const reachesBack = (page: { audits: WireAudit[] }): boolean => {
		const times = page.audits.map((audit) => Date.parse(audit.created_at));
		const isNewestFirst = times.every((time, index) => time <= (times[index - 1] ?? Infinity));
		return isNewestFirst && times.some((time) => time < since);
	};
	const read = async (query: IDataObject) =>
		await readPages(
			zendesk,
			`The history of ticket ${ticketId}`,
			paths.audits(ticketId),
			{ ...query, include: 'users' },
			auditPage,
			(page) => !reachesBack(page),
			ask,
		);
	let { pages, last } = await read({ sort: '-created_at' });
	if (last.status === 400) ({ pages, last } = await read({}));
	if (!isOk(last)) return last;
	const users = pages.flatMap((page) => page.users ?? []);
	return {
		audits: pages.flatMap((page) => page.audits).sort(byTime),
		users: new Map(users.map((user) => [user.id, user])),
		serverTime: serverTimeOf(last),
	};
}

/**
 * Zendesk takes ids from blocks. Within one second they give an order that all runs agree on, but not the order of
 * time.
 */
const byTime = (a: WireAudit, b: WireAudit): number =>
	Date.parse(a.created_at) - Date.parse(b.created_at) ||
	a.id.length - b.id.length ||
	(a.id < b.id ? -1 : 1);

export const isHistory = (read: History | VendorAnswer): read is History => 'audits' in read;
