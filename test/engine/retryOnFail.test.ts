/**
 * *Retry On Fail*: n8n runs a node again, on all of its items, when it fails or when its first output item has an
 * `error`. What the first try has done is not done again, and the outcomes are those of one try.
 */
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import { Klaviyo } from '../../nodes/Klaviyo/Klaviyo.node';
import { ZendeskSync } from '../../nodes/ZendeskSync/ZendeskSync.node';
import type { Sandbox } from '../../sandbox/types';
import { openConversation, outbound } from './support/conversation';
import { CUSTOMER, klaviyoCredentials, SECOND, textOf, zendeskCredentials } from './support/desk';
import { type NodeClass, runNode } from './support/engine';
import { claimed } from './support/klaviyoMessages';
import { ticketItem } from './support/klaviyoNode';
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';

interface Case {
	operation: string;
	parameters?: INodeParameters;
	/** The item that fails, and the one that does not. */
	items(sandbox: Sandbox): [bad: IDataObject, good: IDataObject];
	/** What is done for the good one. */
	expected: IDataObject;
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
		items: (sandbox) => [
			textOf(sandbox, NOBODY),
			textOf(sandbox, { ...NAME, from: '+12125550199' }),
		],
		expected: { outcome: 'created' },
	},
	{
		operation: 'ticket.createOrReopen',
		items: (sandbox) => [textOf(sandbox, NOBODY), textOf(sandbox, NAME)],
		expected: { outcome: 'reopened' },
	},
	{
		operation: 'ticket.create',
		items: (sandbox) => [
			textOf(sandbox, NOBODY),
			textOf(sandbox, { ...NAME, from: '+12125550199' }),
		],
		expected: { outcome: 'created' },
	},
	{
		operation: 'ticket.addMessage',
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
		items: (sandbox) => [{ ticketId: 'none' }, { ticketId: firstTicket(sandbox).id }],
		expected: { outcome: 'reopened', previousStatus: 'solved' },
	},
	{
		operation: 'ticket.addInternalNote',
		parameters: { note: 'A note' },
		items: (sandbox) => [{ ticketId: 'none' }, { ticketId: firstTicket(sandbox).id }],
		expected: { outcome: 'added' },
	},
	{
		operation: 'ticket.addInternalNote',
		parameters: { note: 'A note', options: { key: 'a key' } },
		items: (sandbox) => [{ ticketId: 'none' }, { ticketId: firstTicket(sandbox).id }],
		expected: { outcome: 'added' },
	},
	{
		operation: 'ticket.logOutbound',
		items: (sandbox) => {
			sandbox.zendesk.agentUpdates(firstTicket(sandbox).id, { status: 'open' });
			return [outbound(sandbox, { ...NAME, to: 'ACME' }), outbound(sandbox, NAME)];
		},
		expected: { outcome: 'logged' },
	},
	{
		operation: 'event.track',
		parameters: { metricName: { __rl: true, mode: 'name', value: 'Asked' } },
		items: () => [{}, { email: 'cy@home.co' }],
		expected: { tracked: true },
	},
	{
		operation: 'event.trackTicket',
		items: (sandbox) => [
			{ key: 'opened:1' },
			ticketItem(1, { occurredAt: new Date(sandbox.clock.now()).toISOString() }),
		],
		expected: { tracked: true },
	},
	{
		operation: 'profile.upsert',
		items: () => [{}, { email: 'new@home.co' }],
		expected: { outcome: 'created' },
		writesAgain: true,
	},
	{
		operation: 'setup.createSmsView',
		parameters: { title: '={{ $json.title }}' },
		items: () => [{}, { title: 'SMS' }],
		expected: { outcome: 'created' },
	},
	{
		operation: 'setup.createClosingAutomation',
		parameters: { title: '={{ $json.title }}', hours: 48 },
		items: () => [{}, { title: 'Close SMS' }],
		expected: { outcome: 'created' },
	},
	{
		operation: 'segment.createOpenTicket',
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

	const runOnce = async (
		{ operation: name, parameters, items, writesAgain }: Case,
		{ onError, isLast }: Setting,
		retryOnFail: boolean,
	) => {
		await sandbox?.close();
		sandbox = await startQuickSandbox();
		sandbox.klaviyo.addProfile({ phone: CUSTOMER, email: 'cy@klaviyo.co', smsMarketing: true });
		await ticketOf(sandbox);
		const before = sandbox.calls().length;
		const [resource = '', operation = ''] = name.split('.');
		const given = items(sandbox);
		const credentials = { ...zendeskCredentials(sandbox), ...klaviyoCredentials(sandbox) };
		const type = NODES[resource] ?? Klaviyo;
		const authentication = type === ZendeskSync ? { authentication: 'apiToken' } : {};
		const { json, errorJson, error } = await runNode(type, {
			credentials,
			parameters: { ...authentication, resource, operation, ...parameters },
			onError,
			retryOnFail,
			items: isLast ? given.reverse() : given,
		});
		const writes = sandbox
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
			writes: writesAgain ? [...new Set(writes)] : writes,
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
});
