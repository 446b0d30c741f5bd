/**
 * A template as a builder imports it, run in the engine. n8n's own nodes in it are played: they are not installed
 * here, and their conditions are evaluated by n8n-workflow, as in n8n.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WorkflowExecute } from 'n8n-core';
import {
	createRunExecutionData,
	type IConnections,
	type IDataObject,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeProperties,
	type INodeType,
	type INodeTypeDescription,
	type IRunExecutionData,
	NodeConnectionTypes,
	NodeOperationError,
	type NodeParameterValueType,
	type Workflow,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { Klaviyo } from '../../../nodes/Klaviyo/Klaviyo.node';
import { KlaviyoTrigger } from '../../../nodes/Klaviyo/KlaviyoTrigger.node';
import { ZendeskSync } from '../../../nodes/ZendeskSync/ZendeskSync.node';
import { ZendeskSyncTrigger } from '../../../nodes/ZendeskSync/ZendeskSyncTrigger.node';
import {
	additionalDataOf,
	type Credentials,
	type NodeClass,
	nodeOf,
	type Placed,
	workflowOf,
} from './engine';

const played = (
	name: string,
	properties: INodeProperties[],
	outputs: number,
	execute: (this: IExecuteFunctions) => Promise<INodeExecutionData[][]>,
	more: Partial<INodeTypeDescription> = {},
): NodeClass =>
	class implements INodeType {
		description: INodeType['description'] = {
			displayName: name,
			name,
			group: [],
			version: 1,
			description: '',
			defaults: {},
			inputs: [NodeConnectionTypes.Main],
			outputs: Array.from({ length: outputs }, () => NodeConnectionTypes.Main),
			properties,
			...more,
		};

		execute = execute;
	};

/** More than any template's switch has. */
const MOST_OUTPUTS = 8;
/** As many as any template's merge has. */
const MERGED = Array.from({ length: 6 }, () => NodeConnectionTypes.Main);

const conditions: INodeProperties = {
	displayName: 'Conditions',
	name: 'conditions',
	type: 'filter',
	default: {},
	typeOptions: { filter: { version: 2 } },
};
const holds = (context: IExecuteFunctions, name: string, index: number): boolean =>
	context.getNodeParameter(name, index, false, { extractValue: true }) === true;

const Filter = played('filter', [conditions], 1, async function () {
	const items = this.getInputData();
	return [items.filter((_item, index) => holds(this, 'conditions', index))];
});

const If = played('if', [conditions], 2, async function () {
	const items = this.getInputData();
	const isTrue = items.map((_item, index) => holds(this, 'conditions', index));
	return [items.filter((_item, at) => isTrue[at]), items.filter((_item, at) => !isTrue[at])];
});

/** An item goes to the first output whose rule holds; when none does, to one more after them, if there is one. */
const Switch = played(
	'switch',
	[
		{
			displayName: 'Rules',
			name: 'rules',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			default: {},
			options: [{ name: 'values', displayName: 'Rules', values: [conditions] }],
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			default: {},
			options: [
				{
					displayName: 'Fallback Output',
					name: 'fallbackOutput',
					type: 'string',
					default: 'none',
				},
			],
		},
	],
	MOST_OUTPUTS,
	async function () {
		const rules = this.getNodeParameter('rules.values', 0, []) as object[];
		const hasMore = this.getNodeParameter('options.fallbackOutput', 0, 'none') === 'extra';
		const outputs: INodeExecutionData[][] = rules.map(() => []);
		if (hasMore) outputs.push([]);
		for (const [index, item] of this.getInputData().entries()) {
			const hit = rules.findIndex((_rule, at) =>
				holds(this, `rules.values[${at}].conditions`, index),
			);
			outputs[hit < 0 ? rules.length : hit]?.push(item);
		}
		return outputs;
	},
);

const StopAndError = played(
	'stopAndError',
	[{ displayName: 'Error Message', name: 'errorMessage', type: 'string', default: '' }],
	0,
	async function () {
		throw new NodeOperationError(this.getNode(), String(this.getNodeParameter('errorMessage', 0)));
	},
);

/** Waits for its inputs until nothing else is left to do. */
const Merge = played(
	'merge',
	[],
	1,
	async function () {
		return [MERGED.flatMap((_type, input) => this.getInputData(input))];
	},
	{ inputs: MERGED, requiredInputs: 1 },
);

const NoOp = played('noOp', [], 1, async function () {
	return [this.getInputData()];
});

const types: Record<string, NodeClass> = {
	'n8n-nodes-zendesk-klaviyo.klaviyo': Klaviyo,
	'n8n-nodes-zendesk-klaviyo.klaviyoTrigger': KlaviyoTrigger,
	'n8n-nodes-zendesk-klaviyo.zendeskSync': ZendeskSync,
	'n8n-nodes-zendesk-klaviyo.zendeskSyncTrigger': ZendeskSyncTrigger,
	'n8n-nodes-base.filter': Filter,
	'n8n-nodes-base.if': If,
	'n8n-nodes-base.stopAndError': StopAndError,
	'n8n-nodes-base.switch': Switch,
	'n8n-nodes-base.merge': Merge,
	'n8n-nodes-base.noOp': NoOp,
};

interface TemplateNode {
	id: string;
	name: string;
	type: string;
	position: INode['position'];
	parameters: INodeParameters;
	onError?: INode['onError'];
	retryOnFail?: boolean;
	disabled?: boolean;
}
export interface Template {
	name: string;
	nodes: TemplateNode[];
	connections: IConnections;
}

const FOLDER = join(__dirname, '../../../templates');

export const readTemplate = (file: string): Template =>
	JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Template;

