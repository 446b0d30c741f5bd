/** Nodes of this package as tools of an AI agent, in a real n8n. */
import type { INodeProperties } from 'n8n-workflow';
import { join } from 'node:path';
import { startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox/types';
import { createCredentials } from '../../scripts/demo/stage';
import { N8nInstance } from '../../scripts/n8n/instance';
import { packageName, projectRoot } from '../../scripts/n8n/paths';
import { type Agent, type AgentTool, fromAI, openAgent } from './support/agent';
import { type Model, openModel } from './support/model';
import { RETRY_FOR_MS, TEST_LIMIT } from './support/stage';

jest.setTimeout(TEST_LIMIT);

const INSTALL_LIMIT = 20 * 60_000;
const ticketId = fromAI('ticketId', 'The ID of the ticket');

const TOOLS: AgentTool[] = [
	{
		node: 'zendeskSync',
		name: 'Read Ticket',
		resource: 'ticket',
		operation: 'get',
		parameters: { ticketId },
	},
	{
		node: 'zendeskSync',
		name: 'Write Note',
		resource: 'ticket',
		operation: 'addInternalNote',
		parameters: { ticketId, note: fromAI('note', 'What the agents should read') },
	},
	{
		node: 'klaviyo',
		name: 'Find Customer',
		resource: 'profile',
		operation: 'get',
		parameters: { email: fromAI('email', 'The address of the customer') },
	},
	{
		node: 'klaviyo',
		name: 'Read Messages',
		resource: 'message',
		operation: 'getMany',
		parameters: { profileId: fromAI('profileId', 'The ID of the customer in Klaviyo') },
	},
];

describe('an AI agent', () => {
	let sandbox: Sandbox;
	let n8n: N8nInstance;
	const agents: Agent[] = [];
	const models: Model[] = [];

	beforeAll(async () => {
		sandbox = await startSandbox();
		n8n = await N8nInstance.start();
		await createCredentials(n8n, sandbox);
	}, INSTALL_LIMIT);
	afterAll(async () => {
		for (const opened of [...agents, ...models]) await opened.close();
		await n8n?.dispose();
		await sandbox?.close();
	}, RETRY_FOR_MS);

	async function agentWith(tools: AgentTool[]): Promise<Agent> {
		const agent = await openAgent(n8n, tools);
		agents.push(agent);
		return agent;
	}

	it('finds a tool for each action, and none for a trigger', async () => {
		const types = (await n8n.palette()).filter(({ name }) => name.startsWith(`${packageName}.`));
		const tools = types.filter(({ outputs }) => outputs.includes('ai_tool'));
		expect(tools.map(({ name, displayName }) => [name, displayName]).sort()).toEqual([
			[`${packageName}.klaviyoTool`, 'Klaviyo Tool'],
			[`${packageName}.zendeskSyncTool`, 'Zendesk Sync Tool'],
		]);
	});

	it('reads a ticket and writes a note, with what the model fills in', async () => {
		const { zendesk } = sandbox;
		const requester = zendesk.addUser({ name: 'Ana', email: 'ana@example.com' });
		const { id } = zendesk.agentCreates({
			subject: 'Where is it?',
			body: 'My parcel is late',
			requesterId: requester.id,
		});
		const agent = await agentWith(TOOLS);
		const { answer } = await agent.ask([
			{ tool: 'Read_Ticket', input: { ticketId: id } },
			{ tool: 'Write_Note', input: { ticketId: id, note: 'The parcel is in Lyon.' } },
		]);
		const [read, written] = agent.model.told().map((said) => JSON.parse(said) as unknown);
		expect(read).toEqual([expect.objectContaining({ ticketId: id, subject: 'Where is it?' })]);
		// Nothing of the agent's own input, such as the webhook's headers.
		expect(written).toEqual([{ outcome: 'added', ticketId: id }]);
		expect(answer).toContain('Where is it?');
		expect(zendesk.ticket(id).comments.at(-1)).toMatchObject({
			body: 'The parcel is in Lyon.',
			public: false,
		});
	});

	it('finds a customer and reads their messages', async () => {
		const { klaviyo } = sandbox;
		const phone = '+12125550151';
		const email = 'bo@example.com';
		const { id } = klaviyo.addProfile({ phone, email, smsMarketing: true });
		klaviyo.customerWrites({ from: phone, body: 'Is my parcel on its way?' });
		const agent = await agentWith(TOOLS);
		await agent.ask([
			{ tool: 'Find_Customer', input: { email } },
			{ tool: 'Read_Messages', input: { profileId: id } },
		]);
		const [found, messages] = agent.model.told().map((said) => JSON.parse(said) as unknown);
		expect(found).toEqual([expect.objectContaining({ profileId: id, phone })]);
		expect(messages).toEqual([expect.objectContaining({ body: 'Is my parcel on its way?' })]);
	});

	it("finds a customer's open tickets, with nothing set but the credentials", async () => {
		const { klaviyo, zendesk } = sandbox;
		const phone = '+12125550152';
		klaviyo.addProfile({ phone, email: 'cy@home.co', firstName: 'Cy' });
		const { id: requesterId } = zendesk.addUser({ name: 'Cy', phone });
		const { id } = zendesk.agentCreates({ subject: 'Where?', body: 'Late', requesterId });
		const agent = await agentWith([
			{ node: 'klaviyo', name: 'Get profile' },
			{ node: 'zendeskSync', name: 'Count open tickets' },
			{ node: 'zendeskSync', name: 'Get ticket', resource: 'ticket', operation: 'get' },
			{
				node: 'zendeskSync',
				name: 'Get waiting replies',
				resource: 'ticket',
				operation: 'getWaitingReplies',
			},
			{
				node: 'klaviyo',
				name: 'Send follow up',
				resource: 'message',
				operation: 'sendFollowUp',
			},
		]);
		await agent.ask([
			{ tool: 'Get_profile', input: { Email: 'cy@home.co' } },
			{ tool: 'Count_open_tickets', input: { Customer_Phone: phone } },
			{ tool: 'Get_ticket', input: { Ticket: id } },
			{ tool: 'Get_waiting_replies', input: { Customer_Phone: phone } },
			{ tool: 'Send_follow_up', input: {} },
		]);
		expect(agent.model.told().map((said) => JSON.parse(said) as unknown)).toEqual([
			[expect.objectContaining({ phone, firstName: 'Cy' })],
			[expect.objectContaining({ openTickets: 1, ticketIds: [id] })],
			[expect.objectContaining({ subject: 'Where?' })],
			// Nothing waits.
			'',
			// What is no refused reply passes through; nobody is asked.
			[{}],
		]);
		const asked = agent.model
			.offered()
			.map(({ name, description, parameters }) => [
				name,
				description,
				Object.fromEntries(
					Object.entries(parameters.properties ?? {}).map(([field, schema]) => [
						field,
						(schema as { description?: unknown }).description,
					]),
				),
			]);
		expect(asked.sort()).toEqual([
			[
				'Count_open_tickets',
				expect.stringMatching(/^Counts one customer's tickets .* Returns openTickets, ticketIds/),
				{ Customer_Phone: "The customer's phone number with + and country code" },
			],
			[
				'Get_profile',
				expect.stringMatching(/^Looks up one customer .* neither messages nor tickets\.$/),
				{
					Email: "The customer's email address",
					Phone: "The customer's phone number with + and country code",
				},
			],
			[
				'Get_ticket',
				expect.stringMatching(/^Reads one ticket by its ID\. .* It changes nothing\.$/),
				{ Ticket: 'The ID of the ticket' },
			],
			[
				'Get_waiting_replies',
				expect.stringContaining('It sends nothing'),
				{ Customer_Phone: "The customer's phone number with + and country code" },
			],
			['Send_follow_up', expect.stringContaining('It cannot send a text of your own'), {}],
		]);
	});

	it('knows what each tool is for, and what it may fill in', async () => {
		const agent = await agentWith(TOOLS);
		await agent.ask([]);
		const offered = agent.model
			.offered()
			.map(({ name, description, parameters }) => [
				name,
				description,
				Object.keys(parameters.properties ?? {}),
			]);
		expect(offered.sort()).toEqual([
			['Find_Customer', expect.stringContaining('Looks up one customer'), ['email', 'Phone']],
			['Read_Messages', expect.stringContaining('oldest first'), ['profileId', 'Customer_Phone']],
			['Read_Ticket', expect.stringContaining('Reads one ticket'), ['ticketId']],
			['Write_Note', expect.stringContaining('Only agents see it'), ['ticketId', 'note']],
		]);
	});

	it('is told in words that there is no such ticket, and continues', async () => {
		const agent = await agentWith(TOOLS);
		await agent.ask([
			{ tool: 'Read_Ticket', input: { ticketId: '404404' } },
			{ tool: 'Write_Note', input: { ticketId: '404404', note: 'Hello?' } },
		]);
		expect(agent.model.told()).toEqual([
			expect.stringContaining('404404'),
			expect.stringContaining('404404'),
		]);
	});

	it('reads card, conversation and past tickets, and leaves a draft and a tag, for agents alone', async () => {
		const phone = '+12125550157';
		const { klaviyo, zendesk } = sandbox;
		const { id: profileId } = klaviyo.addProfile({ phone, smsMarketing: true });
		klaviyo.marketing.order(profileId, { orderId: '#77', value: 12, currency: 'EUR' });
		klaviyo.customerWrites({ from: phone, body: 'Which size is it?' });
		const { id: requesterId } = zendesk.addUser({ name: 'Ivo', phone });
		zendesk.agentCreates({ subject: 'An earlier one', body: 'Thanks', requesterId });
		const stranger = zendesk.addUser({ name: 'Jo', email: 'jo@home.test-shop.dev' });
		zendesk.agentCreates({ subject: 'Of a stranger', body: 'No', requesterId: stranger.id });

		const model = await openModel();
		models.push(model);
		const data = { apiKey: 'none', url: model.url };
		const id = await n8n.createCredential({ name: 'Played', type: 'openAiApi', data });
		const [workflow] = await n8n.importTemplates(
			[join(projectRoot, 'templates', '09-ai-draft-for-agents.json')],
			(template) => ({
				...template,
				nodes: template.nodes.map((node) =>
					node.name === 'Chat model'
						? { ...node, credentials: { openAiApi: { id, name: 'Played' } } }
						: node,
				),
			}),
		);
		const workflowId = workflow?.id ?? '';
		await n8n.publish(workflowId);
		const draft = 'It is a medium. May I help with anything else?';
		model.plan = [
			{ tool: 'Read_customer_card', input: {} },
			{ tool: 'Read_conversation', input: {} },
			{ tool: 'Read_past_tickets', input: {} },
			{ tool: 'Leave_draft', input: { Draft: draft } },
			// A model that goes on: the draft is left once.
			{ tool: 'Leave_draft', input: { Draft: 'Another one' } },
		];
		const received = klaviyo.phone(phone).length;
		const externalId = `klaviyo:sms:${phone}`;
		const ticket = zendesk.agentCreates({
			subject: 'Size',
			body: 'Which size is it?',
			requesterId,
			externalId,
			channel: 'email',
		});
		await n8n.executionsEnded(1, { workflowId }, RETRY_FOR_MS);
		const [newest] = await n8n.executions({ workflowId });
		const execution = await n8n.execution(newest?.id ?? '');
		expect(execution.error?.message).toBeUndefined();
		expect(execution.output('Draft left')).toHaveLength(1);

		const [card, messages, tickets, left, again] = model
			.told()
			.map((said) => JSON.parse(said) as Array<Record<string, unknown>>);
		expect(card).toEqual([expect.objectContaining({ outcome: 'found', profileId })]);
		expect(messages).toEqual([expect.objectContaining({ body: 'Which size is it?' })]);
		// Of this customer alone.
		expect(tickets?.map(({ subject }) => subject).sort()).toEqual(['An earlier one', 'Size']);
		expect([left, again]).toEqual([
			[{ outcome: 'added', ticketId: ticket.id }],
			[{ outcome: 'duplicate', ticketId: ticket.id }],
		]);
		const offered = model
			.offered()
			.map(({ name, parameters }) => [name, Object.keys(parameters.properties ?? {})]);
		expect(offered.sort()).toEqual([
			['Leave_draft', ['Draft']],
			['Read_conversation', []],
			['Read_customer_card', []],
			['Read_past_tickets', []],
		]);

		const { comments, tags } = zendesk.ticket(ticket.id);
		const notes = comments.slice(1);
		expect(notes.map((note) => note.public)).toEqual([false]);
		expect(notes[0]?.plainBody).toContain('Draft by AI, not sent to the customer');
		expect(notes[0]?.plainBody).toContain(draft);
		expect(tags).toContain('ai_draft');
		// Nobody was texted.
		expect(klaviyo.phone(phone)).toHaveLength(received);
	});

	/** Each operation that a builder can choose; the model fills in required fields without a default. */
	async function everyOperation(): Promise<AgentTool[]> {
		const nodes = ['klaviyo', 'zendeskSync'] as const;
		const types = await n8n.nodeTypes(nodes.map((node) => `${packageName}.${node}`));
		return nodes.flatMap((node) => {
			const all = types.find(({ name }) => name === node)?.properties ?? [];
			const properties = all.filter(({ displayOptions }) => !displayOptions?.hide?.['@tool']);
			return properties.filter(isOperationSelector).flatMap((selector) =>
				optionValues(selector).map((operation) => {
					const resource = shownFor(selector, 'resource')[0] ?? '';
					const needed = properties.filter(
						(property) =>
							property.required &&
							isEmpty(property.default) &&
							shownFor(property, 'resource').includes(resource) &&
							shownFor(property, 'operation').includes(operation),
					);
					const parameters = Object.fromEntries(
						needed.map(({ name, displayName, type }) => {
							const filled = fromAI(name, displayName);
							const chosen = { __rl: true, mode: 'name', value: filled };
							return [name, type === 'resourceLocator' ? chosen : filled];
						}),
					);
					return {
						node,
						name: `${node} ${resource} ${operation}`,
						resource,
						operation,
						parameters,
					};
				}),
			);
		});
	}

	it('is told by every operation what is missing, when it is called with nothing', async () => {
		const tools = await everyOperation();
		expect(tools.length).toBeGreaterThan(6);
		const agent = await agentWith(tools);
		await agent.ask(tools.map(({ name }) => ({ tool: name.replaceAll(' ', '_'), input: {} })));
		const told = agent.model.told();
		const said = tools.map(({ name }, index) => `${name}: ${told[index] ?? 'nothing'}`);
		expect(told).toHaveLength(tools.length);
		expect(said.filter((one) => GARBLED.test(one))).toEqual([]);
	});
});

/** Messages that neither a model nor a person can understand. */
const GARBLED = /undefined|\bNaN\b|\[object|Cannot read|is not a function/;

const shownFor = ({ displayOptions }: INodeProperties, name: string): string[] =>
	(displayOptions?.show?.[name] ?? []).map(String);

const isEmpty = (value: unknown): boolean =>
	typeof value === 'object' && value !== null && 'value' in value
		? value.value === ''
		: value === '';

const isOperationSelector = (property: INodeProperties): boolean =>
	property.name === 'operation' && shownFor(property, 'resource').length > 0;

/** Without what n8n itself puts into every list. */
const optionValues = ({ options }: INodeProperties): string[] =>
	(options ?? [])
		.flatMap((option) => ('value' in option ? [String(option.value)] : []))
		.filter((value) => !value.startsWith('__'));
