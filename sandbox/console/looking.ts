import { z } from 'zod';
import { ticketStatus } from '../../domain/items';
import type { Looking } from './shapes';

const limit = (usual: number) => z.coerce.number().int().min(1).max(2000).default(usual);
const flag = z
	.enum(['true', 'false'])
	.default('false')
	.transform((text) => text === 'true');
const words = z.string().max(200).default('');

/** What a page looks at, from the query of its stream; missing values are as when the page opens. */
export const looking = z.object({
	customer: words,
	channel: z.enum(['sms', 'rcs', 'whatsapp']).default('sms'),
	ticket: words,
	customerSearch: words,
	customerLimit: limit(50),
	threadLimit: limit(60),
	timelineLimit: limit(40),
	ticketSearch: words,
	ticketStatus: z.union([z.enum(['', 'unsolved']), ticketStatus]).default(''),
	ticketLimit: limit(50),
	commentLimit: limit(60),
	onlyCustomer: flag,
	logOf: z.enum(['', 'zendesk', 'klaviyo']).default(''),
	logKind: z.enum(['', 'call', 'webhook', 'problem']).default(''),
	logPolls: flag,
	logSearch: words,
	logLimit: limit(100),
	logUntil: z.coerce.number().int().min(-1).default(-1),
}) satisfies z.ZodType<Looking, z.ZodTypeDef, unknown>;
