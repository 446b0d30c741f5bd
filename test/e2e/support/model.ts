/** A scripted language model with OpenAI's API, so that n8n's own chat model node accepts it. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A tool as an agent offers it to the model. */
export interface OfferedTool {
	name: string;
	description: string;
	/** JSON schema of what the model may fill in. */
	parameters: { properties?: Record<string, { type?: string; description?: string }> };
}

export interface ToolCall {
	tool: string;
	input: Record<string, unknown>;
}

interface ChatMessage {
	role: string;
	content: unknown;
}

interface ChatRequest {
	model: string;
	messages: ChatMessage[];
	tools?: Array<{ function: OfferedTool }>;
}

export interface Model {
	/** The base URL for n8n's credential. */
	readonly url: string;
	/** The calls to make before the answer, one after the other. */
	plan: ToolCall[];
	/** The tools offered with the newest request. */
	offered(): OfferedTool[];
	/** What the tools have answered the newest request's agent so far, in order. */
	told(): string[];
	close(): Promise<void>;
}

export async function openModel(): Promise<Model> {
	let newest: ChatRequest | undefined;
	const server = createServer((incoming, answer) => {
		void readJson(incoming).then((request) => {
			newest = request;
			answer.writeHead(200, { 'content-type': 'application/json' });
			answer.end(JSON.stringify(completion(request, model.plan)));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const model: Model = {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
		plan: [],
		offered: () => (newest?.tools ?? []).map((tool) => tool.function),
		told: () => (newest ? toolAnswers(newest) : []),
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
	return model;
}

/** The next call of the plan, or, when all are answered, what the tools said. */
function completion(request: ChatRequest, plan: ToolCall[]): object {
	const answers = toolAnswers(request);
	const next = plan[answers.length];
	const message = next
		? {
				role: 'assistant',
				content: null,
				tool_calls: [
					{
						id: `call_${answers.length}`,
						type: 'function',
						function: { name: next.tool, arguments: JSON.stringify(next.input) },
					},
				],
			}
		: { role: 'assistant', content: `Done: ${answers.join(' ')}` };
	return {
		id: 'chatcmpl-1',
		object: 'chat.completion',
		created: 0,
		model: request.model,
		choices: [{ index: 0, message, finish_reason: next ? 'tool_calls' : 'stop' }],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	};
}

const toolAnswers = ({ messages }: ChatRequest): string[] =>
	messages.filter(({ role }) => role === 'tool').map(({ content }) => textOf(content));

const textOf = (content: unknown): string =>
	typeof content === 'string' ? content : JSON.stringify(content);

async function readJson(incoming: IncomingMessage): Promise<ChatRequest> {
	const chunks: Buffer[] = [];
	for await (const chunk of incoming) chunks.push(chunk as Buffer);
	return JSON.parse(Buffer.concat(chunks).toString('utf8')) as ChatRequest;
}
