import fc from 'fast-check';
import { sendingsIn, type ShownMessage } from '../../domain/reply/shown';

const shown = (isFailed: boolean | null, messageId: string | null = null): ShownMessage => ({
	isFailed,
	messageId,
});

describe('What the log shows', () => {
	it.each([
		['nothing', [], 0, 0],
		['a delivered message', [shown(false, 'a')], 1, 1],
		['one that was delivered and later failed', [shown(false, 'a'), shown(true, 'a')], 1, 1],
		['one that failed and was delivered later', [shown(true, 'a'), shown(false, 'a')], 1, 1],
		['two, of which one failed', [shown(false, 'a'), shown(true, 'b')], 2, 2],
		['two delivered ones without ids', [shown(false), shown(false)], 2, 2],
		['delivered and failed, without ids', [shown(false), shown(true)], 1, 2],
		['delivered and failed, one without an id', [shown(false, 'a'), shown(true)], 1, 2],
		[
			'an id that all messages have',
			[shown(false, 'a'), shown(false, 'a'), shown(true, 'a')],
			2,
			3,
		],
		['entries without a metric', [shown(null, 'a'), shown(null, 'b')], 1, 2],
	])('of %s', (_, all, messages, atMost) => {
		expect(sendingsIn(all)).toEqual({ messages, atMost });
	});

	it('never means more or fewer messages than were sent', () => {
		const message = fc.record({
			isDelivered: fc.boolean(),
			isFailed: fc.boolean(),
			hasId: fc.tuple(fc.boolean(), fc.boolean()),
			saysMetric: fc.tuple(fc.boolean(), fc.boolean()),
		});
		fc.assert(
			fc.property(fc.array(message, { maxLength: 6 }), fc.boolean(), (sent, isTold) => {
				const entries = sent.flatMap(({ isDelivered, isFailed, hasId, saysMetric }, id) =>
					[isDelivered, isFailed].flatMap((isThere, metric): ShownMessage[] =>
						isThere
							? [
									{
										messageId: hasId[metric] ? String(id) : null,
										isFailed: isTold || saysMetric[metric] ? metric === 1 : null,
									},
								]
							: [],
					),
				);
				const count = sent.filter(({ isDelivered, isFailed }) => isDelivered || isFailed).length;
				const { messages, atMost } = sendingsIn(entries);
				expect(messages).toBeLessThanOrEqual(count);
				expect(atMost).toBeGreaterThanOrEqual(count);
				if (sent.every(({ hasId, saysMetric }) => [...hasId, ...saysMetric].every(Boolean)))
					expect([messages, atMost]).toEqual([count, count]);
			}),
		);
	});
});
