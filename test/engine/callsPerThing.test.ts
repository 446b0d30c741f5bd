/**
 * What each thing costs of the vendors' limits, counted by the sandbox: the templates, in simulated time, with the vendors'
 * real limits. The counts must match the table in docs/guarantees.md.
 */
import { HOUR, MINUTE, SECOND, World, type WorldOptions } from './support/world';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Asked } from './support/worldTime';
import { repliesThatWait } from './support/worldTemplate';
import { forgetProcess } from '../../nodes/shared/processMemory';
import type { RecordedCall } from '../../sandbox/types';

const TEXTS = '01-inbound-message-to-ticket.json';
const REPLIES = '02-agent-reply-to-customer.json';
const ANSWERS = '07-follow-up-after-the-window.json';
const CARDS = '08-customer-card-on-tickets.json';
const METRICS = '03-ticket-metrics-to-klaviyo.json';

const worlds: World[] = [];
const start = async (options: Partial<WorldOptions>): Promise<World> => {
	const world = await World.start({ seed: 6, templates: [TEXTS], keepCalls: true, ...options });
	worlds.push(world);
	return world;
};
/** One at a time: a world controls this process's clock. */
const end = async (): Promise<void> => void (await worlds.pop()?.close());
afterEach(end);

const numberOf = (n: number): string => `+1212555${String(1000 + n)}`;

interface Cost extends Asked {
	calls: string[];
}

const nameOf = ({ method, path }: RecordedCall): string =>
	`${method} ${path.replace(/\/\d+/g, '/:id')}`;

const costOf = (calls: RecordedCall[]): Cost => ({
	zendesk: calls.filter(({ vendor }) => vendor === 'zendesk').length,
	klaviyo: calls.filter(({ vendor }) => vendor === 'klaviyo').length,
	calls: calls.map(nameOf),
});

/** What `work` costs until everything it started is done. */
async function cost(world: World, work: () => void | Promise<void>): Promise<Cost> {
	const before = world.sandbox.calls().length;
	await work();
	await world.pass(5 * SECOND);
	await world.idle();
	return costOf(world.sandbox.calls().slice(before));
}

/** The table in docs/guarantees.md: what a thing costs, as it is written there. */
const documented = new Map(
	readFileSync(join(__dirname, '../../docs/guarantees.md'), 'utf8')
		.split('\n')
		.map((line) => line.split('|').map((cell) => cell.trim()))
		.map(([, what = '', zendesk, klaviyo]) => [what, { zendesk, klaviyo }]),
);

const table: string[] = [];
function tell(what: string, { zendesk, klaviyo }: Asked, each = 1): void {
	const shown = (count: number): string => (count / each).toFixed(2).replace(/\.?0+$/, '');
	const row = { zendesk: shown(zendesk), klaviyo: shown(klaviyo) };
	table.push(`| ${what} | ${row.zendesk} | ${row.klaviyo} |`);
	expect({ what, ...row }).toEqual({ what, ...documented.get(what) });
}
afterAll(() => {
	process.stdout.write(`| what | Zendesk | Klaviyo |\n${table.join('\n')}\n`);
});

const text = (world: World, n: number, body = 'Where is my order?') =>
	world.sandbox.klaviyo.customerWrites({ from: numberOf(n), body });

/** Customers with a ticket that has been at rest for an hour. */
async function customers(world: World, count: number): Promise<void> {
	for (let n = 0; n < count; n++) {
		world.sandbox.klaviyo.addProfile({ phone: numberOf(n), email: `c${n}@mail.example` });
		text(world, n);
	}
	await world.pass(5 * SECOND);
	await world.idle();
	await world.pass(HOUR);
}

/** What a workflow's executions have cost so far, its polls left out. */
const byExecutions = (world: World, workflow: string): Asked =>
	Object.entries(world.requests())
		.filter(([owner]) => owner.startsWith(workflow) && !/ (?:poll|publish)$/.test(owner))
		.reduce(
			(sum, [, made]) => ({
				zendesk: sum.zendesk + made.zendesk,
				klaviyo: sum.klaviyo + made.klaviyo,
			}),
			{ zendesk: 0, klaviyo: 0 },
		);

/** What a workflow's executions cost while time passes, and how many there are. */
async function during(
	world: World,
	workflow: string,
	time: number,
): Promise<Asked & { executions: number }> {
	const ran = (): number =>
		world.executions.filter((one) => one.workflow.startsWith(workflow)).length;
	const [before, executions] = [byExecutions(world, workflow), ran()];
	await world.pass(time);
	await world.idle();
	const after = byExecutions(world, workflow);
	return {
		zendesk: after.zendesk - before.zendesk,
		klaviyo: after.klaviyo - before.klaviyo,
		executions: ran() - executions,
	};
}

