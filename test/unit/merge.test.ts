import { isMergeNotice, MERGE_TAG, mergedInto, type SeenUpdate } from '../../domain/merge';

describe("Zendesk's notice of a merge", () => {
	it.each([
		'Request #101 "Where is my order?" was closed and merged into this request.',
		'\n Request #101 "Two\nlines" was closed and merged into this request. Last comment in request #101:\nHi',
		'Requests #101 "One", #102 "Two" were closed and merged into this request.',
		'This request was closed and merged into request #12 "Order".',
	])('is recognized by the words %j', (body) => {
		expect(isMergeNotice(body)).toBe(true);
	});

	it.each([
		'Your request #101 was closed and merged into this request.',
		'Request #101 is done.',
		'We closed this request.',
		'',
	])('is not %j', (body) => {
		expect(isMergeNotice(body)).toBe(false);
	});
});

describe('A ticket that was merged away', () => {
	const nothing: SeenUpdate = { status: 'closed', isMarked: false, comments: [], addedTags: [] };
	const notice = 'This request was closed and merged into request #12 "Order".';

	it.each<[string, Partial<SeenUpdate>, string | null]>([
		['by its notice, which names the other ticket', { comments: ['Hi', `\n${notice}`] }, '12'],
		[
			'by its mark, if an agent has reworded the notice',
			{ isMarked: true, comments: ['Same'] },
			null,
		],
		['by its tag', { addedTags: ['vip', MERGE_TAG] }, null],
		['by a status in capitals', { status: 'CLOSED', isMarked: true }, null],
	])('is recognized %s', (_, update, ticketId) => {
		expect(mergedInto({ ...nothing, ...update })).toEqual({ ticketId });
	});

	it.each<[string, Partial<SeenUpdate>]>([
		['closed by a rule', {}],
		['the other one, which stays open', { status: null, isMarked: true }],
		['a ticket where somebody quotes a notice', { status: 'solved', comments: [notice] }],
		[
			'the other one, closed at the same time',
			{ comments: ['Request #1 "Hi" was closed and merged into this request.'] },
		],
	])('is not %s', (_, update) => {
		expect(mergedInto({ ...nothing, ...update })).toBeUndefined();
	});
});
