/**
 * The number of open tickets on each profile, as template 03 keeps it, a quiet day after whatever happens to tickets and
 * people: right for everybody, and above 0 for nobody without an open ticket.
 */
import { HOUR, MINUTE, SECOND, World, type WorldOptions } from './support/world';
import { ask } from './support/desk';
import { sizeOf } from '../support/size';

/** Catch-up brings an event four times in the shorter time, at all of its ages in the longer one. */
const QUIET = sizeOf({ quick: 7, all: 26 }) * HOUR;
jest.setTimeout(120_000);

const NUMBER = '+12125550123';
const EMAIL = 'ana@home.co';

const ways: Record<string, Partial<WorldOptions>> = {
	'by webhook and catch-up': {},
	'by catch-up alone': { webhooks: false },
	'by webhook alone': { polling: false },
};

let world: World;
const start = async (way: Partial<WorldOptions> = {}): Promise<void> => {
	world = await World.start({
		seed: 11,
		templates: ['03-ticket-metrics-to-klaviyo.json'],
		// A quiet day is not worth a poll a minute.
		pollEvery: 10 * MINUTE,
		...way,
	});
};
afterEach(async () => await world.close());

interface Person {
	email?: string;
	phone?: string;
}
const user = (person: Person): string =>
	world.sandbox.zendesk.addUser({ name: 'Ana', ...person }).id;
const open = (requesterId: string, externalId?: string): string =>
	world.sandbox.zendesk.agentCreates({
		subject: 'Where is my order?',
		body: 'Hi',
		requesterId,
		...(externalId ? { externalId } : {}),
	}).id;
const text = (requesterId: string): string => open(requesterId, `klaviyo:sms:${NUMBER}`);
const solve = (ticketId: string): void =>
	world.sandbox.zendesk.agentUpdates(ticketId, { status: 'solved' });
const give = (ticketId: string, requesterId: string): void =>
	world.sandbox.zendesk.agentUpdates(ticketId, { requesterId });

/** What every profile says, by its address or number. */
async function counts(): Promise<Record<string, unknown>> {
	const { url, account } = world.sandbox.klaviyo;
	const answer = await fetch(`${url}/api/profiles?page[size]=100`, {
		headers: { authorization: `Klaviyo-API-Key ${account.apiKey}`, revision: '2026-07-15' },
	});
	const { data } = (await answer.json()) as {
		data: Array<{
			attributes: {
				email: string | null;
				phone_number: string | null;
				properties: Record<string, unknown>;
			};
		}>;
	};
	return Object.fromEntries(
		data.map(({ attributes: { email, phone_number: phone, properties } }) => [
			email ?? phone ?? '',
			properties['Open Ticket Count'],
		]),
	);
}
const afterAQuietDay = async (): Promise<Record<string, unknown>> => {
	await world.pass(QUIET);
	await world.idle();
	expect(world.failures()).toEqual([]);
	return await counts();
};
/** A profile for each, as where a keyword has subscribed the number alone. */
const twoProfiles = (): void => {
	world.sandbox.klaviyo.addProfile({ phone: NUMBER });
	world.sandbox.klaviyo.addProfile({ email: EMAIL });
};

