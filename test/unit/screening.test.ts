import fc from 'fast-check';
import {
	defaultKeywords,
	defaultKeywordsOn,
	findKeyword,
	keywordList,
	foldedWords,
} from '../../domain/keywords';
import {
	type Consent,
	screenMessage,
	type ScreenedMessage,
	type ScreeningRules,
} from '../../domain/screening';

const subscribed: Consent = { canReceiveMarketing: true, canReceiveTransactional: false };
const unsubscribed: Consent = { canReceiveMarketing: false, canReceiveTransactional: false };
const rules: ScreeningRules = {
	keywords: defaultKeywords,
	match: 'containsWord',
	openOnOptOutInMessage: false,
};
const text = (body: string, more: Partial<ScreenedMessage> = {}): ScreenedMessage => ({
	body,
	from: '+447400123456',
	to: '+447400999999',
	direction: 'inbound',
	...more,
});
const reason = (
	body: string,
	consent: Consent | null = subscribed,
	more: Partial<ScreeningRules> = {},
) => screenMessage(text(body), consent, { ...rules, ...more });

describe('Screening', () => {
	it.each([
		['Where is my order?', true, 'message'],
		['HELP', true, 'helpKeyword'],
		['info', true, 'helpKeyword'],
		['Can you help me please', true, 'helpKeyword'],
		['STOP', false, 'optOutKeyword'],
		['  ｓｔｏｐ! ', false, 'optOutKeyword'],
		['St\u200bop.', false, 'optOutKeyword'],
		['REVOKE', false, 'optOutKeyword'],
		['Opt out', false, 'optOutKeyword'],
		['opt-out.', false, 'optOutKeyword'],
		['OPTOUT', false, 'optOutKeyword'],
		['stop all', false, 'optOutKeyword'],
		['Please revoke my last order', false, 'optOutInMessage'],
		['I want to opt out of the plan for order 4711', false, 'optOutInMessage'],
		['We opted for the blue one, out of stock', true, 'message'],
		['Liked “It ships today.”', true, 'reaction'],
		['Loved an image', true, 'reaction'],
		['Emphasized "stop by at 5"', true, 'reaction'],
		['Reacted 😂 to “It ships today.”', true, 'reaction'],
		['Removed a like from “It ships today.”', true, 'reaction'],
		['\u200b👍\u200b to “ It ships today. ”', true, 'reaction'],
		['I liked “The Hobbit”, is it in stock?', true, 'message'],
		['Liked “The Hobbit”. Is it in stock?', true, 'message'],
		['Loved an image of yours', true, 'message'],
		['Liked "the blue one", can I get it?', true, 'message'],
		['Liked "the blue one", not "the red one"', true, 'message'],
		['Reacted badly to “Aloe Cream”', true, 'message'],
		['Reacted with a rash to "Aloe Cream"', true, 'message'],
		['liked "the blue one"', true, 'message'],
		['👍 to the blue one', true, 'message'],
		[
			'I’m driving with Focus turned on. I’ll see your message when I get where I’m going.',
			true,
			'automaticReply',
		],
		[
			'(I’m not receiving notifications. If this is urgent, reply “urgent” to send a notification through with your original message.)',
			true,
			'automaticReply',
		],
		["I'm driving to the shop now", true, 'message'],
		['JOIN', false, 'subscribeKeyword'],
		['YES', false, 'complianceKeyword'],
		['Yes, my parcel arrived broken', true, 'message'],
		['When does the sale start?', true, 'message'],
		['I want to cancel my order', false, 'optOutInMessage'],
		['The weekend is near', true, 'message'],
		['Unstoppable', true, 'message'],
		['정지해 주세요', true, 'message'],
		['', true, 'message'],
	])('%j opens a ticket: %s (%s)', (body, opensTicket, why) => {
		expect(reason(body)).toEqual({ opensTicket, reason: why });
	});

	it('opens nothing for a customer who cannot receive SMS, whether unsubscribed or unknown', () => {
		for (const consent of [unsubscribed, null])
			expect(reason('Where is my order?', consent)).toEqual({
				opensTicket: false,
				reason: 'noConsent',
			});
	});

	it('accepts transactional consent like marketing consent', () => {
		expect(
			reason('Hello', { canReceiveMarketing: false, canReceiveTransactional: true }).reason,
		).toBe('message');
	});

	it('opens a ticket for HELP and INFO without consent too', () => {
		expect(reason('HELP', unsubscribed)).toEqual({ opensTicket: true, reason: 'helpKeyword' });
		expect(reason('INFO', null)).toEqual({ opensTicket: true, reason: 'helpKeyword' });
	});

	it('names the opt-out word, not the consent that it has withdrawn', () => {
		expect(reason('please cancel my order', unsubscribed).reason).toBe('optOutInMessage');
	});

	describe('of a message that was sent when consent was withdrawn', () => {
		const SENT = Date.parse('2026-11-22T10:00:00Z');
		const ended = (endedAt: number | undefined): Consent => ({ ...unsubscribed, endedAt });
		const said = (consent: Consent, sentAt?: number, more: Partial<ScreeningRules> = {}) =>
			screenMessage(text('Please no more messages', { sentAt }), consent, { ...rules, ...more });

		it.each([
			[SENT, 'optOutInMessage'],
			[SENT + 90_000, 'optOutInMessage'],
			[SENT - 3600_000, 'noConsent'],
			[SENT + 3600_000, 'noConsent'],
			[undefined, 'noConsent'],
		])('at %s: %s', (endedAt, why) => {
			expect(said(ended(endedAt), SENT)).toEqual({ opensTicket: false, reason: why });
		});

		it('opens a ticket where the builder wants that', () => {
			expect(said(ended(SENT), SENT, { openOnOptOutInMessage: true })).toEqual({
				opensTicket: true,
				reason: 'optOutInMessage',
			});
			expect(said(ended(SENT)).reason).toBe('noConsent');
		});
	});

	it('opens a ticket for an opt-out word inside a longer message if the builder wants that', () => {
		const wanted = { openOnOptOutInMessage: true };
		expect(reason('I want to cancel my order', unsubscribed, wanted)).toEqual({
			opensTicket: true,
			reason: 'optOutInMessage',
		});
		expect(reason('CANCEL', subscribed, wanted).opensTicket).toBe(false);
	});

	it('treats only the whole message as a keyword if the account does', () => {
		const whole = { match: 'wholeMessage' } as const;
		expect(reason('I want to cancel my order', subscribed, whole).reason).toBe('message');
		expect(reason('Yes, and blue', subscribed, whole).reason).toBe('message');
		expect(reason('stop', subscribed, whole).reason).toBe('optOutKeyword');
		expect(reason('join', subscribed, whole).reason).toBe('subscribeKeyword');
	});

	it('counts STOP anywhere in a message to a number of the United States', () => {
		const american = text('please stop by', { to: '+12125550123' });
		expect(screenMessage(american, subscribed, { ...rules, match: 'wholeMessage' }).reason).toBe(
			'optOutInMessage',
		);
		const canadian = text('please stop by', { to: '+14165550123' });
		expect(screenMessage(canadian, subscribed, { ...rules, match: 'wholeMessage' }).reason).toBe(
			'message',
		);
	});

	describe('on WhatsApp', () => {
		const said = (body: string, more: Partial<ScreeningRules> = {}, to?: string) =>
			screenMessage(text(body, { channel: 'whatsapp', ...(to ? { to } : {}) }), unsubscribed, {
				...rules,
				keywords: defaultKeywordsOn('whatsapp'),
				...more,
			}).reason;

		it.each([
			['Where is my order?', 'message'],
			['STOP', 'optOutKeyword'],
			['quit', 'optOutKeyword'],
			['I want to cancel my order', 'optOutInMessage'],
			['Yes', 'complianceKeyword'],
			['Yes please', 'message'],
			['JOIN', 'subscribeKeyword'],
			// Keywords of SMS alone: nothing but an agent answers them.
			['HELP', 'message'],
			['INFO', 'message'],
			['REVOKE', 'message'],
			['Opt out', 'message'],
			['START', 'message'],
			['Liked “It ships today.”', 'reaction'],
			['', 'message'],
		])('%j is screened as %s, whatever the consent to SMS', (body, why) => {
			expect(said(body)).toBe(why);
		});

		it('knows no branded senders: who has no number is a customer who hides it', () => {
			for (const from of [null, 'US.1349120865530274'])
				expect(
					screenMessage(text('Hi', { channel: 'whatsapp', from }), unsubscribed, rules),
				).toEqual({ opensTicket: true, reason: 'message' });
		});

		it('counts an opt-out word in a sentence only if the account does, in the United States too', () => {
			const match = 'wholeMessage';
			expect(said('I want to cancel my order', { match })).toBe('message');
			expect(said('Please stop by', { match }, '+12125550123')).toBe('message');
			expect(said('cancel', { match })).toBe('optOutKeyword');
		});
	});

	it("counts an account's automation keywords, of several words too", () => {
		const keywords = { ...defaultKeywords, automation: keywordList('size chart, promo') };
		expect(reason('the Size  Chart?', subscribed, { keywords }).reason).toBe('automationKeyword');
		expect(reason('size of the chart', subscribed, { keywords }).reason).toBe('message');
	});

	it('opens nothing for branded senders; whatever received a message is not one', () => {
		expect(screenMessage(text('Hi', { from: 'ACME 24' }), subscribed, rules).reason).toBe(
			'brandedSender',
		);
		expect(screenMessage(text('Hi', { from: null }), subscribed, rules).reason).toBe(
			'brandedSender',
		);
		for (const to of ['54321', 'ACME', 'rbm:acme_agent', '', null])
			expect(screenMessage(text('Hi', { to }), subscribed, rules).reason).toBe('message');
	});

	it.each(['subscribed', 'unsubscribed', 'delivered', 'somethingNew'])(
		'opens nothing for the event %s, whatever the text',
		(event) => {
			for (const body of ['Where is my order?', 'HELP', ''])
				expect(screenMessage({ ...text(body), event }, subscribed, rules)).toEqual({
					opensTicket: false,
					reason: 'notAText',
				});
		},
	);

	it('treats an item without an event as a message', () => {
		for (const event of [null, undefined, '', 'customerMessaged'])
			expect(screenMessage({ ...text('Hi'), event }, subscribed, rules).reason).toBe('message');
	});

	it('opens nothing for what the brand sent', () => {
		for (const event of [undefined, 'delivered'])
			expect(
				screenMessage({ ...text('Hi', { direction: 'outbound' }), event }, subscribed, rules),
			).toEqual({
				opensTicket: false,
				reason: 'notInbound',
			});
	});
});

