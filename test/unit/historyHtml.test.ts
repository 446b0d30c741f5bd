import fc from 'fast-check';
import { toHistoryHtml } from '../../domain/conversation/historyHtml';
import { seed } from '../support/seed';

const text = (more: object): object => ({
	direction: 'inbound',
	kind: 'customer',
	body: 'Hello',
	sentAt: '2026-11-22T10:00:00.000Z',
	...more,
});

describe('The history of a conversation', () => {
	it('shows time, direction, kind and words of each message, oldest first', () => {
		const html = toHistoryHtml([
			text({ body: 'Which one?', sentAt: '2026-11-22T10:05:00.000Z' }),
			text({
				direction: 'outbound',
				kind: 'campaign',
				campaign: { name: 'Spring <sale>' },
				body: '20% off {{now}}',
				sentAt: '2026-11-22T10:00:00.000Z',
			}),
			text({
				direction: 'outbound',
				kind: 'conversation',
				event: 'failed',
				body: 'This\none',
				sentAt: '2026-11-22T10:06:00.000Z',
			}),
		]);
		expect(html?.split('<br>')).toEqual([
			'<strong>Earlier messages</strong> (times in UTC)',
			"2026-11-22 10:00 → <strong>Campaign 'Spring &lt;sale&gt;':</strong> 20% off &#123;&#123;now&#125;&#125;",
			'2026-11-22 10:05 ← <strong>Customer:</strong> Which one?',
			'2026-11-22 10:06 → <strong>Reply (not delivered):</strong> This',
			'one',
		]);
	});

	it('says the channel of each message where it is not that of the ticket alone', () => {
		const both = [
			text({ channel: 'whatsapp', body: 'Hi' }),
			text({ channel: 'rcs', body: 'Hello' }),
			text({
				...{ channel: 'sms', direction: 'outbound', kind: 'campaign', event: 'failed' },
				...{ campaign: { name: 'Sale' }, body: '20%' },
			}),
			text({ channel: 'pigeon', body: 'Coo' }),
			text({ body: 'From elsewhere' }),
		];
		const linesOf = (messages: object[], channel?: 'sms' | 'whatsapp') =>
			toHistoryHtml(messages, { channel })
				?.split('<br>')
				.slice(1)
				.map((line) => line.slice(19));
		const named = [
			'<strong>Customer by WhatsApp:</strong> Hi',
			'<strong>Customer by RCS:</strong> Hello',
			"<strong>Campaign 'Sale' by SMS (not delivered):</strong> 20%",
			'<strong>Customer by pigeon:</strong> Coo',
			'<strong>Customer:</strong> From elsewhere',
		];
		expect(linesOf(both, 'sms')).toEqual(named);
		expect(linesOf(both.slice(0, 1), 'whatsapp')).toEqual(['<strong>Customer:</strong> Hi']);
		expect(linesOf(both.slice(0, 1), 'sms')).toEqual(named.slice(0, 1));
		// RCS and SMS are one conversation.
		expect(linesOf(both.slice(1, 2), 'sms')).toEqual(['<strong>Customer:</strong> Hello']);
		expect(linesOf(both.slice(0, 2))).toEqual(named.slice(0, 2));
	});

	it('says that a message has no words', () => {
		expect(toHistoryHtml([text({ body: ' ' })])).toContain(
			'<strong>Customer:</strong> <em>(without words)</em>',
		);
	});

	it('is empty without messages, and skips what is not a message', () => {
		expect(toHistoryHtml([])).toBeUndefined();
		expect(toHistoryHtml([null, 'x', { body: 'x' }])).toBeUndefined();
		expect(toHistoryHtml([{}, text({ body: 'One' })])).toContain('One');
	});

	it(`fits into a comment whatever was written, and keeps the newest (seed ${seed})`, () => {
		const bodies = fc.array(fc.string({ unit: 'grapheme', maxLength: 3000 }), { maxLength: 60 });
		fc.assert(
			fc.property(bodies, fc.integer({ min: 0, max: 30_000 }), (written, long) => {
				const messages = [...written, `${'&'.repeat(long)}`, 'The newest'].map((body, index) =>
					text({ body, sentAt: new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString() }),
				);
				const html = toHistoryHtml(messages) ?? '';
				expect(Buffer.byteLength(html)).toBeLessThanOrEqual(60_000);
				expect(html).toContain('The newest');
			}),
			{ numRuns: 200 },
		);
	});

	it('says that older messages are left out', () => {
		const messages = Array.from({ length: 40 }, (_, index) =>
			text({ body: `${index} ${'x'.repeat(2000)}` }),
		);
		expect(toHistoryHtml(messages)).toContain('Older messages are left out');
	});
});
