/** Klaviyo's filter language. https://developers.klaviyo.com/en/docs/filtering_ */

/** A string, in double quotes. */
export const quoted = (value: string): string =>
	`"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

const listOf = (values: readonly string[]): string => `[${values.map(quoted).join(',')}]`;

export const equals = (field: string, value: string): string => `equals(${field},${quoted(value)})`;

export const equalsAny = (field: string, values: readonly string[]): string =>
	`any(${field},${listOf(values)})`;

/** Klaviyo's API description names single metrics only, its changelog lists too. */
export const ofMetrics = (ids: readonly string[]): string => {
	const [only = '', another] = ids;
	return another === undefined ? equals('metric_id', only) : `equals(metric_id,${listOf(ids)})`;
};

/** To the second, as event times are. */
const second = (milliseconds: number): string =>
	`${new Date(Math.floor(milliseconds / 1000) * 1000).toISOString().slice(0, 19)}+00:00`;

export const compareTime = (
	operator: 'greater-than' | 'greater-or-equal' | 'less-or-equal',
	milliseconds: number,
): string => `${operator}(datetime,${second(milliseconds)})`;

export const allOf = (conditions: readonly string[]): string => `and(${conditions.join(',')})`;
