/**
 * n8n's own engine in this process: node classes as they are in `nodes/`, real expressions, real HTTP. What n8n does
 * around the engine (credentials store, database) is played here.
 */
import './quiet';
import 'reflect-metadata';
import './deduplicator';
import { ExecutionLifecycleHooks, WorkflowExecute } from 'n8n-core';
import {
	createRunExecutionData,
	type ICredentialDataDecryptedObject,
	ICredentialsHelper,
	type IConnections,
	type ICredentialType,
	type IDataObject,
	type IHttpRequestOptions,
	type INode,
	type INodeCredentialsDetails,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type INodeTypes,
	type IWorkflowExecuteAdditionalData,
	NodeHelpers,
	Workflow,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { KlaviyoSyncApi } from '../../../credentials/KlaviyoSyncApi.credentials';
import { ZendeskSyncApi } from '../../../credentials/ZendeskSyncApi.credentials';

export type NodeClass = new () => INodeType;
/** Decrypted fields by credential type, such as `{ klaviyoSyncApi: { apiKey, webhookSecret, baseUrl } }`. */
export type Credentials = Record<string, ICredentialDataDecryptedObject>;

export interface NodeSetup {
	/** What a person set; the rest are the node's defaults. */
	parameters?: INodeParameters;
	credentials?: Credentials;
	/** The type as the workflow has it; `test.<name>` by default. */
	typeName?: string;
	/** The node's name on the canvas; its class's name by default. */
	name?: string;
	id?: string;
	onError?: INode['onError'];
	/** n8n's *Retry On Fail*: three tries, as by default, but without a second between them, which would be a real one. */
	retryOnFail?: boolean;
}

const credentialTypes: ICredentialType[] = [new KlaviyoSyncApi(), new ZendeskSyncApi()];

/**
 * Does with credentials what n8n does: an `authenticate` that is a function is called, and n8n itself gets and renews
 * the tokens of OAuth2. Signing in at the vendor is left to the end-to-end tests.
 */
class PlayedCredentials extends ICredentialsHelper {
	constructor(private readonly byType: Credentials) {
		super();
	}

	getParentTypes = (type: string): string[] => (type.endsWith('OAuth2Api') ? ['oAuth2Api'] : []);
	isCredentialUsableByNode = (): boolean => true;
	preAuthentication = async (): Promise<undefined> => undefined;
	runPreAuthentication = async (): Promise<undefined> => undefined;
	updateCredentials = async (): Promise<void> => {};
	updateCredentialsOauthTokenData = async (
		_details: INodeCredentialsDetails,
		type: string,
		credential: ICredentialDataDecryptedObject,
	): Promise<void> => {
		Object.assign(this.byType[type] ?? {}, { oauthTokenData: credential.oauthTokenData });
	};
	getCredentialsProperties = (): [] => [];

	async getCredentials(): Promise<never> {
		throw new Error('not played');
	}

	async getDecrypted(
		_additionalData: IWorkflowExecuteAdditionalData,
		_details: INodeCredentialsDetails,
		type: string,
	): Promise<ICredentialDataDecryptedObject> {
		return { ...this.byType[type] };
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const authenticate = credentialTypes.find(({ name }) => name === typeName)?.authenticate;
		return typeof authenticate === 'function' ? await authenticate(credentials, request) : request;
	}
}

/** Evaluates the expressions of a credential type: `$credentials` in requests, `$self` in the defaults of fields. */
export function resolve(properties: unknown, credentials: ICredentialDataDecryptedObject): unknown {
	const node = nodeOf(Blank, {});
	const workflow = workflowOf([{ node, type: Blank }], {});
	return workflow.expression.getComplexParameterValue(
		node,
		properties as INodeParameters,
		'internal',
		{ $credentials: credentials } as never,
		undefined,
		undefined,
		credentials as never,
	);
}

class Blank implements INodeType {
	description: INodeType['description'] = {
		displayName: 'Blank',
		name: 'blank',
		group: [],
		version: 1,
		description: '',
		defaults: {},
		inputs: [],
		outputs: [],
		properties: [],
	};
}

/** The id of the execution that `runNode` and `runChain` play. */
export const THIS_EXECUTION = '1';

/** What stands at `additionalData` while a workflow runs. */
export function additionalDataOf(
	workflowId: string,
	mode: WorkflowExecuteMode,
	credentials: Credentials,
	n8nUrl = 'http://127.0.0.1:5678',
	testPath = 'webhook-test',
): IWorkflowExecuteAdditionalData {
	return {
		credentialsHelper: new PlayedCredentials(credentials),
		hooks: new ExecutionLifecycleHooks(mode, THIS_EXECUTION, { id: workflowId } as never),
		executionId: THIS_EXECUTION,
		currentNodeExecutionIndex: 0,
		webhookBaseUrl: `${n8nUrl}/webhook`,
		webhookTestBaseUrl: `${n8nUrl}/${testPath}`,
		webhookWaitingBaseUrl: `${n8nUrl}/webhook-waiting`,
		formBaseUrl: `${n8nUrl}/form`,
		formTestBaseUrl: `${n8nUrl}/form-test`,
		formWaitingBaseUrl: `${n8nUrl}/form-waiting`,
		instanceBaseUrl: n8nUrl,
		restApiUrl: `${n8nUrl}/rest`,
		variables: {},
	} as unknown as IWorkflowExecuteAdditionalData;
}

/** As the editor would save it, with the node's defaults filled in as n8n does. */
export function nodeOf(type: NodeClass, setup: NodeSetup): INode {
	const { description } = new type();
	const node: INode = {
		id: setup.id ?? `node-${description.name}`,
		name: setup.name ?? type.name,
		type: setup.typeName ?? `test.${description.name}`,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		credentials: Object.fromEntries(
			Object.keys(setup.credentials ?? {}).map((name) => [name, { id: `id-${name}`, name }]),
		),
		...(setup.onError ? { onError: setup.onError } : {}),
		...(setup.retryOnFail ? { retryOnFail: true, waitBetweenTries: 1 } : {}),
	};
	const given = setup.parameters ?? {};
	node.parameters =
		NodeHelpers.getNodeParameters(description.properties, given, true, false, node, description) ??
		given;
	return node;
}

export interface Placed {
	node: INode;
	type: NodeClass;
}

const made = new WeakMap<NodeClass, INodeType>();

/** One for all workflows, as in n8n: making them for each poll takes a twentieth of a long test's time. */
function instanceOfType(type: NodeClass): INodeType {
	const instance = made.get(type) ?? new type();
	made.set(type, instance);
	return instance;
}

/** @param placed with every parameter, as `nodeOf` returns them: n8n would fill in defaults for each poll again, at a fifth of a long test's time */
export function workflowOf(
	placed: Placed[],
	connections: IConnections,
	{ id = 'workflow', staticData = {} }: { id?: string; staticData?: IDataObject } = {},
): Workflow {
	const instances = new Map(placed.map(({ node, type }) => [node.type, instanceOfType(type)]));
	const instanceOf = (name: string): INodeType => {
		const found = instances.get(name);
		if (!found) throw new Error(`No node of type ${name} in this workflow`);
		return found;
	};
	const nodeTypes: INodeTypes = {
		getByName: instanceOf,
		getByNameAndVersion: instanceOf,
		getKnownTypes: () => ({}),
	};
	const workflow = new Workflow({
		id,
		name: 'Test',
		nodes: [],
		connections,
		active: true,
		nodeTypes,
		staticData,
		settings: { executionOrder: 'v1' },
	});
	workflow.setNodes(placed.map(({ node }) => node));
	return workflow;
}

export interface NodeRun {
	/** Items of the first output; empty when the node failed. */
	items: INodeExecutionData[];
	/** Their JSON. */
	json: IDataObject[];
	/** JSON of the output for errors, which a node with `onError: 'continueErrorOutput'` has. */
	errorJson: IDataObject[];
	error: (Error & { description?: string | null; context?: IDataObject }) | undefined;
}

export interface WorkflowNode extends NodeSetup {
	type: NodeClass;
}

/**
 * Runs nodes one after the other, as a chain, through `WorkflowExecute`.
 *
 * @param items what the first node gets
 * @returns one run for each node that was reached, by name
 */
export async function runChain(
	nodes: WorkflowNode[],
	items: INodeExecutionData[],
	mode: WorkflowExecuteMode = 'trigger',
): Promise<Record<string, NodeRun>> {
	const placed = nodes.map((setup) => ({ node: nodeOf(setup.type, setup), type: setup.type }));
	const connections: IConnections = Object.fromEntries(
		placed
			.slice(1)
			.map(({ node }, index) => [
				placed[index]?.node.name ?? '',
				{ main: [[{ node: node.name, type: 'main' as const, index: 0 }]] },
			]),
	);
	const first = placed[0];
	if (!first) return {};
	const workflow = workflowOf(placed, connections);
	const credentials = Object.assign(
		{},
		...nodes.map((setup) => setup.credentials ?? {}),
	) as Credentials;
	const runExecutionData = createRunExecutionData({
		executionData: {
			contextData: {},
			metadata: {},
			waitingExecution: {},
			waitingExecutionSource: {},
			nodeExecutionStack: [{ node: first.node, data: { main: [items] }, source: null }],
		},
	});
	const engine = new WorkflowExecute(
		additionalDataOf('workflow', mode, credentials),
		mode,
		runExecutionData,
	);
	const { data } = await engine.processRunExecutionData(workflow);
	return Object.fromEntries(
		Object.entries(data.resultData.runData).map(([name, [task]]) => {
			const output = task?.data?.main?.[0] ?? [];
			return [
				name,
				{
					items: output,
					json: output.map(({ json }) => json),
					errorJson: (task?.data?.main?.[1] ?? []).map(({ json }) => json),
					error: task?.error,
				},
			];
		}),
	);
}

/** Runs one node on items. */
export async function runNode(
	type: NodeClass,
	setup: NodeSetup & { items: Array<IDataObject | INodeExecutionData> },
	mode?: WorkflowExecuteMode,
): Promise<NodeRun> {
	const runs = await runChain([{ ...setup, type }], setup.items.map(asItem), mode);
	return Object.values(runs)[0] ?? { items: [], json: [], errorJson: [], error: undefined };
}

const asItem = (item: IDataObject | INodeExecutionData): INodeExecutionData =>
	typeof item.json === 'object' && item.json !== null
		? (item as INodeExecutionData)
		: { json: item as IDataObject };
