/** What we read from an item instead of n8n is what n8n returns: with both of its engines, for every default of ours. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import {
	type IDataObject,
	type INode,
	type INodeProperties,
	type INodeTypes,
	Workflow,
} from 'n8n-workflow';
import { Klaviyo } from '../../nodes/Klaviyo/Klaviyo.node';
import { itemReaderOf } from '../../nodes/shared/itemExpression';
import { ZendeskSync } from '../../nodes/ZendeskSync/ZendeskSync.node';

const RUNS = 1_000;

/** In a tool, n8n evaluates all of them. */
const isExpression = (value: unknown): value is string =>
	typeof value === 'string' && value.startsWith('={{') && !value.includes('$fromAI');

const defaultsOf = (properties: INodeProperties[]): string[] =>
	properties.map((property) => property.default).filter(isExpression);

const defaults = [
	...new Set([
		...defaultsOf(new Klaviyo().description.properties),
		...defaultsOf(new ZendeskSync().description.properties),
	]),
];
/** One for a whole execution, and more than paths. */
const LEFT_TO_N8N = defaults.filter((expression) => expression.includes('"outbound"'));
const read = defaults.filter((expression) => !LEFT_TO_N8N.includes(expression));

/** Names in the expressions, so that items have them. */
const names = [
	...new Set(
		read.flatMap((expression) => [...expression.matchAll(/\.(\w+)/g)].map(([, at]) => at)),
	),
].filter((name): name is string => name !== undefined);

const node: INode = {
	id: 'node',
	name: 'Node',
	type: 'test.node',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};
const blank: INodeTypes['getByName'] = () => ({
	description: {
		displayName: 'Node',
		name: 'node',
		group: [],
		version: 1,
		description: '',
		defaults: {},
		inputs: [],
		outputs: [],
		properties: [],
	},
});
const nodeTypes: INodeTypes = {
	getByName: blank,
	getByNameAndVersion: (type) => {
		const found = blank(type);
		if ('description' in found && !('nodeVersions' in found)) return found;
		throw new Error('not versioned');
	},
	getKnownTypes: () => ({}),
};
const { expression: n8n } = new Workflow({
	nodes: [node],
	connections: {},
	active: false,
	nodeTypes,
});

const evaluated = (expression: string, items: IDataObject[], index: number): unknown =>
	n8n.getParameterValue(
		expression,
		null,
		0,
		index,
		node.name,
		items.map((json) => ({ json })),
		'internal',
		{},
	);

const leaf = fc.oneof(
	fc.constantFrom<unknown>(null, undefined, '', 0, false, true, '={{ $json.key }}', '2026-11-25'),
	fc.string(),
	fc.double({ noNaN: true, noDefaultInfinity: true }),
	fc.jsonValue({ maxDepth: 2 }),
	fc.constantFrom<unknown>({ constructor: 1 }, [[{ toString: null }]], { length: 3 }),
);
const objectOf = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
	fc.dictionary(fc.constantFrom(...names), value, { noNullPrototype: true });
const item = objectOf(fc.oneof(leaf, objectOf(leaf))) as fc.Arbitrary<IDataObject>;

describe("fields left at their defaults, read without n8n's evaluation", () => {
	it('are all but those that are known to be n8n’s', () => {
		expect(read.filter((expression) => !itemReaderOf(expression))).toEqual([]);
		expect(LEFT_TO_N8N).toHaveLength(1);
	});

	it('give what n8n gives', () => {
		let answered = 0;
		fc.assert(
			fc.property(
				fc.constantFrom(...read),
				fc.array(item, { minLength: 1, maxLength: 3 }),
				fc.nat(2),
				(expression, items, at) => {
					const index = at % items.length;
					const reading = itemReaderOf(expression)?.(items[index] ?? {});
					// Left to n8n: then it is n8n's anyway.
					if (!reading) return;
					answered++;
					expect(reading.value).toEqual(evaluated(expression, items, index));
				},
			),
			{ numRuns: RUNS },
		);
		expect(answered).toBeGreaterThan(RUNS / 2);
	});

	it('give what n8n gives from its isolate', () => {
		const cases = fc
			.sample(fc.record({ expression: fc.constantFrom(...read), json: item }), {
				numRuns: RUNS,
			})
			// As it goes to the other process.
			.map((made) => JSON.parse(JSON.stringify(made)) as { expression: string; json: IDataObject });
		const readings = cases.map(({ expression, json }) => itemReaderOf(expression)?.(json));
		const answers = JSON.parse(
			execFileSync(process.execPath, [join(__dirname, 'support/isolate.mjs')], {
				input: JSON.stringify(cases),
				encoding: 'utf8',
			}),
		) as unknown[];
		const given = readings.flatMap((reading, at) =>
			reading ? [{ case: cases[at], answer: { value: reading.value } }] : [],
		);
		const expected = readings.flatMap((reading, at) =>
			reading ? [{ case: cases[at], answer: answers[at] }] : [],
		);
		expect(given.length).toBeGreaterThan(RUNS / 2);
		expect(JSON.parse(JSON.stringify(given))).toEqual(expected);
	});

	it('are a copy, which an operation may change', () => {
		const json = { mediaUrls: ['https://a.example/1.png'] };
		const reading = itemReaderOf('={{ $json.mediaUrls }}')?.(json);
		expect(reading?.value).toEqual(json.mediaUrls);
		expect(reading?.value).not.toBe(json.mediaUrls);
	});

	it.each([
		'={{ $json.key.trim() }}',
		'={{ $json["key"] }}',
		'={{ $json.constructor }}',
		'={{ $json.mainModule }}',
		'={{ $json.__proto__ }}',
		'={{ $("Klaviyo Trigger").item.json.key }}',
		'= {{ $json.key }}',
		'={{ $json.key }} ',
		'={{ $json.key }}{{ $json.key }}',
	])('stay n8n’s: %s', (expression) => {
		expect(itemReaderOf(expression)).toBeUndefined();
	});

	it.each<[string, unknown]>([
		['a date', new Date()],
		['a list of dates', [new Date()]],
		['what is no number', NaN],
		['a method', () => 1],
	])('stay n8n’s where the item holds %s', (_what, value) => {
		expect(itemReaderOf('={{ $json.key }}')?.({ key: value as IDataObject })).toBeUndefined();
	});
});
