/** How much memory is spent on what catch-up keeps: a comment may have 64 kB, three times over. */
import type { Entry } from '../api/entries';

/** Characters kept for an account by each way of reading: some tens of MB. */
export const MOST_CHARACTERS = 30_000_000;

/** Characters of the entries, about. */
export const weightOf = (entries: readonly Entry[]): number =>
	entries.reduce((sum, { raw }) => sum + (JSON.stringify(raw)?.length ?? 0), 0);
