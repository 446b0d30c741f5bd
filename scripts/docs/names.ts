/** What n8n shows: the names of nodes, operations, parameters, options and credentials, and those in the templates. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type {
	ICredentialType,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import manifest from '../../package.json';

type Loaded = Record<string, new () => unknown>;

/** An instance of each class that package.json lists for n8n. By its full path: `Klaviyo.node` alone is a JSON file too. */
const instances = <T>(root: string, built: readonly string[]): T[] =>
	built.map((file) => {
		const source = join(root, file.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
		// eslint-disable-next-line @typescript-eslint/no-require-imports -- which files, only package.json says
		const loaded = require(source) as Loaded;
		const [name = ''] = basename(source).split('.');
		const Listed = loaded[name];
		if (Listed === undefined) throw new Error(`${source} exports no ${name}`);
		return new Listed() as T;
	});

type Entry = INodeProperties | INodePropertyOptions | INodePropertyCollection;

/** A parameter's name, and the names inside it. */
function namesIn(entry: Entry): string[] {
	if ('values' in entry) return [entry.displayName, ...entry.values.flatMap(namesIn)];
	if ('displayName' in entry)
		return [
			entry.displayName,
			...(entry.options ?? []).flatMap(namesIn),
			...(entry.modes ?? []).map(({ displayName }) => displayName),
		];
	return [entry.name];
}

/** `Ticket: Claim Reply`: an operation of a resource, as the documents name it. */
function operationsOf({ properties }: INodeTypeDescription): string[] {
	const resources = properties.find(({ name }) => name === 'resource')?.options ?? [];
	return properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ options = [], displayOptions }) => {
			const shown: unknown[] = displayOptions?.show?.resource ?? [];
			const resource = resources.find((each) => 'value' in each && shown.includes(each.value));
			return resource ? options.map(({ name }) => `${resource.name}: ${name}`) : [];
		});
}

interface Template {
	name: string;
	nodes: Array<{ name: string }>;
}

function templateNames(root: string): string[] {
	const folder = join(root, 'templates');
	return readdirSync(folder)
		.filter((file) => file.endsWith('.json'))
		.flatMap((file) => {
			const template = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Template;
			const [phone = ''] = template.name.split(' ');
			return [phone, template.name, ...template.nodes.map(({ name }) => name)];
		});
}

/** @param root the project's folder */
export function shownNames(root: string): Set<string> {
	const { nodes, credentials } = manifest.n8n;
	return new Set([
		...instances<INodeType>(root, nodes).flatMap(({ description }) => [
			description.displayName,
			...description.properties.flatMap(namesIn),
			...operationsOf(description),
		]),
		...instances<ICredentialType>(root, credentials).flatMap(({ displayName, properties }) => [
			displayName,
			...properties.flatMap(namesIn),
		]),
		...templateNames(root),
	]);
}
