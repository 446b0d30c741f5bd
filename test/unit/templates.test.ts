/** Templates as files: current, fit to be shared, and tidy. The end-to-end tests show that n8n accepts them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INode } from 'n8n-workflow';
import { templateFiles, templates } from '../../scripts/templates';
import type { TemplateFile } from '../../scripts/templates/canvas';

const FOLDER = join(__dirname, '../../templates');
const STICKY = 'n8n-nodes-base.stickyNote';
const files = [...templateFiles()];

const readCommitted = (file: string): unknown =>
	JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
const isNote = ({ type }: INode): boolean => type === STICKY;
const isTrigger = ({ type }: INode): boolean => /trigger$/i.test(type);

interface Box {
	name: string;
	left: number;
	top: number;
	right: number;
	bottom: number;
}

/** A note, or a node with the name under it. */
function boxOf(template: TemplateFile, node: INode): Box {
	const [left, top] = node.position;
	const outputs = template.connections[node.name]?.main?.length ?? 0;
	const size = isNote(node)
		? { width: Number(node.parameters.width), height: Number(node.parameters.height) }
		: { width: 96, height: 96 + Math.max(0, outputs - 2) * 32 + 48 };
	return { name: node.name, left, top, right: left + size.width, bottom: top + size.height };
}

const overlap = (one: Box, other: Box): boolean =>
	one.left < other.right &&
	other.left < one.right &&
	one.top < other.bottom &&
	other.top < one.bottom;

describe('The committed templates', () => {
	it('are those that scripts/templates describes: otherwise run `npm run templates`', () => {
		expect(readdirSync(FOLDER).sort()).toEqual(templates.map(({ file }) => file).sort());
		for (const [file, template] of files) {
			const written: unknown = JSON.parse(JSON.stringify(template));
			expect({ file, content: readCommitted(file) }).toEqual({ file, content: written });
		}
	});
});

/** The newest version of n8n's own nodes in 1.123.81, the oldest n8n that the package runs on. */
const NODES_OF_OLDEST: Record<string, number> = {
	'@n8n/n8n-nodes-langchain.agent': 3,
	'@n8n/n8n-nodes-langchain.lmChatOpenAi': 1.3,
	'n8n-nodes-base.if': 2.3,
	'n8n-nodes-base.manualTrigger': 1,
	'n8n-nodes-base.merge': 3.2,
	'n8n-nodes-base.noOp': 1,
	'n8n-nodes-base.removeDuplicates': 2,
	'n8n-nodes-base.set': 3.4,
	'n8n-nodes-base.stickyNote': 1,
	'n8n-nodes-base.stopAndError': 1,
	'n8n-nodes-base.switch': 3.4,
};

it('no two templates have the same version id', () => {
	expect(new Set(files.map(([, { versionId }]) => versionId)).size).toBe(files.length);
});

