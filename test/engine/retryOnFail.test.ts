/**
 * *Retry On Fail*: n8n runs a node again, on all of its items, when it fails or when its first output item has an
 * `error`. What the first try has done is not done again, and the outcomes are those of one try.
 */
import type {
	IDataObject,
	IExecuteFunctions,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
} from 'n8n-workflow';
import { Klaviyo } from '../../nodes/Klaviyo/Klaviyo.node';
import { ZendeskSync } from '../../nodes/ZendeskSync/ZendeskSync.node';
import type { Sandbox } from '../../sandbox/types';
import { openDoor } from '../support/door';
import { openConversation, outbound } from './support/conversation';
import { CUSTOMER, klaviyoCredentials, SECOND, textOf, zendeskCredentials } from './support/desk';
import { type NodeClass, runNode } from './support/engine';
import { claimed } from './support/klaviyoMessages';
import { recorded, ticketItem } from './support/klaviyoNode';
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';

interface Case {
	operation: string;
	parameters?: INodeParameters;
	/** The item that fails, and the one that does not. */
	items(sandbox: Sandbox): [bad: IDataObject, good: IDataObject];
	/** What is done for the good one. */
	expected: IDataObject;
	/** The request whose answer the first try does not get. After it, the vendor refuses its credential. */
	loses?: RegExp;
	/** Writes what was written again, in order: the last of a customer's items counts. */
	writesAgain?: boolean;
}

const NOBODY = { from: 'ACME', key: 'message:0', eventId: '0' };
/** The same in every run. */
const NAME = { key: 'message:1', eventId: '1' };
/** A conversation of a customer who has written in Klaviyo too. */
const ticketOf = async (sandbox: QuickSandbox): Promise<void> => {
	sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Where is my order?' });
	const { id } = await openConversation(sandbox);
	await sandbox.clock.advance(5 * SECOND);
	sandbox.zendesk.agentComments(id, 'It ships today.', { status: 'solved' });
	await sandbox.clock.advance(5 * SECOND);
};
const firstTicket = ({ zendesk }: Sandbox) => {
	const [ticket] = zendesk.tickets();
	if (!ticket) throw new Error('There is no ticket');
	return ticket;
};

const cases: Case[] = [
	{
		operation: 'message.sendReply',
		items: () => [claimed({ key: 'reply:8', writtenAt: undefined }), claimed()],
		expected: { outcome: 'sent', notifyAgent: false },
	},
	{
		operation: 'message.sendReply',
		parameters: { sendThrough: 'flow' },
		items: () => [claimed({ key: 'reply:8', writtenAt: undefined }), claimed()],
		expected: { outcome: 'sent', notifyAgent: false },
	},
	{
		operation: 'ticket.claimReply',
		loses: /^PUT .*tickets/,
		items: (sandbox) => {
			const { id, comments } = firstTicket(sandbox);
			return [
				{ ticketId: 'none' },
				{ ticketId: id, comment: { id: comments.at(-1)?.id ?? '' }, catchUp: false },
			];
		},
		expected: { outcome: 'claimed', attempt: 1 },
	},
	{
		operation: 'ticket.createOrReopen',
		loses: /^POST .*tickets/,
		items: (sandbox) => [
			textOf(sandbox, NOBODY),
			textOf(sandbox, { ...NAME, from: '+12125550199' }),
		],
		expected: { outcome: 'created' },
	},
	{
		operation: 'ticket.createOrReopen',
		loses: /^PUT .*tickets/,
		items: (sandbox) => [textOf(sandbox, NOBODY), textOf(sandbox, NAME)],
		expected: { outcome: 'reopened' },
	},
	{
		operation: 'ticket.create',
		loses: /^POST .*tickets/,
		items: (sandbox) => [
			textOf(sandbox, NOBODY),
			textOf(sandbox, { ...NAME, from: '+12125550199' }),
		],
		expected: { outcome: 'created' },
	},
	{
		operation: 'ticket.addMessage',
		loses: /^PUT .*tickets/,
		items: (sandbox) => {
			const ticketId = firstTicket(sandbox).id;
			return [
				{ ...textOf(sandbox, NOBODY), ticketId },
				{ ...textOf(sandbox, NAME), ticketId },
			];
		},
		expected: { outcome: 'reopened' },
	},
	{
		operation: 'ticket.reopen',
		loses: /^PUT .*tickets/,
		items: (sandbox) => [{ ticketId: 'none' }, { ticketId: firstTicket(sandbox).id }],
		expected: { outcome: 'reopened', previousStatus: 'solved' },
	},
	{
		operation: 'ticket.addInternalNote',
		loses: /^PUT .*tickets/,
		parameters: { note: 'A note' },
		items: (sandbox) => [{ ticketId: 'none' }, { ticketId: firstTicket(sandbox).id }],
		expected: { outcome: 'added' },
	},
	{
		operation: 'ticket.addInternalNote',
		loses: /^PUT .*tickets/,
		parameters: { note: 'A note', options: { key: 'a key' } },
		items: (sandbox) => [{ ticketId: 'none' }, { ticketId: firstTicket(sandbox).id }],
		expected: { outcome: 'added' },
	},
	{
		operation: 'ticket.logOutbound',
		loses: /^PUT .*tickets/,
		items: (sandbox) => {
			sandbox.zendesk.agentUpdates(firstTicket(sandbox).id, { status: 'open' });
			return [outbound(sandbox, { ...NAME, to: 'ACME' }), outbound(sandbox, NAME)];
		},
		expected: { outcome: 'logged' },
	},
	{
		operation: 'event.track',
		loses: /^POST .*events/,
		parameters: { metricName: { __rl: true, mode: 'name', value: 'Asked' } },
		items: () => [{}, { email: 'cy@home.co' }],
		expected: { tracked: true },
	},
	{
		operation: 'event.trackTicket',
		loses: /^POST .*events/,
		items: (sandbox) => [
			{ key: 'opened:1' },
			ticketItem(1, { occurredAt: new Date(sandbox.clock.now()).toISOString() }),
		],
		expected: { tracked: true },
	},
	{
		// So old that it is looked for first.
		operation: 'event.trackTicket',
		loses: /^POST .*events/,
		items: (sandbox) => {
			const occurredAt = new Date(sandbox.clock.now() - 10 * 60 * SECOND).toISOString();
			return [{ key: 'opened:1' }, ticketItem(1, { occurredAt })];
		},
		expected: { tracked: true, metric: 'Opened Ticket' },
	},
	{
		operation: 'profile.upsert',
		items: () => [{}, { email: 'new@home.co' }],
		expected: { outcome: 'created' },
		writesAgain: true,
	},
	{
		operation: 'setup.createConversationView',
		loses: /^POST .*views/,
		parameters: { title: '={{ $json.title }}' },
		items: () => [{}, { title: 'SMS' }],
		expected: { outcome: 'created' },
	},
	{
		operation: 'setup.createClosingAutomation',
		loses: /^POST .*automations/,
		parameters: { title: '={{ $json.title }}', hours: 48 },
		items: () => [{}, { title: 'Close SMS' }],
		expected: { outcome: 'created' },
	},
	{
		operation: 'segment.createOpenTicket',
		loses: /^POST .*segments/,
		parameters: { segmentName: '={{ $json.title }}' },
		items: () => [{}, { title: 'Open' }],
		expected: { outcome: 'created' },
	},
];

