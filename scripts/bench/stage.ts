/** One sandbox and one n8n, with the package and with what people build without it. Never both at once: see `listen`. */
import { join } from 'node:path';
import { startSandbox } from '../../sandbox';
import type { Sandbox, SandboxOptions } from '../../sandbox/types';
import { createCredentials } from '../demo/stage';
import { type InstanceOptions, N8nInstance } from '../n8n/instance';
import { packageName, projectRoot } from '../n8n/paths';
import { type ImportedWorkflow, type WorkflowFile, withParameters } from '../n8n/workflows';
import { KLAVIYO_URL, type Way, ZENDESK_URL } from './alternative/nodes';
import {
	createAlternativeCredentials,
	klaviyoHttp,
	registerByHand,
	urlOf,
	WAYS,
	zendeskHttp,
} from './byHand';

/**
 * What is measured: the package; the package with an execution for each webhook instead of shared ones; what people build
 * without it; and a webhook that does nothing.
 */
export type Side = 'ours' | 'apart' | 'alternative' | 'ceiling';

export interface BenchStage {
	sandbox: Sandbox;
	n8n: N8nInstance;
	/** By the side's own name for it. */
	workflows: {
		ours: Record<Way, string>;
		apart: string;
		alternative: Record<Way, string>;
		ceiling: string;
	};
	/** Where Klaviyo's messages go, by side. */
	messagesUrl: Record<Side, string>;
	/** From now on the vendors' own webhooks go to this side only. */
	listen(side: 'ours' | 'alternative'): Promise<void>;
	close(): Promise<void>;
}

/** The vendors' limits are multiplied so much that they do not matter: n8n is measured. */
export const LIMITS = 1000;

const KLAVIYO_TRIGGER = `${packageName}.klaviyoTrigger`;

const ALTERNATIVE = join(projectRoot, 'test', 'bench', 'alternative');
const OURS: Record<Way, string> = {
	messages: '01-inbound-message-to-ticket.json',
	replies: '02-agent-reply-to-customer.json',
	metrics: '03-ticket-metrics-to-klaviyo.json',
};

export interface BenchStageOptions {
	sandbox?: SandboxOptions;
	n8n?: InstanceOptions;
	/** Called with the sandbox before n8n starts. */
	prepare?: (sandbox: Sandbox) => Promise<void>;
	progress?: (line: string) => void;
}

export async function setBenchStage(options: BenchStageOptions = {}): Promise<BenchStage> {
	const { progress = () => {} } = options;
	const sandbox = await startSandbox({
		keepCalls: false,
		limits: LIMITS,
		...options.sandbox,
		// The alternative would send an agent's signature to the customer: both should do the same.
		switches: { agentSignature: '', ...options.sandbox?.switches },
	});
	let n8n: N8nInstance | undefined;
	try {
		await options.prepare?.(sandbox);
		progress('Building the package and starting n8n ...');
		n8n = await N8nInstance.start({ progress, ...options.n8n, env: environment(sandbox) });
		return await build(sandbox, n8n);
	} catch (error) {
		await n8n?.dispose();
		await sandbox.close();
		throw error;
	}
}

/** `BENCH_NODE_OPTIONS` is for profiling n8n. How n8n keeps engines for expressions can be set as for any n8n. */
const environment = ({ zendesk }: Sandbox): Record<string, string> => ({
	...Object.fromEntries(
		Object.entries(process.env).flatMap(([name, value]) =>
			name.startsWith('N8N_EXPRESSION_ENGINE_') && value ? [[name, value]] : [],
		),
	),
	NODE_OPTIONS: `--require ${join(__dirname, 'zendeskHost.cjs')} ${process.env.BENCH_NODE_OPTIONS ?? ''}`,
	BENCH_ZENDESK_URL: zendesk.url,
});

