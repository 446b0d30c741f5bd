/** A ticket's history. https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_audits/ */
import type { IDataObject } from 'n8n-workflow';
import { isOk, type VendorAnswer } from '../../shared/answer';
import { readPages, serverTimeOf, type Zendesk } from './client';
import { auditPage, type WireAudit, type WireUser } from './wire';
import { paths } from './paths';

export interface History {
	/** Oldest second first. Inside one second the order is the same in every run, and not that of time. */
	audits: WireAudit[];
	users: Map<string, WireUser>;
	/** The server's clock when it answered, milliseconds since 1970. */
	serverTime: number;
}

/**
 * @param since milliseconds since 1970: everything from then on is read, older entries may come too
 * @returns the refusal in place of a history when Zendesk's answer is no 2xx
 */
export async function readHistory(
	zendesk: Zendesk,
	ticketId: string,
	since: number,
	ask: Zendesk['request'] = zendesk.request,
): Promise<History | VendorAnswer> {
	// Newest first is asked for, but not relied on: a server that ignores it is read to the end.
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

/** Ids are given from blocks: those of one second make an order that all runs agree on, but say nothing of time. */
const byTime = (a: WireAudit, b: WireAudit): number =>
	Date.parse(a.created_at) - Date.parse(b.created_at) ||
	a.id.length - b.id.length ||
	(a.id < b.id ? -1 : 1);

export const isHistory = (read: History | VendorAnswer): read is History => 'audits' in read;
