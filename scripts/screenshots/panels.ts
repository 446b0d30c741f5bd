/** The panels of nodes and credentials in n8n's editor, as a builder sees them. */
import { join } from 'node:path';
import type { INode, INodeParameters, INodeProperties, INodeTypeDescription } from 'n8n-workflow';
import type { Locator, Page } from 'playwright-core';
import type { Stage } from '../demo/stage';
import { packageName } from '../n8n/paths';
import { until } from '../n8n/until';
import type { Canvas } from './canvas';

/** High enough for the longest panel. */
const WINDOW = { width: 1500, height: 2400 };
/** Milliseconds until lists that a field loads, and n8n's own movements, are there. */
const SETTLED = 1500;
const NODE = 'node';
/** Pixels above the fields, with the panel's tabs, and below them. */
const TABS = 44;
const MARGIN = 16;

type Box = NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>;
/** What n8n adds to each list of operations. */
const OF_N8N = '__CUSTOM_API_CALL__';

/** A panel, with what it shows. */
interface Panel {
	/** Of its picture, without an ending: `zendesk-sync-ticket-get`. */
	name: string;
	type: INodeTypeDescription;
	parameters: INodeParameters;
}

const inWords = (...words: string[]): string =>
	words
		.join(' ')
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '-')
		.replace(/^-|-$/g, '');

const optionsOf = (
	{ properties }: INodeTypeDescription,
	name: string,
	resource?: unknown,
): Array<{ name: string; value: string }> =>
	properties
		.filter(
			(property) =>
				property.name === name &&
				(resource === undefined ||
					property.displayOptions?.show?.resource?.some((one) => one === resource)),
		)
		.flatMap(({ options = [] }) =>
			options.flatMap((option) =>
				'value' in option && option.value !== OF_N8N
					? [{ name: option.name, value: String(option.value) }]
					: [],
			),
		);

/** Each operation of a node, or each source of a trigger; otherwise the node as it is when it is added. */
function variantsOf(
	type: INodeTypeDescription,
): Array<{ name: string; parameters: INodeParameters }> {
	const operations = optionsOf(type, 'resource').flatMap((resource) =>
		optionsOf(type, 'operation', resource.value).map((operation) => ({
			name: inWords(type.displayName, resource.name, operation.name),
			parameters: { resource: resource.value, operation: operation.value },
		})),
	);
	const sources = optionsOf(type, 'source').map((source) => ({
		name: inWords(type.displayName, source.name),
		parameters: { source: source.value },
	}));
	const variants = [...operations, ...sources];
	return variants.length > 0 ? variants : [{ name: inWords(type.displayName), parameters: {} }];
}

const isShown = ({ displayOptions }: INodeProperties, { resource, operation }: INodeParameters) => {
	const { show = {} } = displayOptions ?? {};
	const allows = (name: string, value: unknown): boolean =>
		show[name] === undefined || show[name].some((one) => one === value);
	return allows('resource', resource) && allows('operation', operation);
};

/** All of the options that a builder can add. */
function withOptions(type: INodeTypeDescription, parameters: INodeParameters): INodeParameters {
	const collections = type.properties.filter(
		(property) => property.type === 'collection' && isShown(property, parameters),
	);
	const opened = collections.map(({ name, options = [] }) => {
		const all = options.flatMap((option) =>
			'default' in option ? [[option.name, option.default] as const] : [],
		);
		return [name, Object.fromEntries(all)] as const;
	});
	return { ...parameters, ...Object.fromEntries(opened) };
}

const ownTypes = async ({ n8n }: Stage): Promise<INodeTypeDescription[]> =>
	(await n8n.palette()).filter(
		({ name }) => name.startsWith(`${packageName}.`) && !name.endsWith('Tool'),
	);

/** Every panel of a node, as it is when it is added. */
const panelsOf = (type: INodeTypeDescription): Panel[] =>
	variantsOf(type).map((variant) => ({ ...variant, type }));

async function boxOf(part: Locator): Promise<Box> {
	const box = await part.boundingBox();
	if (box === null) throw new Error('The panel is not shown');
	return box;
}

/** From the panel's tabs to its last field: the panel itself is as high as the window. */
async function fieldsOf(panel: Locator): Promise<Box> {
	const { x, y, width } = await boxOf(panel);
	const ends = await panel
		.locator('label, input, textarea, button, .cm-editor, [class*="notice"]')
		.evaluateAll((fields) => fields.map((field) => field.getBoundingClientRect().bottom));
	const top = y - TABS;
	return { x, y: top, width, height: Math.max(...ends) + MARGIN - top };
}

const isLoading = async (page: Page): Promise<boolean> =>
	await page
		.getByRole('combobox')
		.or(page.locator('input'))
		.evaluateAll((fields) => fields.some((field) => field.outerHTML.includes('Loading options')));

interface Credential {
	id: string;
	name: string;
	type: string;
}

/** One of each type that the nodes use: what there is, and an empty one of the others. */
async function credentialsOf({ n8n }: Stage, types: INodeTypeDescription[]): Promise<Credential[]> {
	const used = new Set(
		types.flatMap(({ credentials = [] }) => credentials.map(({ name }) => name)),
	);
	const list = async () => await n8n.rest.request<Credential[]>('GET', '/credentials');
	const known = new Set((await list()).map(({ type }) => type));
	for (const type of used)
		if (!known.has(type)) await n8n.createCredential({ name: `Empty ${type}`, type, data: {} });
	return await list();
}

/**
 * Takes a picture of each panel of a node and each credential into a folder, as `<name>.png`.
 * @param wanted names of the pictures; all if left out, and then with all options that a builder can add
 * @returns their names
 */
export async function picturePanels(
	stage: Stage,
	canvas: Canvas,
	folder: string,
	wanted?: readonly string[],
): Promise<string[]> {
	const { n8n } = stage;
	const { page } = canvas;
	await page.setViewportSize(WINDOW);
	const byTestId = (id: string): Locator => page.locator(`[data-test-id="${id}"]`);
	const taken: string[] = [];
	const take = async (name: string, of: Locator, part: (of: Locator) => Promise<Box>) => {
		await of.waitFor();
		await page.waitForTimeout(SETTLED);
		await until('the lists of its fields', async () => !(await isLoading(page)), {
			timeout: 60_000,
		});
		const clip = await part(of);
		await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', clip });
		taken.push(name);
	};
	const isWanted = ({ name }: { name: string }): boolean => wanted?.includes(name) ?? true;

	const types = await ownTypes(stage);
	const credentials = await credentialsOf(stage, types);
	const chosen = Object.fromEntries(credentials.map(({ id, name, type }) => [type, { id, name }]));
	for (const { name, type, parameters } of types.flatMap(panelsOf).filter(isWanted)) {
		const nodes: INode[] = [
			{
				id: NODE,
				name: type.displayName,
				type: type.name,
				typeVersion: 1,
				position: [0, 0],
				parameters: wanted ? parameters : withOptions(type, parameters),
				credentials: chosen,
			},
		];
		const id = await n8n.createWorkflow({ name, nodes, connections: {} });
		await page.goto(`${n8n.url}/workflow/${id}/${NODE}`);
		await take(name, byTestId('node-parameters'), fieldsOf);
	}
	for (const { id, type } of credentials) {
		const name = `credential-${inWords(type.replace(/([A-Z])/g, ' $1'))}`;
		if (!isWanted({ name })) continue;
		await page.goto(`${n8n.url}/home/credentials/${id}`);
		await take(name, byTestId('editCredential-modal'), boxOf);
	}
	return taken;
}
