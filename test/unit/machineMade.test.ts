/** Reactions in words. A customer's own sentence is never taken for one. */
import fc from 'fast-check';
import { machineMadeMessage } from '../../domain/machineMade';
import { seed } from '../support/seed';

describe('A reaction', () => {
	it.each([
		'Liked “It ships today.”',
		'Liked "It ships today."',
		'Loved “Line one\nLine two”',
		'Laughed at “Use the code "SAVE"”',
		'Emphasised “Sale!”',
		'Questioned an image',
		'Disliked a movie',
		'Removed a heart from “It ships today.”',
		'Removed an exclamation from “Sale!”',
		'Removed 😂 from “It ships today.”',
		'Reacted 😂 to “It ships today.”',
		'Reacted 👍🏽 to “It ships today…”',
		'Reacted 👨‍👩‍👧 to an image',
		'Reacted 🇩🇪 to “Hallo”',
		'Reacted 1️⃣ to “Which one?”',
		'Reacted with a sticker to “It ships today.”',
		'\u200b👍\u200b to “ It ships today. ”',
		'❤️ to “It ships today.”',
		'😂 removed from “It ships today.”',
		'Le encantó “Sale hoy”',
		'Le gustó “Sale hoy”',
		'Le dio risa “Sale hoy”',
		'Exclamó por “Sale hoy”',
		'Dudó sobre “Sale hoy”',
		'Le encantó una imagen',
		'Reaccionó con 😂 a “Sale hoy”',
		'A aimé « Part demain »',
		'a adoré «\u00a0Part demain\u00a0»',
		'N’a pas aimé « Part demain »',
		'a attribué la mention « Adore » à « Part demain »',
		'a réagi avec 🔥 à « Part demain »',
	])('is known in its fixed form: %j', (body) => {
		expect(machineMadeMessage(body)).toBe('reaction');
	});

	it.each([
		'Le encantó "el vestido"',
		'Me encantó “el vestido”',
		'Le encantó “el vestido”, ¿hay en azul?',
		'A aimé « le bleu », reste-t-il du rouge ?',
		'a attribué la mention « Adore »',
		'Gefällt „Kommt morgen“',
		'Liked ""',
		'Liked “”',
		'Liked',
		'Loved it',
		'Loved the image',
		'👍',
		'👍👍 to everyone',
		'1 to “the blue one”',
		'Reacted 5 to “Aloe”',
		'Reacted to “Aloe”',
	])('is not seen in %j', (body) => {
		expect(machineMadeMessage(body)).toBeUndefined();
	});

	const forms = fc.constantFrom(
		(words: string) => `Liked “${words}”`,
		(words: string) => `Laughed at "${words}"`,
		(words: string) => `Reacted 👍 to “${words}”`,
		(words: string) => `👍 to “ ${words} ”`,
		(words: string) => `Le encantó “${words}”`,
		(words: string) => `A aimé « ${words} »`,
		() => 'Loved an image',
	);
	/** A word and whatever else, quotations too. */
	const said = fc
		.tuple(fc.string({ maxLength: 20 }), fc.constantFrom('', ' “red”', ' "red"', ', « red »'))
		.map(([some, quotation]) => `${some} please${quotation}`);
	const quoted = fc
		.string({ minLength: 1, maxLength: 60 })
		.filter((text) => /\S/.test(text) && !/[“”"«»]/.test(text));

	it(`is known whatever it quotes (seed ${seed})`, () => {
		fc.assert(
			fc.property(forms, quoted, (form, words) => {
				expect(machineMadeMessage(form(words))).toBe('reaction');
			}),
			{ seed },
		);
	});

	it(`is none with anything said after it or before it (seed ${seed})`, () => {
		fc.assert(
			fc.property(forms, quoted, said, (form, words, more) => {
				expect(machineMadeMessage(`${form(words)}${more}`)).toBeUndefined();
				expect(machineMadeMessage(`${more} ${form(words)}`)).toBeUndefined();
				expect(machineMadeMessage(`${form(words)}\n${more}`)).toBeUndefined();
			}),
			{ seed, numRuns: 1000 },
		);
	});

	it(`has an emoji where it names none in words (seed ${seed})`, () => {
		fc.assert(
			fc.property(fc.stringMatching(/^[\p{L}\p{N}'’-]{1,15}$/u), quoted, (how, words) => {
				expect(machineMadeMessage(`Reacted ${how} to “${words}”`)).toBeUndefined();
				expect(machineMadeMessage(`${how} to “${words}”`)).toBeUndefined();
			}),
			{ seed },
		);
	});
});

describe('An automatic reply', () => {
	it.each([
		"I'm driving right now, I'll get back to you later.",
		'I’m driving right now. I can’t talk',
	])('is known in its fixed form: %j', (body) =>
		expect(machineMadeMessage(body)).toBe('automaticReply'),
	);

	it.each([
		"I'm driving right now, I can't talk but please cancel order 4711",
		"I'm driving right now. I'll get back to you about the refund",
	])('is not seen in %j', (body) => expect(machineMadeMessage(body)).toBeUndefined());
});
