/**
 * A vendor that is away for longer than the ages that a builder chose (5, 60 and 150 minutes by default), and an
 * execution of the look-back that fails: the late ages bring what is left.
 */
import type { SandboxChannel } from '../../sandbox/types';
import { seed } from '../support/seed';
import { HOUR, MINUTE, SECOND, World } from './support/world';
import { readTemplate } from './support/worldTemplate';

const INBOUND = '01-inbound-message-to-ticket.json';
const CUSTOMER = '+12125550123';
/** Nothing here is about a poll each minute. */
const POLL_EVERY = 5 * MINUTE;
/** Of customers, one after the other. */
const WAYS: SandboxChannel[] = ['sms', 'whatsapp', 'rcs'];
const wayOf = (n: number): SandboxChannel => WAYS[n % WAYS.length] ?? 'sms';

jest.setTimeout(300_000);

describe(`What a long outage has kept back (seed ${seed})`, () => {
	let world: World;
	afterEach(async () => await world.close());

	const inTickets = (): string[] =>
		world.sandbox.zendesk
			.tickets()
			.flatMap(({ comments, requesterId }) =>
				comments.filter(({ authorId }) => authorId === requesterId).map(({ body }) => body),
			);
	const writes = (from: string, body: string, channel = wayOf(0)): void => {
		world.sandbox.klaviyo.addProfile({ phone: from, smsMarketing: true });
		world.sandbox.klaviyo.customerWrites({ from, body, channel });
	};
	const rest = async (): Promise<void> => {
		await world.pass(26 * HOUR);
		await world.idle();
	};

	it.each([2, 3])('is added: a message, while Zendesk was away for %d hours', async (hours) => {
		world = await World.start({ seed, templates: [INBOUND], pollEvery: POLL_EVERY });
		await world.pass(HOUR);
		world.sandbox.switches.away = ['zendesk'];
		await world.pass(30 * SECOND);
		writes(CUSTOMER, 'Where is my order?', wayOf(hours));
		await world.pass(hours * HOUR - 30 * SECOND);
		world.sandbox.switches.away = [];
		await rest();
		expect(inTickets()).toEqual(['Where is my order?']);
		expect(world.failures().length).toBeGreaterThan(0);
	});

	it.each(['zendesk', 'klaviyo'] as const)(
		'is done within an hour of the return, while %s was away for five hours',
		async (vendor) => {
			world = await World.start({
				seed,
				templates: [
					INBOUND,
					'02-agent-reply-to-customer.json',
					'03-ticket-metrics-to-klaviyo.json',
				],
				pollEvery: POLL_EVERY,
			});
			const { zendesk, klaviyo, switches } = world.sandbox;
			const phones = [0, 1, 2, 3, 4].map((n) => `+1212555020${n}`);
			for (const [n, phone] of phones.entries()) writes(phone, `Hello from ${phone}`, wayOf(n));
			await world.pass(HOUR);
			switches.away = [vendor];
			const written = phones.map((phone) => `Hello from ${phone}`);
			for (const [hour, phone] of phones.entries()) {
				const ticket = zendesk
					.tickets()
					.find(({ externalId }) => externalId?.endsWith(`:${phone}`));
				writes(`+1212555030${hour}`, `Text ${hour}`, wayOf(hour + 1));
				zendesk.agentComments(ticket?.id ?? '', `Reply ${hour}`);
				written.push(`Text ${hour}`, `Reply ${hour}`);
				await world.pass(HOUR);
			}
			switches.away = [];
			klaviyo.addProfile({ phone: CUSTOMER, smsMarketing: true });
			// By the account's other messages it is known that Klaviyo's log is not late.
			for (let part = 0; part < 6; part++) {
				for (const channel of ['sms', 'whatsapp'] as const)
					klaviyo.brandWrites({ to: CUSTOMER, body: 'Sale', kind: 'campaign', channel });
				await world.pass(10 * MINUTE);
			}
			await world.idle();
			const received = phones.flatMap((phone) =>
				klaviyo
					.phone(phone)
					.filter(({ direction }) => direction === 'out')
					.map(({ body }) => body),
			);
			expect([...inTickets(), ...received].toSorted()).toEqual(written.toSorted());
		},
	);

	it('is recorded or told: a ticket and a reply, while Klaviyo was away for three hours', async () => {
		world = await World.start({
			seed,
			templates: ['02-agent-reply-to-customer.json', '03-ticket-metrics-to-klaviyo.json'],
			pollEvery: POLL_EVERY,
		});
		const { zendesk, klaviyo, switches } = world.sandbox;
		const { id: profileId } = klaviyo.addProfile({ phone: CUSTOMER, smsMarketing: true });
		klaviyo.customerWrites({ from: CUSTOMER, body: 'Where is my order?' });
		await world.pass(HOUR);
		switches.away = ['klaviyo'];
		const externalId = `klaviyo:sms:${CUSTOMER}`;
		const { id: requesterId } = zendesk.addUser({ name: 'Ana', phone: CUSTOMER, externalId });
		const ticket = zendesk.agentCreates({
			subject: `SMS from ${CUSTOMER}`,
			body: 'Where is my order?',
			requesterId,
			externalId,
			public: false,
		});
		await world.pass(MINUTE);
		zendesk.agentComments(ticket.id, 'It ships today.');
		await world.pass(3 * HOUR);
		switches.away = [];
		await rest();
		const metrics = klaviyo.timeline(profileId).map(({ metric }) => metric);
		expect(metrics.filter((metric) => metric === 'Opened Ticket')).toHaveLength(1);
		const sent = klaviyo.phone(CUSTOMER).filter(({ body }) => body === 'It ships today.');
		const told = zendesk
			.ticket(ticket.id)
			.comments.filter(({ body }) => /was not sent|is not certain|may not have/.test(body));
		expect({ sent: sent.length, told: told.length }).toEqual({ sent: 0, told: 1 });
	});

	it('is added: messages of a downtime, whose one execution failed as n8n started', async () => {
		const template = readTemplate(INBOUND);
		world = await World.start({
			seed,
			templates: [
				{
					...template,
					nodes: template.nodes.map((node) =>
						node.type.endsWith('klaviyoTrigger')
							? { ...node, parameters: { ...node.parameters, source: 'polling' } }
							: node,
					),
				},
			],
			pollEvery: MINUTE,
		});
		await world.pass(HOUR);
		await world.down();
		const bodies = [1, 2, 3, 4, 5].map((n) => `Text ${n}`);
		for (const [n, body] of bodies.entries()) {
			await world.pass(2 * MINUTE);
			writes(`+1212555010${n}`, body, wayOf(n));
		}
		await world.pass(3 * HOUR);
		world.sandbox.switches.away = ['zendesk'];
		world.up();
		await world.pass(2 * MINUTE);
		world.sandbox.switches.away = [];
		const [failed, ...others] = world.failures();
		expect(others).toEqual([]);
		expect(failed).toBeDefined();
		expect(inTickets()).toEqual([]);
		await rest();
		expect(inTickets().toSorted()).toEqual(bodies);
	});
});
