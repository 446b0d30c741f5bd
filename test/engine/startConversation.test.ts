/** Ticket: Start Conversation, alone and in template 11 beside 01 and 02. */
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject } from 'n8n-workflow';
import type { SandboxTicket } from '../../sandbox/types';
import { CUSTOMER, file, runTicket, SECOND, textOf } from './support/desk';
import { goesOn } from './support/klaviyoMessages';
import { HOUR, MINUTE, World } from './support/world';

const TAG = 'text_customer';
const WORDS = 'Your repair is done. When can you come?';

describe('Ticket: Start Conversation', () => {
	let sandbox: QuickSandbox;
	let requesterId: string;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
		requesterId = sandbox.zendesk.addUser({ name: 'Ana', phone: CUSTOMER }).id;
	});
	afterEach(async () => await sandbox.close());

	const opened = (more: Partial<Parameters<typeof sandbox.zendesk.agentCreates>[0]> = {}) =>
		sandbox.zendesk.agentCreates({
			...{ subject: 'Repair', body: WORDS, requesterId, tags: [TAG] },
			...more,
		});
	const start = async (...items: IDataObject[]) =>
		await runTicket(sandbox, 'startConversation', items);
	const startOn = async ({ id }: SandboxTicket) =>
		(await start({ ticketId: id, comment: { id: '77' } })).json[0];
	const shown = ({ id }: SandboxTicket) => sandbox.zendesk.ticket(id);

	it("gives the ticket the conversation's ID and tag, once", async () => {
		const ticket = opened();
		expect(await startOn(ticket)).toEqual({
			outcome: 'started',
			externalId: `klaviyo:sms:${CUSTOMER}`,
			phone: CUSTOMER,
			ticketId: ticket.id,
			notifyAgent: false,
			commentId: '77',
			key: 'reply:77',
			comment: { id: '77' },
		});
		expect(shown(ticket)).toMatchObject({ externalId: `klaviyo:sms:${CUSTOMER}` });
		expect(shown(ticket).tags.sort()).toEqual(['sms', TAG]);
		const before = sandbox.calls().length;
		expect(await startOn(ticket)).toMatchObject({ outcome: 'alreadyStarted' });
		expect(sandbox.calls().length - before).toBe(1);
	});

	it('gets what the customer answers', async () => {
		const ticket = opened();
		await startOn(ticket);
		await sandbox.clock.advance(10 * SECOND);
		const { json } = await file(sandbox, [textOf(sandbox, { body: 'At five?' })]);
		expect(json).toMatchObject([{ outcome: 'commented', ticketId: ticket.id }]);
	});

	it('finds its own write if the answer was lost', async () => {
		const ticket = opened();
		await sandbox.clock.advance(10 * SECOND);
		const starting = startOn(ticket);
		const written = () => sandbox.calls().filter(({ method }) => method === 'PUT').length > 0;
		await sandbox.until('the tickets are listed', () => sandbox.calls().length > 1);
		sandbox.switches.faults.lostAnswer = 1;
		await sandbox.until('an answer is lost', written);
		sandbox.switches.faults.lostAnswer = 0;
		expect(await starting).toMatchObject({ outcome: 'started' });
	});

	it.each<
		[string, string, (one: { requesterId: string }) => SandboxTicket | Promise<SandboxTicket>]
	>([
		[
			'noPhone',
			'no phone number',
			() => opened({ requesterId: sandbox.zendesk.addUser({ name: 'Bo' }).id }),
		],
		[
			'noPhone',
			'country code',
			() => opened({ requesterId: sandbox.zendesk.addUser({ name: 'Bo', phone: '555-0123' }).id }),
		],
		[
			'suspended',
			'suspended',
			() =>
				opened({
					requesterId: sandbox.zendesk.addUser({
						...{ name: 'Spam', phone: '+12125550177', suspended: true },
					}).id,
				}),
		],
		['otherExternalId', 'another system', () => opened({ externalId: 'shop:7' })],
	])('is refused (%s), and the agent is to be told why', async (reason, words, make) => {
		const ticket = await make({ requesterId });
		expect(await startOn(ticket)).toMatchObject({
			...{ outcome: 'refused', reason, notifyAgent: true },
			message: expect.stringContaining(words),
		});
		expect(shown(ticket).tags).not.toContain('sms');
	});

	it('is refused for a ticket that its requester opened, which may be a mail', async () => {
		const ticket = opened({ requesterId: sandbox.zendesk.agent.id });
		expect(await startOn(ticket)).toMatchObject({ outcome: 'refused', reason: 'notByAgent' });
	});

	it('is refused while the customer has an open conversation, with its ticket', async () => {
		await file(sandbox, [textOf(sandbox)]);
		const [conversation] = sandbox.zendesk.tickets();
		const ticket = opened();
		expect(await startOn(ticket)).toMatchObject({
			...{ outcome: 'refused', reason: 'openConversation', otherTicketId: conversation?.id },
			message: expect.stringContaining(`ticket #${conversation?.id}. Please write there`),
		});
		expect(shown(ticket).externalId).toBeNull();
	});

	it('does each item by itself, whatever the vendor says', async () => {
		const ticket = opened();
		const { json } = await runTicket(
			sandbox,
			'startConversation',
			[{ ticketId: '999' }, { ticketId: '' }, { ticketId: ticket.id }],
			goesOn,
		);
		expect(json).toMatchObject([
			{ error: expect.any(String) },
			{ error: expect.any(String) },
			{ outcome: 'started' },
		]);
	});
});

