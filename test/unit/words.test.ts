import fc from 'fast-check';
import { workOf } from '../support/worked';
import type { ReplyAudit } from '../../domain/reply/audit';
import { sameWordsEarlier } from '../../domain/reply/earlier';
import { isLoggedAs } from '../../domain/reply/words';

/** What an agent types, and a phone's keyboard makes of it. */
const TYPED = [
	'a',
	'B',
	'7',
	' ',
	'.',
	"'",
	'"',
	'-',
	'\u2019',
	'\u201c',
	'\u2014',
	'\u2026',
	'é',
	'안',
	'🎉',
];
const typed = fc
	.array(fc.constantFrom(...TYPED), { minLength: 1, maxLength: 30 })
	.map((characters) => characters.join(''))
	.filter((text) => text.trim() !== '');

/** As a sender of SMS does it to save segments. */
const asPlain = (text: string): string =>
	text
		.replace(/[\u2018\u2019]/g, "'")
		.replace(/[\u201c\u201d]/g, '"')
		.replace(/[\u2013\u2014]/g, '-')
		.replace(/\u2026/g, '...');

const prefix = fc.constantFrom('', 'Acme: ', '[Acme] ', 'ACME> ');
const suffix = fc.constantFrom(
	'',
	' Reply STOP to opt out',
	'\nText STOP to unsubscribe.',
	' STOP=end',
	' Répondez STOP pour vous désabonner',
	' To opt-out reply "STOP". Msg & data rates may apply.',
);
const logged = fc.record({ prefix, suffix, isPlain: fc.boolean() }).map(
	({ isPlain, ...around }) =>
		(body: string) =>
			`${around.prefix}${isPlain ? asPlain(body) : body}${around.suffix}`,
);

describe('Two replies', () => {
	it.each([
		['Hi', ' Hi\n'],
		['On  its\nway', 'On its way'],
		['café', 'cafe\u0301'],
		['See https://acme.co/track/123', 'See https://kl.io/x9'],
		['See www.acme.co/track/123', 'See kl.io/x9'],
		["It's 5-6", 'It\u2019s 5\u20136'],
	])('%j and %j say the same', (one, other) => {
		expect(isLoggedAs(one, other)).toBe(true);
		expect(isLoggedAs(other, one)).toBe(true);
	});

	it.each([
		['Hi', 'Ho'],
		['hi', 'Hi'],
		['Hi', 'Hi there'],
		['It ships today.', 'It ships today. Not tomorrow.'],
		['I stop', 'I'],
		['', 'Hi'],
		['Yes', 'Yes!'],
		['Order 12', 'Order 21'],
		['Order 12: yes', 'Order 13: yes'],
		['See https://acme.co/a', 'See you'],
	])('%j and %j do not', (one, other) => {
		expect(isLoggedAs(one, other)).toBe(false);
		expect(isLoggedAs(other, one)).toBe(false);
	});

	it('of which one begins or ends with the other are not confused by what Klaviyo adds', () => {
		fc.assert(
			fc.property(typed, typed, logged, (one, more, asLogged) => {
				for (const longer of [`${one} ${more}`, `${more} ${one}`])
					expect(isLoggedAs(asLogged(one), longer)).toBe(isLoggedAs(one, longer));
			}),
		);
	});

	it('are counted as the log shows them: what is mistaken for another reply is one of its earlier ones', () => {
		fc.assert(
			fc.property(typed, prefix, suffix, logged, (body, before, after, asLogged) => {
				const other = `${before}${body}${after}`;
				expect(isLoggedAs(asLogged(other), body)).toBe(isLoggedAs(other, body));
			}),
		);
	});
});

describe('A message in the log', () => {
	it.each([
		['as it was sent', 'On its way!', 'On its way!'],
		['with other white space', 'On its way!', 'On its\r\n way! '],
		['after the name of the brand', 'On its way!', 'Acme: On its way!'],
		['after the name in brackets', 'On its way!', '[Acme] On its way!'],
		['with a shortened link', 'See https://acme.co/track?id=1', 'See https://kl.io/x9'],
		['with a link shortened without https', 'See https://acme.co/track', 'See klv1.io/x9'],
		['with all of that', 'Hi:\nhttps://acme.co/a', 'Acme: Hi: kl.io/x9'],
		['with plain characters', 'It\u2019s \u201con\u201d \u2013 soon\u2026', `It's "on" - soon...`],
		['before how to unsubscribe', 'It ships today.', 'It ships today. Reply STOP to opt out'],
		['of several lines', 'Hi: Ana\n안녕 🎉', 'Acme: Hi: Ana\n안녕 🎉'],
	])('is recognized %s', (_, body, logged) => {
		expect(isLoggedAs(logged, body)).toBe(true);
	});

	it.each([
		['says more', 'Hi', 'Hi there'],
		['says less', 'Hi there', 'Hi'],
		['has it behind another message', 'Hi', 'Something else.\nAcme: Hi'],
		['is empty', 'Hi', ''],
	])('is a different one when it %s', (_, body, logged) => {
		expect(isLoggedAs(logged, body)).toBe(false);
	});

	it.each(['x', 'a-', 'a.b', 'a.', 'http://a', 'a/'])(
		'is compared quickly when it is long (%j again and again)',
		(piece) => {
			const body = piece.repeat(100_000 / piece.length);
			const compare = () => expect(isLoggedAs(body, `${body} `)).toBe(true);
			expect(workOf(compare)).toBeLessThan(10_000);
		},
	);

	it('is recognized whatever Klaviyo adds and replaces', () => {
		fc.assert(
			fc.property(typed, logged, (body, asLogged) => {
				expect(isLoggedAs(asLogged(body), body)).toBe(true);
			}),
		);
	});

	it('is recognized whatever was sent, with and without a prefix', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), (body) => {
				expect(isLoggedAs(body, body)).toBe(true);
				expect(isLoggedAs(`Acme: ${body}`, body)).toBe(true);
			}),
		);
	});
});

describe('Earlier replies', () => {
	const reply = (id: string, body: string): ReplyAudit => ({
		at: Number(id) * 1000,
		comment: {
			id,
			public: true,
			body,
			attachments: [],
			author: { role: 'agent', name: 'Mia', email: 'mia@acme.example' },
		},
	});

	it('count only if the log may show one of them as this reply', () => {
		const audits = [
			reply('1', 'It\u2019s on its way'),
			reply('2', "It's on its way\nReply STOP to opt out"),
			reply('3', "Update: It's on its way"),
			reply('4', "It's on its way. It ships today."),
			reply('5', "It's on"),
			reply('6', "It's on its way"),
		];
		const earlier = sameWordsEarlier(audits, 5, {});
		expect(earlier.map(({ comment }) => comment?.id)).toEqual(['1', '2', '3']);
	});
});
