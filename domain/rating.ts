/** How a customer rated a ticket: by Zendesk's satisfaction ratings or surveys, or by text message. */
import { z } from 'zod';

export const ratingScores = ['good', 'neutral', 'bad'] as const;
export type RatingScore = (typeof ratingScores)[number];

export const ticketRating = z.object({
	score: z.enum(ratingScores),
	/** 1 to 5. Null if the customer was not asked for that. */
	stars: z.number().int().min(1).max(5).nullable(),
	/** What the customer wrote. */
	comment: z.string().nullable(),
	/** What the customer chose as the reason of a bad rating. */
	reason: z.string().nullable(),
	/** The agent whom the ticket was assigned to. */
	agentId: z.string().nullable(),
	agentName: z.string().nullable(),
});
export type TicketRating = z.infer<typeof ticketRating>;

const FEW = 2;
const MANY = 4;

/** @param stars 1 to 5 */
export const scoreOfStars = (stars: number): RatingScore =>
	stars >= MANY ? 'good' : stars <= FEW ? 'bad' : 'neutral';
