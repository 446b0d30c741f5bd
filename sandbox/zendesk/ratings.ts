/**
 * How customers rate solved tickets: the older ratings, and surveys.
 * https://developer.zendesk.com/api-reference/ticketing/ticket-management/satisfaction_ratings/
 * https://developer.zendesk.com/api-reference/ticketing/ticket-management/csat_survey_responses
 */
import { z } from 'zod';
import { stamp } from '../clock';
import { word } from '../random';
import type { SandboxZendesk } from '../types';
import type { Zendesk } from './context';
import type { Rating, SurveyAnswer, SurveyResponse, Ticket } from './model';
import { pageOf, pageQuery } from './paging';
import { forbidden, notFound } from './wording';

type Rated = Parameters<SandboxZendesk['customerRates']>[1];

const starsOf = { good: 5, neutral: 3, bad: 1 } as const;
/** For how long a survey can be answered, milliseconds. */
const open = 28 * 24 * 3_600_000;

/** The customer's rating, with all that Zendesk makes of it. */
export function rate(zendesk: Zendesk, ticket: Ticket, rated: Rated): void {
	const { core, tickets } = zendesk;
	const { ratings, ratingEvent } = core.switches;
	if (ratings === 'none') throw new Error('The account has no ratings');
	if (ratings !== 'older') answerSurvey(zendesk, ticket, rated);
	if (ratings !== 'surveys' && rated.score !== 'neutral')
		recordRating(zendesk, ticket, { ...rated, score: rated.score });
	const event =
		ratingEvent === 'score' ? { satisfaction_score: { score: rated.score.toUpperCase() } } : {};
	tickets.rated(ticket, rated.score, ratingEvent === 'none' ? undefined : event);
}

function recordRating(
	{ core, store }: Zendesk,
	ticket: Ticket,
	{ score, comment, reason }: Rated & { score: Rating['score'] },
): void {
	const now = core.clock.now();
	const { requesterId, assigneeId, groupId, solvedAt } = ticket.state;
	const isSame = core.switches.ratingRecords === 'changed';
	const known = isSame ? ticket.rating : undefined;
	const record: Rating = {
		id: known?.id ?? store.nextId(),
		ticketId: ticket.id,
		requesterId,
		assigneeId,
		groupId,
		score,
		comment: comment ?? null,
		reason: reason ?? null,
		createdAt: known?.createdAt ?? (isSame ? (solvedAt ?? now) : now),
		updatedAt: now,
	};
	ticket.rating = record;
	if (known !== undefined) store.ratings.splice(store.ratings.indexOf(known), 1);
	store.ratings.push(record);
}

function answerSurvey(
	{ core, store }: Zendesk,
	ticket: Ticket,
	{ score, stars = starsOf[score], comment, reason }: Rated,
): void {
	const now = core.clock.now();
	let response = store.surveyResponses.find(({ ticketId }) => ticketId === ticket.id);
	if (response === undefined) {
		response = {
			id: word(core.roll, '0123456789ABCDEFGHJKMNPQRSTVWXYZ', 26),
			ticketId: ticket.id,
			responderId: ticket.state.requesterId,
			createdAt: ticket.state.solvedAt ?? now,
			answers: [],
		};
		store.surveyResponses.push(response);
	}
	const before = response.answers;
	const asked: Array<[SurveyAnswer['question'], SurveyAnswer['value'] | undefined]> = [
		['rating', stars],
		['reason', reason],
		['comment', comment],
	];
	response.answers = asked.flatMap(([question, value]) => {
		const known = before.find((answer) => answer.question === question);
		if (value === undefined) return [];
		if (known?.value === value) return [known];
		return [{ question, value, createdAt: known?.createdAt ?? now, updatedAt: now }];
	});
}

const categoryOf = (stars: number): 'good' | 'neutral' | 'bad' =>
	stars > 3 ? 'good' : stars === 3 ? 'neutral' : 'bad';

const dynamic = (value: string): Record<string, unknown> => ({ type: 'static', value });

