import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { metricEvent, messageEvent, ticketEvent } from '../../domain/items';
import { resources as klaviyoResources } from '../../nodes/Klaviyo/actions';
import { Klaviyo } from '../../nodes/Klaviyo/Klaviyo.node';
import { KlaviyoTrigger } from '../../nodes/Klaviyo/KlaviyoTrigger.node';
import { resources as zendeskResources } from '../../nodes/ZendeskSync/actions';
import { ZendeskSync } from '../../nodes/ZendeskSync/ZendeskSync.node';
import { ZendeskSyncTrigger } from '../../nodes/ZendeskSync/ZendeskSyncTrigger.node';
import type { ResourceMap } from '../../nodes/shared/operation';
import type { SandboxTicket } from '../../sandbox/types';
import {
	CUSTOMER,
	HOUR,
	klaviyoCredentials,
	runTicket,
	SECOND,
	settledTicket,
	textOf,
	zendeskCredentials,
} from './support/desk';
import { type NodeRun, type NodeSetup, runNode } from './support/engine';
import { ticketItem } from './support/klaviyoNode';
import { claimed } from './support/klaviyoMessages';

/** What an operation is tried on, and the fields that its output has to begin with. */
interface Trial {
	first: string[];
	/** A message by default. */
	given?: (stage: Stage) => IDataObject | Promise<IDataObject>;
	parameters?: INodeParameters;
}
interface Stage {
	sandbox: QuickSandbox;
	ticket: SandboxTicket;
}

const ofTicket = ({ ticket: { id, requesterId } }: Stage): IDataObject => ({
	ticketId: id,
	requesterId,
});
const reply = ({ sandbox, ticket }: Stage): IDataObject => ({
	event: 'agentReplied',
	ticketId: ticket.id,
	comment: { id: sandbox.zendesk.agentComments(ticket.id, 'It ships today.').id },
});
const opened = ({ ticket }: Stage): IDataObject => ({
	...ticketItem(1, { key: `opened:${ticket.id}`, ticketId: ticket.id }),
});
const sent = ({ sandbox }: Stage): IDataObject => ({
	...textOf(sandbox),
	event: 'delivered',
	direction: 'outbound',
	kind: 'campaign',
	to: CUSTOMER,
	body: 'Sale!',
});
const customer = (): IDataObject => ({ phone: CUSTOMER });

/** A reply that came after the customer's 24 hours on WhatsApp. */
const late = ({ sandbox }: Stage): IDataObject => {
	const at = sandbox.clock.now() - 25 * HOUR;
	sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Hi', channel: 'whatsapp', at });
	const externalId = `klaviyo:whatsapp:${CUSTOMER}`;
	return claimed({ externalId, outcome: 'refused', reason: 'windowClosed' });
};
/** The customer's next message, for which a reply waits on the ticket. */
const answer = async (stage: Stage): Promise<IDataObject> => {
	const item = reply(stage);
	await runTicket(stage.sandbox, 'claimReply', [item]);
	const { id } = item.comment as { id: string };
	const parameters = { note: 'It waits', options: { key: `reply:${id}:waits:1:1000000000` } };
	await runTicket(stage.sandbox, 'addInternalNote', [item], { parameters });
	return textOf(stage.sandbox, { channel: 'sms' });
};

const klaviyoTrials: Record<string, Trial> = {
	'event.track': {
		first: ['tracked', 'metric'],
		given: customer,
		parameters: { metricName: { __rl: true, mode: 'name', value: 'Requested Refund' } },
	},
	'event.trackTicket': { first: ['tracked', 'metric'], given: opened },
	'message.getMany': { first: ['from', 'body', 'sentAt'], given: customer },
	'message.screen': { first: ['opensTicket', 'reason', 'customer', 'from', 'body'] },
	'message.send': {
		first: ['outcome', 'profileId', 'phone', 'channel', 'segments'],
		parameters: { text: 'It ships today.' },
	},
	'message.sendFollowUp': {
		first: ['outcome', 'message', 'windowClosedAt', 'noteKey', 'notifyAgent'],
		given: late,
	},
	'message.sendReply': {
		first: ['outcome', 'profileId', 'notifyAgent', 'segments'],
		given: () => claimed(),
	},
	'profile.get': { first: ['profileId', 'email', 'phone'], given: customer },
	'profile.getCustomerCard': {
		first: ['outcome', 'card', 'cardKey', 'profileId'],
		given: customer,
	},
	'profile.upsert': { first: ['outcome', 'profileId'], given: customer },
	'segment.createOpenTicket': { first: ['outcome', 'segmentId', 'name'] },
};

