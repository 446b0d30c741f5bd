/**
 * Complaints of users about n8n's built-in Zendesk nodes, and about other triggers with webhooks, which do not apply here.
 * The numbers are issues of n8n-io/n8n. More of them are tested in lifecycle, delivery and failures.
 */
import { join } from 'node:path';
import type { ExecutionSummary } from '../../scripts/n8n/executions';
import { packPackage } from '../../scripts/n8n/pack';
import { projectRoot } from '../../scripts/n8n/paths';
import { until } from '../../scripts/n8n/until';
import {
	addCustomer,
	afterExecutions,
	failures,
	addedMessages,
	RETRY_FOR_MS,
	quiet,
	receivedBy,
	TEST_LIMIT,
	ticketsOf,
	useStage,
} from './support/stage';

jest.setTimeout(TEST_LIMIT);

const ANA = '+12125550141';
const REPLIES = join(projectRoot, 'templates', '02-agent-reply-to-customer.json');
const TRIGGER = 'AgentReplied';

describe('a Zendesk trigger', () => {
	// The test does in a minute what a builder does in an hour: Zendesk's export limit, 10 a minute, would be reached.
	const stage = useStage({ sandbox: { limits: 10 } });

	const id = (): string => stage().workflow('02').id;
	/** Ids of the webhooks that Zendesk has for the workflow, and of those for a test of it. */
	const webhooks = (isTest = false): string[] =>
		stage()
			.sandbox.zendesk.webhooks()
			.filter(({ name }) => name.includes(id()) && name.startsWith('n8n test') === isTest)
			.map((webhook) => webhook.id);

	async function ticket(): Promise<string> {
		if (!ticketsOf(stage(), ANA)[0]) {
			addCustomer(stage(), ANA);
			await afterExecutions(stage(), '01', 1, () =>
				stage().sandbox.klaviyo.customerWrites({ from: ANA, body: 'Hello?' }),
			);
		}
		return ticketsOf(stage(), ANA)[0]?.id ?? '';
	}

	const replies: string[] = [];
	/** An agent replies; resolves with the executions that webhooks have started, when the customer has the message. */
	async function reply(body: string): Promise<ExecutionSummary[]> {
		const { sandbox, n8n } = stage();
		const ticketId = await ticket();
		const before = new Set((await n8n.executions({ workflowId: id() })).map((one) => one.id));
		replies.push(body);
		sandbox.zendesk.agentComments(ticketId, body, { public: true });
		await sandbox.until(body, () => receivedBy(stage(), ANA).includes(body), RETRY_FOR_MS);
		await quiet(stage());
		const executions = await n8n.executions({ workflowId: id() });
		return executions.filter((one) => !before.has(one.id) && one.mode === 'webhook');
	}

	afterEach(() => {
		// Whatever happens to the workflow, each reply is sent once.
		expect([...receivedBy(stage(), ANA)].sort()).toEqual([...replies].sort());
	});

	/** What the test button shows, once an agent has replied to the ticket. */
	async function shownInTest(ticketId: string, body: string): Promise<Record<string, unknown>[]> {
		const { n8n, sandbox } = stage();
		const manual = async () =>
			(await n8n.executions({ workflowId: id() })).filter(({ mode }) => mode === 'manual');
		const before = (await manual()).length;
		await n8n.listenForTestEvent(id(), TRIGGER);
		sandbox.zendesk.agentComments(ticketId, body, { public: true });
		const shown = await until('the test to end', async () => {
			const executions = await manual();
			return executions.length > before && executions[0]?.stoppedAt ? executions[0] : undefined;
		});
		await until('the test’s webhook to go', () => webhooks(true).length === 0);
		return (await n8n.execution(shown.id)).output(TRIGGER);
	}

	it('keeps its webhook, the very same, over executions (16967)', async () => {
		const before = webhooks();
		expect(before).toHaveLength(1);
		for (const body of ['First', 'Second']) expect(await reply(body)).toHaveLength(1);
		expect(webhooks()).toEqual(before);
	});

	it('keeps it when the trigger is tried out in the editor (387, 2042)', async () => {
		const before = webhooks();
		const ticketId = await ticket();
		replies.push('While it is tried out');
		const [shown] = await shownInTest(ticketId, 'While it is tried out');
		expect(shown).toMatchObject({ event: 'agentReplied', ticketId });
		expect(webhooks()).toEqual(before);
		const [execution] = await reply('After it was tried out');
		const [item] = (await stage().n8n.execution(execution?.id ?? '')).output(TRIGGER);
		// What a builder maps while trying out is there in production.
		expect(Object.keys(shown ?? {}).sort()).toEqual(Object.keys(item ?? {}).sort());
	});

	it('leaves no webhook behind when a test is stopped', async () => {
		const before = webhooks();
		await stage().n8n.listenForTestEvent(id(), TRIGGER);
		await until('the test', () => webhooks(true).length === 1);
		await stage().n8n.stopListening(id());
		await until('the test’s webhook to go', () => webhooks(true).length === 0);
		expect(webhooks()).toEqual(before);
	});

	it('makes a webhook when it is published after it was only tried out (20896)', async () => {
		const { n8n, sandbox } = stage();
		await n8n.unpublish(id());
		expect(webhooks()).toEqual([]);
		// From someone whom Klaviyo does not know: catch-up brings the reply in minutes, but nobody can receive it.
		const unknown = sandbox.zendesk.agentCreates({
			subject: 'Not in Klaviyo',
			body: 'Hi',
			requesterId: sandbox.zendesk.addUser({ name: 'Unknown' }).id,
			externalId: 'klaviyo:sms:+12125550149',
		});
		expect(await shownInTest(unknown.id, 'Tried out')).toMatchObject([{ ticketId: unknown.id }]);
		expect(webhooks()).toEqual([]);
		await n8n.publish(id());
		expect(webhooks()).toHaveLength(1);
		expect(await reply('Now it is published')).toHaveLength(1);
	});

	it('has one webhook, and one execution per reply, however often it is published (23893, 25381)', async () => {
		const { n8n } = stage();
		for (const name of ['One', 'Two', 'Three', 'Four']) {
			await n8n.updateWorkflow(id(), ({ nodes }) => ({
				nodes: nodes.map((node) => (node.name === 'Overview' ? { ...node, notes: name } : node)),
			}));
			await n8n.publish(id());
			expect(webhooks()).toHaveLength(1);
		}
		expect(await reply('Published five times')).toHaveLength(1);
	});

	it('has one webhook after its workflow was imported again, without knowledge of the first (25381)', async () => {
		const { n8n } = stage();
		await n8n.stop();
		await n8n.importByCommand([REPLIES], (workflow) => ({ ...workflow, id: id() }));
		await n8n.boot();
		await n8n.publish(id());
		expect(webhooks()).toHaveLength(1);
		expect(await reply('Imported again')).toHaveLength(1);
	});

	it('keeps working after an update of the package (14418, 18288, 21040)', async () => {
		const { n8n } = stage();
		const before = webhooks();
		await n8n.stop();
		await n8n.installPackage(await packPackage(n8n.userFolder));
		await n8n.boot();
		expect(await reply('Updated')).toHaveLength(1);
		expect(webhooks()).toEqual(before);
	});

	it('sends a reply once when Zendesk delivers it twice while the workflow is being published again (25017)', async () => {
		const { n8n, sandbox } = stage();
		sandbox.switches.faults.duplicateDelivery = 1;
		const ended = reply('Twice at Zendesk');
		const published = n8n.publish(id());
		await Promise.all([ended, published]);
		sandbox.switches.faults.duplicateDelivery = 0;
		await quiet(stage());
		expect(webhooks()).toHaveLength(1);
	});

	it('has no failed execution, and no message of the customer twice', async () => {
		expect(await failures(stage())).toEqual([]);
		expect(addedMessages(stage(), ANA)).toEqual(['Hello?']);
	});
});
