import type { TicketStatus } from '../../../../domain/items';

/** The statuses that an agent can set; "new" is automatic, and "closed" is final. */
export const settable = ['open', 'pending', 'hold', 'solved'] as const;

export const settableOf = (text: string): TicketStatus | undefined =>
	settable.find((status) => status === text);