/** An answer as surveys list it. A question that was not answered is skipped. */
function answerJson({ question, value, createdAt, updatedAt }: SurveyAnswer): unknown {
	const times = { created_at: stamp(createdAt), updated_at: stamp(updatedAt) };
	const asked = { id: `question-${question}`, alias: question };
	if (question === 'rating')
		return {
			type: 'rating_scale',
			rating: value,
			rating_category: categoryOf(Number(value)),
			question: { ...asked, type: 'rating_scale_emoji', sub_type: 'customer_satisfaction' },
			...times,
		};
	if (question === 'comment')
		return { type: 'open_ended', value, question: { ...asked, type: 'open_ended' }, ...times };
	const options = [
		{ id: 'option-1', label: dynamic('It took too long') },
		{ id: 'option-2', label: dynamic(String(value)) },
	];
	return {
		type: 'closed_ended',
		selections: [{ option_id: 'option-2' }],
		question: { ...asked, type: 'closed_ended', options },
		...times,
	};
}

function responseJson(response: SurveyResponse): Record<string, unknown> {
	const skipped = (['reason', 'comment'] as const)
		.filter((name) => !response.answers.some(({ question }) => question === name))
		.map((name) => ({ type: 'skipped', question: { id: `question-${name}`, alias: name } }));
	return {
		id: response.id,
		survey_id: '01SURVEY',
		survey_version: 3,
		survey_state: response.answers.length > 0 ? 'answered' : 'offered',
		expires_at: stamp(response.createdAt + open),
		responder_id: String(response.responderId),
		subjects: [
			{ id: String(response.ticketId), type: 'ticket', zrn: `zen:ticket:${response.ticketId}` },
		],
		answers: response.answers.length > 0 ? [...response.answers.map(answerJson), ...skipped] : [],
	};
}

const ratingJson = (baseUrl: string, rating: Rating): Record<string, unknown> => ({
	url: `${baseUrl}/api/v2/satisfaction_ratings/${rating.id}.json`,
	id: rating.id,
	ticket_id: rating.ticketId,
	requester_id: rating.requesterId,
	assignee_id: rating.assigneeId,
	group_id: rating.groupId,
	score: rating.score,
	comment: rating.comment,
	reason: rating.reason ?? 'No reason provided',
	reason_code: rating.reason === null ? 0 : 1000,
	created_at: stamp(rating.createdAt),
	updated_at: stamp(rating.updatedAt),
});

/** The lists of both kinds. Filters by time ask when a record was made, not when it was changed. */
export function ratingRoutes(zendesk: Zendesk): void {
	const { app, core, store } = zendesk;
	const olderQuery = z.object({
		...pageQuery,
		score: z.string().optional(),
		start_time: z.coerce.number().int().optional(),
		end_time: z.coerce.number().int().optional(),
	});
	for (const path of ['/api/v2/satisfaction_ratings', '/api/v2/satisfaction_ratings.json'])
		app.get(path, { schema: { querystring: olderQuery } }, async (request) => {
			if (core.switches.ratings === 'none') throw forbidden();
			const { start_time: start = 0, end_time: end = Infinity, score } = request.query;
			const second = ({ createdAt }: Rating): number => Math.floor(createdAt / 1000);
			const found = store.ratings.filter(
				(rating) =>
					second(rating) >= start &&
					second(rating) <= end &&
					(score === undefined || score === 'received' || score === rating.score),
			);
			const kept = { start_time: String(start), ...(score === undefined ? {} : { score }) };
			const { items, envelope } = pageOf(found, request.query, `${zendesk.baseUrl()}${path}`, kept);
			return {
				satisfaction_ratings: items.map((rating) => ratingJson(zendesk.baseUrl(), rating)),
				...envelope,
			};
		});

	const surveyQuery = z.object({
		...pageQuery,
		'filter[created_at_start]': z.coerce.number().int().optional(),
		'filter[subject_zrns]': z.string().optional(),
	});
	const path = '/api/v2/guide/survey_responses';
	app.get(path, { schema: { querystring: surveyQuery } }, async (request) => {
		if (core.switches.ratings === 'none' || core.switches.ratings === 'older') throw notFound();
		const since = request.query['filter[created_at_start]'] ?? 0;
		const subjects = request.query['filter[subject_zrns]']?.split(',');
		const found = store.surveyResponses.filter(
			({ createdAt, ticketId }) =>
				createdAt >= since && (subjects?.includes(`zen:ticket:${ticketId}`) ?? true),
		);
		const kept = { 'filter[created_at_start]': String(since) };
		const { items, envelope } = pageOf(found, request.query, `${zendesk.baseUrl()}${path}`, kept);
		return { survey_responses: items.map(responseJson), ...envelope };
	});
}
