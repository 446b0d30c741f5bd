/** What a person does in n8n's editor: credentials, publishing, looking at executions. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { INodeTypeDescription } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import {
	type Execution,
	type ExecutionAnswer,
	type ExecutionStatus,
	type ExecutionSummary,
	readExecution,
} from './executions';
import { N8nRest, RestError } from './rest';
import { GiveUp, until } from './until';
import {
	type ImportedWorkflow,
	type Workflow,
	type WorkflowFile,
	workflowFiles,
} from './workflows';

export interface NewCredential {
	name: string;
	type: string;
	data: Record<string, unknown>;
}

export interface ExecutionFilter {
	workflowId?: string;
	status?: ExecutionStatus | ExecutionStatus[];
	/** How it was started, as in `ExecutionSummary`. */
	mode?: string;
}

interface PublicationStatus {
	status: 'in_progress' | 'not_published' | 'published' | 'partial' | 'failed';
	liveVersionId: string | null;
	triggers: Array<{ nodeId: string; status: string; errorMessage: string | null }>;
}

/**
 * n8n tries five times to register a trigger. Now and then it gives up a publication after 84 s, and resumes it after
 * 120 s; 300 s have proved too short.
 */
const PUBLISH_LIMIT = 420_000;

export abstract class Editor {
	readonly rest: N8nRest;

	/** For error messages: n8n's latest output. */
	protected abstract endOfLog(): Promise<string>;

	/** @param webhooksAt where production webhooks arrive: in queue mode not where the editor is */
	constructor(
		readonly url: string,
		readonly webhooksAt = url,
	) {
		this.rest = new N8nRest(url);
	}

	/** @returns the credential's id */
	async createCredential(credential: NewCredential): Promise<string> {
		const { id } = await this.rest.request<{ id: string }>('POST', '/credentials', credential);
		return id;
	}

	/** The credential's own test, as when a person saves it. With `data`, it uses those values instead of the stored ones. */
	async testCredential(
		id: string,
		type: string,
		data?: Record<string, unknown>,
	): Promise<{ status: 'OK' | 'Error'; message: string }> {
		// n8n tests what it receives, with the stored secrets instead of the blanks that it shows.
		const stored = await this.rest.request<{ data: Record<string, unknown> }>(
			'GET',
			`/credentials/${id}?includeData=true`,
		);
		const credentials = { id, type, data: data ?? stored.data };
		return await this.rest.request('POST', '/credentials/test', { credentials });
	}

	/** A new workflow, as if built on the canvas: not published. @returns its id */
	async createWorkflow(workflow: WorkflowFile): Promise<string> {
		const settings = { executionOrder: 'v1' as const, ...workflow.settings };
		const created = { ...workflow, settings, active: false };
		const answer = await this.rest.request<Workflow>('POST', '/workflows', created);
		const { id, nodes } = answer;
		const lacksCredential = nodes.some(({ credentials = {} }) =>
			Object.values(credentials).some((one) => !one.id),
		);
		// n8n 1 finds credentials by their names when a workflow is saved again.
		if (lacksCredential) await this.updateWorkflow(id, () => ({}));
		return id;
	}

	/**
	 * Imports workflows as the editor does. Credentials with an id of null are found by name and type: create them
	 * before.
	 * @param source a folder of .json files, or files
	 * @param change what a builder would change after importing
	 */
	async importTemplates(
		source: string | string[],
		change: (workflow: WorkflowFile) => WorkflowFile = (workflow) => workflow,
	): Promise<ImportedWorkflow[]> {
		const imported: ImportedWorkflow[] = [];
		for (const path of await workflowFiles(source)) {
			const workflow = change(JSON.parse(await readFile(path, 'utf8')) as WorkflowFile);
			const id = await this.createWorkflow(workflow);
			imported.push({ id, name: workflow.name, file: basename(path) });
		}
		return imported;
	}

	async workflows(): Promise<Array<Pick<Workflow, 'id' | 'name' | 'active'>>> {
		return await this.rest.request('GET', '/workflows');
	}

	async workflow(id: string): Promise<Workflow> {
		return await this.rest.request('GET', `/workflows/${id}`);
	}

	/**
	 * Changes the draft. The published version keeps running until `publish`. n8n gives a trigger that was imported without
	 * a `webhookId` one at its first update, so its URL changes with the next `publish`.
	 */
	async updateWorkflow(
		id: string,
		change: (workflow: Workflow) => Partial<Workflow>,
	): Promise<Workflow> {
		const workflow = await this.workflow(id);
		const { name, nodes, connections, settings } = { ...workflow, ...change(workflow) };
		const changed = { name, nodes, connections, settings };
		return await this.rest.request('PATCH', `/workflows/${id}`, changed);
	}

	/**
	 * Publishes the draft; resolves when its triggers are registered.
	 * @param timeout milliseconds after which to give up
	 * @throws Error with the triggers' messages, if one of them could not be registered
	 */
	async publish(id: string, timeout = PUBLISH_LIMIT): Promise<void> {
		const { versionId } = await this.workflow(id);
		await this.rest.request('POST', `/workflows/${id}/activate`, { versionId });
		await until(
			`workflow ${id} to be published`,
			async () => {
				const state = await this.publication(id);
				if (state.status === 'failed' || state.status === 'partial') {
					const messages = state.triggers.flatMap(({ errorMessage }) => errorMessage ?? []);
					throw new GiveUp(`Workflow ${id} could not be published: ${messages.join('; ')}`);
				}
				if (state.status === 'published' && state.liveVersionId === versionId) return true;
				throw new Error(`${state.status}, with version ${state.liveVersionId}`);
			},
			{ timeout },
		).catch(async (error: unknown) => {
			if (error instanceof GiveUp) throw error;
			throw new Error(`${String(error)}. ${await this.endOfLog()}`, { cause: error });
		});
	}

