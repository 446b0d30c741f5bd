/**
 * Checks three things, shape by shape: the product reads what was recorded; it understands it correctly; and the sandbox
 * returns no field that the product uses and no recording shows.
 */
import { isDeepStrictEqual } from 'node:util';
import { type Fixture, type Given, readFixtures } from './fixtures';
import { noting, type Paths, pathsOf } from './noting';
import { Scene } from './scene';
import type { Shape } from './shape';
import { shapes } from './shapes';
import { descriptionOf } from './vendors';

export interface Verdict {
	shape: string;
	/** How many fixtures are in the form of recorded answers, and how many in the form of documents. */
	recorded: number;
	documented: number;
	/** How many answers of the sandbox were looked at. */
	played: number;
	/** Disagreements, a line each. */
	faults: string[];
	/** Fields of the sandbox's that the product goes by and documents alone show. */
	documentedOnly: string[];
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null)) as unknown;

async function readFixture(shape: Shape, fixture: Fixture): Promise<string[]> {
	if (!Object.hasOwn(shape.means, fixture.case))
		return [`'${fixture.case}': nobody says what it means`];
	try {
		const found = plain(await shape.read(fixture));
		const meant = plain(shape.means[fixture.case]);
		if (isDeepStrictEqual(found, meant)) return [];
		return [
			`'${fixture.case}' is taken for ${JSON.stringify(found)}, and means ${JSON.stringify(meant)}`,
		];
	} catch (error) {
		return [`'${fixture.case}' is not read. ${descriptionOf(error)}`];
	}
}

/** What the product goes by in the sandbox's answer. */
async function readPlayed(shape: Shape, given: Given, read: Paths): Promise<string[]> {
	const { status } = given;
	const headers = noting({ headers: given.headers }, read).headers;
	const body = noting(given.body, read, shape.open);
	try {
		await shape.read({ status, headers, body });
	} catch (error) {
		return [`the sandbox's answer is not read (status ${status}). ${descriptionOf(error)}`];
	}
	return [];
}

const pathsIn = (fixtures: readonly Fixture[]): Paths => {
	const known: Paths = new Map();
	for (const { body, headers } of fixtures) pathsOf({ headers }, pathsOf(body, known));
	return known;
};

/** What no fixture has, or has as something else only. What may be missing may be null. */
const unknownOf = (read: Paths, known: Paths): string[] =>
	[...read].flatMap(([path, types]) => {
		const recorded = known.get(path);
		if (!recorded) return [path];
		const odd = [...types].filter((type) => type !== 'null' && !recorded.has(type));
		return odd.map((type) => `${path} (${type} in place of ${[...recorded].join(' or ')})`);
	});

/** @param scene whom the shape asks */
export async function judge(
	shape: Shape,
	fixtures: readonly Fixture[],
	scene: Scene,
): Promise<Verdict> {
	const own = fixtures.filter((fixture) => fixture.shape === shape.name);
	const faults = (await Promise.all(own.map((one) => readFixture(shape, one)))).flat();
	if (own.length === 0) faults.push('there is no fixture');
	for (const name of Object.keys(shape.means))
		if (!own.some((fixture) => fixture.case === name)) faults.push(`'${name}' has no fixture`);
	const played = (await shape.ask?.(scene)) ?? [];
	if (shape.ask && played.length === 0) faults.push('the sandbox has nothing of it');
	const read: Paths = new Map();
	for (const given of played) faults.push(...(await readPlayed(shape, given, read)));
	const unknown = unknownOf(read, pathsIn(own));
	faults.push(...unknown.map((path) => `the sandbox gives ${path}, which no fixture shows`));
	const recorded = own.filter((fixture) => fixture.recorded);
	return {
		shape: shape.name,
		recorded: recorded.length,
		documented: own.length - recorded.length,
		played: played.length,
		faults: [...new Set(faults)],
		documentedOnly: unknownOf(read, pathsIn(recorded)).filter((path) => !unknown.includes(path)),
	};
}

/** @returns one verdict a shape, in the order of `shapes` */
export async function checkShapes(): Promise<Verdict[]> {
	const fixtures = readFixtures();
	const names = new Set(shapes.map(({ name }) => name));
	const strays = fixtures.filter(({ shape }) => !names.has(shape));
	const scene = await Scene.start();
	try {
		const verdicts: Verdict[] = [];
		for (const shape of shapes) verdicts.push(await judge(shape, fixtures, scene));
		for (const { shape, case: name } of strays)
			verdicts.push({
				...{ shape, recorded: 0, documented: 0, played: 0, documentedOnly: [] },
				faults: [`'${name}' is of a shape that nobody reads`],
			});
		return verdicts;
	} finally {
		await scene.close();
	}
}
