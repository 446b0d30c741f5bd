/** A trigger in the engine, with its webhook on a real port, as n8n runs it in production. */
import './quiet';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync, inflateSync } from 'node:zlib';
import { ExecuteContext, HookContext, PollContext, WebhookContext } from 'n8n-core';
import {
	createRunExecutionData,
	type IConnections,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type IWebhookData,
	type IWebhookDescription,
	type Workflow,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { forgetProcess } from '../../../nodes/shared/processMemory';
import {
	additionalDataOf,
	type NodeClass,
	nodeOf,
	type NodeSetup,
	type Placed,
	workflowOf,
} from './engine';

type Method = 'checkExists' | 'create' | 'delete';

export interface TriggerSetup extends NodeSetup {
	workflowId?: string;
	/** The nodes around it, and how they are connected; none by default. */
	around?: { placed: Placed[]; connections: IConnections };
	/** A test registration ("Listen for test event") instead of a published workflow. */
	isTest?: boolean;
	/** N8N_ENDPOINT_WEBHOOK_TEST. */
	testPath?: string;
	/** Where n8n says it is; at the trigger's own port by default, which is the only one that answers. */
	n8nUrl?: string;
	/** Published for the first time now; long ago by default, so that what happened before the test is caught up. */
	isNew?: boolean;
	/** What n8n has saved of the workflow before. */
	staticData?: IDataObject;
	/** N8N_POLLER_DURABLE_CURSORS_ENABLED: a poll's static data is kept apart from the webhook's. */
	hasDurableCursors?: boolean;
	/** Whether `executions` has every one; false for runs of many thousands. True by default. */
	keepsExecutions?: boolean;
	/** Called with the items of each execution that a webhook or a poll started. */
	onItems?: (items: INodeExecutionData[]) => void;
}

let workflows = 0;

export class ActiveTrigger {
	/** As n8n saves it: `{ 'node:<name>': {...} }`. Each call gets a copy, and what it changed is saved after it. */
	staticData: IDataObject = {};

	/** Items of each execution so far. */
	readonly executions: INodeExecutionData[][] = [];

	/** Where the vendor posts to. */
	url = '';

	readonly workflowId: string;

	private readonly underWay = new Set<Promise<void>>();

	private readonly shows: Array<(items: INodeExecutionData[]) => void> = [];

	/** Where n8n is. */
	n8nUrl = '';

	private hasPolled = false;

	/** Of the polls alone, where they have their own. */
	private cursor: IDataObject = {};

	private readonly server: Server;

	private readonly node: INode;

	constructor(
		private readonly type: NodeClass,
		private readonly setup: TriggerSetup,
	) {
		this.workflowId = setup.workflowId ?? `workflow-${process.pid}-${++workflows}`;
		this.node = nodeOf(type, setup);
		const name = `${this.workflowId} ${this.node.id}`;
		if (setup.staticData) this.staticData = setup.staticData;
		else if (!setup.isNew) this.staticData = { global: { firstPublications: { [name]: 0 } } };
		this.server = createServer((request, response) => {
			const answering = this.answer(request, response);
			this.underWay.add(answering);
			void answering.finally(() => this.underWay.delete(answering));
		});
	}

	/** Opens the port, without registering anything. */
	async listen(): Promise<this> {
		await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
		this.n8nUrl =
			this.setup.n8nUrl ?? `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
		this.url = this.hook().context.getNodeWebhookUrl('default') ?? '';
		return this;
	}

	/** What n8n does at publishing: `checkExists`, then `create` if there is none. */
	async register(): Promise<this> {
		if (!(await this.call('checkExists'))) await this.call('create');
		return this;
	}

	/** One webhook method, with static data saved after it. A throw saves nothing, as in n8n, but for a test's own copy. */
	async call(method: Method): Promise<boolean> {
		const { context, workflow, instance } = this.hook(method);
		const run = instance.webhookMethods?.default?.[method];
		if (!run) throw new Error(`${this.type.name} has no webhook method ${method}`);
		let isDone = false;
		try {
			const result = await run.call(context);
			isDone = true;
			return result;
		} finally {
			if (isDone || this.setup.isTest) this.save(workflow.staticData);
		}
	}

	/** One poll. 'manual' is the editor's test button. */
	async poll(mode: WorkflowExecuteMode = 'trigger'): Promise<INodeExecutionData[]> {
		const { workflow, node, instance } = this.load();
		const activation = mode === 'manual' ? 'manual' : 'activate';
		const given = [workflow, node, this.additionalData(mode), mode, activation] as const;
		const context = this.setup.hasDurableCursors
			? new PollContext(...given, undefined, undefined, undefined, undefined, () => this.cursor)
			: new PollContext(...given);
		const items = (await instance.poll?.call(context))?.[0];
		// n8n saves at publishing, and what a poll wrote that has found something.
		if (items || !this.hasPolled) this.save(workflow.staticData);
		this.hasPolled ||= mode !== 'manual';
		if (!items) return [];
		if (mode !== 'manual') this.started(items);
		return items;
	}

	/** What the trigger passes on when n8n runs an execution that it has started. */
	async execute(
		items: INodeExecutionData[],
		mode: WorkflowExecuteMode = 'webhook',
	): Promise<INodeExecutionData[]> {
		const { workflow, node, instance } = this.load();
		const context = new ExecuteContext(
			workflow,
			node,
			this.additionalData(mode),
			mode,
			createRunExecutionData(),
			0,
			items,
			{ main: [items] },
			{ node, data: { main: [items] }, source: null },
			[],
		);
		const output = await instance.execute?.call(context);
		return Array.isArray(output) ? (output[0] ?? []) : [];
	}

	/** Whether a request has arrived that is not finished. */
	isAnswering(): boolean {
		return this.underWay.size > 0;
	}

	/** Resolves when no request is waiting for an execution: its sender may have its answer earlier. */
	async settled(): Promise<void> {
		while (this.underWay.size > 0) await Promise.all(this.underWay);
	}

	/** Resolves with the items of the first execution, once there is one. */
	async shown(): Promise<INodeExecutionData[]> {
		return await new Promise((resolve) => {
			const [first] = this.executions;
			if (first) resolve(first);
			else this.shows.push(resolve);
		});
	}

	/** Forgets everything that only the process knew. n8n publishes all workflows as it starts. */
	restart(): void {
		forgetProcess();
		this.hasPolled = false;
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((done) => this.server.close(done));
	}

	private started(items: INodeExecutionData[]): void {
		if (this.setup.keepsExecutions ?? true) this.executions.push(items);
		for (const show of this.shows.splice(0)) show(items);
		this.setup.onItems?.(items);
	}

	private save(staticData: IDataObject): void {
		this.staticData = JSON.parse(JSON.stringify(staticData)) as IDataObject;
	}

	private load() {
		const { node } = this;
		const staticData = JSON.parse(JSON.stringify(this.staticData)) as IDataObject;
		const { placed, connections } = this.setup.around ?? { placed: [], connections: {} };
		const others = placed.filter((one) => one.node.name !== node.name);
		const workflow = workflowOf([{ node, type: this.type }, ...others], connections, {
			id: this.workflowId,
			staticData,
		});
		return { node, workflow, instance: workflow.nodeTypes.getByNameAndVersion(node.type) };
	}

	private additionalData(mode: WorkflowExecuteMode) {
		return additionalDataOf(
			this.workflowId,
			mode,
			this.setup.credentials ?? {},
			this.n8nUrl,
			this.setup.testPath,
		);
	}

	private webhookData(): IWebhookData {
		return {
			webhookDescription: new this.type().description.webhooks?.[0] as IWebhookDescription,
			isTest: this.setup.isTest ?? false,
		} as IWebhookData;
	}

	private hook(method: Method = 'create') {
		const { node, workflow, instance } = this.load();
		// The end of a test is no different from the end of anything else.
		const isOver = method === 'delete';
		const mode = isOver ? 'internal' : this.setup.isTest ? 'manual' : 'trigger';
		const context = new HookContext(
			workflow,
			node,
			this.additionalData(mode),
			mode,
			isOver ? 'update' : this.setup.isTest ? 'manual' : 'activate',
			this.webhookData(),
		);
		return { context, workflow, instance };
	}

	/** One request, from the port to the node and back, with the parts of Express that n8n's nodes see. */
	private async answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
		if (`${this.n8nUrl}${incoming.url ?? ''}`.split('?')[0] !== this.url) {
			outgoing.writeHead(404).end();
			return;
		}
		const chunks: Buffer[] = [];
		for await (const chunk of incoming) chunks.push(chunk as Buffer);
		const bytes = Buffer.concat(chunks);
		try {
			const started = await this.webhook(incoming, bytes, outgoing);
			if (started) this.started(started);
			if (!outgoing.writableEnded) outgoing.writeHead(200).end();
		} catch (error) {
			outgoing.writeHead(500).end(String(error));
		}
	}

	private async webhook(
		incoming: IncomingMessage,
		bytes: Buffer,
		response: ServerResponse,
	): Promise<INodeExecutionData[] | undefined> {
		const { node, workflow, instance } = this.load();
		const mode = this.setup.isTest ? 'manual' : 'webhook';
		const additionalData = this.additionalData(mode);
		const request = asRead(incoming, bytes);
		const body = isLeftUnparsed(workflow, node) ? {} : await parsed(request);
		if (body === undefined) {
			response.writeHead(422).end('Failed to parse request body');
			return undefined;
		}
		additionalData.httpRequest = Object.assign(request, { body, query: {}, params: {} }) as never;
		additionalData.httpResponse = expressLike(response) as never;
		const context = new WebhookContext(
			workflow,
			node,
			additionalData,
			mode,
			this.webhookData(),
			[],
			null,
		);
		const result = await instance.webhook?.call(context);
		this.save(workflow.staticData);
		return result?.workflowData?.[0];
	}
}

/** As n8n's webhook-helpers decide it. */
const isLeftUnparsed = (workflow: Workflow, node: INode): boolean =>
	Boolean(
		workflow.expression.getSimpleParameterValue(
			node,
			'={{$parameter["options"]["binaryData"]}}',
			'webhook',
			{},
		),
	);

type ReadRequest = IncomingMessage & { rawBody?: Buffer; readRawBody(): Promise<void> };

const typeOf = ({ headers }: IncomingMessage): string =>
	(headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** Offers a request like n8n's body parser: its bytes are read on demand, and uncompressed. */
const asRead = (incoming: IncomingMessage, bytes: Buffer): ReadRequest =>
	Object.assign(incoming, {
		async readRawBody(this: ReadRequest): Promise<void> {
			const encoding = incoming.headers['content-encoding'];
			this.rawBody ??=
				encoding === 'gzip'
					? gunzipSync(bytes)
					: encoding === 'deflate'
						? inflateSync(bytes)
						: bytes;
		},
	});

/** @returns undefined for what n8n answers itself, with 4xx */
const parsed = async (request: ReadRequest): Promise<unknown> => {
	const type = typeOf(request);
	// n8n takes forms with files apart, and leaves nothing to be read; it does not touch other ones of many parts.
	if (type === 'multipart/form-data') {
		request.readRawBody = async () => await Promise.reject(new Error('The stream was read'));
		return {};
	}
	if (type.startsWith('multipart/')) return {};
	try {
		await request.readRawBody();
		const { rawBody } = request;
		return rawBody?.length && type === 'application/json'
			? (JSON.parse(rawBody.toString('utf8')) as unknown)
			: {};
	} catch {
		return undefined;
	}
};

const expressLike = (response: ServerResponse) => ({
	status(code: number) {
		response.statusCode = code;
		return this;
	},
	send(body: string) {
		if (!response.writableEnded) response.end(body);
		return this;
	},
	json(body: unknown) {
		return this.send(JSON.stringify(body));
	},
	end() {
		if (!response.writableEnded) response.end();
		return this;
	},
});

/** Publishes a trigger: opens its port and registers its webhook. Close it when done; what cannot be published is closed. */
export async function activate(type: NodeClass, setup: TriggerSetup = {}): Promise<ActiveTrigger> {
	const trigger = await listen(type, setup);
	try {
		return await trigger.register();
	} catch (error) {
		await trigger.close();
		throw error;
	}
}

/** Opens a trigger's port and registers nothing. */
export const listen = async (type: NodeClass, setup: TriggerSetup = {}): Promise<ActiveTrigger> =>
	await new ActiveTrigger(type, setup).listen();

/** Posts a delivery to a trigger, byte for byte. */
export async function deliver(
	trigger: ActiveTrigger,
	body: string | Buffer,
	headers: Record<string, string>,
): Promise<{ status: number; body: string }> {
	const response = await fetch(trigger.url, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...headers },
		body,
	});
	return { status: response.status, body: await response.text() };
}
