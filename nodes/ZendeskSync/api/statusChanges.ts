/** The changes of status in an entry of a history: its update's own, then those of the rules that it set off. */
import type { Change } from '../../../domain/fieldChanges';
import type { WireAudit } from './wire';

/** As Zendesk wrote it; null where it wrote nothing. */
export type StatusWord = string | null;

/** What is odd counts as missing. */
export const asStatusChange = (before: unknown, after: unknown): Array<Change<StatusWord>> =>
	typeof after === 'string' ? [{ before: typeof before === 'string' ? before : null, after }] : [];

/** @param types `Create` for the status that a new ticket has */
export const statusChanges = (
	audit: WireAudit,
	types: ReadonlyArray<'Create' | 'Change'>,
): Array<Change<StatusWord>> =>
	audit.events
		.filter(
			({ type, field_name: field }) => field === 'status' && types.some((one) => one === type),
		)
		.flatMap(({ value, previous_value: before }) => asStatusChange(before, value));
