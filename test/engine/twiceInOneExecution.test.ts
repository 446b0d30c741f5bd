/**
 * The same item twice in one execution, by whatever way: its work is done once. And *Retry On Fail* on every node of a
 * template: what follows a node gets what one try would have given.
 */
import type { IDataObject } from 'n8n-workflow';
import { openConversation } from './support/conversation';
import { CUSTOMER, klaviyoCredentials, SECOND, textOf, zendeskCredentials } from './support/desk';
import { messagesTo } from './support/klaviyoMessages';
import { recorded, ticketItem } from './support/klaviyoNode';
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import { readTemplate, type Template, TemplateWorkflow } from './support/worldTemplate';

const OURS = 'n8n-nodes-zendesk-klaviyo';
const NEWCOMER = '+12125550199';

describe('In one execution', () => {
	let sandbox: QuickSandbox;
	let comment: string;
	let ticketId: string;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
		for (const phone of [CUSTOMER, NEWCOMER]) sandbox.klaviyo.addProfile({ phone });
		sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Where is my order?' });
		ticketId = (await openConversation(sandbox)).id;
		await sandbox.clock.advance(5 * SECOND);
		comment = sandbox.zendesk.agentComments(ticketId, 'It ships today.').id;
		await sandbox.clock.advance(5 * SECOND);
	});
	afterEach(async () => await sandbox.close());

	const workflowOf = (template: Template): TemplateWorkflow =>
		new TemplateWorkflow(template, {
			...zendeskCredentials(sandbox),
			...klaviyoCredentials(sandbox),
		});
	const node = (name: string, type: string, parameters = {}, y = 0): Template['nodes'][number] => ({
		id: name,
		name,
		type,
		position: [0, y],
		parameters,
	});
	const ours = (resource: string, operation: string): Template['nodes'][number] =>
		node(operation, `${OURS}.${resource === 'ticket' ? 'zendeskSync' : 'klaviyo'}`, {
			resource,
			operation,
		});
	/** The operations one after the other, the last of them reached from two branches. */
	const drawn = (...operations: Array<[resource: string, operation: string]>): Template => {
		const nodes = operations.map(([resource, operation]) => ours(resource, operation));
		const names = ['Start', ...nodes.map(({ name }) => name)];
		const last = names.pop() ?? '';
		const to = (...targets: string[]) => ({
			main: [targets.map((target) => ({ node: target, type: 'main' as const, index: 0 }))],
		});
		return {
			name: 'Two branches',
			nodes: [
				node('Start', `${OURS}.zendeskSyncTrigger`),
				node('Upper', 'n8n-nodes-base.noOp', {}, 0),
				node('Lower', 'n8n-nodes-base.noOp', {}, 200),
				...nodes,
			],
			connections: {
				...Object.fromEntries(
					names.slice(0, -1).map((name, at) => [name, to(names[at + 1] ?? '')]),
				),
				[names.at(-1) ?? '']: to('Upper', 'Lower'),
				Upper: to(last),
				Lower: to(last),
			},
		};
	};
	const reply = (): IDataObject => ({
		event: 'agentReplied',
		occurredAt: new Date(sandbox.clock.now()).toISOString(),
		ticketId,
		comment: { id: comment },
	});
	const play = async (workflow: TemplateWorkflow, ...items: IDataObject[]) =>
		await workflow.play(
			items.map((json) => ({ json })),
			'webhook',
		);
	const outcomes = (items: IDataObject[]) => items.map(({ outcome }) => outcome);

	it('two branches into Claim Reply claim once, and the second says that it is claimed', async () => {
		const played = await play(workflowOf(drawn(['ticket', 'claimReply'])), reply());
		expect(outcomes(played.output('claimReply'))).toEqual(['claimed', 'notNow']);
	});

	it('two branches into Send Reply send once, and both say that it is sent', async () => {
		const workflow = workflowOf(drawn(['ticket', 'claimReply'], ['message', 'sendReply']));
		const played = await play(workflow, reply());
		expect(outcomes(played.output('sendReply'))).toEqual(['sent', 'alreadySent']);
		expect(messagesTo(sandbox)).toEqual(['It ships today.']);
	});

	it('a reply that is there twice is sent once', async () => {
		const workflow = workflowOf(drawn(['ticket', 'claimReply'], ['message', 'sendReply']));
		const played = await play(workflow, reply(), reply());
		expect(played.error).toBeUndefined();
		expect(messagesTo(sandbox)).toEqual(['It ships today.']);
		expect(outcomes(played.output('sendReply')).sort()).toEqual([
			'alreadySent',
			'notNow',
			'notNow',
			'sent',
		]);
	});

	it('two branches into Create or Reopen From Message add the message once', async () => {
		const message = textOf(sandbox, { from: NEWCOMER });
		const played = await play(workflowOf(drawn(['ticket', 'createOrReopen'])), message);
		expect(outcomes(played.output('createOrReopen'))).toEqual(['created', 'duplicate']);
		expect(sandbox.zendesk.tickets()).toHaveLength(2);
	});

	it('two branches into Track Ticket record the event once', async () => {
		const occurredAt = new Date(sandbox.clock.now()).toISOString();
		const event = ticketItem(1, { occurredAt });
		const played = await play(workflowOf(drawn(['event', 'trackTicket'])), event);
		expect(played.output('trackTicket').map(({ tracked }) => tracked)).toEqual([true, true]);
		expect(recorded(sandbox).filter(({ metric }) => metric === 'Opened Ticket')).toHaveLength(1);
	});

	describe('with Retry On Fail on every node, and a bad item first,', () => {
		const retrying = (file: string): TemplateWorkflow => {
			const template = readTemplate(file);
			const nodes = template.nodes.map((one) => ({ ...one, retryOnFail: true }));
			return workflowOf({ ...template, nodes });
		};

		it('template 01 tells of a new ticket, once', async () => {
			const inbound = (more: IDataObject): IDataObject => {
				const { opensTicket: _screened, ...message } = textOf(sandbox, more);
				return { ...message, direction: 'inbound', event: 'customerMessaged' };
			};
			const played = await play(
				retrying('01-inbound-message-to-ticket.json'),
				inbound({ from: 'ACME' }),
				inbound({ from: NEWCOMER }),
			);
			expect(outcomes(played.output('New ticket'))).toEqual(['created']);
			expect(sandbox.zendesk.tickets()).toHaveLength(2);
		});

		it('template 02 sends a reply, once, and says so', async () => {
			const bad = { ...reply(), ticketId: 'none' };
			const played = await play(retrying('02-agent-reply-to-customer.json'), bad, reply());
			expect(outcomes(played.output('Reply sent'))).toEqual(['sent']);
			expect(messagesTo(sandbox)).toEqual(['It ships today.']);
		});

		it('template 03 records an event, once', async () => {
			const event = (more: IDataObject): IDataObject => ({
				key: `opened:${ticketId}`,
				event: 'opened',
				occurredAt: new Date(sandbox.clock.now()).toISOString(),
				ticketId,
				requesterId: sandbox.zendesk.ticket(ticketId).requesterId,
				previousStatus: null,
				status: 'new',
				comment: null,
				catchUp: false,
				...more,
			});
			const played = await play(
				retrying('03-ticket-metrics-to-klaviyo.json'),
				event({ ticketId: 'none', key: 'opened:none' }),
				event({}),
			);
			expect(played.output('Tracked')).toHaveLength(1);
			expect(recorded(sandbox).filter(({ metric }) => metric === 'Opened Ticket')).toHaveLength(1);
		});
	});
});