describe.each(files)('%s', (_file, template) => {
	const triggers = template.nodes.filter(isTrigger);

	it('has one trigger, with a name that n8n can use in a URL', () => {
		expect(triggers).toHaveLength(1);
		expect(triggers[0]?.name).toMatch(/^[A-Za-z0-9]+$/);
	});

	it('contains nothing of an account or of an n8n', () => {
		expect(template).toMatchObject({ active: false, pinData: {}, tags: [] });
		for (const word of ['"webhookId"', '"instanceId"', '"meta"', '"staticData"', '"id":"wf'])
			expect(JSON.stringify(template)).not.toContain(word);
		for (const { credentials = {} } of template.nodes)
			for (const { id } of Object.values(credentials)) expect(id).toBeNull();
	});

	it('has only nodes that the oldest supported n8n knows', () => {
		const others = template.nodes.filter(({ type }) =>
			/^(?:n8n-nodes-base|@n8n\/n8n-nodes-langchain)\./.test(type),
		);
		for (const { name, type, typeVersion } of others)
			expect({ name, isKnown: typeVersion <= (NODES_OF_OLDEST[type] ?? 0) }).toEqual({
				name,
				isKnown: true,
			});
	});

	it('has the version id that the command line of n8n 2.0 asks for', () => {
		expect(template.versionId).toMatch(
			/^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/,
		);
	});

	it('leaves requests to Klaviyo Trigger unparsed, where it has options', () => {
		const options = triggers.flatMap(({ type, parameters }) =>
			type.endsWith('klaviyoTrigger') && parameters.options ? [parameters.options] : [],
		);
		for (const each of options) expect(each).toMatchObject({ binaryData: true });
	});

	it('begins with a note that says what it is, what it needs, and how to set it up', () => {
		const [overview] = template.nodes.filter(isNote);
		expect(overview?.name).toBe('Overview');
		const number = /^\w+/.exec(template.name)?.[0] ?? '';
		for (const part of [`## ${number} `, '**Needs**', 'n8n-nodes-zendesk-klaviyo', '**Set up**'])
			expect(overview?.parameters.content).toContain(part);
	});

	it('has unique node names and ids', () => {
		for (const key of ['name', 'id'] as const) {
			const all = template.nodes.map((node) => node[key]);
			expect(new Set(all).size).toBe(all.length);
		}
	});

	it('names only its own nodes in its notes', () => {
		const names = template.nodes.map(({ name }) => name);
		const spoken = template.nodes
			.filter(isNote)
			.flatMap(({ parameters }) => [
				...String(parameters.content).matchAll(/(?:In|of|after|to) \*([A-Z][\w ]+?)\*/g),
			])
			.map(([, name]) => name ?? '');
		const others = ['Flow', 'Source', 'Re-Enable Webhooks', 'Solved Ticket'];
		expect(spoken.filter((name) => !names.includes(name) && !others.includes(name))).toEqual([]);
	});

	it('has notes that cover no node, and nodes that cover no note', () => {
		const boxes = template.nodes.map((node) => boxOf(template, node));
		const covered = boxes.flatMap((one, index) =>
			boxes
				.slice(index + 1)
				.filter((other) => overlap(one, other))
				.map((other) => `${one.name} and ${other.name}`),
		);
		expect(covered).toEqual([]);
	});

	it('runs from left to right, except for lines that lead back', () => {
		const leftOf = new Map(template.nodes.map(({ name, position }) => [name, position[0]]));
		const back = Object.entries(template.connections).flatMap(([from, { main = [] }]) =>
			main.flatMap((links) =>
				(links ?? [])
					.filter(({ node }) => (leftOf.get(node) ?? 0) <= (leftOf.get(from) ?? 0))
					.map(({ node }) => `${from} to ${node}`),
			),
		);
		const known = ['What happened? to Claim reply', 'What happened? to Find ticket'];
		// To what n8n's Retry is to do again.
		const retries = template.nodes
			.filter(({ parameters }) => parameters.operation === 'failUntilRetried')
			.map(({ name }) => `${name} to `);
		expect(
			back.filter(
				(line) => !known.includes(line) && !retries.some((start) => line.startsWith(start)),
			),
		).toEqual([]);
	});
});

describe('The AI agent of template 09', () => {
	const [, template] = files.find(([file]) => file.startsWith('09-')) ?? [];
	const nodes = template?.nodes ?? [];
	const tools = nodes.filter(({ type }) => type.endsWith('Tool'));
	const operationOf = ({ parameters }: INode): string =>
		`${String(parameters.resource)}.${String(parameters.operation)}`;

	it('has tools that read, and one that writes a note for agents: none can text', () => {
		expect(tools.map(operationOf).sort()).toEqual([
			'message.getMany',
			'profile.getCustomerCard',
			'ticket.addInternalNote',
			'ticket.getMany',
		]);
		const connected = Object.entries(template?.connections ?? {}).flatMap(([name, outputs]) =>
			'ai_tool' in outputs ? [name] : [],
		);
		expect(connected.sort()).toEqual(tools.map(({ name }) => name).sort());
		// All that is not a tool of it only reads, too.
		const others = nodes.filter(
			(node) => node.type.includes('zendesk-klaviyo.') && !tools.includes(node) && !isTrigger(node),
		);
		expect(others.map(operationOf)).toEqual(['ticket.get', 'execution.failUntilRetried']);
	});

	it('fills in the draft alone: whom and which ticket a tool is about is fixed', () => {
		const asking = tools.flatMap(({ name, parameters }) =>
			Object.entries(parameters).flatMap(([field, value]) =>
				JSON.stringify(value).includes('$fromAI') ? [`${name}: ${field}`] : [],
			),
		);
		expect(asking).toEqual(['Leave draft: note']);
		const { options } = tools.find(({ name }) => name === 'Leave draft')?.parameters ?? {};
		expect(options).toEqual({ key: '=aiDraft:{{ $json.ticketId }}', tags: 'ai_draft' });
	});
});
