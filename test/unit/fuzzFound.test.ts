/** What the fuzzer has found, as regression tests that show what was wrong. */
import { toComments, toHtml } from '../../domain/conversation/commentHtml';
import { foldedWords } from '../../domain/keywords';
import { isOnChannel, ticketChannel } from '../../domain/ticketChannel';
import { eventTime } from '../../nodes/Klaviyo/api/eventTime';
import { flowMessageOf } from '../../nodes/Klaviyo/api/flowWebhook';
import { messageEventOf } from '../../nodes/Klaviyo/api/messageEvent';
import { messageMetrics } from '../../nodes/Klaviyo/api/messageMetrics';
import { errorText as wordsOfRefusal } from '../../nodes/ZendeskSync/api/client';
import { entryOfExport } from '../../nodes/ZendeskSync/api/entries';
import { fromWebhook } from '../../nodes/ZendeskSync/trigger/webhookBody';
import { nested } from '../fuzz/hostile';
import { exportEntry, flowPost, klaviyoEvent, zendeskWebhook } from '../fuzz/payloads';

const webhookWith = (detail: object) =>
	fromWebhook({ ...zendeskWebhook, detail: { ...zendeskWebhook.detail, ...detail } });
const post = (change: object) => flowMessageOf(JSON.stringify({ ...flowPost, ...change }));

describe('What is nested ten thousand deep', () => {
	it("is not an event of Klaviyo's", () => {
		const { attributes } = klaviyoEvent;
		const event_properties = { ...attributes.event_properties, x: nested(10_000, 'object') };
		const raw = { ...klaviyoEvent, attributes: { ...attributes, event_properties } };
		expect(messageEventOf(raw, messageMetrics.sms.customerMessaged, false)).toBeUndefined();
	});

	it("is not a flow's post, and its sender is told", () => {
		const sent = JSON.stringify(flowPost).replace(
			'{',
			`{"x":${'['.repeat(1e4)}${']'.repeat(1e4)},`,
		);
		expect(flowMessageOf(sent)).toContain('nested too deeply');
	});

	it("is not a webhook of Zendesk's, and the log says so", () => {
		expect(webhookWith({ custom: nested(10_000, 'list') })).toEqual({
			unreadable: 'zen:event-type:ticket.comment_added: nested too deeply',
		});
	});
});

describe("Zendesk's webhook", () => {
	it('keeps its other tags if one is not a string', () => {
		const tags = ['sms', { toString: 1, valueOf: 1 }, nested(50, 'list'), 7];
		expect(webhookWith({ tags })).toMatchObject({ event: { tags: ['sms', '7'] } });
	});

	it.each(['constructor', '__proto__', 'toString'])('has the channel %s as a string', (name) => {
		expect(ticketChannel(null, name)).toBe(name);
		expect(isOnChannel({ externalId: null, channel: 'web' }, [name])).toBe(false);
	});

	it('is not read if its type is not a string', () => {
		expect(fromWebhook({ type: { toString: 1, valueOf: 1 } })).toBeUndefined();
	});

	it('of a year that no item can represent is unreadable', () => {
		expect(fromWebhook({ ...zendeskWebhook, time: '+012026-01-01T00:00:00Z' })).toEqual({
			unreadable: 'zen:event-type:ticket.comment_added: time',
		});
	});
});

describe('A time', () => {
	it("of Klaviyo's in the year 10000 is invalid", () => {
		expect(eventTime(253_402_300_800_000)).toBeUndefined();
		expect(eventTime('9999-12-31T23:59:59Z')).toBe('9999-12-31T23:59:59.000Z');
	});

	it("of Zendesk's export that is invalid costs only its own entry", () => {
		expect(entryOfExport({ ...exportEntry, created_at: null, timestamp: 1e300 })).toBeUndefined();
	});
});

describe("Zendesk's refusal", () => {
	it.each([
		[{ error: null }, ''],
		[{ errors: {} }, ''],
		[{ errors: [null, { title: 'No' }] }, 'No'],
		[
			{ description: 'Bad', details: { base: [null, { description: 'Worse' }], x: null } },
			'Bad. Worse',
		],
		['<html>', ''],
		[null, ''],
	])('%j says %j', (body, words) => {
		expect(wordsOfRefusal({ status: 422, headers: {}, body })).toBe(words);
	});
});

describe('A comment', () => {
	it('contains no half characters, which some JSON parsers refuse, and no NUL, which ends some strings', () => {
		expect(toHtml('a\ud83d b\udc00 c\0 d 📦')).toBe('a\ufffd b\ufffd c\ufffd d 📦');
	});

	it('of 30,000 flags or joined people is cut at whole ones, quickly', () => {
		const people = '👩🏽\u200d🚒'.repeat(3000);
		for (const text of ['🇰🇷'.repeat(30_000), people, `a${'\u0301'.repeat(5000)}`]) {
			const pieces = toComments(text, 1001);
			expect(pieces.join('')).toBe(text);
			for (const piece of pieces.slice(1)) expect(piece).not.toMatch(/^(?:\u200d|🏽)/u);
		}
		for (const piece of toComments('🇰🇷'.repeat(30_000), 1001)) expect(piece.length % 4).toBe(0);
	});
});

describe('A post of 8 MB', () => {
	it('is read like any other', () => {
		const body = 'a\n'.repeat(4_000_000);
		expect(post({ body })).toMatchObject({ message: { body } });
	});
});

describe('A pile of accents', () => {
	it('ends no word, and is cut beyond what any language uses', () => {
		const [word, ...others] = foldedWords(`a${'\u0301\u0323'.repeat(30_000)}`);
		expect(others).toEqual([]);
		expect(word?.length).toBeLessThan(40);
	});
});