/** What catch-up costs in the hours after the first minutes. */
async function byCatchUp(world: World, workflow: string): ReturnType<typeof during> {
	await world.pass(4 * MINUTE);
	await world.idle();
	return await during(world, workflow, 3 * HOUR);
}

describe('By webhook', () => {
	it.each([
		['message of a new customer (no user, no ticket)', false],
		['the same, of one who was sent a campaign or flow that week', true],
	])('%s: four calls to Zendesk and two to Klaviyo, and four for a note', async (what, got) => {
		const world = await start({ polling: false });
		const { klaviyo } = world.sandbox;
		// The ids of the account's metrics are known from then on, for a while.
		klaviyo.addProfile({ phone: numberOf(0) });
		await cost(world, () => void text(world, 0));
		klaviyo.addProfile({ phone: numberOf(1), email: 'c1@mail.example', smsMarketing: true });
		if (got) klaviyo.brandWrites({ to: numberOf(1), body: 'Sale!', kind: 'campaign' });
		await world.pass(MINUTE);
		const found = await cost(world, () => void text(world, 1));
		await world.pass(MINUTE);
		tell(what, found);
		expect(found).toMatchObject({ klaviyo: 2, zendesk: got ? 8 : 4 });
	});

	it('a message in a known conversation costs two calls to Zendesk and one to Klaviyo', async () => {
		const world = await start({ polling: false });
		await customers(world, 1);
		const found = await cost(world, () => void text(world, 0, 'Hello?'));
		tell('message in a known conversation', found);
		expect(found).toMatchObject({ zendesk: 2, klaviyo: 1 });
	});

	it('a reply costs three calls to Zendesk and two to Klaviyo', async () => {
		const world = await start({ polling: false, templates: [TEXTS, REPLIES] });
		await customers(world, 1);
		const { zendesk } = world.sandbox;
		const [ticket] = zendesk.tickets();
		const found = await cost(
			world,
			() => void zendesk.agentComments(ticket?.id ?? '', 'It is on its way'),
		);
		tell('reply', found);
		expect(found).toMatchObject({ zendesk: 3, klaviyo: 2 });
	});

	it("a reply after WhatsApp's 24 hours, and the customer's answer for which it waits", async () => {
		const templates = [TEXTS, repliesThatWait(), ANSWERS];
		const switches = { whatsAppFromStart: true };
		const world = await start({ polling: false, templates, switches });
		const { zendesk, klaviyo } = world.sandbox;
		const from = numberOf(0);
		klaviyo.addProfile({ phone: from, email: 'c0@mail.example' });
		klaviyo.addMessageFlow({
			...{ metric: 'Asked to Continue on WhatsApp', body: 'May we go on?', channel: 'whatsapp' },
		});
		const writes = (body: string) =>
			void klaviyo.customerWrites({ from, body, channel: 'whatsapp' });
		writes('Where is my order?');
		await world.pass(5 * SECOND);
		await world.idle();
		await world.pass(25 * HOUR);
		const [ticket] = zendesk.tickets();
		const asked = await cost(
			world,
			() => void zendesk.agentComments(ticket?.id ?? '', 'It is on its way'),
		);
		expect(klaviyo.phone(from).at(-1)).toMatchObject({ body: 'May we go on?' });
		tell('reply after the 24 hours of WhatsApp, until it waits', asked);
		await world.pass(HOUR);
		const answered = await cost(world, () => void writes('Go on'));
		expect(klaviyo.phone(from).at(-1)).toMatchObject({ body: 'It is on its way' });
		tell('answer to it, until it is added and the reply is sent', answered);
	});

	it('the customer card on a new ticket costs three calls to Klaviyo, and once an hour its metrics', async () => {
		const world = await start({ polling: false, templates: [CARDS] });
		const { zendesk, klaviyo } = world.sandbox;
		const email = 'ana@mail.example';
		klaviyo.addProfile({ email });
		const { id: requesterId } = zendesk.addUser({ name: 'Ana', email });
		const open = () => zendesk.agentCreates({ subject: 'Help', body: 'My order', requesterId });
		const first = await cost(world, () => void open());
		await world.pass(10 * SECOND);
		const found = await cost(world, () => void open());
		expect(first.klaviyo).toBe(found.klaviyo + 1);
		tell('customer card on a new ticket', found);
		expect(found.klaviyo).toBe(3);
	});

	it.each(['opened', 'solved', 'rated'] as const)('a ticket event (%s)', async (event) => {
		const world = await start({ polling: false, templates: [METRICS] });
		const { zendesk } = world.sandbox;
		const { id: requesterId } = zendesk.addUser({ name: 'Ana', email: 'ana@mail.example' });
		const open = () => zendesk.agentCreates({ subject: 'Help', body: 'My order', requesterId });
		// Titles of fields are remembered for ten minutes.
		const first = await cost(world, () => void open());
		await world.pass(MINUTE);
		const id = zendesk.tickets()[0]?.id ?? '';
		const found = await cost(world, () => {
			if (event === 'opened') open();
			else if (event === 'solved') zendesk.agentUpdates(id, { status: 'solved' });
			else zendesk.customerRates(id, { score: 'good' });
		});
		expect(first.zendesk).toBe(4);
		tell(`ticket event: ${event}`, found);
		expect(found.zendesk).toBe(event === 'rated' ? 5 : 3);
		// A rating is written only if the profile has no newer one.
		expect(found.klaviyo).toBe(event === 'rated' ? 3 : 1);
	});
});

