/**
 * Draws templates from descriptions in columns and rows. That way all of them look alike: lines run from left to right,
 * and notes stand beside the nodes, never under them.
 */
import { createHash } from 'node:crypto';
import type { IConnections, INode, INodeParameters } from 'n8n-workflow';

/** Pixels of n8n's canvas. Its grid is 16 wide, and a node 96. */
const GRID = 16;
const NODE = 6 * GRID;
const COLUMN = 14 * GRID;
const ROW = 11 * GRID;
/** n8n shows a node's name, in up to two lines, and its operation below the node. */
const LABEL = 5 * GRID;
/** Between notes, and between a note and the nodes. */
const GAP = 2 * GRID;

/** A node without a position. */
export interface Sketch extends Pick<
	INode,
	'name' | 'type' | 'typeVersion' | 'parameters' | 'credentials'
> {
	/** `continueErrorOutput`: items that fail leave by an output of their own, the last one. */
	onError?: 'continueErrorOutput' | 'continueRegularOutput';
	/** n8n passes items through it unchanged. */
	disabled?: true;
	/** Not counting the error output. 1 by default. */
	outputs?: number;
	/** 1 by default. */
	inputs?: number;
}

/** A node and its position: its middle is on the row's line. Both may be fractions. */
export interface PlacedNode extends Sketch {
	column: number;
	row: number;
}

export interface Note {
	/** Its name in n8n's list of nodes. */
	name: string;
	/** Markdown. */
	text: string;
	/** The columns of the nodes it describes. It stands above (or below) them. */
	columns: [from: number, to: number];
	side?: 'above' | 'below';
}

type Target = string | { node: string; input: number };

export interface TemplateSketch {
	file: string;
	name: string;
	/** The first note, left of everything: what the template is for and how to set it up. */
	overview: string;
	nodes: PlacedNode[];
	/** For each node's name, where its outputs lead: to a node's first input, unless another is named. */
	links: Record<string, Array<Target | Target[] | null>>;
	/** For each AI agent's name, its model and its tools. They stand below it. */
	agents?: Record<string, { model: string; tools: string[] }>;
	notes: Note[];
}

export interface TemplateFile {
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings: { executionOrder: 'v1' };
	pinData: Record<string, never>;
	active: false;
	tags: [];
	/** n8n 2.0's command line imports no workflow without one. Any later change gives it another. */
	versionId: string;
}

export const at = (column: number, row: number, sketch: Sketch): PlacedNode => ({
	...sketch,
	column,
	row,
});

const outputsOf = ({ outputs = 1, onError }: Sketch): number =>
	outputs + (onError === 'continueErrorOutput' ? 1 : 0);

/** n8n makes a node with more than two outputs or inputs taller. */
const heightOf = (sketch: Sketch): number =>
	NODE + Math.max(0, outputsOf(sketch) - 2, (sketch.inputs ?? 1) - 2) * 2 * GRID;

const snap = (pixels: number): number => Math.round(pixels / GRID) * GRID;

const positionOf = (node: PlacedNode): [number, number] => [
	snap(node.column * COLUMN),
	snap(node.row * ROW - heightOf(node) / 2),
];

/** The same id for the same node each time, so that an unchanged template gives the same file. */
function idOf(template: string, name: string): string {
	const hex = createHash('sha256').update(`${template}\n${name}`).digest('hex');
	const [a, b, c, d, e] = [0, 8, 12, 16, 20].map((start, index) =>
		hex.slice(start, [8, 12, 16, 20, 32][index]),
	);
	// Version 5 and variant 1, which every UUID states.
	return `${a}-${b}-5${c?.slice(1)}-a${d?.slice(1)}-${e}`;
}

function drawNode(template: string, node: PlacedNode): INode {
	const { name, type, typeVersion, parameters, credentials, onError, disabled } = node;
	return {
		parameters,
		id: idOf(template, name),
		name,
		type,
		typeVersion,
		position: positionOf(node),
		...(credentials ? { credentials } : {}),
		...(onError ? { onError } : {}),
		...(disabled ? { disabled } : {}),
	};
}

interface Box {
	left: number;
	top: number;
	width: number;
	height: number;
}

const sticky = (template: string, name: string, text: string, box: Box, color: number): INode => ({
	parameters: { content: text, height: box.height, width: box.width, color } as INodeParameters,
	id: idOf(template, name),
	name,
	type: 'n8n-nodes-base.stickyNote',
	typeVersion: 1,
	position: [box.left, box.top],
});

