import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { SandboxTicket } from '../../sandbox/types';
import { openConversation } from './support/conversation';
import { openDoor } from '../support/door';
import { ask, CUSTOMER, MINUTE, pathsOf, runTicket, zendeskCredentials } from './support/desk';
import type { NodeSetup } from './support/engine';

const goOn = { onError: 'continueRegularOutput' } as const;

describe('Ticket: Count Open', () => {
	let sandbox: QuickSandbox;
	let ticket: SandboxTicket;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
		ticket = await openConversation(sandbox, { email: 'ana@home.co' });
	});
	afterEach(async () => await sandbox.close());

	const count = async (items: IDataObject[], setup: NodeSetup = {}) =>
		await runTicket(sandbox, 'countOpen', items, setup);
	const by = (countBy: string): NodeSetup => ({ parameters: { countBy } });
	const another = (status?: 'open' | 'pending' | 'hold' | 'solved' | 'closed'): string => {
		const { id } = sandbox.zendesk.agentCreates({
			subject: 'By email',
			body: 'Hi',
			requesterId: ticket.requesterId,
		});
		if (status) sandbox.zendesk.agentUpdates(id, { status });
		return id;
	};

	it('counts new, open, pending and on hold, not solved and closed', async () => {
		const open = [another('open'), another('pending'), another('hold')];
		another('solved');
		another('closed');
		const { json, items } = await count([{ requesterId: ticket.requesterId }]);
		expect(json).toEqual([
			{
				openTickets: 4,
				ticketIds: [ticket.id, ...open],
				lastTicketAt: ticket.createdAt,
				lastTicketReason: `SMS from Ana (${CUSTOMER})`,
				requesterId: ticket.requesterId,
				allIdentitiesKnown: true,
				externalId: null,
				email: 'ana@home.co',
				phone: null,
				alsoKnownAs: [CUSTOMER],
			},
		]);
		expect(items[0]?.pairedItem).toEqual({ item: 0 });
	});

	it("says when the customer's newest ticket was created, open or not, and what it was about", async () => {
		await sandbox.clock.advance(MINUTE);
		const newest = another('solved');
		const { createdAt } = sandbox.zendesk.ticket(newest);
		const reasonOf = async (options: INodeParameters = {}) =>
			(await count([{ requesterId: ticket.requesterId }], { parameters: { options } })).json[0];
		expect(await reasonOf()).toMatchObject({
			openTickets: 1,
			lastTicketAt: createdAt,
			lastTicketReason: 'By email',
		});
		const reasonField = '360003000102';
		expect(await reasonOf({ reasonField })).toMatchObject({
			lastTicketAt: createdAt,
			lastTicketReason: null,
		});
		await ask(sandbox, 'PUT', `/api/v2/tickets/${newest}`, {
			ticket: { custom_fields: [{ id: Number(reasonField), value: 'reason_return' }] },
		});
		expect(await reasonOf({ reasonField })).toMatchObject({ lastTicketReason: 'reason_return' });
	});

	it('says of a customer without tickets that none is known', async () => {
		const { id } = sandbox.zendesk.addUser({ name: 'Cy' });
		expect((await count([{ requesterId: id }])).json).toMatchObject([
			{ openTickets: 0, lastTicketAt: null, lastTicketReason: null },
		]);
	});

	it.each([
		['the changed ticket', /^GET .*\/tickets\/\d+\?/],
		['the addresses', /^GET .*\/identities/],
	])('fails rather than counting too few, if a page answers for %s', async (_, route) => {
		const door = await openDoor(sandbox.zendesk.url);
		door.answer(route, 404, '<html><title>Not here</title></html>');
		const { zendeskSyncApi } = zendeskCredentials(sandbox);
		const { error } = await count([{ requesterId: ticket.requesterId, ticketId: ticket.id }], {
			credentials: { zendeskSyncApi: { ...zendeskSyncApi, zendeskUrl: door.url } },
		});
		expect(error?.message).toContain('(status 404)');
		await door.close();
	});

	it.each(['(212) 555-0177', '212 555 0177'])(
		'finds the customer whose number Zendesk has as %s',
		async (phone) => {
			const { id } = sandbox.zendesk.addUser({ name: 'Bo', phone });
			expect((await count([{ phone: '+12125550177' }], by('customerPhone'))).json).toMatchObject([
				{ openTickets: 0, requesterId: id },
			]);
		},
	);

	it("returns the number for a conversation's ticket, as its metrics have it", async () => {
		const item = {
			event: 'opened',
			ticketId: ticket.id,
			requesterId: ticket.requesterId,
			externalId: ticket.externalId,
		};
		expect((await count([item])).json).toMatchObject([
			{ openTickets: 1, externalId: ticket.externalId, phone: CUSTOMER },
		]);
	});

	it.each([
		['Customer Phone', 'customerPhone', { phone: CUSTOMER }],
		['External ID', 'externalId', { externalId: `klaviyo:sms:${CUSTOMER}` }],
		['Email', 'email', { email: 'Ana@Home.co' }],
	])('counts by %s', async (_name, countBy, item) => {
		another('pending');
		expect((await count([item], by(countBy))).json).toMatchObject([
			{ openTickets: 2, requesterId: ticket.requesterId },
		]);
	});

	it('finds a customer by number who has no ticket, but not when two share it', async () => {
		const { id } = sandbox.zendesk.addUser({ name: 'Bo', phone: '+12125550177' });
		const phone = '+12125550177';
		expect((await count([{ phone }], by('customerPhone'))).json).toMatchObject([
			{ openTickets: 0, requesterId: id, phone: phone },
		]);
		sandbox.zendesk.addUser({ name: 'Cy', phone: phone });
		expect((await count([{ phone }], by('customerPhone'))).json).toMatchObject([
			{ openTickets: 0, requesterId: null, phone: phone },
		]);
	});

	it('finds who writes on WhatsApp alone, by number and by conversation, although two share the number', async () => {
		const phone = '+12125550188';
		const externalId = `klaviyo:whatsapp:${phone}`;
		const { requesterId } = await openConversation(sandbox, { phone, channel: 'whatsapp' });
		sandbox.zendesk.addUser({ name: 'Bo', phone });
		const expected = [{ openTickets: 1, requesterId, phone }];
		const counted = async () => [
			(await count([{ phone }], by('customerPhone'))).json,
			(await count([{ externalId }], by('externalId'))).json,
		];
		const [byPhone, byConversation] = await counted();
		expect(byPhone).toMatchObject(expected);
		expect(byPhone?.[0]?.externalId).toBeNull();
		expect(byConversation).toMatchObject(expected);
		for (const { id } of sandbox.zendesk.tickets())
			await ask(sandbox, 'DELETE', `/api/v2/tickets/${id}`);
		for (const found of await counted())
			expect(found).toMatchObject([{ openTickets: 0, requesterId }]);
	});

	it('ignores suspended users who share a number, as adding messages does', async () => {
		const phone = '+12125550177';
		sandbox.zendesk.addUser({ name: 'Spam', phone, suspended: true });
		const { id } = sandbox.zendesk.addUser({ name: 'Bo', phone });
		const counted = async () => (await count([{ phone }], by('customerPhone'))).json;
		expect(await counted()).toMatchObject([{ requesterId: id }]);
		sandbox.zendesk.addUser({ name: 'Cy', phone });
		expect(await counted()).toMatchObject([{ requesterId: null }]);
	});

	it('returns 0 for a customer whom Zendesk does not know, and never mistakes staff for one', async () => {
		const items = [{ email: 'nobody@home.co' }, { email: sandbox.zendesk.agent.email }];
		expect((await count(items, by('email'))).json).toEqual(
			Array(2).fill({
				openTickets: 0,
				ticketIds: [],
				lastTicketAt: null,
				lastTicketReason: null,
				requesterId: null,
				allIdentitiesKnown: true,
				externalId: null,
				email: null,
				phone: null,
				alsoKnownAs: [],
			}),
		);
	});

	describe('after Ticket: Get', () => {
		const parameters = { options: { useIncomingTicket: true } };
		const got = async (): Promise<IDataObject[]> => {
			const occurredAt = new Date(sandbox.clock.now()).toISOString();
			const event = { event: 'opened', key: `opened:${ticket.id}`, occurredAt, catchUp: false };
			const item = { ...event, previousStatus: null, status: 'new', ...ticketAt() };
			const options = { continueIfNotFound: true };
			return (await runTicket(sandbox, 'get', [item], { parameters: { options } })).json;
		};
		const ticketAt = () => ({ ticketId: ticket.id, requesterId: ticket.requesterId });
		const reads = () => pathsOf(sandbox).filter((path) => path.endsWith(`/tickets/${ticket.id}`));

		it('does not read the ticket again, and passes it on', async () => {
			sandbox.zendesk.agentUpdates(ticket.id, { status: 'solved' });
			const items = await got();
			const { json } = await count(items, { parameters });
			expect(json).toMatchObject([
				{ openTickets: 0, status: 'new', current: { status: 'solved' }, event: 'opened' },
			]);
			expect(reads()).toHaveLength(1);
			expect((await count(items)).json).toMatchObject([{ openTickets: 0 }]);
			expect(reads()).toHaveLength(2);
		});

		it('knows that the ticket is gone', async () => {
			sandbox.switches.ticketListLag = MINUTE;
			sandbox.zendesk.deleteTicket(ticket.id);
			const items = await got();
			expect(items).toMatchObject([{ found: false }]);
			expect((await count(items, { parameters })).json).toMatchObject([{ openTickets: 0 }]);
			expect(reads()).toHaveLength(1);
		});

		it.each([
			['a reason field, which the item does not have', { reasonField: '360003000102' }, {}, {}],
			['a triggering ticket that is not on the item', {}, {}, { changedTicketId: '999' }],
			['a ticket of which the item does not say what it is now', {}, { current: null }, {}],
		])('reads it for %s', async (_, more, item, parameters) => {
			const items = (await got()).map((json) => ({ ...json, ...item }));
			const options = { useIncomingTicket: true, ...more };
			const before = pathsOf(sandbox).length;
			const setup = { parameters: { ...parameters, options } };
			expect((await count(items, setup)).json).toMatchObject([{ openTickets: 1 }]);
			expect(pathsOf(sandbox).slice(before)).toContainEqual(
				expect.stringMatching(/^GET .*\/tickets\/\d+$/),
			);
		});
	});

	describe('many customers at once', () => {
		const STATUSES = ['open', 'pending', 'solved'] as const;
		const people = async (): Promise<string[]> => {
			const ids = Array.from(
				{ length: 30 },
				(_, n) => sandbox.zendesk.addUser({ name: `Bo ${n}`, email: `bo${n}@home.co` }).id,
			);
			const openFor = (requesterId = '') =>
				sandbox.zendesk.agentCreates({ subject: 'By email', body: 'Hi', requesterId }).id;
			const tickets = ids.flatMap((id, n) =>
				Array.from({ length: n % 4 }, (_ticket, place) => {
					const ticketId = openFor(id);
					const status = STATUSES[(n + place) % 3];
					if (status) sandbox.zendesk.agentUpdates(ticketId, { status });
					return ticketId;
				}),
			);
			await sandbox.clock.advance(60 * MINUTE);
			// What the search does not show yet.
			for (const id of ids.slice(0, 10)) openFor(id);
			sandbox.zendesk.agentUpdates(tickets[3] ?? '', { status: 'solved' });
			sandbox.zendesk.agentUpdates(tickets[7] ?? '', { requesterId: ids[1] ?? '' });
			sandbox.zendesk.deleteTicket(tickets[11] ?? '');
			await sandbox.clock.advance(MINUTE);
			return ids;
		};

		it.each([
			['with few calls', {}, 5],
			['although the search is six minutes behind', { searchLag: 6 * MINUTE }, 5],
			['where a search wants all requesters at once', { repeatedSearchWords: 'all' }, 70],
			['where identities do not come along', { sideloadedIdentities: false }, 70],
			['where the search is forbidden', { zendeskForbids: ['searchExport'] }, 70],
			['where identities are forbidden', { zendeskForbids: ['identities'] }, 70],
		] as const)('are counted as one by one, %s', async (_world, switches, most) => {
			const items = (await people()).map((requesterId) => ({ requesterId }));
			Object.assign(sandbox.switches, switches);
			const alone: IDataObject[] = [];
			for (const item of items) alone.push(...(await count([item])).json);
			const before = pathsOf(sandbox).length;
			const { json } = await count(items);
			const calls = pathsOf(sandbox).length - before;
			const sorted = (counted: IDataObject[]) =>
				counted.map(({ ticketIds, ...rest }) => ({
					...rest,
					ticketIds: [...(ticketIds as string[])].sort(),
				}));
			expect(sorted(json)).toEqual(sorted(alone));
			expect(
				json
					.map(({ openTickets }) => Number(openTickets))
					.sort()
					.at(-1),
			).toBeGreaterThan(1);
			expect(calls).toBeLessThanOrEqual(most);
		});
	});

	it('counts those whom a search leaves out, although it finds others: unknown is not none', async () => {
		const { zendesk, switches, clock } = sandbox;
		const mail = (requesterId: string) =>
			zendesk.agentCreates({ subject: 'By email', body: 'Hi', requesterId });
		const people = Array.from({ length: 20 }, (_, n) => {
			const { id } = zendesk.addUser({ name: `Bo ${n}`, email: `bo${n}@home.co` });
			mail(id);
			return id;
		});
		await clock.advance(30 * MINUTE);
		// So many that the newest page of the account's tickets does not show the others.
		for (let index = 0; index < 100; index += 1) another('open');
		await clock.advance(30 * MINUTE);
		switches.repeatedSearchWords = 'firstTen';
		const { json } = await count(people.map((requesterId) => ({ requesterId })));
		expect(json.map(({ openTickets }) => openTickets)).toEqual(Array(20).fill(1));
	});

	it('costs three calls for twenty items of one customer', async () => {
		const item = { requesterId: ticket.requesterId, ticketId: ticket.id };
		const before = pathsOf(sandbox).length;
		await count(Array(20).fill(item));
		expect(pathsOf(sandbox).slice(before).sort()).toEqual([
			`GET /api/v2/tickets/${ticket.id}`,
			`GET /api/v2/users/${ticket.requesterId}/identities`,
			`GET /api/v2/users/${ticket.requesterId}/tickets/requested`,
		]);
	});

	it('counts the changed ticket as it is now, although the list is behind', async () => {
		await sandbox.clock.advance(10 * MINUTE);
		sandbox.switches.ticketListLag = MINUTE;
		const opened = another('open');
		sandbox.zendesk.agentUpdates(ticket.id, { status: 'solved' });
		const { requesterId } = ticket;
		expect((await count([{ requesterId, ticketId: opened }])).json).toMatchObject([
			{ openTickets: 2 },
		]);
		expect((await count([{ requesterId, ticketId: ticket.id }])).json).toMatchObject([
			{ openTickets: 0, ticketIds: [] },
		]);
	});

	it('also counts the previous requester of the ticket, unless they are gone', async () => {
		const { id: bea } = sandbox.zendesk.addUser({ name: 'Bea', email: 'bea@home.co' });
		const mail = another('open');
		sandbox.zendesk.agentUpdates(mail, { requesterId: bea });
		const { requesterId } = ticket;
		const item = { requesterId: bea, previousRequesterId: requesterId, ticketId: mail };
		expect((await count([item])).json).toMatchObject([
			{ requesterId, openTickets: 1, email: 'ana@home.co', phone: null, alsoKnownAs: [CUSTOMER] },
			{ requesterId: bea, openTickets: 1, email: 'bea@home.co', alsoKnownAs: [] },
		]);
		expect((await count([{ ...item, previousRequesterId: '99' }])).json).toMatchObject([
			{ requesterId: bea, openTickets: 1 },
		]);
	});

	it('leaves out a number that another user had first, and an address that Klaviyo made up', async () => {
		const { id } = sandbox.zendesk.addUser({
			name: 'Cy',
			email: 'sms-integrations+kl1@klaviyo.com',
			phone: CUSTOMER,
		});
		expect((await count([{ requesterId: id }])).json).toMatchObject([
			{ email: null, phone: CUSTOMER, alsoKnownAs: [] },
		]);
		await ask(sandbox, 'PUT', `/api/v2/users/${ticket.requesterId}`, {
			user: { email: 'ana@work.co' },
		});
		expect((await count([{ email: 'Ana@Work.co' }], by('email'))).json).toMatchObject([
			{ requesterId: ticket.requesterId, alsoKnownAs: ['ana@work.co', CUSTOMER] },
		]);
	});

	it('says when Zendesk hides other addresses: unknown is not none', async () => {
		sandbox.switches.zendeskForbids = ['identities'];
		const { requesterId } = ticket;
		expect((await count([{ requesterId }])).json).toMatchObject([
			{ openTickets: 1, email: 'ana@home.co', alsoKnownAs: [CUSTOMER], allIdentitiesKnown: false },
		]);
	});

	it('counts nobody if it cannot see whether the address is theirs, and says so', async () => {
		await ask(sandbox, 'PUT', `/api/v2/users/${ticket.requesterId}`, {
			user: { email: 'ana@work.co' },
		});
		sandbox.switches.zendeskForbids = ['identities'];
		expect((await count([{ email: 'ana@work.co' }], { ...by('email'), ...goOn })).json).toEqual([
			expect.objectContaining({
				error: expect.stringContaining('Zendesk did not say whether user'),
			}),
		]);
	});

	it('says so, instead of a count that is too low, when the changed ticket cannot be read now', async () => {
		sandbox.switches.zendeskForbids = ['ticketReads'];
		const item = { requesterId: ticket.requesterId, ticketId: ticket.id };
		expect((await count([item], goOn)).json).toMatchObject([
			{ error: expect.stringContaining('(status 403)') },
		]);
	});

	it('counts all of a customer with 250 tickets', async () => {
		for (let index = 0; index < 250; index += 1) another('open');
		expect((await count([{ requesterId: ticket.requesterId }])).json).toMatchObject([
			{ openTickets: 251 },
		]);
	});

	it('says what is missing or unknown, and counts the others', async () => {
		const { json } = await count(
			[
				{},
				{ requesterId: 'Ana' },
				{ requesterId: '99' },
				{ requesterId: ticket.requesterId, ticketId: '999' },
			],
			goOn,
		);
		expect(json).toMatchObject([
			{ error: "'Requester ID' is empty" },
			{ error: "'Requester ID' is not a valid user ID: 'Ana'" },
			{ error: 'The tickets of user 99 could not be listed (status 404)' },
			{ openTickets: 1 },
		]);
		expect(
			(await count([{ phone: 'ACME' }], { ...by('customerPhone'), ...goOn })).json,
		).toMatchObject([{ error: "'Customer Phone' is not a valid phone number: 'ACME'" }]);
		sandbox.switches.zendeskForbids = ['users'];
		expect((await count([{ requesterId: ticket.requesterId }], goOn)).json).toMatchObject([
			{ error: expect.stringContaining('(status 403)') },
		]);
	});
});
