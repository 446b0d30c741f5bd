/** The key of a solved or reopened event that a webhook brought: its audit's id, which the webhook has not. */
import type { IDataObject } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';
import { isHistory, readHistory } from './audits';
import type { Zendesk } from './client';
import type { WireAudit } from './wire';

/** Audits may be behind their event for a moment. */
const READS = 6;
/** A webhook's time and its audit's may fall on both sides of a second. */
const TOLERANCE = 2000;
const MARGIN = 60_000;

const unsolved = ['new', 'open', 'pending', 'hold'];

const changed = (audit: WireAudit, event: 'solved' | 'reopened'): boolean =>
	audit.events.some(({ type, field_name: field, value, previous_value: before }) => {
		if (type !== 'Change' || field !== 'status') return false;
		return event === 'solved'
			? value === 'solved'
			: before === 'solved' && unsolved.includes(String(value));
	});

/**
 * @param occurredAt ISO 8601, when the webhook says that it happened
 * @returns `solved:<ticketId>:<auditId>`
 * @throws NodeApiError when the history has no such change
 */
export async function findEventKey(
	zendesk: Zendesk,
	event: 'solved' | 'reopened',
	ticketId: string,
	occurredAt: string,
): Promise<string> {
	const time = Date.parse(occurredAt);
	const distance = (audit: WireAudit): number => Math.abs(Date.parse(audit.created_at) - time);
	for (let read = 1; read <= READS; read++) {
		const history = await readHistory(zendesk, ticketId, time - MARGIN);
		if (!isHistory(history))
			throw zendesk.refusal(`The history of ticket ${ticketId} could not be read`, history);
		const nearest = history.audits
			.filter((audit) => changed(audit, event) && distance(audit) <= TOLERANCE)
			.sort((a, b) => distance(a) - distance(b))[0];
		if (nearest) return `${event}:${ticketId}:${nearest.id}`;
		if (read < READS) await sleep(1000);
	}
	const body: IDataObject = { error: `No such change at ${occurredAt}` };
	throw zendesk.refusal(`Ticket ${ticketId} has no entry for being ${event}`, {
		status: 404,
		headers: {},
		body,
	});
}
