/** Agents' replies while n8n or a vendor is away: each is sent once, or its agent is told. */
import type { AskedSwitches, Sandbox, SandboxTicket } from '../../sandbox/types';
import { seed } from '../support/seed';
import { sizeOf } from '../support/size';
import { HOUR, MINUTE, SECOND, World } from './support/world';

const TEMPLATE = '02-agent-reply-to-customer.json';
/** Nothing here is about a poll each minute, and a day has 1,440 of them. */
const POLL_EVERY = 5 * MINUTE;
const CLAIMED = /^This reply goes to the customer/;

interface Conversation {
	phone: string;
	ticket: SandboxTicket;
}

/** A customer who has written, and the ticket of it. */
function conversation({ sandbox }: World, n: number): Conversation {
	const phone = `+1212555${String(1000 + n)}`;
	sandbox.klaviyo.addProfile({ phone: phone, smsMarketing: true });
	sandbox.klaviyo.customerWrites({ from: phone, body: 'Where is my order?' });
	const externalId = `klaviyo:sms:${phone}`;
	const { id } = sandbox.zendesk.addUser({ name: `Customer ${n}`, phone: phone, externalId });
	const ticket = sandbox.zendesk.agentCreates({
		subject: `SMS from ${phone}`,
		body: 'Where is my order?',
		requesterId: id,
		externalId,
		public: false,
		channel: 'api',
	});
	return { phone, ticket };
}

const messagesTo = ({ sandbox }: World, phone: string): string[] =>
	sandbox.klaviyo
		.phone(phone)
		.filter(({ kind }) => kind === 'api')
		.map(({ body }) => body);

const notesOn = ({ sandbox }: World, { id }: SandboxTicket): string[] =>
	sandbox.zendesk
		.ticket(id)
		.comments.filter((comment) => !comment.public)
		.map(({ body }) => body)
		.slice(1);

const patch = async (
	{ url, account }: Sandbox['klaviyo'],
	id: string,
	attributes: object,
): Promise<void> => {
	const answer = await fetch(`${url}/api/profiles/${id}`, {
		method: 'PATCH',
		headers: {
			authorization: `Klaviyo-API-Key ${account.apiKey}`,
			'content-type': 'application/vnd.api+json',
			revision: '2026-07-15',
		},
		body: JSON.stringify({ data: { type: 'profile', id, attributes } }),
	});
	expect(answer.status).toBe(200);
};

describe(`Replies of a downtime (seed ${seed})`, () => {
	let world: World;
	afterEach(async () => await world.close());

	it.each(sizeOf({ quick: [100], all: [100, 500] }))(
		'%s of four hours are sent once each, the newest first',
		async (count) => {
			world = await World.start({ seed, templates: [TEMPLATE] });
			const conversations = Array.from({ length: count }, (_, n) => conversation(world, n));
			await world.pass(HOUR);
			await world.down();
			for (const { ticket } of conversations) {
				await world.pass((4 * HOUR) / count);
				world.sandbox.zendesk.agentComments(ticket.id, 'It ships today.');
			}
			await world.pass(10 * MINUTE);
			world.up();
			await world.pass(45 * MINUTE);
			const late = conversations.filter(({ phone }) => messagesTo(world, phone).length === 0);
			expect(late.map(({ phone }) => phone)).toEqual([]);
			await world.pass(26 * HOUR);
			await world.idle();
			expect(world.failures()).toEqual([]);
			for (const { phone, ticket } of conversations) {
				expect(messagesTo(world, phone)).toEqual(['It ships today.']);
				expect(notesOn(world, ticket)).toEqual([expect.stringMatching(CLAIMED)]);
			}
			const at = (n: number) =>
				Date.parse(
					world.sandbox.klaviyo
						.phone(conversations.at(n)?.phone ?? '')
						.find(({ kind }) => kind === 'api')?.at ?? '',
				);
			expect(at(-1) - at(0)).toBeLessThan(count > 100 ? 0 : MINUTE);
		},
		600_000,
	);
});