	async unpublish(id: string): Promise<void> {
		await this.rest.request('POST', `/workflows/${id}/deactivate`, {});
		await until(
			`workflow ${id} to be taken back`,
			async () => (await this.publication(id)).status === 'not_published',
			{ timeout: PUBLISH_LIMIT },
		);
	}

	async publication(id: string): Promise<PublicationStatus> {
		try {
			return await this.rest.request('GET', `/workflows/${id}/publication-status`);
		} catch (error) {
			if (!(error instanceof RestError) || error.status !== 404) throw error;
			// An older n8n answers the request to publish only when the triggers are registered.
			const { activeVersionId = null } = await this.workflow(id);
			const status = activeVersionId === null ? 'not_published' : 'published';
			return { status, liveVersionId: activeVersionId, triggers: [] };
		}
	}

	/** Resolves when n8n, just started, has started the triggers of all published workflows. */
	async triggersStarted(): Promise<void> {
		const published = (await this.workflows()).filter(({ active }) => active);
		await until(
			'the triggers to be started',
			async () => {
				const states = await Promise.all(
					published.map(async ({ id }) => await this.publication(id)),
				);
				return states.every(({ status }) => status === 'published');
			},
			{ timeout: PUBLISH_LIMIT },
		);
	}

	/** The trigger's test button: n8n listens for one event, for at most two minutes, and runs this node alone with it. */
	async listenForTestEvent(id: string, nodeName: string): Promise<void> {
		await this.rest.request('POST', `/workflows/${id}/run`, {
			...(await this.asOpened(id)),
			triggerToStartFrom: { name: nodeName },
			destinationNode: { nodeName, mode: 'inclusive' },
		});
	}

	/**
	 * "Execute workflow" of a workflow with a manual trigger.
	 * @returns the execution's id
	 */
	async run(id: string, triggerName: string): Promise<string> {
		const { executionId } = await this.rest.request<{ executionId: string }>(
			'POST',
			`/workflows/${id}/run`,
			{ ...(await this.asOpened(id)), triggerToStartFrom: { name: triggerName } },
		);
		return executionId;
	}

	/** An older n8n runs what the editor sends it; a newer one takes what is saved. */
	private async asOpened(id: string): Promise<{ workflowData: Workflow }> {
		return { workflowData: await this.workflow(id) };
	}

	async stopListening(id: string): Promise<void> {
		await this.rest.request('DELETE', `/test-webhook/${id}`);
	}

	/** Where a vendor sends webhooks for a trigger node, once the workflow is published. */
	async webhookUrl(id: string, nodeName: string, path = 'webhook'): Promise<string> {
		const workflow = await this.workflow(id);
		const node = workflow.nodes.find(({ name }) => name === nodeName);
		if (!node) throw new Error(`Workflow ${id} has no node named ${nodeName}`);
		return `${this.webhooksAt}/webhook/${NodeHelpers.getNodeWebhookPath(id, node, path)}`;
	}

	/** All executions, newest first. */
	async executions({ workflowId, status, mode }: ExecutionFilter = {}): Promise<
		ExecutionSummary[]
	> {
		const filter = JSON.stringify({
			...(workflowId ? { workflowId } : {}),
			...(status ? { status: [status].flat() } : {}),
		});
		const found = new Map<string, ExecutionSummary>();
		let cursor: string | null | undefined;
		do {
			const page = await this.rest.request<{
				results: ExecutionSummary[];
				nextCursor?: string | null;
			}>('GET', '/executions', undefined, { filter, limit: 100, ...(cursor ? { cursor } : {}) });
			for (const execution of page.results) found.set(execution.id, execution);
			cursor = page.nextCursor;
		} while (cursor);
		return [...found.values()]
			.filter((execution) => mode === undefined || execution.mode === mode)
			.sort((one, other) => Number(other.id) - Number(one.id));
	}

	async execution(id: string): Promise<Execution> {
		return readExecution(await this.rest.request<ExecutionAnswer>('GET', `/executions/${id}`));
	}

	/**
	 * "Retry" of an execution that failed.
	 *
	 * @param workflow as it was when the execution started, or as it is saved now
	 * @returns the new execution, once it is over
	 */
	async retry(id: string, workflow: 'original' | 'saved' = 'original'): Promise<Execution> {
		const loadWorkflow = workflow === 'saved';
		const path = `/executions/${id}/retry`;
		const { id: newId } = await this.rest.request<{ id: string }>('POST', path, { loadWorkflow });
		return await this.execution(newId);
	}

	/** Resolves with all executions once at least `count` of them have ended and none is running. */
	async executionsEnded(
		count: number,
		filter: ExecutionFilter = {},
		timeout = 60_000,
	): Promise<ExecutionSummary[]> {
		return await until(
			`${count} executions to end`,
			async () => {
				const executions = await this.executions(filter);
				const busy = executions.some(({ status }) => status === 'new' || status === 'running');
				return executions.length >= count && !busy && executions;
			},
			{ timeout },
		);
	}

	/** Every node type that can be put on the canvas, including the tools that n8n makes of nodes, which `nodeTypes` misses. */
	async palette(): Promise<INodeTypeDescription[]> {
		return await this.rest.file('/types/nodes.json');
	}

	/** Descriptions of node types as the editor gets them: `<package>.<node>`, version 1. */
	async nodeTypes(names: string[]): Promise<INodeTypeDescription[]> {
		const nodeInfos = names.map((name) => ({ name, version: 1 }));
		return await this.rest.request('POST', '/node-types', { nodeInfos });
	}
}
