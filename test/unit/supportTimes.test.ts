/** Times of support belong to an event only if they were counted for it. */
import fc from 'fast-check';
import { supportTimes, type SupportTimes, timeProperties } from '../../domain/supportTimes';

const SOLVED = '2026-11-22T10:00:00.000Z';
const times: SupportTimes = {
	firstReplyMinutes: 12,
	firstReplyBusinessMinutes: 0,
	resolutionMinutes: 90,
	resolutionBusinessMinutes: 30,
	replies: 2,
	reopens: 1,
	solvedAt: SOLVED,
};
const after = (milliseconds: number): string =>
	new Date(Date.parse(SOLVED) + milliseconds).toISOString();

describe('The times of an event', () => {
	it.each(['solved', 'closed'])('are all there when the ticket was %s', (event) => {
		expect(timeProperties(event, SOLVED, times)).toEqual({
			first_reply_minutes: 12,
			first_reply_business_minutes: 0,
			resolution_minutes: 90,
			resolution_business_minutes: 30,
			replies: 2,
			reopens: 1,
		});
	});

	it.each(['opened', 'reopened', 'agentReplied'])('are not on %s', (event) => {
		expect(timeProperties(event, SOLVED, times)).toEqual({});
	});

	it('are left out, not zero, where Zendesk does not say', () => {
		const some = { ...times, firstReplyMinutes: null, replies: null };
		expect(Object.keys(timeProperties('solved', SOLVED, some))).toEqual([
			'first_reply_business_minutes',
			'resolution_minutes',
			'resolution_business_minutes',
			'reopens',
		]);
		for (const none of [null, undefined, { ...times, solvedAt: null }])
			expect(timeProperties('solved', SOLVED, none)).toEqual({});
	});

	it('of one solving are never on another', () => {
		fc.assert(
			fc.property(fc.integer({ min: -1e9, max: 1e9 }), (apart) => {
				const found = timeProperties('solved', after(apart), times);
				expect(found).toEqual(Math.abs(apart) <= 60_000 ? expect.objectContaining({}) : {});
				expect(Object.keys(found).length > 0).toBe(Math.abs(apart) <= 60_000);
				expect(Object.keys(timeProperties('closed', after(apart), times)).length > 0).toBe(
					apart >= -60_000,
				);
			}),
		);
	});

	it('survive whatever was counted: what makes no sense is not known', () => {
		expect(supportTimes.parse({ ...times, replies: -1, reopens: 'x' })).toMatchObject({
			replies: null,
			reopens: null,
		});
	});
});
