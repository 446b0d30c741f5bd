/** Preparing workflow files for n8n. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { IConnections, INode, IWorkflowSettings } from 'n8n-workflow';
import { packageName } from './paths';

export interface Workflow {
	id: string;
	name: string;
	active: boolean;
	/** Version of the draft: changes with each update. */
	versionId: string;
	/** Version that runs; null when the workflow is not published. */
	activeVersionId: string | null;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
	staticData?: unknown;
	[more: string]: unknown;
}

export type WorkflowFile = Pick<Workflow, 'name' | 'nodes' | 'connections'> & Partial<Workflow>;

export interface ImportedWorkflow {
	id: string;
	name: string;
	/** Base name of the file it came from. */
	file: string;
}

/** The workflow with some of its nodes changed: each node with what `more` returns for it. */
const withNodes = (
	workflow: WorkflowFile,
	more: (node: INode) => Partial<INode>,
): WorkflowFile => ({
	...workflow,
	nodes: workflow.nodes.map((node) => ({ ...node, ...more(node) })),
});

/** The workflow with some parameters of its nodes changed: each node with those that `more` returns for it. */
export const withParameters = (
	workflow: WorkflowFile,
	more: (node: INode) => object,
): WorkflowFile =>
	withNodes(workflow, (node) => ({ parameters: { ...node.parameters, ...more(node) } }));

/** The workflow with Klaviyo connected by OAuth2, by the credential of that name. */
export const withKlaviyoOAuth2 = (workflow: WorkflowFile, name: string): WorkflowFile =>
	withNodes(workflow, (node) =>
		node.credentials?.klaviyoSyncApi
			? {
					parameters: { ...node.parameters, authentication: 'oAuth2' },
					credentials: { klaviyoSyncOAuth2Api: { id: null, name } },
				}
			: {},
	);

export const isOwnTrigger = ({ type }: Pick<INode, 'type'>): boolean =>
	type.startsWith(`${packageName}.`) && type.endsWith('Trigger');

/** Paths of the .json files of a folder, or the files themselves. */
export async function workflowFiles(source: string | string[]): Promise<string[]> {
	const paths = Array.isArray(source) ? source : [source];
	const files = await Promise.all(
		paths.map(async (path) => {
			if (!(await stat(path)).isDirectory()) return [path];
			const names = (await readdir(path)).filter((name) => name.endsWith('.json'));
			return names.sort().map((name) => join(path, name));
		}),
	);
	return files.flat();
}

/**
 * Copies workflow files into a temporary folder for as long as `work` runs, as `n8n import:workflow --separate` needs them,
 * with an id each (n8n would make one up without reporting it).
 */
export async function withImportFolder(
	files: string[],
	change: (workflow: WorkflowFile) => WorkflowFile,
	work: (folder: string) => Promise<void>,
): Promise<ImportedWorkflow[]> {
	const folder = await mkdtemp(join(tmpdir(), 'n8n-import-'));
	try {
		const imported = await Promise.all(
			files.map(async (path, index) => {
				const workflow = change(JSON.parse(await readFile(path, 'utf8')) as WorkflowFile);
				const id = workflow.id ?? randomBytes(8).toString('hex');
				const copy = join(folder, `${index}.json`);
				await writeFile(copy, JSON.stringify({ ...workflow, id, active: false }));
				return { id, name: workflow.name, file: basename(path) };
			}),
		);
		await work(folder);
		return imported;
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