const NODES: Record<string, NodeClass> = {
	message: Klaviyo,
	event: Klaviyo,
	profile: Klaviyo,
	segment: Klaviyo,
	ticket: ZendeskSync,
	setup: ZendeskSync,
};

/** The node, which does something before its second try. */
const beforeSecondTry = (Type: NodeClass, work: () => void): NodeClass => {
	const node = new Type();
	let tries = 0;
	return class implements INodeType {
		description = node.description;

		methods = node.methods ?? {};

		async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
			tries += 1;
			if (tries === 2) work();
			const outputs = await node.execute?.call(this);
			return Array.isArray(outputs) ? outputs : [];
		}
	};
};

/** What people and flows see of it: ticket by ticket the comments, customer by customer the events, and what was set up. */
const effectsOn = (sandbox: Sandbox, before: number) => ({
	comments: sandbox.zendesk
		.tickets()
		.map(({ status, comments }) => [status, ...comments.map(({ body }) => body)]),
	events: recorded(sandbox).map(({ metric }) => metric),
	created: sandbox
		.calls()
		.slice(before)
		.filter(({ method, path }) => method === 'POST' && /views|automations|segments/.test(path))
		.length,
});

interface Setting {
	onError: INode['onError'] & string;
	isLast: boolean;
}
/** One after the other, nothing is done after an item that stops the node. */
const settings: Setting[] = [
	{ onError: 'continueRegularOutput', isLast: false },
	{ onError: 'continueErrorOutput', isLast: false },
	{ onError: 'stopWorkflow', isLast: true },
];