describe('In one execution', () => {
	it('300 messages of 300 customers cost three profile reads, and are added in parallel', async () => {
		const count = 300;
		const latency = 50;
		const world = await start({ polling: false, limits: 1000, switches: { latency } });
		const { zendesk, klaviyo } = world.sandbox;
		const items = Array.from({ length: count }, (_, n) => {
			const from = numberOf(n);
			const { id: profileId } = klaviyo.addProfile({ phone: from });
			const sentAt = new Date(world.now).toISOString();
			const about = {
				key: `message:${n}`,
				body: `Text ${n}`,
				direction: 'inbound',
				event: 'customerMessaged',
			};
			return { json: { ...about, from, to: klaviyo.brandPhone, profileId, sentAt } };
		});
		const began = world.now;
		let ended = began;
		const found = await cost(world, async () => {
			world.begin(items);
			await world.idle();
			ended = world.now;
		});
		tell('the same, one of 300 in an execution', found, count);
		expect(zendesk.tickets()).toHaveLength(count);
		// One each for the last campaign or flow.
		expect(found.klaviyo / count).toBeLessThanOrEqual(1.02);
		expect(found.zendesk / count).toBeLessThanOrEqual(5);
		// One after the other, each would wait for half the latency on average.
		const waits = (found.calls.length * latency) / 2;
		expect(ended - began).toBeLessThan(waits / 10);
	}, 60_000);

	it.each([
		['opened', 0],
		['solved', 6],
	] as const)(
		'100 ticket events of 100 customers (%s) cost at most 12 calls to Zendesk and 2 to Klaviyo',
		async (event, lagMinutes) => {
			const count = 100;
			const world = await start({ polling: false, webhooks: false, templates: [METRICS] });
			const { zendesk, klaviyo, switches } = world.sandbox;
			switches.searchLag = lagMinutes * MINUTE;
			const people = Array.from(
				{ length: count },
				(_, n) => zendesk.addUser({ name: `Ana ${n}`, email: `ana${n}@mail.example` }).id,
			);
			const open = (requesterId: string) =>
				zendesk.agentCreates({ subject: 'Help', body: 'My order', requesterId });
			for (const one of people) open(one);
			await world.pass(HOUR);
			const burst = async (): Promise<Cost> => {
				const tickets = people.map((one) => open(one));
				await world.pass(10 * SECOND);
				if (event === 'solved')
					for (const { id } of tickets) zendesk.agentUpdates(id, { status: 'solved' });
				const occurredAt = new Date(world.now).toISOString();
				const items = tickets.map(({ id, requesterId }) => ({
					json: {
						...{ event, ticketId: id, requesterId, occurredAt, previousStatus: null, status: null },
						...{ channel: 'email', tags: [], brandId: null, externalId: null, raw: {} },
						...{ key: event === 'opened' ? `opened:${id}` : null, catchUp: false },
					},
				}));
				return await cost(world, async () => {
					world.begin(items);
					await world.idle();
				});
			};
			// Metrics and titles of fields are remembered.
			await burst();
			await world.pass(5 * MINUTE);
			const found = await burst();
			expect(world.failures()).toEqual([]);
			const expected = event === 'opened' ? 3 : 1;
			const counts = klaviyo.profiles().map(({ properties }) => properties['Open Ticket Count']);
			expect(counts).toEqual(Array(count).fill(expected));
			tell(`100 ticket events of 100 customers in an execution: ${event}`, found);
			expect(found.zendesk).toBeLessThanOrEqual(12);
			expect(found.klaviyo).toBeLessThanOrEqual(2);
		},
		60_000,
	);
});