/** The width in pixels in which n8n shows a note's text. */
const TEXT = { letter: 7, line: 19, list: 4, paragraph: 9, heading: 36, frame: 32 };

/** Roughly how high a note must be to show its Markdown without scrolling, in whole grid units. */
function heightOfText(markdown: string, width: number): number {
	const perLine = (width - TEXT.frame) / TEXT.letter;
	const heights = markdown.split('\n').map((line) => {
		if (line === '') return TEXT.paragraph;
		if (line.startsWith('#')) return TEXT.heading;
		const letters = line.replaceAll('*', '').length;
		const listed = /^(?:-|\d+\.) /.test(line)
			? { gap: TEXT.list, indent: 3 }
			: { gap: 0, indent: 0 };
		return Math.ceil(letters / (perLine - listed.indent)) * TEXT.line + listed.gap;
	});
	const height = heights.reduce((sum, each) => sum + each, TEXT.frame);
	return Math.ceil(height / GRID) * GRID;
}

/** n8n's colours for notes. */
const COLOURS = { overview: 1, section: 5 };
const OVERVIEW_WIDTH = 26 * GRID;

function drawNotes({ file, overview, nodes, notes }: TemplateSketch): INode[] {
	const topOf = (of: PlacedNode[]): number => Math.min(...of.map((node) => positionOf(node)[1]));
	const bottomOf = (of: PlacedNode[]): number =>
		Math.max(...of.map((node) => positionOf(node)[1] + heightOf(node))) + LABEL;
	const margin = 3 * GRID;
	const sections = notes.map(({ name, text, columns, side = 'above' }) => {
		const [from, to] = columns;
		const left = snap(from * COLUMN - margin);
		const meant = nodes.filter(({ column }) => column >= from && column <= to);
		const width = snap(to * COLUMN + NODE + margin) - left;
		const height = heightOfText(text, width);
		const top = side === 'above' ? topOf(meant) - GAP - height : bottomOf(meant) + GAP / 2;
		const box = { left, top, width, height };
		return sticky(file, name, text, box, COLOURS.section);
	});
	const highest = Math.min(topOf(nodes), ...sections.map(({ position }) => position[1]));
	const box = {
		left: snap(-margin) - GAP - OVERVIEW_WIDTH,
		top: highest,
		width: OVERVIEW_WIDTH,
		height: heightOfText(overview, OVERVIEW_WIDTH),
	};
	return [sticky(file, 'Overview', overview, box, COLOURS.overview), ...sections];
}

/** @throws Error for a link from or to a node that does not exist, or from an output that does not exist */
function drawLinks({ file, nodes, links, agents = {} }: TemplateSketch): IConnections {
	const find = (name: string): PlacedNode => {
		const node = nodes.find((one) => one.name === name);
		if (!node) throw new Error(`${file}: there is no node '${name}'`);
		return node;
	};
	const aid = (from: string, type: 'ai_languageModel' | 'ai_tool', agent: string) => [
		find(from).name,
		{ [type]: [[{ node: find(agent).name, type, index: 0 }]] },
	];
	const aids = Object.entries(agents).flatMap(([agent, { model, tools }]) => [
		aid(model, 'ai_languageModel', agent),
		...tools.map((tool) => aid(tool, 'ai_tool', agent)),
	]);
	const main = Object.fromEntries(
		Object.entries(links).map(([from, outputs]) => {
			if (outputs.length > outputsOf(find(from)))
				throw new Error(`${file}: '${from}' has fewer than ${outputs.length} outputs`);
			const main = outputs.map((to) =>
				[to ?? []].flat().map((target) => {
					const { node, input } = typeof target === 'string' ? { node: target, input: 0 } : target;
					return { node: find(node).name, type: 'main' as const, index: input };
				}),
			);
			return [from, { main }];
		}),
	);
	return { ...main, ...(Object.fromEntries(aids) as IConnections) };
}

export function draw(sketch: TemplateSketch): TemplateFile {
	return {
		name: sketch.name,
		nodes: [...drawNotes(sketch), ...sketch.nodes.map((node) => drawNode(sketch.file, node))],
		connections: drawLinks(sketch),
		settings: { executionOrder: 'v1' },
		pinData: {},
		active: false,
		tags: [],
		versionId: idOf(sketch.file, ''),
	};
}
