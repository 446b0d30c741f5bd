/** The status changes in an entry of a history: first the update's own, then those of the rules that it started. */
import type { Change } from '../../../domain/fieldChanges';
import type { WireAudit } from './wire';

/** As Zendesk writes it; null if it writes nothing. */
export type StatusWord = string | null;

/** An unreadable change counts as missing. */
export const asStatusChange = (before: unknown, after: unknown): Array<Change<StatusWord>> =>
	typeof after === 'string' ? [{ before: typeof before === 'string' ? before : null, after }] : [];

/** @param types `Create` for a new ticket's status */
export const statusChanges = (
	audit: WireAudit,
	types: ReadonlyArray<'Create' | 'Change'>,
): Array<Change<StatusWord>> =>
	audit.events
		.filter(
			({ type, field_name: field }) => field === 'status' && types.some((one) => one === type),
		)
		.flatMap(({ value, previous_value: before }) => asStatusChange(before, value));
