/** Finds the key of a change of status or requester from a webhook: it contains the audit's id, which the webhook lacks. */
import { NodeApiError, sleep } from 'n8n-workflow';
import { type Change, netChange } from '../../../domain/fieldChanges';
import { statusChange } from '../trigger/ticketEvents';
import { isHistory, readHistory } from './audits';
import { requesterChangeOf } from './entries';
import type { Zendesk } from './client';
import { statusChanges, type StatusWord } from './statusChanges';
import type { WireAudit } from './wire';

/** Audits may appear a moment after their event. */
const READS = 6;
/** Milliseconds: a webhook's time and its audit's may be in neighboring seconds. */
const TOLERANCE = 2000;
const SECOND = 1000;
const MARGIN = 60_000;

export const keylessEvents = ['solved', 'reopened', 'requesterChanged'] as const;
export type KeylessEvent = (typeof keylessEvents)[number];

const isOf = (event: KeylessEvent, change: Change<StatusWord> | undefined): boolean =>
	statusChange(change?.before, change?.after)?.name === event;

/** As catch-up sees it, which makes one event of an entry's changes. */
function changed(audit: WireAudit, event: KeylessEvent): boolean {
	if (event !== 'requesterChanged') return isOf(event, netChange(statusChanges(audit, ['Change'])));
	const change = requesterChangeOf(audit);
	return change !== undefined && change.before !== change.after;
}

/** A change that a rule undid in the same entry: none for catch-up, but a webhook may tell of it. */
const changedMeanwhile = (audit: WireAudit, event: KeylessEvent): boolean =>
	statusChanges(audit, ['Change']).some((change) => isOf(event, change));

/**
 * @param occurredAt ISO 8601, when the webhook says that it happened
 * @param last the last entry of the history, if it came along with the ticket: usually it is the one, and spares a request
 * @returns such as `solved:<ticketId>:<auditId>`
 * @throws NodeApiError when the history has no such change
 */
export async function findEventKey(
	zendesk: Zendesk,
	event: KeylessEvent,
	ticketId: string,
	occurredAt: string,
	last?: WireAudit,
): Promise<string> {
	const time = Date.parse(occurredAt);
	const distance = (audit: WireAudit): number => Math.abs(Date.parse(audit.created_at) - time);
	const keyOf = ({ id }: WireAudit): string => `${event}:${ticketId}:${id}`;
	// In the very second, because an entry before it might be nearer otherwise.
	if (last && distance(last) < SECOND && changed(last, event)) return keyOf(last);
	for (let read = 1; read <= READS; read++) {
		const history = await readHistory(zendesk, ticketId, time - MARGIN);
		if (!isHistory(history))
			throw zendesk.refusal(`The history of ticket ${ticketId} could not be read`, history);
		const near = history.audits
			.filter((audit) => distance(audit) <= TOLERANCE)
			.sort((a, b) => distance(a) - distance(b));
		const nearest =
			near.find((audit) => changed(audit, event)) ??
			// Only once the entry itself has had time to appear.
			(read === READS ? near.find((audit) => changedMeanwhile(audit, event)) : undefined);
		if (nearest) return keyOf(nearest);
		if (read < READS) await sleep(1000);
	}
	throw new NodeApiError(
		zendesk.context.getNode(),
		{},
		{
			message: `Ticket ${ticketId} was not ${event} around ${occurredAt}`,
			description:
				"Its history has no such change. Map the 'occurredAt' of the trigger's item, and try again: the history may be late.",
			httpCode: '404',
		},
	);
}
