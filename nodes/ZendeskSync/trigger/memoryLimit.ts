/** Limits the memory that catch-up uses: a comment may have 64 kB, in three forms. */
import type { Entry } from '../api/entries';

/** Characters kept per account and way of reading: some tens of MB. */
export const MAX_CHARACTERS = 30_000_000;

/** Approximate number of characters in the entries. */
export const weightOf = (entries: readonly Entry[]): number =>
	entries.reduce((sum, { raw }) => sum + (JSON.stringify(raw)?.length ?? 0), 0);
