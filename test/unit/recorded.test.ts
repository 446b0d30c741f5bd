/** Recorded answers, the product and the sandbox, held together. `npm run recorded` says the same in lines. */
import { checkShapes, judge, type Verdict } from '../recorded/check';
import { type Fixture, readFixtures } from '../recorded/fixtures';
import { noting, type Paths, pathsOf } from '../recorded/noting';
import type { Scene } from '../recorded/scene';
import type { Shape } from '../recorded/shape';
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

	it('has only shapes that the product reads', () => {
		expect([...verdicts.keys()].sort()).toEqual(shapes.map(({ name }) => name).sort());
	});
});

it('Every recording says where its form is from, and names nobody who could be real', () => {
	const fixtures = readFixtures();
	expect(fixtures.length).toBeGreaterThan(100);
	for (const fixture of fixtures) {
		expect(fixture.source).toEqual(expect.stringMatching(/\w{3}/));
		expect(typeof fixture.recorded).toBe('boolean');
		const text = JSON.stringify(fixture.body);
		for (const phone of text.match(/\+1\d{10}/g) ?? [])
			expect(phone).toMatch(/^\+1\d{3}55501\d\d$/);
		for (const address of text.match(/[\w.]+@[\w.]+/g) ?? [])
			expect(address).toMatch(/@(example\.com|larchloom\.example)$/);
	}
});

describe('A disagreement is reported:', () => {
	const fixture: Fixture = {
		...{ shape: 'Names', case: 'one', vendor: 'zendesk', method: 'GET', path: '/names' },
		...{ status: 200, headers: {}, body: { name: 'Ana' }, source: 'a test', recorded: true },
	};
	const shape: Shape = {
		name: 'Names',
		read: ({ body }) => {
			const { name, nick } = body as { name?: string; nick?: string };
			if (name === undefined) throw new Error('No name');
			return nick ?? name;
		},
		means: { one: 'Ana' },
	};
	const faultsOf = async (more: Partial<Shape>, fixtures: Fixture[] = [fixture]) =>
		(await judge({ ...shape, ...more }, fixtures, {} as Scene)).faults;
	const played = (body: object) => ({ ask: async () => [{ status: 200, headers: {}, body }] });

	it('nothing, when all agree', async () => {
		expect(await faultsOf(played({ name: 'Bo', unread: 1 }))).toEqual([]);
	});

	it('another meaning', async () => {
		expect(await faultsOf({ means: { one: 'Bo' } })).toEqual([
			expect.stringContaining('is taken for "Ana", and means "Bo"'),
		]);
	});

	it('a recording that is refused, unexplained or missing', async () => {
		expect(await faultsOf({}, [{ ...fixture, body: {} }])).toEqual([
			expect.stringContaining('is not read'),
		]);
		expect(await faultsOf({ means: {} })).toEqual([expect.stringContaining('nobody says')]);
		expect(await faultsOf({ means: { one: 'Ana', two: 'Bo' } })).toEqual(["'two' has no fixture"]);
	});

	it('a field of the sandbox that no recording has, or has with another type', async () => {
		expect(await faultsOf(played({ name: 'Ana', nick: 'A' }))).toEqual([
			'the sandbox gives nick, which no fixture shows',
		]);
		expect(await faultsOf(played({ name: 7 }))).toEqual([
			expect.stringContaining('name (number in place of string)'),
		]);
	});

	it('an answer of the sandbox that is not read, or not there', async () => {
		expect(await faultsOf(played({}))).toEqual([expect.stringContaining('is not read')]);
		expect(await faultsOf({ ask: async () => [] })).toEqual(['the sandbox has nothing of it']);
	});

	it('and what only the documentation shows is named', async () => {
		const documented = {
			...fixture,
			case: 'two',
			recorded: false,
			body: { name: 'Bo', nick: 'B' },
		};
		const asked = { ...shape, ...played({ name: 'Ana', nick: 'A' }) };
		const means = { one: 'Ana', two: 'B' };
		const verdict = await judge({ ...asked, means }, [fixture, documented], {} as Scene);
		expect(verdict).toMatchObject({ faults: [], documentedOnly: ['nick'], played: 1 });
	});
});

describe('What a parser reads', () => {
	const answer = { data: [{ id: 'a', attributes: { name: 'x', more: { b: 1 } } }], other: null };

	it('is noted if it is there', () => {
		const read: Paths = new Map();
		const seen = noting<{ data: Array<{ id: string; gone?: string }>; other: null }>(answer, read);
		for (const { id, gone } of seen.data) expect([id, gone]).toEqual(['a', undefined]);
		expect([...read.keys()].sort()).toEqual(['data', 'data[]', 'data[].id']);
	});

	it('is not what is only iterated over, except for open records', () => {
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