describe('Retry On Fail', () => {
	let sandbox: QuickSandbox | undefined;
	afterEach(async () => await sandbox?.close());

	const start = async (): Promise<QuickSandbox> => {
		await sandbox?.close();
		const started = await startQuickSandbox();
		sandbox = started;
		started.klaviyo.addProfile({ phone: CUSTOMER, email: 'cy@klaviyo.co', smsMarketing: true });
		await ticketOf(started);
		return started;
	};
	const nodeOfCase = ({ operation: name, parameters }: Case) => {
		const [resource = '', operation = ''] = name.split('.');
		const type = NODES[resource] ?? Klaviyo;
		const authentication = type === ZendeskSync ? { authentication: 'apiToken' } : {};
		return { type, parameters: { ...authentication, resource, operation, ...parameters } };
	};
	const runOnce = async (one: Case, { onError, isLast }: Setting, retryOnFail: boolean) => {
		const started = await start();
		const before = started.calls().length;
		const given = one.items(started);
		const { type, parameters } = nodeOfCase(one);
		const { json, errorJson, error } = await runNode(type, {
			credentials: { ...zendeskCredentials(started), ...klaviyoCredentials(started) },
			parameters,
			onError,
			retryOnFail,
			items: isLast ? given.reverse() : given,
		});
		const writes = started
			.calls()
			.slice(before)
			.filter(({ method }) => method !== 'GET')
			.map(({ path }) => path);
		const found = { json, errorJson, error: error?.message };
		return {
			// The sandbox's ports and a unique ID of chance are others each time.
			found: JSON.stringify(found, null, 1).replace(/127.0.0.1:\d+|n8n:[\da-f-]+/g, '...'),
			failed: [...json, ...errorJson].filter((item) => item.error),
			done: json,
			writes: one.writesAgain ? [...new Set(writes)] : writes,
		};
	};

	describe.each(cases.map((one) => ({ ...one, with: JSON.stringify(one.parameters ?? {}) })))(
		'$operation $with $expected.outcome',
		(one) => {
			it.each(settings)(
				'gives and writes what one try does, on error $onError, the bad item last: $isLast',
				async (setting) => {
					const single = await runOnce(one, setting, false);
					const tried = await runOnce(one, setting, true);
					expect(tried.found).toBe(single.found);
					expect(tried.writes).toEqual(single.writes);
					if (setting.onError === 'stopWorkflow') return;
					expect(tried.failed).toHaveLength(1);
					expect(tried.done).toContainEqual(expect.objectContaining(one.expected));
				},
			);
		},
	);

	it.each(
		cases.flatMap((one) =>
			one.loses ? [{ ...one, loses: one.loses, with: JSON.stringify(one.parameters ?? {}) }] : [],
		),
	)(
		'$operation $with $expected: the second try knows what it was that the first got no answer to',
		async (one) => {
			const { type, parameters } = nodeOfCase(one);
			const play = async (loses: boolean) => {
				const started = await start();
				const door = await openDoor(type === Klaviyo ? started.klaviyo.url : started.zendesk.url);
				const { zendeskSyncApi } = zendeskCredentials(started);
				const { klaviyoSyncApi } = klaviyoCredentials(started);
				const credentials = {
					zendeskSyncApi: { ...zendeskSyncApi },
					klaviyoSyncApi: { ...klaviyoSyncApi },
				};
				if (type === Klaviyo) credentials.klaviyoSyncApi.baseUrl = door.url;
				else credentials.zendeskSyncApi.zendeskUrl = door.url;
				let losses = 0;
				if (loses)
					door.lose(one.loses, () => {
						losses += 1;
						credentials.zendeskSyncApi.apiToken = 'wrong';
						credentials.klaviyoSyncApi.apiKey = 'wrong';
					});
				const node = beforeSecondTry(type, () => {
					credentials.zendeskSyncApi.apiToken = zendeskSyncApi.apiToken;
					credentials.klaviyoSyncApi.apiKey = klaviyoSyncApi.apiKey;
				});
				const before = started.calls().length;
				const [, good] = one.items(started);
				const run = { credentials, parameters, retryOnFail: true, items: [good] };
				const { json, error } = await runNode(node, run);
				await door.close();
				return { json, error, losses, effects: effectsOn(started, before) };
			};
			const smooth = await play(false);
			const lost = await play(true);
			expect(lost.losses).toBe(1);
			expect(lost.error).toBeUndefined();
			expect(lost.json).toMatchObject([one.expected]);
			expect(lost.json[0]).not.toHaveProperty('duplicate');
			expect(lost.effects).toEqual(smooth.effects);
		},
	);

	it.each([
		['claimed', 'there is time to send it', 0],
		['the same failure', 'the claims of the first try have no more time', 13 * SECOND],
	])('a reply that becomes claimable is %s, if %s', async (_what, _why, between) => {
		const started = await start();
		const { id, comments } = firstTicket(started);
		const other = await openConversation(started, { phone: '+12125550188' });
		await started.clock.advance(5 * SECOND);
		const comment = started.zendesk.agentComments(other.id, 'So does this.');
		await started.clock.advance(5 * SECOND);
		const bad: IDataObject = { ticketId: 'none', comment: { id: comment.id }, catchUp: false };
		const good = { ticketId: id, comment: { id: comments.at(-1)?.id ?? '' }, catchUp: false };
		const { json } = await runNode(
			beforeSecondTry(ZendeskSync, () => {
				bad.ticketId = other.id;
				started.clock.jump(between);
			}),
			{
				credentials: zendeskCredentials(started),
				parameters: { authentication: 'apiToken', resource: 'ticket', operation: 'claimReply' },
				onError: 'continueRegularOutput',
				retryOnFail: true,
				items: [bad, good],
			},
		);
		expect(json).toMatchObject([
			between === 0
				? { outcome: 'claimed', commentId: comment.id }
				: { error: "'Ticket' is not a valid ticket ID: 'none'" },
			{ outcome: 'claimed', body: 'It ships today.' },
		]);
	});
});
