/**
 * A shop's week: tickets by email and text, solved, reopened, closed and rated, by survey and by text, with orders
 * between them, and n8n away for an hour. In the end each number on profiles and events is what the sandbox knows.
 * `SEED=7 TESTS=all npm run test:engine -- --testPathPatterns engine.shop` plays another one of 300 tickets,
 * and `SHOP=month npm run test:engine -- --testPathPatterns engine.shop` a month of 2,000 in about ten minutes.
 */
import type { SandboxProfile, SandboxTicket } from '../../sandbox/types';
import { pick } from '../../sandbox/random';
import { seed } from '../support/seed';
import { sizeOf } from '../support/size';
import { HOUR, MINUTE, SECOND, World } from './support/world';
import { messagesWithRatings } from './support/worldTemplate';

const DAY = 24 * HOUR;
const isMonth = process.env.SHOP === 'month';
const days = isMonth ? 30 : sizeOf({ quick: 2, all: 8 });
const size = isMonth ? 2000 : sizeOf({ quick: 60, all: 300 });
/** After that nobody does anything, so that everything has come. */
const REST = 5 * HOUR;

interface Rating {
	ticketId: string;
	score: string;
	stars: number | 'none';
	comment: string;
	/** Milliseconds since 1970, whole seconds. */
	at: number;
}
interface Customer {
	email?: string;
	phone?: string;
}

const asCustomer = ({ email, phone }: { email: string | null; phone: string | null }): Customer =>
	phone === null ? (email === null ? {} : { email }) : { phone };

const second = (time: number): number => Math.floor(time / 1000) * 1000;
const TEXTS = [
	['5', 'good', 5],
	['2', 'bad', 2],
	['3 stars', 'neutral', 3],
	['Great!', 'good', 'none'],
] as const;

