/** Everything once per round, the sides in turn and in a different order each round, so that none is always first. */
import type { Figures, Measure, Scene, Sizes } from './scene';
import type { Side } from './stage';
import { median } from './statistics';

/** Medians of the rounds, by measure, side and figure. */
export type Results = Record<string, Partial<Record<Side, Figures>>>;

/** Rounds that do not count: n8n compiles, the task runner starts, tokens are fetched. */
const WARM_UP: Pick<Sizes, 'messages' | 'batches' | 'pace'> = {
	messages: 40,
	batches: [],
	pace: { rate: 10, seconds: 2 },
};

export async function playRounds(
	scene: Scene,
	measures: (sizes: Sizes) => Measure[],
	sizes: Sizes,
): Promise<Results> {
	scene.say('Warming up');
	for (const measure of measures({ ...sizes, ...WARM_UP }))
		for (const side of measure.sides) await measure.run(scene, side, { ...sizes, ...WARM_UP });
	const seen = new Map<string, Map<Side, Figures[]>>();
	for (let round = 0; round < sizes.rounds; round++) {
		for (const measure of measures(sizes)) {
			const sides = seen.get(measure.name) ?? new Map<Side, Figures[]>();
			seen.set(measure.name, sides);
			for (const side of turned(measure.sides, round)) {
				const figures = await measure.run(scene, side, sizes);
				sides.set(side, [...(sides.get(side) ?? []), figures]);
				scene.say(`Round ${round + 1}, ${measure.what}, ${side}: ${shown(figures)}`);
			}
		}
	}
	return Object.fromEntries(
		[...seen].map(([name, sides]) => [
			name,
			Object.fromEntries([...sides].map(([side, rounds]) => [side, medians(rounds)])),
		]),
	);
}

const turned = <T>(list: T[], by: number): T[] => {
	const first = by % list.length;
	return [...list.slice(first), ...list.slice(0, first)];
};

function medians(rounds: Figures[]): Figures {
	const names = Object.keys(rounds[0] ?? {});
	return Object.fromEntries(
		names.map((name) => [name, median(rounds.map((figures) => figures[name] ?? NaN))]),
	);
}

const shown = (figures: Figures): string =>
	Object.entries(figures)
		.map(([name, value]) => `${name} ${Number(value.toFixed(2))}`)
		.join(', ');
