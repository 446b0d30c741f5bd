/** The middle one of several rounds: a single slow round, when the machine did something else, does not count. */
export const median = (values: number[]): number => percentile(values, 50);

/** The value that this percentage of values does not exceed. NaN without values. */
export function percentile(values: number[], percent: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	if (percent === 50 && sorted.length % 2 === 0 && sorted.length > 0) {
		const [low = NaN, high = NaN] = sorted.slice(sorted.length / 2 - 1);
		return (low + high) / 2;
	}
	return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? NaN;
}

/** Three digits are more precise than a benchmark can be. */
export const rounded = (value: number): number =>
	Number.isFinite(value) ? Number(value.toPrecision(3)) : value;

export const mean = (values: number[]): number =>
	values.reduce((sum, value) => sum + value, 0) / values.length;
