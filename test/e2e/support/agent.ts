/** An AI agent in a real n8n, with nodes of this package as its tools and a scripted model. */
import axios from 'axios';
import type { IConnections, INode, INodeParameters } from 'n8n-workflow';
import type { Execution } from '../../../scripts/n8n/executions';
import type { N8nInstance } from '../../../scripts/n8n/instance';
import { packageName } from '../../../scripts/n8n/paths';
import { type Model, openModel, type ToolCall } from './model';

/** A node on the canvas below an agent. The model knows it by its name, with `_` for spaces. */
export interface AgentTool {
	node: 'klaviyo' | 'zendeskSync';
	name: string;
	/** Left out, with the operation: what n8n puts on the canvas. */
	resource?: string;
	operation?: string;
	/** What the builder sets; values for the model to fill in are expressions with `$fromAI`. */
	parameters?: INodeParameters;
}

export interface Agent {
	model: Model;
	/**
	 * Asks the agent, whose model makes the calls and then answers.
	 * @returns the agent's answer, and the execution
	 */
	ask(calls: ToolCall[]): Promise<{ answer: string; execution: Execution }>;
	close(): Promise<void>;
}

/** As the editor writes it when a builder lets the model fill in a field. */
export const fromAI = (key: string, description: string, type = 'string'): string =>
	`={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('${key}', \`${description}\`, '${type}') }}`;

const CREDENTIALS: Record<AgentTool['node'], INode['credentials']> = {
	klaviyo: { klaviyoSyncApi: { id: null, name: 'Klaviyo account' } },
	zendeskSync: { zendeskSyncOAuth2Api: { id: null, name: 'Zendesk Sync account' } },
};

/** Puts an agent with the tools on a canvas, behind a webhook, and publishes it. */
export async function openAgent(n8n: N8nInstance, tools: AgentTool[]): Promise<Agent> {
	const model = await openModel();
	try {
		return await publishAgent(n8n, tools, model);
	} catch (error) {
		await model.close();
		throw error;
	}
}

async function publishAgent(n8n: N8nInstance, tools: AgentTool[], model: Model): Promise<Agent> {
	const data = { apiKey: 'none', url: model.url };
	const id = await n8n.createCredential({ name: 'Model', type: 'openAiApi', data });
	const path = `agent-${id.toLowerCase()}`;
	const known = await credentialIds(n8n);
	const nodes: INode[] = [
		canvasNode('Question', 'n8n-nodes-base.webhook', 2.1, {
			httpMethod: 'POST',
			path,
			responseMode: 'lastNode',
		}),
		canvasNode('AI Agent', '@n8n/n8n-nodes-langchain.agent', 3.1, {
			promptType: 'define',
			text: '={{ $json.body.question }}',
			options: { maxIterations: 100 },
		}),
		{
			...canvasNode('Chat Model', '@n8n/n8n-nodes-langchain.lmChatOpenAi', 1.2, {
				model: { __rl: true, mode: 'id', value: 'a-model' },
			}),
			credentials: { openAiApi: { id, name: 'Model' } },
		},
		...tools.map(({ node, name, resource, operation, parameters }) => ({
			...canvasNode(name, `${packageName}.${node}Tool`, 1, {
				...(resource && operation ? { resource, operation } : {}),
				...parameters,
			}),
			credentials: withIds(CREDENTIALS[node], known),
		})),
	];
	const connections = connect(tools.map(({ name }) => name));
	const workflowId = await n8n.createWorkflow({ name: `Agent ${id}`, nodes, connections });
	await n8n.publish(workflowId);
	return {
		model,
		async ask(calls) {
			model.plan = calls;
			const { status, data: answer } = await axios.post<{ output?: string }>(
				`${n8n.url}/webhook/${path}`,
				{ question: 'What do you know?' },
				{ proxy: false, validateStatus: () => true },
			);
			const [newest] = await n8n.executionsEnded(1, { workflowId });
			const execution = await n8n.execution(newest?.id ?? '');
			if (status !== 200 || typeof answer.output !== 'string') {
				const why = execution.error?.message ?? JSON.stringify(answer);
				throw new Error(`The agent did not answer: ${why}`);
			}
			return { answer: answer.output, execution };
		},
		close: async () => await model.close(),
	};
}

const canvasNode = (
	name: string,
	type: string,
	typeVersion: number,
	parameters: INodeParameters,
): INode => ({ id: name, name, type, typeVersion, position: [0, 0], parameters });

/** The REST interface wants ids, other than the import. */
async function credentialIds(n8n: N8nInstance): Promise<Map<string, string>> {
	const all = await n8n.rest.request<Array<{ id: string; name: string }>>('GET', '/credentials');
	return new Map(all.map(({ id, name }) => [name, id]));
}

const withIds = (
	credentials: INode['credentials'],
	ids: Map<string, string>,
): INode['credentials'] =>
	Object.fromEntries(
		Object.entries(credentials ?? {}).map(([type, { name }]) => [
			type,
			{ id: ids.get(name) ?? null, name },
		]),
	);

function connect(tools: string[]): IConnections {
	const toAgent = (type: 'main' | 'ai_languageModel' | 'ai_tool') => ({
		[type]: [[{ node: 'AI Agent', type, index: 0 }]],
	});
	return {
		Question: toAgent('main'),
		'Chat Model': toAgent('ai_languageModel'),
		...Object.fromEntries(tools.map((name) => [name, toAgent('ai_tool')])),
	};
}
