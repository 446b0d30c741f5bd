/** What strangers, vendors on a bad day and mistaken builders may send: strings, JSON and corrupted vendor payloads. */
import * as fc from 'fast-check';

/** Each has made some program stumble: markup, templates, query languages, Unicode, and names that objects are born with. */
export const atoms: readonly string[] = [
	'a',
	' ',
	'\n',
	'\r\n',
	'\t',
	'\u0000',
	'\u0007',
	'\u2028',
	'\\',
	'"',
	"'",
	'`',
	'{',
	'}',
	'[',
	'(',
	'<',
	'&',
	'&amp;',
	'&#0;',
	'\\u0000',
	'%',
	'%0d%0a',
	'{{ticket.id}}',
	'{% include x %}',
	'${7*7}',
	'={{ $env }}',
	'<script>alert(1)</script>',
	'<div>',
	'</b>',
	'<a href=https://a.test/x>a',
	'<ul><li>',
	'<tr><td>a',
	'<div class="signature">',
	'<!--',
	'&nbsp;',
	'<img src=x onerror=alert(1)>',
	'type:user role:admin',
	'"),equals(id,"x',
	'role:admin',
	'*',
	'a.',
	'http://',
	'https://127.0.0.1/x.jpg',
	'klaviyo:sms:+12125550123',
	'+',
	'9',
	'+12125550123',
	'STOP',
	'STOP ',
	'Acme: ',
	'"body": ',
	'"}',
	'None',
	'İ',
	'ß',
	'ﷺ',
	'\u0301\u0323',
	'\u0301\uff9e',
	'\u200d',
	'👩\u200d',
	'\u{1f1f0}',
	'\u202e',
	'\ud83d',
	'\udc00',
	'한',
	'각',
];

/** Also Thai, ancient scripts and anything else: any code unit, paired or not. */
const anyUnits = fc
	.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 })
	.map((units) => String.fromCharCode(...units));

