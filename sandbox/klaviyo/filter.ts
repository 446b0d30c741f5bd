import { invalid } from './wording';

/** One condition of a `filter` parameter. */
export interface FilterTerm {
	operator: string;
	field: string;
	values: string[];
}

/**
 * Reads `equals(a,"x")`, `and(...)`, and comma-joined conditions; values are quoted strings, bare words or lists in
 * brackets. Throws 400 for what it cannot read, and for fields or operators that are not allowed.
 */
export function parseFilter(
	filter: string | undefined,
	allowed: Record<string, readonly string[]>,
): FilterTerm[] {
	if (filter === undefined || filter === '') return [];
	const terms = new Reader(filter).read();
	for (const { operator, field } of terms) {
		const operators = allowed[field];
		if (operators === undefined)
			throw bad(`'${field}' is not a filterable field for this resource.`);
		if (!operators.includes(operator))
			throw bad(`'${operator}' is not an allowed operator for '${field}'.`);
	}
	return terms;
}

const bad = (detail: string): Error => invalid(detail, { parameter: 'filter' });

class Reader {
	private at = 0;

	constructor(private readonly text: string) {}

	read(): FilterTerm[] {
		const terms = this.list();
		if (this.at < this.text.length) throw this.unreadable();
		return terms;
	}

	private list(): FilterTerm[] {
		const terms = this.term();
		while (this.accept(',')) terms.push(...this.term());
		return terms;
	}

	private term(): FilterTerm[] {
		const operator = this.match(/[a-z-]+/y);
		this.expect('(');
		if (operator === 'and') {
			const inner = this.list();
			this.expect(')');
			return inner;
		}
		const field = this.match(/[\w.]+/y);
		const values: string[] = [];
		if (this.accept(',')) {
			if (this.accept('[')) {
				do values.push(this.value());
				while (this.accept(','));
				this.expect(']');
			} else values.push(this.value());
		}
		this.expect(')');
		return [{ operator, field, values }];
	}

	private value(): string {
		const quoted = this.tryMatch(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/y);
		if (quoted !== undefined) return quoted.slice(1, -1).replace(/\\(.)/g, '$1');
		return this.match(/[^,()[\]"']+/y).trim();
	}

	private accept(character: string): boolean {
		this.tryMatch(/\s+/y);
		if (this.text[this.at] !== character) return false;
		this.at += 1;
		this.tryMatch(/\s+/y);
		return true;
	}

	private expect(character: string): void {
		if (!this.accept(character)) throw this.unreadable();
	}

	private match(pattern: RegExp): string {
		const found = this.tryMatch(pattern);
		if (found === undefined) throw this.unreadable();
		return found;
	}

	private tryMatch(pattern: RegExp): string | undefined {
		pattern.lastIndex = this.at;
		const found = pattern.exec(this.text)?.[0];
		if (found !== undefined) this.at += found.length;
		return found;
	}

	private unreadable(): Error {
		return bad(`The filter could not be read at position ${this.at}.`);
	}
}

/** A date of a filter in milliseconds. A `+` that was not URL-encoded arrives as a space and is refused. */
export function filterTime(term: FilterTerm): number {
	const value = term.values[0] ?? '';
	if (term.field === 'timestamp') {
		if (!/^\d+(\.\d+)?$/.test(value)) throw bad(`Invalid timestamp: ${value}`);
		return Number(value) * 1000;
	}
	const time = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/.test(value)
		? Date.parse(value)
		: NaN;
	if (Number.isNaN(time)) throw bad(`Invalid datetime: ${value}`);
	return time;
}

export function holds(operator: string, left: number, right: number): boolean {
	if (operator === 'greater-than') return left > right;
	if (operator === 'greater-or-equal') return left >= right;
	if (operator === 'less-than') return left < right;
	return operator === 'less-or-equal' && left <= right;
}