const isTrigger = ({ type }: TemplateNode): boolean => type.endsWith('Trigger');

/** What a builder sets in each of our nodes: which credential it uses. */
const withCredential = (node: TemplateNode): INodeParameters => ({
	...node.parameters,
	...(/zendeskSync/.test(node.type)
		? { authentication: 'apiToken' as NodeParameterValueType }
		: {}),
});

let executions = 0;

const startWith = (node: INode, items: INodeExecutionData[]): IRunExecutionData =>
	createRunExecutionData({
		executionData: {
			contextData: {},
			metadata: {},
			waitingExecution: {},
			waitingExecutionSource: {},
			nodeExecutionStack: [{ node, data: { main: [items] }, source: null }],
		},
	});

/** An execution that is over. */
export interface Played {
	/** What n8n saves of it. */
	data: IRunExecutionData;
	/** What ended it before its end. */
	error: Error | undefined;
	/** The JSON of all items that a node put out, over all its runs and outputs. */
	output(node: string): IDataObject[];
}

export class TemplateWorkflow {
	/** The template's trigger, as `ActiveTrigger` takes it. */
	readonly trigger: {
		type: NodeClass;
		typeName: string;
		name: string;
		id: string;
		parameters: INodeParameters;
		workflowId: string;
		around: { placed: Placed[]; connections: IConnections };
	};

	private readonly placed: Placed[];

	private readonly first: INode;

	constructor(
		private readonly template: Template,
		private readonly credentials: Credentials,
	) {
		const nodes = template.nodes.filter(({ type }) => type !== 'n8n-nodes-base.stickyNote');
		this.placed = nodes.map((node) => {
			const type = types[node.type];
			if (!type) throw new Error(`${template.name}: no node of type ${node.type} is played here`);
			const { id, name, onError, retryOnFail } = node;
			const typeName = node.type;
			const parameters = withCredential(node);
			const setup = { id, name, typeName, onError, retryOnFail, parameters, credentials };
			// n8n runs branches from the top of the canvas to the bottom.
			const { position, disabled = false } = node;
			return { node: { ...nodeOf(type, setup), position, disabled }, type };
		});
		const trigger = nodes.find(isTrigger);
		const type = trigger && types[trigger.type];
		if (!trigger || !type) throw new Error(`${template.name} has no trigger`);
		const { id, name } = trigger;
		const first = this.placed.find(({ node }) => node.name === name);
		if (!first) throw new Error(`${template.name} has lost its trigger`);
		this.first = first.node;
		this.trigger = {
			type,
			typeName: trigger.type,
			name,
			id,
			parameters: withCredential(trigger),
			workflowId: template.name.replace(/\W+/g, '-'),
			around: { placed: this.placed, connections: template.connections },
		};
	}

	get name(): string {
		return this.template.name;
	}

	/** One execution, from the trigger on, as n8n starts it. */
	async play(items: INodeExecutionData[], mode: WorkflowExecuteMode): Promise<Played> {
		return await this.goOn(startWith(this.first, items), mode);
	}

	/**
	 * An execution that a person stops.
	 *
	 * @param when resolves when they do
	 */
	async playStopped(items: INodeExecutionData[], when: () => Promise<void>): Promise<void> {
		const engine = this.engineOf(startWith(this.first, items), 'webhook');
		const running = engine.processRunExecutionData(this.workflow());
		await when();
		running.cancel();
		await running.catch(() => undefined);
	}

	/** As n8n's ExecutionService does it: what was saved goes on at the node that failed, with what that node got. */
	async retry({ data: saved }: Played): Promise<Played> {
		// From the database.
		const data = JSON.parse(JSON.stringify(saved)) as IRunExecutionData;
		const { lastNodeExecuted, runData } = data.resultData;
		if (data.resultData.error === undefined) throw new Error('Only what has failed is retried');
		delete data.resultData.error;
		const runs = runData[lastNodeExecuted ?? ''];
		if (runs?.at(-1)?.error !== undefined) runs.pop();
		return await this.goOn(data, 'retry');
	}

	private async goOn(from: IRunExecutionData, mode: WorkflowExecuteMode): Promise<Played> {
		const engine = this.engineOf(from, mode);
		const { data } = await engine.processRunExecutionData(this.workflow());
		const { error, runData } = data.resultData;
		return {
			data,
			error,
			output: (node) =>
				(runData[node] ?? [])
					.flatMap((run) => run.data?.main ?? [])
					.flatMap((items) => items ?? [])
					.map(({ json }) => json),
		};
	}

	private workflow(): Workflow {
		const { workflowId: id } = this.trigger;
		return workflowOf(this.placed, this.template.connections, { id });
	}

	private engineOf(from: IRunExecutionData, mode: WorkflowExecuteMode): WorkflowExecute {
		const additional = additionalDataOf(this.trigger.workflowId, mode, this.credentials);
		const executionId = String(++executions);
		return new WorkflowExecute({ ...additional, executionId }, mode, from);
	}
}

/** A template with one of its disabled nodes enabled. */
export function withEnabled(file: string, name: string): Template {
	const template = readTemplate(file);
	const nodes = template.nodes.map((node) =>
		node.name === name ? { ...node, disabled: false } : node,
	);
	return { ...template, nodes };
}

/** Template 02 with *Send follow-up* enabled, as a builder does who has the flow. */
export const repliesThatWait = (): Template =>
	withEnabled('02-agent-reply-to-customer.json', 'Send follow-up');

/** Template 01 with *File rating* enabled, as a builder does who asks for ratings by text. */
export const messagesWithRatings = (): Template =>
	withEnabled('01-inbound-message-to-ticket.json', 'File rating');
