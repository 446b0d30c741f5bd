/**
 * Evaluates simple expressions, such as the fields' defaults (`={{ $json.key }}`), from the item itself. n8n runs
 * each expression in an isolate, once per item: with ten fields, that is most of the time that n8n spends on a
 * message. Only expressions that certainly give the same as in n8n are evaluated here; n8n evaluates all others.
 */
import type { IDataObject } from 'n8n-workflow';

/** The value of an expression for an item. Undefined if n8n has to evaluate it. */
export type Reading = { value: unknown } | undefined;
export type ItemReader = (json: IDataObject) => Reading;

interface Step {
	name: string;
	/** Written `?.`: undefined if there is nothing before it. */
	isOptional: boolean;
}

const PATH = String.raw`\$json(?:\??\.[A-Za-z]\w*)*`;
const FIRST = String.raw`${PATH}(?: \?\? ${PATH})*`;
/** For a field that may be empty: n8n's editor would show a red `undefined`. Or a word in its place. */
const OR_ELSE = String.raw`(?: \?\? ('[a-z]*'|\[\]))?`;
const FIRST_OF = new RegExp(String.raw`^=\{\{ (${FIRST})${OR_ELSE} \}\}$`);
const UNLESS = new RegExp(String.raw`^=\{\{ (${FIRST}) \? '' : (${FIRST})${OR_ELSE} \}\}$`);

/** Names that n8n's sandbox refuses in expressions, or turns into a method. */
const FORBIDDEN =
	/^(?:arguments|binding|callee|caller|define\w+|dlopen|execve|get[A-Z]\w+|isProxy|loadEnvFile|mainModule|prepareStackTrace|prototype|setPrototypeOf|toJSON)$/;

const isForbidden = (name: string): boolean =>
	name.startsWith('_') || name in Object.prototype || FORBIDDEN.test(name);

const isObject = (value: unknown): value is Record<string, unknown> => {
	if (typeof value !== 'object' || value === null) return false;
	const prototype: unknown = Object.getPrototypeOf(value);
	return prototype === Object.prototype || prototype === null;
};

/** Stands for a value that is not from JSON: n8n has to evaluate the expression. */
const NOT_PLAIN = Symbol('not plain');

/** n8n returns a copy, so we do too: an operation may change it without changing its input. */
function copyOf(value: unknown): unknown {
	if (value === null || value === undefined) return value;
	if (typeof value === 'string' || typeof value === 'boolean') return value;
	if (typeof value === 'number' && Number.isFinite(value)) return value;
	if (Array.isArray(value)) {
		const copy = value.map(copyOf);
		return copy.includes(NOT_PLAIN) ? NOT_PLAIN : copy;
	}
	if (!isObject(value)) return NOT_PLAIN;
	const copy: Record<string, unknown> = {};
	for (const [name, held] of Object.entries(value)) {
		const copied = isForbidden(name) ? NOT_PLAIN : copyOf(held);
		if (copied === NOT_PLAIN) return NOT_PLAIN;
		copy[name] = copied;
	}
	return copy;
}

const stepsOf = (path: string): Step[] =>
	[...path.matchAll(/(\??)\.(\w+)/g)].map(([, mark, name = '']) => ({
		name,
		isOptional: mark === '?',
	}));

/** @returns NOT_PLAIN if something on the path is not an object */
function follow(json: IDataObject, steps: Step[]): unknown {
	let at: unknown = json;
	for (const { name, isOptional } of steps) {
		if ((at === null || at === undefined) && isOptional) return undefined;
		if (!isObject(at)) return NOT_PLAIN;
		at = Object.hasOwn(at, name) ? at[name] : undefined;
	}
	return at;
}

type Finder = (json: IDataObject) => unknown;

/**
 * `$json.a ?? $json.b?.c ?? ''`
 *
 * @param otherwise what stands last if it is not a path: `[]`, or a word in quotes
 */
function firstOf(text: string, otherwise?: string): Finder {
	const paths = text.split(' ?? ').map(stepsOf);
	return (json) => {
		let found: unknown;
		for (const steps of paths) {
			found = follow(json, steps);
			if (found !== null && found !== undefined) return found;
		}
		if (otherwise === undefined) return found;
		return otherwise === '[]' ? [] : otherwise.slice(1, -1);
	};
}

/** `$json.a ? '' : $json.b ?? ''` */
function unless(given: string, otherwise: string, empty?: string): Finder {
	const [isThere, found] = [firstOf(given), firstOf(otherwise, empty)];
	return (json) => {
		const is = isThere(json);
		if (is === NOT_PLAIN) return NOT_PLAIN;
		return is ? '' : found(json);
	};
}

function finderOf(expression: string): Finder | undefined {
	if (stepsOf(expression).some(({ name }) => isForbidden(name))) return undefined;
	const [, first, empty] = FIRST_OF.exec(expression) ?? [];
	if (first) return firstOf(first, empty);
	const [, given, otherwise, none] = UNLESS.exec(expression) ?? [];
	return given && otherwise ? unless(given, otherwise, none) : undefined;
}

/** @returns undefined if n8n has to evaluate the expression */
export function itemReaderOf(expression: string): ItemReader | undefined {
	const find = finderOf(expression);
	if (!find) return undefined;
	return (json) => {
		const value = copyOf(find(json));
		return value === NOT_PLAIN ? undefined : { value };
	};
}