const zendeskTrials: Record<string, Trial> = {
	'setup.createClosingAutomation': { first: ['outcome', 'automationId', 'title'] },
	'setup.createConversationView': { first: ['outcome', 'viewId', 'title'] },
	'setup.createCustomerFields': { first: ['outcome', 'created', 'existing'] },
	'ticket.addInternalNote': {
		first: ['outcome', 'ticketId'],
		given: ofTicket,
		parameters: { note: 'Called back' },
	},
	'ticket.addMessage': {
		first: ['outcome', 'ticketId', 'ticketUrl'],
		given: (stage) => ({ ...textOf(stage.sandbox), ...ofTicket(stage) }),
	},
	'ticket.claimReply': { first: ['outcome', 'ticketId', 'body', 'phone'], given: reply },
	'ticket.countOpen': { first: ['openTickets', 'ticketIds'], given: ofTicket },
	'ticket.create': { first: ['outcome', 'ticketId', 'ticketUrl'] },
	'ticket.createOrReopen': {
		first: ['outcome', 'ticketId', 'ticketUrl', 'externalId', 'from', 'body', 'sentAt'],
	},
	'ticket.fileRating': { first: ['isRating', 'from', 'body', 'sentAt'] },
	'ticket.findForConversation': { first: ['found', 'ticketId', 'status'] },
	'ticket.get': { first: ['ticketId', 'subject', 'status', 'description'], given: opened },
	'ticket.getMany': { first: ['event', 'occurredAt', 'ticketId', 'subject', 'status'] },
	'ticket.getWaitingReplies': {
		first: ['outcome', 'ticketId', 'commentId', 'body'],
		given: answer,
	},
	'ticket.logOutbound': { first: ['outcome', 'ticketId', 'notifyAgent'], given: sent },
	'ticket.startConversation': {
		first: ['outcome', 'externalId', 'phone', 'ticketId', 'notifyAgent'],
		given: ofTicket,
	},
	'ticket.reopen': { first: ['outcome', 'ticketId'], given: ofTicket },
	'user.updateCustomerFields': {
		first: ['outcome', 'userId', 'missingFields'],
		given: (stage) => ({ ...ofTicket(stage), userFields: { klaviyo_order_count: 2 } }),
	},
};

/** A row for each capability, and items that pass through: there is no result to look for. */
const WITHOUT_RESULT = ['account.checkSetup', 'execution.failUntilRetried'];

const operationsOf = (resources: ResourceMap): string[] =>
	Object.entries(resources).flatMap(([resource, { operations }]) =>
		Object.keys(operations).map((operation) => `${resource}.${operation}`),
	);