export const hostileText: fc.Arbitrary<string> = fc.oneof(
	{ weight: 6, arbitrary: fc.array(fc.constantFrom(...atoms), { maxLength: 8 }).map(joined) },
	{ weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
	{ weight: 2, arbitrary: anyUnits },
	{
		weight: 1,
		arbitrary: fc
			.tuple(fc.constantFrom(...atoms), fc.constantFrom(50, 300, 3000))
			.map(([atom, times]) => atom.repeat(times)),
	},
);

function joined(parts: string[]): string {
	return parts.join('');
}

/** Names that every object has or once had, and names of the vendors' own. */
const names = fc.oneof(
	fc.constantFrom(
		'__proto__',
		'constructor',
		'prototype',
		'toString',
		'valueOf',
		'hasOwnProperty',
		'length',
		'then',
		'toJSON',
		'',
		'id',
		'data',
		'attributes',
		'event_properties',
		'$extra',
		'type',
		'custom',
	),
	hostileText,
);

/** As deep as a sender likes: what recurses by itself does not survive it. */
export function nested(depth: number, kind: 'list' | 'object'): unknown {
	const [open, close] = kind === 'list' ? ['[', ']'] : ['{"a":', '}'];
	return JSON.parse(`${open.repeat(depth)}0${close.repeat(depth)}`);
}

/** Objects as `JSON.parse` makes them: `__proto__` is a name like any other. */
const ownRecord = (entries: ReadonlyArray<readonly [string, unknown]>): unknown =>
	JSON.parse(
		`{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value ?? null)}`).join(',')}}`,
	);

const scalar: fc.Arbitrary<unknown> = fc.oneof(
	hostileText,
	fc.constantFrom<unknown>(
		null,
		true,
		false,
		0,
		-0,
		-1,
		1.5,
		1e21,
		1e308,
		-1e308,
		2 ** 53,
		9_999_999_999_999,
		'1e999',
		'NaN',
		'null',
		'[object Object]',
		'constructor',
		'__proto__',
	),
	fc.double({ noNaN: true, noDefaultInfinity: true }),
	fc.integer(),
	hostileTime(),
);

/** Times of all forms: right, ancient, far off, impossible. */
export function hostileTime(): fc.Arbitrary<unknown> {
	return fc.oneof(
		fc.constantFrom<unknown>(
			'1970-01-01T00:00:00Z',
			'0000-01-01T00:00:00Z',
			'-000001-01-01T00:00:00Z',
			'9999-12-31T23:59:59Z',
			'+010000-01-01T00:00:00Z',
			'+275760-09-13T00:00:00Z',
			'2026-02-30T10:00:00Z',
			'2026-13-01T10:00:00Z',
			'2026-11-22T24:00:00Z',
			'2026-11-22 10:00:00+99:99',
			'Thu, 01 Jan 1970 00:00:00 GMT',
			'today',
			8.64e15,
			8.64e12,
			-8.64e12,
			253_402_300_800,
			-62_167_219_201,
		),
		fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
		fc.integer({ min: -1e15, max: 1e15 }),
	);
}

const shallow: fc.Arbitrary<unknown> = fc.oneof(
	{ weight: 4, arbitrary: scalar },
	{ weight: 1, arbitrary: fc.array(scalar, { maxLength: 4 }) },
	{ weight: 1, arbitrary: fc.array(fc.tuple(names, scalar), { maxLength: 4 }).map(ownRecord) },
	{
		weight: 1,
		// Made anew each time: an earlier run may have spoiled its own.
		arbitrary: fc
			.constantFrom(
				'{"toString":1,"valueOf":1}',
				'{"toString":null,"valueOf":null}',
				'{"length":1e9}',
				'{"then":1}',
			)
			.map((json): unknown => JSON.parse(json)),
	},
);

const deep: fc.Arbitrary<unknown> = fc
	.tuple(fc.constantFrom(50, 500, 10_000), fc.constantFrom('list' as const, 'object' as const))
	.map(([depth, kind]) => nested(depth, kind));

/** Any JSON value that a sender may put in a place. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
	{ weight: 12, arbitrary: shallow },
	{ weight: 2, arbitrary: fc.array(shallow, { maxLength: 4 }) },
	{ weight: 1, arbitrary: deep },
);

type Path = Array<string | number>;

/** Every place in a payload. */
function placesIn(value: unknown, path: Path = []): Path[] {
	if (typeof value !== 'object' || value === null) return [path];
	return [
		path,
		...Object.entries(value).flatMap(([name, inner]) =>
			placesIn(inner, [...path, Array.isArray(value) ? Number(name) : name]),
		),
	];
}

interface Change {
	path: Path;
	kind: 'replace' | 'remove' | 'add';
	name: string;
	value: unknown;
}

/** Defined, never assigned: assigning to `__proto__` would change the prototype in place of adding a name. */
function put(target: object, name: string | number, value: unknown): void {
	Object.defineProperty(target, name, {
		value,
		enumerable: true,
		configurable: true,
		writable: true,
	});
}

function changed(payload: unknown, { path, kind, name, value }: Change): unknown {
	const root = { payload };
	let parent: object = root;
	let last: string | number = 'payload';
	for (const step of path) {
		const next: unknown = Reflect.get(parent, last);
		// An earlier change has taken the place away.
		if (typeof next !== 'object' || next === null) return root.payload;
		parent = next;
		last = step;
	}
	if (kind === 'remove') Reflect.deleteProperty(parent, last);
	else if (kind === 'replace') put(parent, last, value);
	else {
		const inner: unknown = Reflect.get(parent, last);
		if (typeof inner === 'object' && inner !== null && !Array.isArray(inner))
			put(inner, name, value);
		else put(parent, last, [inner, value]);
	}
	return root.payload;
}

/** A payload with up to a few places spoiled; each run has a copy of its own. */
export function mutated(payload: unknown): fc.Arbitrary<unknown> {
	const places = placesIn(payload);
	const change = fc.record<Change>({
		path: fc.constantFrom(...places),
		kind: fc.constantFrom(
			'replace' as const,
			'replace' as const,
			'remove' as const,
			'add' as const,
		),
		name: names,
		value: hostileValue,
	});
	return fc
		.array(change, { minLength: 1, maxLength: 4 })
		.map((changes) => changes.reduce(changed, structuredClone(payload)));
}

/** As `JSON.stringify`, for values that are too deep for it: it recurses, and `JSON.parse` does not. */
export function toJson(value: unknown): string {
	try {
		return JSON.stringify(value) ?? 'null';
	} catch {
		return deepJson(value);
	}
}

function deepJson(value: unknown): string {
	const parts: string[] = [];
	/** What is still to be written: a message as it is, or a value. */
	const rest: Array<{ text: string } | { value: unknown }> = [{ value }];
	for (let next = rest.pop(); next; next = rest.pop()) {
		if ('text' in next) {
			parts.push(next.text);
			continue;
		}
		const current = next.value;
		if (typeof current !== 'object' || current === null) {
			parts.push(JSON.stringify(current) ?? 'null');
			continue;
		}
		const isList = Array.isArray(current);
		const entries = Object.entries(current);
		rest.push({ text: isList ? ']' : '}' });
		for (const [index, [name, inner]] of [...entries.entries()].reverse()) {
			rest.push({ value: inner });
			rest.push({ text: `${index === 0 ? '' : ','}${isList ? '' : `${JSON.stringify(name)}:`}` });
		}
		parts.push(isList ? '[' : '{');
	}
	return parts.join('');
}
