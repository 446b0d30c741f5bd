/** Ticket events: each is once in Klaviyo, on the customer's profile. */
import { compare, type Found, type Verdict, type Wanted } from './effects';
import { numberOf } from './messages';
import type { Truth, TruthTicket } from './truth';

const names: Record<string, string> = {
	'Opened Ticket': 'opened',
	'Solved Ticket': 'solved',
	'Reopened Ticket': 'reopened',
	'Resolved Ticket': 'closed',
};

/** Keys of a ticket's events, from its history. */
export function eventsOf({ id, audits }: TruthTicket): string[] {
	return audits.flatMap(({ id: auditId, status, merge }, index) => {
		const before = audits[index - 1]?.status;
		if (before === undefined) return [`opened:${id}`];
		if (status === before) return [];
		// A ticket that was merged away was not resolved.
		if (status === 'closed') return merge ? [] : [`closed:${id}`];
		if (status === 'solved') return [`solved:${id}:${auditId}`];
		return before === 'solved' ? [`reopened:${id}:${auditId}`] : [];
	});
}

/** A unique id is the event's key, followed by the Zendesk account. */
const keyIn = (name: string, uniqueId: string | null): string | undefined =>
	new RegExp(`^${name}:\\d+${/solved|reopened/.test(name) ? ':\\d+' : ''}(?=:)`).exec(
		uniqueId ?? '',
	)?.[0];

export function judgeMetrics({ tickets, users, profiles, timelines }: Truth): Verdict {
	const found = profiles.flatMap(({ id, phone, email }): Found[] =>
		(timelines[id] ?? []).flatMap(({ metric, uniqueId }) => {
			const name = names[metric];
			if (name === undefined) return [];
			const key = keyIn(name, uniqueId) ?? `${metric} as ${uniqueId}`;
			return [{ key, where: phone ?? email ?? id }];
		}),
	);
	const requesters = new Map(users.map((user) => [user.id, user]));
	const wanted = tickets.flatMap((ticket): Wanted[] => {
		const requester = requesters.get(ticket.requesterId);
		const isKnown = requester?.email || requester?.phone || numberOf(ticket.externalId);
		return eventsOf(ticket).map((key) => ({
			key,
			need: isKnown ? 'once' : 'never',
			where: numberOf(ticket.externalId),
		}));
	});
	return compare(wanted, found);
}
