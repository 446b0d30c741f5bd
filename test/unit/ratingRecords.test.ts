import { ratingKey, ratingOf, responseOf } from '../../nodes/ZendeskSync/api/ratingRecords';

const TIME = '2026-11-22T10:00:00Z';
const LATER = '2026-11-22T10:05:00Z';

describe('A rating of the older kind', () => {
	const record = (more: object = {}) => ({
		id: 35436,
		ticket_id: 42,
		requester_id: 5,
		assignee_id: 9007199254740993,
		score: 'good',
		comment: null,
		reason: 'No reason provided',
		reason_code: 0,
		created_at: TIME,
		updated_at: TIME,
		...more,
	});

	it('is read with what the customer said; no reason is none', () => {
		expect(ratingOf(record({ score: 'bad', comment: ' Late ' }))).toMatchObject({
			...{ ticketId: '42', id: '35436', at: Date.parse(TIME) },
			rating: { score: 'bad', stars: null, comment: 'Late', reason: null },
		});
		expect(ratingOf(record({ reason_code: 1000, reason: 'It took too long' }))).toMatchObject({
			rating: { reason: 'It took too long' },
		});
	});

	it.each(['offered', 'unoffered', '', 7])('is none while it is %j', (score) => {
		expect(ratingOf(record({ score }))).toBeUndefined();
	});

	it('is another one when it was changed, even if its record is the same', () => {
		const keys = [record(), record({ score: 'bad', updated_at: LATER })].flatMap((raw) => {
			const read = ratingOf(raw);
			return read ? [ratingKey(read)] : [];
		});
		expect(keys).toEqual([
			`rated:42:35436:${Date.parse(TIME) / 1000}`,
			`rated:42:35436:${Date.parse(LATER) / 1000}`,
		]);
	});
});

describe('An answer to a survey', () => {
	const times = { created_at: TIME, updated_at: TIME };
	const stars = (more: object = {}) => ({
		type: 'rating_scale',
		rating: 4,
		rating_category: 'good',
		question: { sub_type: 'customer_satisfaction' },
		...times,
		...more,
	});
	const response = (answers: unknown[], more: object = {}) => ({
		id: '01JSURVEY',
		subjects: [{ id: '42', type: 'ticket', zrn: 'zen:ticket:42' }],
		answers,
		...more,
	});

	it('has stars, the words of what was chosen, and a comment; the last change is its time', () => {
		const options = [
			{ id: 'a', label: { value: 'Too slow' } },
			{ id: 'b', label: { value: 'Rude' } },
		];
		const read = responseOf(
			response([
				stars({ rating: 1, rating_category: 'bad' }),
				{ type: 'closed_ended', selections: [{ option_id: 'b' }], question: { options }, ...times },
				{ type: 'open_ended', value: 'Never again.', ...times, updated_at: LATER },
				{ type: 'skipped' },
			]),
		);
		expect(read).toMatchObject({
			...{ ticketId: '42', id: '01JSURVEY', at: Date.parse(LATER) },
			rating: { score: 'bad', stars: 1, reason: 'Rude', comment: 'Never again.' },
		});
	});

	it('counts by its stars if Zendesk gives no category', () => {
		const scores = [1, 2, 3, 4, 5].map(
			(rating) => responseOf(response([stars({ rating, rating_category: null })]))?.rating.score,
		);
		expect(scores).toEqual(['bad', 'bad', 'neutral', 'good', 'good']);
	});

	it('has no stars on a scale that is not of five', () => {
		const question = { options: [{ id: 'a' }, { id: 'b' }] };
		expect(responseOf(response([stars({ rating: 2, question })]))?.rating).toMatchObject({
			...{ score: 'good', stars: null },
		});
		expect(
			responseOf(response([stars({ rating: 2, rating_category: null, question })])),
		).toBeUndefined();
	});

	it.each([
		['was not answered', response([])],
		['has only a comment', response([{ type: 'open_ended', value: 'Hm', ...times }])],
		['is about something else', response([stars()], { subjects: [{ id: '9', type: 'article' }] })],
		['asks another question', response([stars({ question: { sub_type: 'effort' } })])],
		['has no times', response([stars({ created_at: null, updated_at: 'soon' })])],
		['is no record', 'survey'],
	])('is none if it %s', (_, raw) => {
		expect(responseOf(raw)).toBeUndefined();
	});
});
