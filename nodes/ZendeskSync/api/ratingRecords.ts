/**
 * Ratings as Zendesk sends them: the older kind, and answers to surveys.
 * https://developer.zendesk.com/api-reference/ticketing/ticket-management/satisfaction_ratings/
 * https://developer.zendesk.com/api-reference/ticketing/ticket-management/csat_survey_responses
 */
import { z } from 'zod';
import {
	ratingScores,
	type RatingScore,
	scoreOfStars,
	type TicketRating,
} from '../../../domain/rating';
import { wireId } from './wire';

/** A rating as it was at one time: one that is changed later is another. */
export interface RatingRecord {
	ticketId: string;
	/** Of the record in Zendesk. */
	id: string;
	/** Milliseconds since 1970: when it was given or changed. */
	at: number;
	rating: TicketRating;
	/** The record as Zendesk sent it. */
	raw: unknown;
}

export const ratingKey = ({ ticketId, id, at }: RatingRecord): string =>
	`rated:${ticketId}:${id}:${Math.floor(at / 1000)}`;

const oddText = z.string().nullish().catch(null);
const oddId = wireId.nullish().catch(null);
const times = { created_at: oddText, updated_at: oddText };

const rated = z.object({
	id: wireId,
	ticket_id: wireId,
	assignee_id: oddId,
	score: z.string(),
	comment: oddText,
	reason: oddText,
	reason_code: z.number().nullish().catch(null),
	...times,
});

const label = z.object({ value: oddText, key: oddText }).nullish().catch(null);
const question = z
	.object({
		sub_type: oddText,
		options: z
			.array(z.object({ id: oddId, label }))
			.nullish()
			.catch(null),
	})
	.nullish()
	.catch(null);
const answered = z.object({
	type: oddText,
	rating: z.number().nullish().catch(null),
	rating_category: oddText,
	value: z
		.union([z.string(), z.object({ text: z.string() }).transform(({ text }) => text)])
		.nullish()
		.catch(null),
	selections: z
		.array(z.object({ option_id: oddId }))
		.nullish()
		.catch(null),
	question,
	...times,
});
type Answered = z.infer<typeof answered>;
const surveyed = z.object({
	id: wireId,
	subjects: z.array(z.object({ id: oddId, type: oddText, zrn: oddText })),
	answers: z.array(answered.catch({})),
});

/** As Zendesk writes it, in any case: `good`, `GOOD`. */
export const scoreIn = (score: string | null | undefined): RatingScore | undefined =>
	ratingScores.find((known) => known === score?.toLowerCase());

const words = (text: string | null | undefined): string | null => text?.trim() || null;

/** Milliseconds since 1970; undefined if Zendesk gives no time. */
function timeOf({ created_at: created, updated_at: updated }: z.infer<z.ZodObject<typeof times>>) {
	const known = [created, updated].map((time) => Date.parse(time ?? '')).filter(Number.isFinite);
	return known.length > 0 ? Math.max(...known) : undefined;
}

/** @returns undefined for an entry that is not a rating, such as one that was only asked for */
export function ratingOf(raw: unknown): RatingRecord | undefined {
	const record = rated.safeParse(raw).data;
	const score = scoreIn(record?.score);
	const at = record && timeOf(record);
	if (!record || score === undefined || at === undefined) return undefined;
	// Code 0 stands for "No reason provided".
	const reason = record.reason_code === 0 ? null : words(record.reason);
	const { id, ticket_id: ticketId, assignee_id: agentId, comment } = record;
	const said = { score, stars: null, comment: words(comment), reason };
	const rating = { ...said, agentId: agentId ?? null, agentName: null };
	return { ticketId, id, at, rating, raw };
}

const STARS = 5;

/** On a scale of five. What the numbers of another scale mean is not known. */
function starsOf({ rating, question: asked }: Answered): number | null {
	const isOfFive = (asked?.options?.length ?? STARS) === STARS;
	return Number.isInteger(rating) && isOfFive && rating && rating >= 1 && rating <= STARS
		? rating
		: null;
}

const chosen = ({ selections, question: asked }: Answered): string[] =>
	(selections ?? []).flatMap(({ option_id: id }) => {
		const option = asked?.options?.find((one) => id && one.id === id);
		return words(option?.label?.value ?? option?.label?.key) ?? [];
	});

/** @returns undefined for a survey that was not answered, or is not about a ticket */
export function responseOf(raw: unknown): RatingRecord | undefined {
	const response = surveyed.safeParse(raw).data;
	const ticketId = response?.subjects
		.map(
			({ id, type, zrn }) =>
				/^zen:ticket:(\d+)$/.exec(zrn ?? '')?.[1] ?? (type === 'ticket' ? id : null),
		)
		.find((id) => id);
	const answer = response?.answers.find(
		({ rating, rating_category: category, question: asked }) =>
			(category || typeof rating === 'number') &&
			(!asked?.sub_type || asked.sub_type === 'customer_satisfaction'),
	);
	if (!response || !ticketId || !answer) return undefined;
	const stars = starsOf(answer);
	const score =
		scoreIn(answer.rating_category) ?? (stars === null ? undefined : scoreOfStars(stars));
	const at = Math.max(...response.answers.map((one) => timeOf(one) ?? 0));
	if (score === undefined || at === 0) return undefined;
	const joined = (texts: string[]): string | null => words(texts.join('\n'));
	const rating = {
		...{ score, stars, agentId: null, agentName: null },
		comment: joined(
			response.answers.flatMap(({ type, value }) => (type === 'open_ended' && value) || []),
		),
		reason: joined(response.answers.flatMap(chosen)),
	};
	return { ticketId, id: response.id, at, rating, raw };
}