describe('Catch-up', () => {
	it('of an idle account', async () => {
		const world = await start({ templates: [TEXTS, REPLIES, METRICS] });
		await world.pass(HOUR);
		const before = world.sandbox.calls().length;
		await world.pass(2 * HOUR);
		const found = costOf(world.sandbox.calls().slice(before));
		tell('idle account, a minute (three templates, each polling)', found, 120);
		// A fifth of a call looks whether the account has WhatsApp by now.
		expect(found.klaviyo / 120).toBeLessThanOrEqual(1.6);
		expect(found.zendesk / 120).toBeLessThanOrEqual(1.5);
	});

	it('of messages that this process has completed costs nothing, not even an execution', async () => {
		const world = await start({ polling: true });
		const count = 10;
		for (let n = 0; n < count; n++) world.sandbox.klaviyo.addProfile({ phone: numberOf(n) });
		for (let n = 0; n < count; n++)
			for (let more = 0; more <= n % 4; more++) text(world, n, `Text ${more}`);
		await world.pass(4 * MINUTE);
		await world.idle();
		const found = await during(world, '01', 3 * HOUR);
		tell('catch-up of a message that this n8n has completed', found);
		expect(found.executions).toBe(0);
	});

	it('brings only the message that was not added', async () => {
		const world = await start({ polling: true });
		await customers(world, 2);
		const { faults } = world.sandbox.switches;
		text(world, 0, 'Added');
		await world.pass(MINUTE);
		faults.serverError = 1;
		text(world, 1, 'Not added');
		await world.pass(2 * MINUTE);
		await world.idle();
		faults.serverError = 0;
		const executions = world.executions.length;
		await world.pass(3 * HOUR);
		await world.idle();
		const brought = world.executions.slice(executions).flatMap(({ items }) => items);
		expect(brought.map(({ json }) => json.body)).toEqual(['Not added']);
		const bodies = world.sandbox.zendesk
			.tickets()
			.flatMap(({ comments }) => comments.map(({ body }) => body.split('\n').at(-1)));
		expect(bodies).toEqual(expect.arrayContaining(['Added', 'Not added']));
	});

	it('of a reply reads the log once, and no more once it shows the message', async () => {
		const world = await start({ templates: [TEXTS, REPLIES] });
		await customers(world, 1);
		const { zendesk, klaviyo } = world.sandbox;
		const [ticket] = zendesk.tickets();
		zendesk.agentComments(ticket?.id ?? '', 'It is on its way');
		const { executions, ...found } = await byCatchUp(world, '02');
		expect(klaviyo.phone(numberOf(0)).map(({ body }) => body)).toContain('It is on its way');
		expect(executions).toBe(1);
		tell("catch-up of a reply, until Klaviyo's log has shown it", found);
	});

	it('of a ticket event writes it once more, and then not again', async () => {
		const world = await start({ templates: [METRICS] });
		const { zendesk } = world.sandbox;
		const { id: requesterId } = zendesk.addUser({ name: 'Ana', email: 'ana@mail.example' });
		await world.pass(HOUR);
		zendesk.agentCreates({ subject: 'Help', body: 'My order', requesterId });
		const { executions, ...found } = await byCatchUp(world, '03');
		expect(executions).toBe(1);
		tell('catch-up of a ticket event, once at about five minutes', found);
	});

	it('of replies that were sent, in a process that has just started', async () => {
		const world = await start({ templates: [TEXTS, REPLIES] });
		await customers(world, 4);
		const { zendesk } = world.sandbox;
		const replies = 5;
		for (let reply = 0; reply < replies; reply++) {
			for (const { id } of zendesk.tickets()) zendesk.agentComments(id, `Reply ${reply}`);
			await world.pass(2 * MINUTE);
		}
		await world.pass(HOUR);
		await world.idle();
		forgetProcess();
		const before = world.sandbox.calls().length;
		await world.pass(2 * MINUTE);
		await world.idle();
		const calls = world.sandbox.calls().slice(before).map(nameOf);
		const reads = (name: string): number => calls.filter((call) => call === name).length / 4;
		expect(reads('GET /api/v2/tickets/:id')).toBe(1);
		// One of them for the messages.
		expect(reads('GET /api/v2/tickets/:id/audits')).toBe(2);
	});

	it('of messages that are in tickets, in a process that has just started', async () => {
		const world = await start({ polling: true });
		const count = 10;
		for (let n = 0; n < count; n++) world.sandbox.klaviyo.addProfile({ phone: numberOf(n) });
		for (let n = 0; n < count; n++)
			for (let more = 0; more <= n % 4; more++) text(world, n, `Text ${more}`);
		await world.pass(3 * HOUR);
		await world.idle();
		forgetProcess();
		const found = await during(world, '01', 2 * MINUTE);
		tell('look-back after a restart, one of ten conversations with all its messages', found, count);
	});
});
