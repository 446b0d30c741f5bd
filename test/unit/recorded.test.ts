/** Recorded answers, the product and the sandbox, held together. `npm run recorded` says the same in lines. */
import { checkShapes, type Verdict } from '../recorded/check';
import { readFixtures } from '../recorded/fixtures';
import { noting, type Paths, pathsOf } from '../recorded/noting';
import { shapes } from '../recorded/shapes';

describe('What vendors answer', () => {
	let verdicts: Map<string, Verdict>;

	beforeAll(async () => {
		verdicts = new Map((await checkShapes()).map((verdict) => [verdict.shape, verdict]));
	});

	it.each(shapes.map(({ name }) => name))(
		'%s: is read as it is meant, and played as it was recorded',
		(name) => {
			expect(verdicts.get(name)?.faults).toEqual([]);
		},
	);

	it('is all of a shape that the product reads', () => {
		expect([...verdicts.keys()].sort()).toEqual(shapes.map(({ name }) => name).sort());
	});
});

it('Every fixture says where its form is from, and names nobody who could be real', () => {
	const fixtures = readFixtures();
	expect(fixtures.length).toBeGreaterThan(100);
	for (const fixture of fixtures) {
		expect(fixture.source).toEqual(expect.stringMatching(/\w{3}/));
		expect(typeof fixture.recorded).toBe('boolean');
		const text = JSON.stringify(fixture.body);
		for (const number of text.match(/\+1\d{10}/g) ?? [])
			expect(number).toMatch(/^\+1\d{3}55501\d\d$/);
		for (const address of text.match(/[\w.]+@[\w.]+/g) ?? [])
			expect(address).toMatch(/@(example\.com|larchloom\.example)$/);
	}
});

describe('What a parser reads', () => {
	const answer = { data: [{ id: 'a', attributes: { name: 'x', more: { b: 1 } } }], other: null };

	it('is noted where it is there', () => {
		const read: Paths = new Map();
		const seen = noting<{ data: Array<{ id: string; gone?: string }>; other: null }>(answer, read);
		for (const { id, gone } of seen.data) expect([id, gone]).toEqual(['a', undefined]);
		expect([...read.keys()].sort()).toEqual(['data', 'data[]', 'data[].id']);
	});

	it('is not what is only gone through, but for what is open', () => {
		for (const [open, names] of [
			[[], ['data', 'data[]', 'data[].attributes']],
			[
				['data[].attributes.more'],
				['data', 'data[]', 'data[].attributes', 'data[].attributes.more.b'],
			],
		] as const) {
			const read: Paths = new Map();
			const [first] = noting(answer, read, open).data;
			for (const inner of Object.values(first?.attributes ?? {})) Object.values(inner);
			expect([...read.keys()].sort()).toEqual([...names].sort());
		}
	});

	it('has the types that are there', () => {
		expect([...pathsOf({ a: [1, 'x', null] })]).toEqual([
			['a', new Set(['array'])],
			['a[]', new Set(['number', 'string', 'null'])],
		]);
	});
});