describe("What an operation found stands before what it was given, and a vendor's record last", () => {
	let stage: Stage;

	beforeEach(async () => {
		const sandbox = await startQuickSandbox();
		sandbox.klaviyo.addProfile({ phone: CUSTOMER, email: 'cy@home.co', smsMarketing: true });
		sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Where is my order?' });
		stage = { sandbox, ticket: await settledTicket(sandbox) };
		await sandbox.clock.advance(90 * SECOND);
	});
	afterEach(async () => await stage.sandbox.close());

	const run = async (
		operation: string,
		{ given, parameters }: Trial,
		more: Partial<NodeSetup> = {},
	): Promise<NodeRun> => {
		const [resource = '', name = ''] = operation.split('.');
		const isOfKlaviyo = operation in klaviyoTrials;
		const item =
			(await given?.(stage)) ?? inOrder(messageEvent.shape, { ...textOf(stage.sandbox) });
		return await runNode(isOfKlaviyo ? Klaviyo : ZendeskSync, {
			credentials: { ...klaviyoCredentials(stage.sandbox), ...zendeskCredentials(stage.sandbox) },
			parameters: {
				authentication: isOfKlaviyo ? 'apiKey' : 'apiToken',
				resource,
				operation: name,
				...parameters,
			},
			items: [{ ...item, raw: { id: 'E1' } }],
			...more,
		});
	};
	const keysOf = ({ json }: NodeRun): string[] => Object.keys(json[0] ?? {});

	it('is said of every operation that has a result', () => {
		const all = [...operationsOf(klaviyoResources), ...operationsOf(zendeskResources)];
		const tried = [...Object.keys(klaviyoTrials), ...Object.keys(zendeskTrials)];
		expect([...new Set([...tried, ...WITHOUT_RESULT])].sort()).toEqual([...new Set(all)].sort());
	});

	it.each(Object.entries({ ...klaviyoTrials, ...zendeskTrials }))('%s', async (name, trial) => {
		const keys = keysOf(await run(name, trial));
		expect(keys.slice(0, trial.first.length)).toEqual(trial.first);
		if (keys.includes('raw')) expect(keys.at(-1)).toBe('raw');
	});

	it.each(['message.getMany', 'ticket.get', 'ticket.getMany'])(
		'%s, not simplified',
		async (name) => {
			const trial = klaviyoTrials[name] ?? zendeskTrials[name] ?? { first: [] };
			const keys = keysOf(await run(name, { ...trial, parameters: { output: 'raw' } }));
			expect(keys.slice(0, trial.first.length)).toEqual(trial.first);
			expect(keys.at(-1)).toBe('raw');
		},
	);

	it('an error is a result too, if the node goes on', async () => {
		const trial = { first: [], parameters: { customerPhone: 'nobody' } };
		const keys = keysOf(
			await run('ticket.createOrReopen', trial, { onError: 'continueRegularOutput' }),
		);
		expect(keys.slice(0, 3)).toEqual(['error', 'errorDescription', 'from']);
		expect(keys.at(-1)).toBe('raw');
	});

	describe('of a trigger', () => {
		const messages = async (options: INodeParameters, items: IDataObject[] = [{}]) =>
			await runNode(
				KlaviyoTrigger,
				{
					credentials: klaviyoCredentials(stage.sandbox),
					parameters: { authentication: 'apiKey', source: 'polling', options },
					items,
				},
				'manual',
			);
		const tickets = async (options: INodeParameters) =>
			await runNode(
				ZendeskSyncTrigger,
				{
					credentials: zendeskCredentials(stage.sandbox),
					parameters: { authentication: 'apiToken', events: ['opened'], options },
					items: [{}],
				},
				'manual',
			);

		it('the message, and what only nodes need after it', async () => {
			const keys = keysOf(await messages({}));
			expect(keys.slice(0, 4)).toEqual(['from', 'body', 'sentAt', 'to']);
			expect(keys).toEqual(keysIn(messageEvent.shape, keys));
			expect(keys).not.toContain('raw');
			expect(keys).not.toContain('flowKey');
		});

		it("the ticket's event, and what only nodes need after it", async () => {
			const keys = keysOf(await tickets({}));
			expect(keys.slice(0, 3)).toEqual(['event', 'ticketId', 'status']);
			expect(keys).toEqual(keysIn(ticketEvent.shape, keys));
			expect(keys).not.toContain('raw');
		});

		it("what happened by any other metric's name", async () => {
			const event = { ...metric(), raw: { id: 'E1' } };
			expect(keysOf(await messages({}, [event]))).toEqual(Object.keys(metric()));
			expect(Object.keys(metric())).toEqual(keysIn(metricEvent.shape, Object.keys(metric())));
		});

		it("the vendor's event last, for a builder who asks for it", async () => {
			for (const run of [messages, tickets]) {
				const keys = keysOf(await run({ includeRaw: true }));
				expect(keys.at(-1)).toBe('raw');
			}
		});
	});
});

/** The fields that a shape has, in its order. */
const keysIn = (shape: object, keys: readonly string[]): string[] =>
	Object.keys(shape).filter((key) => keys.includes(key));

const inOrder = (shape: object, item: IDataObject): IDataObject =>
	Object.fromEntries(
		[...keysIn(shape, Object.keys(item)), ...Object.keys(item)].map((key) => [key, item[key]]),
	);

const metric = (): IDataObject => ({
	metric: { id: 'M1', name: 'Submitted Rating' },
	occurredAt: '2026-01-10T10:00:00.000Z',
	profile: null,
	value: null,
	properties: {},
	event: 'otherMetric',
	profileId: null,
	eventId: 'E1',
	key: 'metric:E1',
	catchUp: true,
});