describe('Template 11, beside 01 and 02', () => {
	let world: World;
	let requesterId: string;

	const begin = async (consent: boolean) => {
		world = await World.start({
			...{ seed: 11, pollEvery: 10 * MINUTE },
			templates: [
				'01-inbound-message-to-ticket.json',
				'02-agent-reply-to-customer.json',
				'11-start-a-conversation.json',
			],
		});
		world.sandbox.klaviyo.addProfile({ phone: CUSTOMER, smsMarketing: consent });
		world.sandbox.klaviyo.addMessageFlow({ metric: 'Zendesk Reply', body: '{{ event.body }}' });
		requesterId = world.sandbox.zendesk.addUser({ name: 'Ana', phone: CUSTOMER }).id;
		await world.pass(MINUTE);
	};
	afterEach(async () => await world.close());

	const rest = async (milliseconds = 20 * SECOND) => {
		await world.pass(milliseconds);
		await world.idle();
	};
	const opens = async (): Promise<string> => {
		const { id } = world.sandbox.zendesk.agentCreates({
			...{ subject: 'Repair', body: WORDS, requesterId, tags: [TAG] },
		});
		await rest();
		return id;
	};
	const phone = () =>
		world.sandbox.klaviyo
			.phone(CUSTOMER)
			.filter(({ direction }) => direction === 'out')
			.map(({ body }) => body);
	const told = (id: string) =>
		world.sandbox.zendesk
			.ticket(id)
			.comments.filter((comment) => !comment.public)
			.map(({ body }) => body)
			.filter((body) => !body.startsWith('This reply goes to'));

	it('sends the words once; the answer lands on the ticket, and the next reply is sent too', async () => {
		await begin(true);
		const id = await opens();
		expect(phone()).toEqual([WORDS]);
		await rest(2 * HOUR);
		world.sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'At five?' });
		await rest();
		world.sandbox.zendesk.agentComments(id, 'See you then.');
		await rest(2 * HOUR);
		expect(phone()).toEqual([WORDS, 'See you then.']);
		const tickets = world.sandbox.zendesk.tickets();
		expect(tickets.map((ticket) => ticket.id)).toEqual([id]);
		const publicly = world.sandbox.zendesk.ticket(id).comments.filter((one) => one.public);
		expect(publicly.map(({ body }) => body.split('\n')[0])).toEqual([
			WORDS,
			'At five?',
			'See you then.',
		]);
		expect(told(id)).toEqual([]);
		expect(world.failures()).toEqual([]);
	});

	it('tells the agent that the customer may not be texted', async () => {
		await begin(false);
		const id = await opens();
		await rest(2 * HOUR);
		expect(phone()).toEqual([]);
		expect(told(id)).toEqual([expect.stringContaining('the customer cannot receive SMS')]);
	});

	it('tells the agent where the open conversation is, and sends nothing', async () => {
		await begin(true);
		world.sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Is it done?' });
		await rest();
		const [conversation] = world.sandbox.zendesk.tickets();
		const id = await opens();
		await rest(2 * HOUR);
		expect(told(id)).toEqual([expect.stringContaining(`on ticket #${conversation?.id}`)]);
		expect(phone()).toEqual([]);
		expect(world.failures()).toEqual([]);
	});
});