describe('Keywords', () => {
	/** A few digits come apart in their compatibility form: ㈠ is read as (一), a word in brackets, and ½ as 1⁄2. */
	const word = fc
		.stringMatching(/^[\p{L}\p{N}]{1,12}$/u)
		.filter((made) => /^[\p{L}\p{N}\p{M}]+$/u.test(made.normalize('NFKC')));

	it('are the same in any letter case and compatibility form', () => {
		fc.assert(
			fc.property(word, (keyword) => {
				expect(findKeyword(foldedWords(keyword.toUpperCase()), [keyword.toLowerCase()])).toBe(
					'whole',
				);
				expect(findKeyword(foldedWords(keyword.normalize('NFKD')), [keyword])).toBe('whole');
			}),
		);
	});

	it('are the same with every letter and digit of Unicode', () => {
		const unlike: string[] = [];
		for (let code = 0; code <= 0x10ffff; code++) {
			const letter = String.fromCodePoint(code);
			if (!/[\p{L}\p{N}]/u.test(letter)) continue;
			const keyword = `a${letter}a`;
			const spellings = [
				keyword.toUpperCase(),
				keyword.toLowerCase(),
				keyword.toUpperCase().toLowerCase(),
				keyword.normalize('NFKD'),
			];
			const same = (spelling: string) => findKeyword(foldedWords(spelling), [keyword]) === 'whole';
			if (!spellings.every(same)) unlike.push(letter);
		}
		expect(unlike).toEqual([]);
	});

	it('are found between any words of any script, and never inside one', () => {
		fc.assert(
			fc.property(
				word,
				fc.constantFrom('ça', '안녕', 'ж', '9', 'ह'),
				fc.constantFrom(' ', '! ', '…', '🎉', '\n'),
				(keyword, other, gap) => {
					expect(
						findKeyword(foldedWords(`${other}${gap}${keyword}${gap}${other}`), [keyword]),
					).toBe('part');
					expect(findKeyword(foldedWords(`xx${keyword}xx`), [keyword])).toBeUndefined();
				},
			),
		);
	});

	it('decide about every message, with a reason that fits the decision', () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.string({ unit: 'binary' }),
					fc.constantFrom('STOP', 'help', 'Yes please', 'JOIN'),
				),
				fc.boolean(),
				fc.boolean(),
				(body, consents, openOnOptOutInMessage) => {
					const { opensTicket, reason: why } = reason(body, consents ? subscribed : null, {
						openOnOptOutInMessage,
					});
					if (why === 'message' || why === 'helpKeyword') expect(opensTicket).toBe(true);
					else if (why !== 'optOutInMessage') expect(opensTicket).toBe(false);
					if (why === 'message') expect(consents).toBe(true);
				},
			),
		);
	});
});
