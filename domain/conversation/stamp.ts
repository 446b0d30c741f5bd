/**
 * A ticket's stamp as a lock, and its history as the truth: what messages, notes and claims of replies share. Each of
 * them reads until both can be relied on, decides, and writes only if the stamp is unchanged.
 */

const SECOND = 1000;

export const stampLimits = {
	/** Age from which a stamp is a lock: its second is over for every writer, and its audits can be read. */
	settles: 4 * SECOND,
	/** How often a history that is behind its ticket is read again. A bound, for stamps that move without an audit. */
	auditReads: 8,
	/** How long one message or reply may wait for its outcome before catch-up has to bring it again. */
	retryForMs: 30 * SECOND,
} as const;

interface Stamped {
	/** Milliseconds since 1970; Zendesk keeps whole seconds. */
	updatedAt: number;
}

/** The guards. A test takes each out in turn, to show what it is for. */
export const stampRules = {
	/**
	 * Milliseconds until the newest stamp can serve as a lock. Stamps have one-second resolution: two writers in one
	 * second would both pass `safe_update`.
	 */
	untilSettled: (tickets: readonly Stamped[], serverTime: number): number =>
		Math.max(0, ...tickets.map(({ updatedAt }) => updatedAt + stampLimits.settles - serverTime)),

	/** A history that is older than its ticket is behind it. */
	areCurrent: (audits: ReadonlyArray<{ at: number }>, ticket: Stamped): boolean =>
		audits.some(({ at }) => at >= ticket.updatedAt),
};
export type StampRules = typeof stampRules;