describe(`A reply that was sent (seed ${seed})`, () => {
	let world: World;
	afterEach(async () => await world.close());

	/** A reply that the customer has, in an account that messages other customers all the time. */
	const sent = async (): Promise<Conversation> => {
		world = await World.start({ seed, templates: [TEMPLATE], pollEvery: POLL_EVERY });
		const one = conversation(world, 1);
		const { phone } = conversation(world, 2);
		await world.pass(HOUR);
		world.sandbox.zendesk.agentComments(one.ticket.id, 'It ships today.');
		await world.pass(30 * SECOND);
		const campaign = (): void => {
			world.sandbox.klaviyo.brandWrites({ to: phone, body: 'Sale', kind: 'campaign' });
			world.sandbox.clock.after(10 * MINUTE, campaign);
		};
		campaign();
		return one;
	};
	const untouched = ({ phone, ticket }: Conversation): void => {
		expect(messagesTo(world, phone)).toEqual(['It ships today.']);
		expect(notesOn(world, ticket)).toEqual([expect.stringMatching(CLAIMED)]);
	};

	it('is not reported as unsent when n8n starts while Klaviyo is down', async () => {
		const one = await sent();
		await world.down();
		await world.pass(4 * HOUR);
		world.sandbox.switches.faults.serverError = 1;
		world.up();
		await world.pass(5 * MINUTE);
		world.sandbox.switches.faults.serverError = 0;
		await world.pass(26 * HOUR);
		untouched(one);
	}, 120_000);

	it.each<[string, AskedSwitches]>([
		['Klaviyo is away', { faults: { serverError: 1 } }],
		['the key may not read events', { keyScopes: ['profiles:read', 'conversations:read'] }],
	])(
		'is not reported as unsent if %s at one of its ages',
		async (_what, fault) => {
			const one = await sent();
			await world.down();
			const { switches } = world.sandbox;
			const before = { keyScopes: switches.keyScopes };
			await world.pass(50 * MINUTE);
			Object.assign(switches, { ...fault, faults: { ...switches.faults, ...fault.faults } });
			world.up();
			await world.pass(25 * MINUTE);
			Object.assign(switches, { ...before, faults: { ...switches.faults, serverError: 0 } });
			await world.pass(26 * HOUR);
			untouched(one);
		},
		120_000,
	);

	it("is recognized although the customer's number has changed", async () => {
		world = await World.start({
			seed,
			templates: ['01-inbound-message-to-ticket.json', TEMPLATE],
			pollEvery: POLL_EVERY,
		});
		const { klaviyo, zendesk } = world.sandbox;
		const phone = '+12125551001';
		const { id } = klaviyo.addProfile({ phone: phone, smsMarketing: true });
		klaviyo.customerWrites({ from: phone, body: 'Where is my order?' });
		await world.pass(HOUR);
		const [ticket] = zendesk.tickets();
		if (!ticket) throw new Error('The message has no ticket');
		zendesk.agentComments(ticket.id, 'It ships today.');
		await world.pass(30 * SECOND);
		await world.down();
		await patch(klaviyo, id, { phone_number: '+12125559999' });
		await world.pass(4 * HOUR);
		world.up();
		await world.pass(26 * HOUR);
		expect(messagesTo(world, phone)).toEqual(['It ships today.']);
		const notes = zendesk.ticket(ticket.id).comments.filter((one) => !one.public);
		expect(notes.map(({ body }) => body)).toEqual([expect.stringMatching(CLAIMED)]);
	}, 120_000);

	/** An agent's reply, in a slow account, while Klaviyo has a fault between the claim and the message. */
	const faultAsItIsSent = async (one: Conversation): Promise<void> => {
		const { faults } = world.sandbox.switches;
		world.sandbox.zendesk.agentComments(one.ticket.id, 'It ships today.');
		while (notesOn(world, one.ticket).length === 0) await world.pass(50);
		while (!world.sandbox.calls().at(-1)?.path.includes('/profiles')) await world.pass(50);
		faults.serverError = 1;
		await world.pass(20 * SECOND);
		faults.serverError = 0;
		expect(messagesTo(world, one.phone)).toEqual([]);
	};
	const slowly = async (): Promise<World> =>
		await World.start({
			seed,
			templates: [TEMPLATE],
			switches: { latency: 2000 },
			keepCalls: true,
		});

	it('comes within minutes if Klaviyo had a fault while it was being sent', async () => {
		world = await slowly();
		const one = conversation(world, 1);
		const others = conversation(world, 2);
		const campaign = (): void => {
			world.sandbox.klaviyo.brandWrites({ to: others.phone, body: 'Sale', kind: 'campaign' });
			world.sandbox.clock.after(MINUTE, campaign);
		};
		campaign();
		await world.pass(HOUR);
		await faultAsItIsSent(one);
		await world.pass(11 * MINUTE);
		expect(messagesTo(world, one.phone)).toEqual(['It ships today.']);
		await world.pass(26 * HOUR);
		expect(messagesTo(world, one.phone)).toEqual(['It ships today.']);
	}, 120_000);

	it('comes within minutes although another with the same text was written just before, and the log is late', async () => {
		world = await World.start({
			seed,
			templates: [TEMPLATE],
			switches: { outboundLogLag: 2 * MINUTE },
		});
		const one = conversation(world, 1);
		await world.pass(HOUR);
		world.sandbox.zendesk.agentComments(one.ticket.id, 'Thanks!');
		await world.pass(20 * SECOND);
		world.sandbox.zendesk.agentComments(one.ticket.id, 'Thanks!');
		await world.pass(40 * SECOND);
		expect(messagesTo(world, one.phone)).toEqual(['Thanks!']);
		await world.pass(11 * MINUTE);
		expect(messagesTo(world, one.phone)).toEqual(['Thanks!', 'Thanks!']);
		await world.pass(26 * HOUR);
		expect(messagesTo(world, one.phone)).toEqual(['Thanks!', 'Thanks!']);
		expect(notesOn(world, one.ticket).filter((note) => !CLAIMED.test(note))).toEqual([]);
	}, 120_000);

	it('is reported within three hours when nothing in a quiet account can say whether it was sent', async () => {
		world = await slowly();
		const one = conversation(world, 1);
		await world.pass(HOUR);
		await faultAsItIsSent(one);
		await world.pass(3 * HOUR);
		expect(notesOn(world, one.ticket).slice(1)).toEqual([
			expect.stringContaining('may not have been sent'),
		]);
		expect(messagesTo(world, one.phone)).toEqual([]);
	}, 120_000);

	it('does not keep other agents from being told when the note on its ticket cannot be written', async () => {
		world = await World.start({ seed, templates: [TEMPLATE], switches: { latency: 2000 } });
		const { klaviyo, zendesk } = world.sandbox;
		const [one, other] = [conversation(world, 1), conversation(world, 2)];
		for (const profile of klaviyo.profiles())
			klaviyo.setConsent(profile.id, { marketing: false, transactional: false });
		await world.pass(HOUR);
		await world.down();
		for (const { ticket } of [one, other]) zendesk.agentComments(ticket.id, 'It ships today.');
		await world.pass(4 * HOUR);
		world.up();
		while (notesOn(world, one.ticket).length === 0) await world.pass(50);
		zendesk.agentUpdates(one.ticket.id, { status: 'closed' });
		await world.pass(10 * MINUTE);
		expect(notesOn(world, other.ticket)).toEqual([
			expect.stringMatching(CLAIMED),
			expect.stringContaining('cannot receive SMS'),
		]);
		// Once for each time that the reply is checked meanwhile.
		const failed = world.failures().map(({ error }) => error.message);
		const expected = expect.stringContaining(`No note could be added to ticket ${one.ticket.id}`);
		expect(failed.length).toBeGreaterThan(0);
		expect(failed).toEqual(failed.map(() => expected));
	}, 120_000);
});