describe(`A shop's ${days} days with ${size} tickets (seed ${seed})`, () => {
	let world: World;
	const ratings: Rating[] = [];
	const customers: Customer[] = [];
	let [orders, messages] = [0, 0];

	const byEmail = (n: number): Customer => ({ email: `c${n}@mail.example.org` });
	const byPhone = (n: number): Customer => ({ phone: `+1212555${String(1000 + n).slice(-4)}` });
	/** What is there in the end, by address or number. */
	const profiles = new Map<string, SandboxProfile>();
	const ticketsBy = new Map<string, SandboxTicket[]>();
	const nameOf = ({ email, phone }: Customer): string => phone ?? email ?? '';
	const profileOf = (customer: Customer) => profiles.get(nameOf(customer));
	const ticketsOf = (customer: Customer): SandboxTicket[] => ticketsBy.get(nameOf(customer)) ?? [];
	/** The customer's conversation's ticket, found once: a look at all tickets at each step takes hours in a month. */
	const textTicketOf = ({ phone }: Customer): string =>
		world.sandbox.zendesk
			.tickets()
			.findLast(({ externalId }) => externalId === `klaviyo:sms:${phone ?? ''}`)?.id ?? '';
	const requesters = new Map<string, string>();

	/** What happens to one ticket, as time from its beginning. */
	function story(n: number): Array<{ after: number; does: () => void | Promise<void> }> {
		const { sandbox, roll } = world;
		const { zendesk, klaviyo } = sandbox;
		const isText = roll() < 0.4;
		const customer = isText ? byPhone(n) : byEmail(Math.floor(roll() * size * 0.3));
		if (!customers.some(({ email, phone }) => email === customer.email && phone === customer.phone))
			customers.push(customer);
		if (customer.phone !== undefined) klaviyo.addProfile({ phone: customer.phone });
		let ticketId = '';
		const now = (): SandboxTicket | undefined => {
			if (isText && ticketId === '') ticketId = textTicketOf(customer);
			return ticketId === '' ? undefined : zendesk.ticket(ticketId);
		};
		const writes = (body: string): void => {
			messages += 1;
			klaviyo.customerWrites({ from: customer.phone ?? '', body });
		};
		const opens = (): void => {
			if (isText) return writes(`Where is order ${n}?`);
			const { email = '' } = customer;
			const requesterId = requesters.get(email) ?? zendesk.addUser({ name: `C${n}`, email }).id;
			requesters.set(email, requesterId);
			const subject = `Order ${n}`;
			ticketId = zendesk.agentCreates({ subject, body: 'Hi', requesterId, channel: 'email' }).id;
		};
		const solves = (): void => {
			const ticket = now();
			if (!ticket || ticket.status === 'solved' || ticket.status === 'closed') return;
			zendesk.agentUpdates(ticket.id, { assigneeId: zendesk.agent.id, status: 'solved' });
		};
		const reopens = (): void => {
			const ticket = now();
			if (ticket?.status !== 'solved') return;
			if (isText) writes('One more thing: can I change the color?');
			else zendesk.agentUpdates(ticket.id, { status: 'open' });
		};
		const rates = (score: 'good' | 'bad', comment?: string): void => {
			const ticket = now();
			if (ticket?.status !== 'solved') return;
			zendesk.customerRates(ticket.id, { score, ...(comment ? { comment } : {}) });
			const said = { score, stars: 'none' as const, comment: comment ?? 'none' };
			ratings.push({ ticketId: ticket.id, ...said, at: second(sandbox.clock.now()) });
		};
		const answers = (): void => {
			const ticket = now();
			const isAsked = /^ratingRequest:/.test(String(ticket?.audits.at(-1)?.custom.key ?? ''));
			if (ticket?.status !== 'solved' || !isAsked || !customer.phone) return;
			const [body, score, stars] = pick(roll, TEXTS);
			klaviyo.customerWrites({ from: customer.phone, body });
			const comment = /[a-z]/i.test(body) ? body : 'none';
			ratings.push({ ticketId: ticket.id, score, stars, comment, at: NaN });
		};
		const closes = (): void => {
			const ticket = now();
			if (ticket?.status !== 'solved') return;
			zendesk.agentUpdates(ticket.id, { status: 'closed' }, { via: 'automation' });
		};
		const does: ReturnType<typeof story> = [
			{ after: 0, does: opens },
			{ after: HOUR * (1 + 3 * roll()), does: solves },
		];
		if (roll() < 0.2)
			does.push({ after: 5 * HOUR, does: reopens }, { after: 6 * HOUR, does: solves });
		if (roll() < 0.5)
			does.push({
				after: HOUR * (6.5 + roll()),
				does: isText && roll() < 0.7 ? answers : () => rates('good'),
			});
		if (roll() < 0.2)
			does.push({ after: 8 * HOUR, does: () => rates('bad', `It broke again (${n}).`) });
		if (roll() < 0.3) does.push({ after: 10 * HOUR, does: closes });
		if (roll() < 0.5) does.push({ after: 9 * HOUR, does: () => order(customer) });
		return does;
	}

	/** As a shop system tracks it. */
	async function order(customer: Customer): Promise<void> {
		const { url, account } = world.sandbox.klaviyo;
		orders += 1;
		const { phone, email } = customer;
		const attributes = {
			properties: { $value: 20 },
			unique_id: `order-${orders}`,
			metric: { data: { type: 'metric', attributes: { name: 'Placed Order' } } },
			profile: {
				data: {
					type: 'profile',
					attributes: phone === undefined ? { email } : { phone_number: phone },
				},
			},
		};
		const sent = fetch(`${url}/api/events`, {
			method: 'POST',
			headers: {
				...{ authorization: `Klaviyo-API-Key ${account.apiKey}`, revision: '2026-10-15' },
				'content-type': 'application/vnd.api+json',
			},
			body: JSON.stringify({ data: { type: 'event', attributes } }),
		});
		expect((await sent).status).toBe(202);
	}

	beforeAll(async () => {
		world = await World.start({
			seed,
			templates: [
				messagesWithRatings(),
				'03-ticket-metrics-to-klaviyo.json',
				'10-ask-for-a-rating-by-text.json',
			],
			pollEvery: 30 * MINUTE,
			switches: { faults: { duplicateDelivery: 0.03, lateDelivery: 0.03 } },
		});
		world.sandbox.klaviyo.addMessageFlow({ metric: 'Rating Requested', body: 'Rate us, 1 to 5' });
		const begin = world.now;
		const { roll } = world;
		const happenings = Array.from({ length: size }, (_, n) => {
			const from = roll() * (days * DAY - 12 * HOUR);
			return story(n).map(({ after, does }) => ({ at: from + after, does }));
		}).flat();
		const away = (days / 2) * DAY - 14 * HOUR;
		happenings.push(
			{ at: away, does: async () => await world.down() },
			{ at: away + HOUR, does: () => world.up() },
		);
		happenings.sort((one, other) => one.at - other.at);
		let last = 0;
		for (const { at, does } of happenings) {
			// Nothing of one ticket falls into the second of something else.
			last = Math.max(at, last + 2 * SECOND);
			await world.passUntil(begin + last);
			await does();
		}
		await world.pass(REST);
		await world.idle();
		const { zendesk, klaviyo } = world.sandbox;
		for (const profile of klaviyo.profiles()) profiles.set(nameOf(asCustomer(profile)), profile);
		const people = new Map(zendesk.users().map((user) => [user.id, nameOf(asCustomer(user))]));
		for (const ticket of zendesk.tickets()) {
			const name = people.get(ticket.requesterId) ?? '';
			ticketsBy.set(name, [...(ticketsBy.get(name) ?? []), ticket]);
		}
	}, 3_000_000);
	afterAll(async () => await world.close());

	/** What a customer's tickets were, by their histories. */
	function truthOf(customer: Customer) {
		const tickets = ticketsOf(customer);
		const happened = tickets.flatMap((ticket) => {
			const steps = ticket.audits.map(({ status, createdAt }, index) => ({
				...{ status, at: createdAt, before: ticket.audits[index - 1]?.status },
			}));
			return [
				{ metric: 'Opened Ticket', at: ticket.createdAt },
				...steps.flatMap(({ status, before, at }) => {
					if (before === undefined || status === before) return [];
					if (status === 'closed') return [{ metric: 'Resolved Ticket', at }];
					if (status === 'solved') return [{ metric: 'Solved Ticket', at }];
					return before === 'solved' ? [{ metric: 'Reopened Ticket', at }] : [];
				}),
			].map((event) => ({ ...event, ticketId: ticket.id }));
		});
		const given = ratings.filter(({ ticketId }) => tickets.some(({ id }) => id === ticketId));
		const newest = tickets.at(-1);
		const open = tickets.filter(({ status }) => status !== 'solved' && status !== 'closed').length;
		return { happened, given, newest, open };
	}
	/** When each rating by text was noted: by Zendesk's clock. */
	const noted = (): Map<string, number[]> =>
		new Map(
			world.sandbox.zendesk
				.tickets()
				.map(({ id, audits }) => [
					id,
					audits
						.filter(({ custom }) => typeof custom.rating === 'string')
						.map(({ createdAt }) => Date.parse(createdAt)),
				]),
		);
	const METRICS = ['Opened Ticket', 'Solved Ticket', 'Reopened Ticket', 'Resolved Ticket'];
	const inOrder = <T>(list: T[]): T[] =>
		[...list].sort((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)));

	it('has each event of a ticket once, at its time, on the profile of its customer', () => {
		for (const customer of customers) {
			const { happened } = truthOf(customer);
			const events = world.sandbox.klaviyo
				.timeline(profileOf(customer)?.id ?? '')
				.filter(({ metric }) => METRICS.includes(metric))
				.map(({ metric, at, properties }) => ({
					...{ metric, at: new Date(second(Date.parse(at))).toISOString() },
					ticketId: String(properties.ticket_id),
				}));
			expect({ customer, events: inOrder(events) }).toEqual({
				customer,
				events: inOrder(happened),
			});
		}
	});

	it('has each rating once, with what the customer said', () => {
		const times = noted();
		for (const customer of customers) {
			const { given } = truthOf(customer);
			const rated = world.sandbox.klaviyo
				.timeline(profileOf(customer)?.id ?? '')
				.filter(({ metric }) => metric === 'Rated Ticket')
				.map(({ at, properties: { ticket_id: ticketId, score, stars, comment } }) => ({
					...{ ticketId, score, stars, comment, at: second(Date.parse(at)) },
				}));
			const expected = given.map((one) => ({
				...one,
				at: Number.isNaN(one.at) ? times.get(one.ticketId)?.shift() : one.at,
			}));
			expect({ customer, rated: inOrder(rated) }).toEqual({ customer, rated: inOrder(expected) });
		}
	});

	it('has the right numbers on each profile', () => {
		const times = noted();
		for (const customer of customers) {
			const { given, newest, open } = truthOf(customer);
			const dated = given.map((one) => ({
				...one,
				at: Number.isNaN(one.at) ? (times.get(one.ticketId)?.shift() ?? NaN) : one.at,
			}));
			const [last] = dated.sort((one, other) => other.at - one.at);
			expect({ customer, properties: profileOf(customer)?.properties }).toMatchObject({
				customer,
				properties: {
					'Open Ticket Count': open,
					...(newest
						? {
								'Last Ticket At': new Date(newest.createdAt).toISOString(),
								'Last Ticket Reason': newest.subject,
							}
						: {}),
					...(last
						? { 'Last Rating': last.score, 'Last Rating At': new Date(last.at).toISOString() }
						: {}),
				},
			});
			if (!last) expect(profileOf(customer)?.properties).not.toHaveProperty('Last Rating');
		}
	});

	it('lost no message and no order, and was not idle', () => {
		const { zendesk, klaviyo } = world.sandbox;
		const tickets = zendesk.tickets();
		const people = new Set(
			zendesk
				.users()
				.filter(({ role, phone }) => role === 'end-user' && phone !== null)
				.map(({ id }) => id),
		);
		const written = tickets
			.flatMap(({ comments }) => comments)
			.filter((comment) => comment.public && people.has(comment.authorId));
		expect(written).toHaveLength(messages);
		const events = klaviyo.profiles().flatMap(({ id }) => klaviyo.timeline(id));
		expect(events.filter(({ metric }) => metric === 'Placed Order')).toHaveLength(orders);
		expect(tickets).toHaveLength(size);
		expect(world.failures().map(({ error }) => error.message)).toEqual([]);
		const made = Object.values(world.requests());
		const each = (vendor: 'zendesk' | 'klaviyo'): string =>
			(made.reduce((sum, one) => sum + one[vendor], 0) / size).toFixed(1);
		process.stdout.write(
			`${size} tickets, ${messages} messages, ${orders} orders, ${ratings.length} ratings (${[...noted().values()].flat().length} by text): ` +
				`${each('zendesk')} calls to Zendesk and ${each('klaviyo')} to Klaviyo a ticket, polls included\n`,
		);
		expect(ratings.length).toBeGreaterThan(size / 10);
		expect([...noted().values()].flat().length).toBeGreaterThan(size / 60);
	});
});
