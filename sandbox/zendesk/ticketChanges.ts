/** What has changed about a ticket, for its audits and for webhooks. */
import type { TicketStatus } from '../../domain/items';
import { customStatusId, type AuditEvent } from './events';
import type { FieldEvent, RuleName, TicketState } from './model';

export type FieldChange = Partial<
	Omit<TicketState, 'updatedAt' | 'solvedAt' | 'deleted' | 'description'>
>;

/** Names of the fields in audits, where they differ from ours. */
const auditNames: Partial<Record<keyof FieldChange, string>> = {
	externalId: 'external_id',
	requesterId: 'requester_id',
	assigneeId: 'assignee_id',
	groupId: 'group_id',
	brandId: 'brand_id',
	formId: 'ticket_form_id',
};

const watched = [
	'subject',
	'status',
	'tags',
	'externalId',
	'requesterId',
	'assigneeId',
	'groupId',
	'brandId',
	'formId',
	'priority',
	'type',
] as const;
/** A new ticket's audit names these even if they are not set. */
const alwaysCreated = ['priority', 'type'];

/** @param before undefined for a new ticket */
export function fieldEvents(
	nextId: () => number,
	before: TicketState | undefined,
	after: TicketState,
	rule?: RuleName,
): FieldEvent[] {
	const events: FieldEvent[] = [];
	const add = (field: string, value: unknown, previous: unknown): void => {
		const ruled = rule === undefined ? {} : { rule };
		events.push(
			before === undefined
				? { id: nextId(), type: 'Create', field, value }
				: { id: nextId(), type: 'Change', field, value, previous, ...ruled },
		);
	};
	for (const name of watched) {
		const value = after[name];
		const previous = before?.[name] ?? null;
		if (before === undefined && Array.isArray(value) && value.length === 0) continue;
		const isSame = JSON.stringify(value) === JSON.stringify(previous);
		if (isSame && !(before === undefined && alwaysCreated.includes(name))) continue;
		add(auditNames[name] ?? name, value, previous);
	}
	if (before?.status !== after.status) {
		const previous = before === undefined ? null : customStatusId(before.status);
		add('custom_status_id', customStatusId(after.status), previous);
	}
	for (const [id, value] of after.customFields) {
		const previous = before?.customFields.get(id) ?? null;
		if (value !== previous) add(String(id), value, previous);
	}
	return events;
}

const upper = (value: TicketStatus | string | null): string | null => value?.toUpperCase() ?? null;

/** Each change of status by itself, including triggers' changes. */
export const eachStatus = (fields: readonly FieldEvent[]): AuditEvent[] =>
	fields
		.filter(({ field, type }) => field === 'status' && type === 'Change')
		.map(({ value, previous }) => ({
			type: 'status_changed',
			event: { current: upper(String(value)), previous: upper(String(previous)) },
		}));

/** The net changes. */
export function fieldHappenings(before: TicketState, after: TicketState): AuditEvent[] {
	const happenings: AuditEvent[] = [];
	const changed = (type: AuditEvent['type'], current: unknown, previous: unknown): void => {
		if (current !== previous) happenings.push({ type, event: { current, previous } });
	};
	const id = (value: number | null): string | null => (value === null ? null : String(value));
	changed('status_changed', upper(after.status), upper(before.status));
	changed('priority_changed', upper(after.priority), upper(before.priority));
	changed('type_changed', upper(after.type), upper(before.type));
	changed('subject_changed', after.subject, before.subject);
	changed('external_id_changed', after.externalId, before.externalId);
	changed('agent_assignment_changed', id(after.assigneeId), id(before.assigneeId));
	changed('group_assignment_changed', id(after.groupId), id(before.groupId));
	changed('brand_changed', id(after.brandId), id(before.brandId));
	changed('requester_changed', id(after.requesterId), id(before.requesterId));
	const added = after.tags.filter((tag) => !before.tags.includes(tag));
	const removed = before.tags.filter((tag) => !after.tags.includes(tag));
	if (added.length + removed.length > 0)
		happenings.push({ type: 'tags_changed', event: { tags_added: added, tags_removed: removed } });
	return happenings;
}