async function build(sandbox: Sandbox, n8n: N8nInstance): Promise<BenchStage> {
	await createCredentials(n8n, sandbox);
	await registerByHand(sandbox, n8n);
	await createAlternativeCredentials(sandbox, n8n);
	const newUrl = klaviyoUrls(sandbox);
	const ours = await published(n8n, ourFiles(), withoutCatchUp);
	const oursUrl = newUrl();
	const [apart] = await published(n8n, ourFiles().slice(0, 1), (workflow) =>
		eachForItself(withoutCatchUp(workflow)),
	);
	const apartUrl = newUrl();
	const alternative = await published(n8n, alternativeFiles(), (workflow) =>
		withSandbox(workflow, sandbox),
	);
	const [ceiling] = await published(n8n, [join(ALTERNATIVE, 'ceiling.json')]);
	if (!apart || !ceiling) throw new Error('A workflow was not imported');
	return {
		sandbox,
		n8n,
		workflows: {
			ours: byWay(ours),
			apart: apart.id,
			alternative: byWay(alternative),
			ceiling: ceiling.id,
		},
		messagesUrl: {
			ours: oursUrl,
			apart: apartUrl,
			alternative: urlOf(n8n, 'messages'),
			ceiling: `${n8n.webhooksAt}/webhook/ceiling`,
		},
		listen: async (side) => await listen(sandbox, n8n, side, apartUrl),
		async close() {
			await n8n.dispose();
			await sandbox.close();
		},
	};
}

/** @returns a function that gives the URL of the webhook registered at Klaviyo since its last call, or throws if there is none */
function klaviyoUrls({ klaviyo }: Sandbox): () => string {
	const known = new Set(klaviyo.webhooks().map(({ endpoint }) => endpoint));
	return () => {
		const added = klaviyo.webhooks().filter(({ endpoint }) => !known.has(endpoint));
		for (const { endpoint } of added) known.add(endpoint);
		const [newest] = added;
		if (!newest) throw new Error('The workflows are not listening');
		return newest.endpoint;
	};
}

const ourFiles = (): string[] => WAYS.map((way) => join(projectRoot, 'templates', OURS[way]));
const alternativeFiles = (): string[] => WAYS.map((way) => join(ALTERNATIVE, `${way}.json`));

/** In the order of `WAYS`. */
function byWay(workflows: ImportedWorkflow[]): Record<Way, string> {
	const [messages, replies, metrics] = workflows;
	if (!messages || !replies || !metrics) throw new Error('A workflow was not imported');
	return { messages: messages.id, replies: replies.id, metrics: metrics.id };
}

async function published(
	n8n: N8nInstance,
	files: string[],
	change?: (workflow: WorkflowFile) => WorkflowFile,
): Promise<ImportedWorkflow[]> {
	const workflows = await n8n.importTemplates(files, change);
	for (const { id } of workflows) await n8n.publish(id);
	return workflows;
}

/** The cost of webhooks is measured apart from that of catch-up, which runs once a year here. */
const withoutCatchUp = (workflow: WorkflowFile): WorkflowFile =>
	withParameters(workflow, ({ parameters }) =>
		'pollTimes' in parameters
			? { pollTimes: { item: [{ mode: 'custom', cronExpression: '0 0 0 1 1 *' }] } }
			: {},
	);

const eachForItself = (workflow: WorkflowFile): WorkflowFile =>
	withParameters(workflow, ({ type, parameters }) =>
		type === KLAVIYO_TRIGGER
			? { options: { ...(parameters.options as object), batchWindow: 0 } }
			: {},
	);

/** The vendors' addresses become those of the sandbox; n8n's Zendesk node gets there by zendeskHost.cjs. */
function withSandbox(workflow: WorkflowFile, { zendesk, klaviyo }: Sandbox): WorkflowFile {
	const text = JSON.stringify(workflow)
		.replaceAll(KLAVIYO_URL, klaviyo.url)
		.replaceAll(ZENDESK_URL, zendesk.url);
	return JSON.parse(text) as WorkflowFile;
}

async function listen(
	sandbox: Sandbox,
	n8n: N8nInstance,
	side: 'ours' | 'alternative',
	apartUrl: string,
): Promise<void> {
	const theirs = WAYS.map((way) => urlOf(n8n, way));
	const isMeant = (endpoint: string): boolean =>
		endpoint !== apartUrl && theirs.includes(endpoint) === (side === 'alternative');
	for (const { id, endpoint } of sandbox.zendesk.webhooks())
		await zendeskHttp(sandbox).patch(`/webhooks/${id}`, {
			webhook: { status: isMeant(endpoint) ? 'active' : 'inactive' },
		});
	for (const { id, endpoint } of sandbox.klaviyo.webhooks())
		await klaviyoHttp(sandbox).patch(`/webhooks/${id}`, {
			data: { type: 'webhook', id, attributes: { enabled: isMeant(endpoint) } },
		});
}
