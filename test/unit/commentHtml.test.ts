import fc from 'fast-check';
import { toComments, toHtml } from '../../domain/conversation/commentHtml';
import { markdownOf } from '../../sandbox/zendesk/comments';

const bytesOf = (html: string) => Buffer.byteLength(html);
const graphemes = (text: string) =>
	[...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)].map(
		({ segment }) => segment,
	);

/** Everything that has ever been cut or lost: emoji with modifiers, Korean, markup, placeholders, line breaks. */
const message = fc
	.array(
		fc.oneof(
			fc.string({ unit: 'grapheme' }),
			fc.constantFrom(
				'👩‍👩‍👧',
				'👍🏽',
				'🇰🇷',
				'한글',
				'e\u0301',
				'<b>',
				'&amp;',
				'{{ticket.id}}',
				'\r\n',
				'\n',
				'\r',
			),
		),
		{ maxLength: 40 },
	)
	.map((parts) => parts.join(''));

describe("A customer's text in Zendesk", () => {
	it.each([
		['markup', '<script>alert(1)</script> <br> &lt; "quoted"'],
		['placeholders', '{{ticket.requester.email}} {{current_user.name}}'],
		['Liquid', '{% if ticket.id %}secret{% endif %}'],
		['formatting', '*bold* _it_ # head\n- item\n1. one `code`'],
		['emoji and Korean', '🎉👩‍👩‍👧 안녕하세요'],
	])('with %s reads as it was written', (_, words) => {
		const html = toHtml(words);
		expect(markdownOf(html)).toBe(words);
		expect(html).not.toMatch(/\{\{|\{%|<(?!br>)/);
	});

	it('breaks lines where the customer did, whatever phone they used', () => {
		expect(toHtml('a\r\nb\nc\rd\n\ne')).toBe('a<br>b<br>c<br>d<br><br>e');
	});

	it('is one comment if it fits, even when empty', () => {
		expect(toComments('Where is my order?')).toEqual(['Where is my order?']);
		expect(toComments('')).toEqual(['']);
	});

	it('is split below the size at which Zendesk cuts a comment', () => {
		for (const words of ['a'.repeat(100_000), '한'.repeat(34_000), '<'.repeat(100_000)]) {
			const comments = toComments(words);
			expect(comments.length).toBeGreaterThan(1);
			expect(Math.max(...comments.map(bytesOf))).toBeLessThan(64_000);
			expect(comments.join('')).toBe(toHtml(words));
		}
	});

	it('is complete when the pieces are joined, and each piece is within the limit', () => {
		fc.assert(
			fc.property(message, fc.integer({ min: 60, max: 300 }), (words, limit) => {
				const comments = toComments(words, limit);
				expect(comments.join('')).toBe(toHtml(words));
				for (const comment of comments) expect(bytesOf(comment)).toBeLessThanOrEqual(limit);
			}),
		);
	});

	it('is not cut inside what a person sees as one character', () => {
		fc.assert(
			fc.property(message, (words) => {
				const html = graphemes(words).map(toHtml);
				const comments = toComments(words, 60);
				let next = 0;
				for (const comment of comments) {
					let piece = '';
					while (piece.length < comment.length) piece += html[next++] ?? '?';
					expect(piece).toBe(comment);
				}
			}),
		);
	});

	it('is not cut off by Zendesk even if one character alone is too long for a comment', () => {
		const pile = `a${'\u0301'.repeat(50_000)}`;
		const comments = toComments(pile);
		expect(Math.max(...comments.map(bytesOf))).toBeLessThan(64_000);
		expect(comments.join('')).toBe(pile);
	});
});