describe.each(Object.entries(ways))('The open ticket count, %s', (_name, way) => {
	beforeEach(async () => await start(way));

	it('follows a ticket to another requester', async () => {
		const ticket = open(user({ email: 'wrong@home.co' }));
		await world.pass(10 * MINUTE);
		give(ticket, user({ email: 'right@home.co' }));
		await world.pass(HOUR);
		expect(await counts()).toEqual({ 'wrong@home.co': 0, 'right@home.co': 1 });
		solve(ticket);
		expect(await afterAQuietDay()).toEqual({ 'wrong@home.co': 0, 'right@home.co': 0 });
	});

	it('of a conversation is right in the end for everyone who had its ticket', async () => {
		const ana = user({ phone: NUMBER, email: EMAIL });
		twoProfiles();
		const ticket = text(ana);
		await world.pass(10 * MINUTE);
		give(ticket, user({ email: 'bea@home.co', phone: '+12125550177' }));
		await world.pass(HOUR);
		expect(await counts()).toEqual({ [NUMBER]: 1, [EMAIL]: 0 });
		solve(ticket);
		expect(await afterAQuietDay()).toEqual({ [NUMBER]: 0, [EMAIL]: 0 });
	});

	it('no longer includes a ticket that was deleted', async () => {
		const ana = user({ email: EMAIL });
		const spam = open(ana);
		open(ana);
		await world.pass(10 * MINUTE);
		world.sandbox.zendesk.deleteTicket(spam);
		expect(await afterAQuietDay()).toEqual({ [EMAIL]: 1 });
	});

	it('of a conversation no longer includes its ticket when that was deleted', async () => {
		twoProfiles();
		const ticket = text(user({ phone: NUMBER, email: EMAIL }));
		await world.pass(30 * MINUTE);
		expect(await counts()).toEqual({ [NUMBER]: 1, [EMAIL]: 1 });
		world.sandbox.zendesk.deleteTicket(ticket);
		expect(await afterAQuietDay()).toEqual({ [NUMBER]: 0, [EMAIL]: 0 });
	});

	it('is on both profiles of a customer who has two', async () => {
		twoProfiles();
		const ana = user({ phone: NUMBER, email: EMAIL });
		const tickets = [text(ana), open(ana)];
		await world.pass(30 * MINUTE);
		expect(await counts()).toEqual({ [NUMBER]: 2, [EMAIL]: 2 });
		for (const ticket of tickets) {
			solve(ticket);
			await world.pass(10 * MINUTE);
		}
		expect(await afterAQuietDay()).toEqual({ [NUMBER]: 0, [EMAIL]: 0 });
	});

	it('creates no second profile for a customer who has one', async () => {
		solve(open(user({ phone: NUMBER, email: EMAIL })));
		expect(await afterAQuietDay()).toEqual({ [EMAIL]: 0 });
	});

	it.each([
		['a number', { email: EMAIL }, { phone: NUMBER }],
		['an address', { phone: NUMBER }, { email: EMAIL }],
	])('is right if the customer gets %s while a ticket is open', async (_what, had, more) => {
		twoProfiles();
		const ana = user(had);
		const ticket = open(ana);
		await world.pass(10 * MINUTE);
		await ask(world.sandbox, 'PUT', `/api/v2/users/${ana}`, { user: more });
		await world.pass(10 * MINUTE);
		solve(ticket);
		expect(Object.values(await afterAQuietDay()).filter(Boolean)).toEqual([]);
	});

	it.each([
		['the one with the address', 0],
		['the one with the number', 1],
	])('is right if two users are merged into %s', async (_which, kept) => {
		twoProfiles();
		const users = [user({ email: EMAIL }), user({ phone: NUMBER })];
		const tickets = [open(users[0] ?? ''), text(users[1] ?? '')];
		await world.pass(10 * MINUTE);
		world.sandbox.zendesk.mergeUsers(users[1 - kept] ?? '', users[kept] ?? '');
		await world.pass(10 * MINUTE);
		for (const ticket of tickets) {
			solve(ticket);
			await world.pass(MINUTE);
		}
		expect(await afterAQuietDay()).toEqual({ [NUMBER]: 0, [EMAIL]: 0 });
	});

	it.each([
		['at once, where Zendesk reports the new requester', true, 2],
		['from the next event on, where it does not: until then nobody counts as served', false, 1],
	])('is that of both users if two are merged, %s', async (_when, userMergeReported, count) => {
		world.sandbox.switches.userMergeReported = userMergeReported;
		twoProfiles();
		const users = [user({ email: EMAIL }), user({ phone: NUMBER })];
		open(users[0] ?? '');
		text(users[1] ?? '');
		await world.pass(30 * MINUTE);
		expect(await counts()).toEqual({ [NUMBER]: 1, [EMAIL]: 1 });
		world.sandbox.zendesk.mergeUsers(users[1] ?? '', users[0] ?? '');
		expect(await afterAQuietDay()).toEqual({ [NUMBER]: count, [EMAIL]: count });
		open(users[0] ?? '');
		expect(await afterAQuietDay()).toEqual({ [NUMBER]: 3, [EMAIL]: 3 });
	});

	it("no longer includes a merged ticket whose requester is another's later", async () => {
		const [wrong, right] = [user({ email: 'wrong@home.co' }), user({ email: 'right@home.co' })];
		const [source, target] = [open(wrong), open(wrong)];
		await world.pass(10 * MINUTE);
		world.sandbox.zendesk.merge(source, target);
		await world.pass(SECOND);
		give(target, right);
		expect(await afterAQuietDay()).toEqual({ 'wrong@home.co': 0, 'right@home.co': 1 });
	});

	it('is right if two users with an address each are merged', async () => {
		const [first, second] = [user({ email: EMAIL }), user({ email: 'ana@work.co' })];
		const ticket = open(second);
		await world.pass(30 * MINUTE);
		world.sandbox.zendesk.mergeUsers(second, first);
		await world.pass(10 * MINUTE);
		solve(ticket);
		expect(await afterAQuietDay()).toMatchObject({ 'ana@work.co': 0 });
	});

	it("no longer includes a ticket that was merged into another customer's", async () => {
		const [source, target] = [open(user({ email: EMAIL })), open(user({ email: 'bea@home.co' }))];
		await world.pass(10 * MINUTE);
		world.sandbox.zendesk.merge(source, target);
		expect(await afterAQuietDay()).toEqual({ [EMAIL]: 0, 'bea@home.co': 1 });
	});

	// No webhook is sent again.
	const ifPolled = way.polling === false ? it.skip : it;
	ifPolled(
		'no longer includes a ticket that was deleted, or given away, while n8n was down',
		async () => {
			const [spam, other] = [open(user({ email: EMAIL })), open(user({ email: 'wrong@home.co' }))];
			await world.pass(10 * MINUTE);
			await world.down();
			await world.pass(HOUR);
			world.sandbox.zendesk.deleteTicket(spam);
			give(other, user({ email: 'right@home.co' }));
			await world.pass(3 * HOUR);
			world.up();
			expect(await afterAQuietDay()).toEqual({
				[EMAIL]: 0,
				'wrong@home.co': 0,
				'right@home.co': 1,
			});
		},
	);

	it('no longer includes a ticket that was given to someone else and deleted a moment later', async () => {
		const ticket = open(user({ email: 'wrong@home.co' }));
		await world.pass(10 * MINUTE);
		give(ticket, user({ email: EMAIL }));
		await world.pass(SECOND);
		world.sandbox.zendesk.deleteTicket(ticket);
		expect(Object.values(await afterAQuietDay()).filter(Boolean)).toEqual([]);
	});
});

