/** What changes of one field come to, where only "before -> after" orders them. */
import fc from 'fast-check';
import { type Change, netChange, valueAfter } from '../../domain/fieldChanges';
import type { Audit } from '../../domain/conversation/ticketStore';
import { conversationRules } from '../../domain/conversation/rules';
import { type TicketStatus, ticketStatus } from '../../domain/items';
import { seed } from '../support/seed';

const walk = fc.array(fc.constantFrom(...ticketStatus.options), { minLength: 2, maxLength: 9 });
const stepsOf = <Value>(values: Value[]): Array<Change<Value>> =>
	values.slice(1).map((after, index) => ({ before: values[index] as Value, after }));
const shuffledSteps = walk.chain((values) =>
	fc
		.shuffledSubarray(stepsOf(values), { minLength: values.length - 1 })
		.map((steps) => ({ values, steps })),
);

describe(`Changes in no known order (seed ${seed})`, () => {
	it('end where the walk made of their steps ends', () => {
		fc.assert(
			fc.property(shuffledSteps, ({ values, steps }) => {
				expect(valueAfter(steps, values[0])).toBe(values.at(-1));
			}),
			{ numRuns: 20_000 },
		);
	});

	it('end there even if its beginning is unknown, unless they lead back', () => {
		fc.assert(
			fc.property(shuffledSteps, ({ values, steps }) => {
				const isClosed = values[0] === values.at(-1);
				const isOneValue = new Set(values).size === 1;
				const known = isClosed && !isOneValue ? undefined : values.at(-1);
				expect(valueAfter(steps, undefined)).toBe(known);
			}),
			{ numRuns: 20_000 },
		);
	});

	it('do not decide if a step is missing, or if they do not connect to the earlier status', () => {
		const steps = stepsOf(['open', 'solved', 'open', 'pending']);
		expect(valueAfter([...steps, { before: 'hold', after: 'new' }], 'open')).toBeUndefined();
		expect(valueAfter(stepsOf(['open', 'solved', 'open']), 'hold')).toBeUndefined();
	});

	it('are computed in linear time', () => {
		const values = Array.from({ length: 200_000 }, (_, index) => index % 1000);
		expect(valueAfter(stepsOf(values), 0)).toBe(999);
	});
});

describe('The net change of one entry', () => {
	it.each<[string, string[], Change<string> | undefined]>([
		['without a change', [], undefined],
		['with one', ['open', 'solved'], { before: 'open', after: 'solved' }],
		['and a rule', ['new', 'open', 'pending'], { before: 'new', after: 'pending' }],
		['that a rule undid', ['open', 'solved', 'open'], { before: 'open', after: 'open' }],
	])('%s goes from the first value to the last', (_, values, change) => {
		expect(netChange(stepsOf(values))).toEqual(change);
	});

	it('is the same whatever the order of its changes, and accepts steps that do not fit', () => {
		expect(netChange(stepsOf(['new', 'open', 'solved']).reverse())).toEqual({
			before: 'new',
			after: 'solved',
		});
		const odd = [
			{ before: 'new', after: 'open' },
			{ before: 'hold', after: 'solved' },
		];
		expect(netChange(odd)).toEqual({ before: 'new', after: 'solved' });
	});
});

describe('The status that counts', () => {
	const ticket = { id: '1', status: 'hold' as const, updatedAt: 0 };
	const at = (second: number, before: TicketStatus | undefined, after: TicketStatus): Audit => ({
		at: second * 1000,
		statusChange: { before, after },
	});

	it.each<[string, Audit[], TicketStatus]>([
		['the list when nothing was changed', [{ at: 1000 }], 'hold'],
		['the newest second', [at(1, undefined, 'new'), at(2, 'new', 'open')], 'open'],
		[
			'the chain inside a second',
			[at(1, 'solved', 'open'), at(1, 'open', 'solved'), at(1, 'open', 'pending')],
			'pending',
		],
		[
			'the second before, when the newest leads back',
			[at(1, 'new', 'solved'), at(2, 'open', 'solved'), at(2, 'solved', 'open')],
			'solved',
		],
		[
			'the list when it leads back to who knows what',
			[at(2, 'open', 'solved'), at(2, 'solved', 'open')],
			'hold',
		],
		[
			'the list when a change is missing',
			[at(1, 'new', 'open'), at(2, 'open', 'solved'), at(2, 'hold', 'new')],
			'hold',
		],
		['what a rule led back to', [at(1, 'pending', 'pending')], 'pending'],
	])('is that of %s', (_, audits, status) => {
		expect(conversationRules.statusNow(ticket, audits)).toBe(status);
	});

	it('is that of the list if the last change was to an unknown status', () => {
		const deleted: Audit = { at: 2000, statusChange: { before: 'open', after: undefined } };
		expect(conversationRules.statusNow(ticket, [at(1, 'new', 'open'), deleted])).toBe('hold');
	});
});

describe('A message in a solved ticket', () => {
	const text = (second: number): Audit => ({
		at: second * 1000,
		marker: { key: 'message:1', sentAt: 0 },
	});
	const touch = (second: number): Audit => ({
		at: second * 1000,
		statusChange: { before: 'open', after: 'solved' },
	});

	it.each<[string, Audit[], number, boolean]>([
		['before any change', [touch(1), text(2)], 1, true],
		['and a change in the second after', [text(1), touch(2)], 0, false],
		['and a change in its own second, listed before', [touch(1), text(1)], 1, true],
		['and a change in its own second, listed after', [text(1), touch(1)], 0, true],
		['that a rule solved in the very audit', [{ ...touch(1), ...text(1) }], 0, true],
	])('%s: unseen is %s', (_, audits, index, isUnseen) => {
		expect(conversationRules.needsReopening(audits, index, 'solved')).toBe(isUnseen);
	});
});
