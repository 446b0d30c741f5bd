import type { TicketStatus } from '../../../../domain/items';

/** The statuses that an agent may set; new comes by itself, closed for good. */
export const settable = ['open', 'pending', 'hold', 'solved'] as const;

export const settableOf = (text: string): TicketStatus | undefined =>
	settable.find((status) => status === text);