describe('The open ticket count', () => {
	it('includes a restored ticket again', async () => {
		await start();
		const ticket = open(user({ email: EMAIL }));
		await world.pass(10 * MINUTE);
		world.sandbox.zendesk.deleteTicket(ticket);
		await world.pass(30 * MINUTE);
		expect(await counts()).toEqual({ [EMAIL]: 0 });
		world.sandbox.zendesk.restoreTicket(ticket);
		expect(await afterAQuietDay()).toEqual({ [EMAIL]: 1 });
		solve(ticket);
		expect(await afterAQuietDay()).toEqual({ [EMAIL]: 0 });
	});

	it('no longer includes a deleted ticket by webhook alone, for a credential that may not read the export', async () => {
		await start({ switches: { incrementalExportAllowed: false, deletionIsStatus: false } });
		const ticket = open(user({ email: EMAIL }));
		await world.pass(10 * MINUTE);
		world.sandbox.zendesk.deleteTicket(ticket);
		expect(await afterAQuietDay()).toEqual({ [EMAIL]: 0 });
	});
});

describe('The open ticket count, brought by events', () => {
	it.each(['all', 'new', 'none'] as const)(
		'is right where Klaviyo writes the profiles of events: %s',
		async (eventProfiles) => {
			await start();
			world.sandbox.switches.eventProfiles = eventProfiles;
			const ana = user({ email: EMAIL });
			const tickets = [open(ana), open(ana)];
			await world.pass(10 * MINUTE);
			solve(tickets[0] ?? '');
			expect(await afterAQuietDay()).toEqual({ [EMAIL]: 1 });
			solve(tickets[1] ?? '');
			expect(await afterAQuietDay()).toEqual({ [EMAIL]: 0 });
		},
	);
});
