import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject } from 'n8n-workflow';
import type { SandboxTicket } from '../../sandbox/types';
import { openConversation } from './support/conversation';
import { openDoor } from '../support/door';
import { ask, pathsOf, runTicket, SECOND, zendeskCredentials } from './support/desk';
import type { NodeSetup } from './support/engine';
import { ticketOutputFields } from '../../nodes/ZendeskSync/actions/ticket/fields';

const goOn = { onError: 'continueRegularOutput' } as const;

describe('Ticket: Get', () => {
	let sandbox: QuickSandbox;
	let ticket: SandboxTicket;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
		ticket = await openConversation(sandbox, { email: 'ana@home.co' });
	});
	afterEach(async () => await sandbox.close());

	const get = async (items: IDataObject[], setup: NodeSetup = {}) =>
		await runTicket(sandbox, 'get', items, setup);
	const callsOf = async <T>(work: () => Promise<T>): Promise<[T, string[]]> => {
		const before = pathsOf(sandbox).length;
		return [await work(), pathsOf(sandbox).slice(before)];
	};

	it('reads 250 tickets in four calls, each item its own', async () => {
		const ids: string[] = [];
		for (let index = 0; index < 250; index += 1) {
			const { id } = sandbox.zendesk.agentCreates({
				subject: `Number ${index}`,
				body: 'Hi',
				requesterId: ticket.requesterId,
			});
			ids.push(id);
		}
		const [{ json, items }, calls] = await callsOf(() =>
			get(ids.map((ticketId) => ({ ticketId }))),
		);
		expect(json.map(({ subject }) => subject)).toEqual(ids.map((_id, index) => `Number ${index}`));
		expect(json[0]).toMatchObject({ requester: { name: 'Ana', email: 'ana@home.co' } });
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(ids.map((_id, item) => ({ item })));
		expect(calls.sort()).toEqual([
			'GET /api/v2/ticket_fields',
			...Array(3).fill('GET /api/v2/tickets/show_many'),
		]);
	});

	it('says of each of many tickets that it is gone or its id invalid, and reads the others', async () => {
		const gone = await openConversation(sandbox, { phone: '+12125550124' });
		sandbox.zendesk.deleteTicket(gone.id);
		const { json } = await get(
			[{ ticketId: gone.id }, { ticketId: ticket.id }, { ticketId: 'abc' }, {}],
			goOn,
		);
		expect(json).toMatchObject([
			{
				error: `Ticket ${gone.id} could not be read (status 404)`,
				errorDescription: expect.stringContaining('deleted'),
			},
			{ ticketId: ticket.id },
			{ error: "'Ticket' is not a valid ticket ID: 'abc'" },
			{ error: "'Ticket' is empty" },
		]);
		const { error } = await get([{ ticketId: ticket.id }, { ticketId: gone.id }]);
		expect(error?.context).toMatchObject({ itemIndex: 1 });
	});

	it.each([
		['list', (id: string) => id],
		['id', (id: string) => ` ${id}`],
		['id', () => '={{ $json.found }}'],
		['url', (id: string) => `https://acme.zendesk.com/agent/tickets/${id}`],
		['url', () => '={{ $json.page }}'],
		// Pasted where it is not asked for.
		['id', (id: string) => `https://acme.zendesk.com/agent/tickets/${id}`],
	])('reads the ticket that is chosen by %s', async (mode, written) => {
		const { id } = ticket;
		const ticketId = { __rl: true, mode, value: written(id) };
		const item = { found: Number(id), page: `http://a.example/agent/tickets/${id}` };
		const { json } = await get([item], { parameters: { ticketId } });
		expect(json).toMatchObject([{ ticketId: id }]);
	});

	it('returns only the selected fields', async () => {
		const parameters = { output: 'selectedFields', selectedFields: ['status', 'ticketId'] };
		expect((await get([{ ticketId: ticket.id }], { parameters })).json).toEqual([
			{ ticketId: ticket.id, status: 'new' },
		]);
		// n8n refuses an empty choice by itself, but not what an expression returns.
		const none = { output: 'selectedFields', selectedFields: '={{ [] }}' };
		const { error } = await get([{ ticketId: ticket.id }], { parameters: none });
		expect(error?.message).toBe("No field is selected in 'Fields'");
	});

	it('lets each of its simplified fields be selected', async () => {
		const options = { includeComments: true };
		const [whole] = (await get([{ ticketId: ticket.id }], { parameters: { options } })).json;
		const [, field] = ticketOutputFields;
		const selectedFields = (field?.options ?? []).map((option) =>
			'value' in option ? String(option.value) : '',
		);
		const parameters = { output: 'selectedFields', selectedFields, options };
		expect((await get([{ ticketId: ticket.id }], { parameters })).json).toEqual([whole]);
	});

	it('takes no other page for a ticket', async () => {
		const address = `https://acme.zendesk.com/agent/users/${ticket.id}`;
		const ticketId = { __rl: true, mode: 'url', value: address };
		const { error } = await get([{}], { parameters: { ticketId } });
		expect(error?.message).toBe(`'Ticket' is not a valid ticket ID: '${address}'`);
	});

	describe('continues with a ticket that is gone, if wanted', () => {
		const goesOn = { parameters: { options: { continueIfNotFound: true } } };

		it('says of each whether it was found, and keeps the item of one that was not', async () => {
			const gone = await openConversation(sandbox, { phone: '+12125550124' });
			sandbox.zendesk.deleteTicket(gone.id);
			const item = { ticketId: gone.id, key: `opened:${gone.id}`, other: 1 };
			for (const items of [[item], [item, { ticketId: ticket.id }]]) {
				const { json } = await get(items, goesOn);
				expect(json[0]).toEqual({ ...item, found: false });
				expect(json.slice(1)).toMatchObject(
					items.slice(1).map(() => ({
						ticketId: ticket.id,
						found: true,
						subject: expect.stringContaining('Ana'),
					})),
				);
			}
		});

		it.each([
			['a page', '<html><title>Not here</title></html>'],
			['no account', '{"error":{"title":"No help desk at acme.zendesk.com"}}'],
		])('does not take %s for a ticket that is gone', async (_, body) => {
			const door = await openDoor(sandbox.zendesk.url);
			door.answer(/^GET .*\/tickets/, 404, body);
			const { zendeskSyncApi } = zendeskCredentials(sandbox);
			const credentials = { zendeskSyncApi: { ...zendeskSyncApi, zendeskUrl: door.url } };
			for (const count of [1, 2]) {
				const items = ['101', '102'].slice(0, count).map((ticketId) => ({ ticketId }));
				const { error } = await get(items, { ...goesOn, credentials });
				expect(error?.message).toContain('(status 404)');
			}
			await door.close();
		});
	});

	describe('finds the key of a change that a webhook reported', () => {
		const solved = async (): Promise<IDataObject> => {
			await sandbox.clock.advance(60 * SECOND);
			sandbox.zendesk.agentUpdates(ticket.id, { status: 'solved' });
			const occurredAt = new Date(sandbox.clock.now()).toISOString();
			const event = { event: 'solved', key: null, occurredAt, catchUp: false };
			const { id: ticketId, requesterId } = ticket;
			return { ...event, ticketId, requesterId, previousStatus: 'open', status: 'solved' };
		};
		const histories = (calls: string[]) => calls.filter((path) => path.endsWith('/audits'));

		it.each([
			['the last entry of the history', {}, 0],
			['the history, where no last entry comes along', { lastAudits: false }, 1],
			['the history, where the entry appears late', { auditLag: 2 * SECOND }, 3],
		])('in %s', async (_, switches, most) => {
			const item = await solved();
			const [whole] = await callsOf(async () => {
				sandbox.switches.lastAudits = false;
				return (await get([item])).json[0]?.key;
			});
			sandbox.switches.lastAudits = true;
			Object.assign(sandbox.switches, switches);
			const [{ json }, calls] = await callsOf(() => get([item]));
			expect(json).toMatchObject([{ key: whole, current: { status: 'solved' } }]);
			expect(json[0]?.key).toMatch(/^solved:\d+:\d+$/);
			expect(histories(calls).length).toBeLessThanOrEqual(most);
		});

		it('in the history, when something was done to the ticket since', async () => {
			const item = await solved();
			await sandbox.clock.advance(SECOND);
			sandbox.zendesk.agentComments(ticket.id, 'Thanks!', { public: false });
			const [{ json }, calls] = await callsOf(() => get([item]));
			expect(json[0]?.key).toMatch(/^solved:\d+:\d+$/);
			expect(histories(calls)).toHaveLength(1);
		});
	});

	it("has the ticket's requester where the event's was merged into another user", async () => {
		const { id: wrong } = sandbox.zendesk.addUser({ name: 'Wrong', email: 'wrong@home.co' });
		sandbox.zendesk.mergeUsers(wrong, ticket.requesterId);
		const event = {
			key: `opened:${ticket.id}`,
			event: 'opened',
			ticketId: ticket.id,
			status: 'new',
			previousStatus: null,
			requesterId: wrong,
			occurredAt: new Date(sandbox.clock.now()).toISOString(),
			comment: null,
			catchUp: false,
		};
		expect((await get([event])).json).toMatchObject([
			{ requesterId: ticket.requesterId, requester: { email: 'ana@home.co' } },
		]);
	});

	it.each(['inside', 'beside', 'none'] as const)(
		'has the times that Zendesk counts, where it shows them %s',
		async (where) => {
			sandbox.switches.metricSets = where;
			const { zendesk, clock } = sandbox;
			const other = await openConversation(sandbox, { phone: '+12125550124' });
			await clock.advance(10 * 60 * SECOND);
			zendesk.agentComments(ticket.id, 'On its way.');
			await clock.advance(20 * 60 * SECOND);
			zendesk.agentUpdates(ticket.id, { status: 'solved' });
			for (const items of [[ticket], [ticket, other]]) {
				const { json } = await get(items.map(({ id }) => ({ ticketId: id })));
				const times = {
					firstReplyMinutes: 10,
					resolutionMinutes: 30,
					replies: 1,
					reopens: 0,
					solvedAt: zendesk.ticket(ticket.id).updatedAt,
				};
				expect(json[0]?.times).toEqual(where === 'none' ? null : expect.objectContaining(times));
			}
		},
	);

	it("also returns Zendesk's own record if not simplified, event or not", async () => {
		const event = {
			key: `opened:${ticket.id}`,
			event: 'opened',
			ticketId: ticket.id,
			status: 'new',
			previousStatus: null,
			requesterId: ticket.requesterId,
			occurredAt: new Date(sandbox.clock.now()).toISOString(),
			comment: null,
			catchUp: false,
		};
		const parameters = { output: 'raw' };
		const { json } = await get([{ ticketId: ticket.id }, event], { parameters });
		for (const item of json)
			expect(item).toMatchObject({
				ticketId: ticket.id,
				raw: { id: Number(ticket.id), custom_status_id: expect.any(Number) },
			});
		expect(json[1]).toMatchObject({ key: event.key, event: 'opened' });
		expect((await get([event])).json[0]).not.toHaveProperty('raw');
		expect((await get([{ ticketId: ticket.id }])).json[0]).not.toHaveProperty('raw');
	});

	it('adds the comments on demand, oldest first', async () => {
		await sandbox.clock.advance(2 * SECOND);
		sandbox.zendesk.agentComments(ticket.id, 'It ships today.');
		await sandbox.clock.advance(2 * SECOND);
		sandbox.zendesk.agentComments(ticket.id, 'Careful', { public: false });
		const { json } = await get([{ ticketId: ticket.id }], {
			parameters: { options: { includeComments: true } },
		});
		expect(json[0]?.comments).toMatchObject([
			{ public: true, body: 'Where is my order?', authorName: 'Ana' },
			{ public: true, body: 'It ships today.', authorName: 'Mia' },
			{ public: false, body: 'Careful' },
		]);
	});

	it('reads closed tickets, whose customer has no address and no name for the group', async () => {
		sandbox.zendesk.agentUpdates(ticket.id, { status: 'closed' });
		expect((await get([{ ticketId: ticket.id }])).json).toMatchObject([
			{ status: 'closed', group: null, assignee: null },
		]);
	});

	it('says what the credential may not do, and when Zendesk is down', async () => {
		sandbox.switches.zendeskForbids = ['ticketReads'];
		const { json } = await get([{ ticketId: ticket.id }, { ticketId: '999' }], goOn);
		expect(json).toMatchObject([
			{
				error: 'The tickets could not be read (status 403)',
				errorDescription: expect.stringContaining("needs the scopes 'read' and 'write'"),
			},
			{ error: 'The tickets could not be read (status 403)' },
		]);
		sandbox.switches.zendeskForbids = [];
		const credentials = {
			zendeskSyncApi: { zendeskUrl: 'http://127.0.0.1:9', email: 'a@b.co', apiToken: 'x' },
		};
		const { error } = await get([{ ticketId: ticket.id }], { credentials });
		expect(error?.message).toBe('No answer from 127.0.0.1:9');
	});

	it('makes no second request for an id that the account does not have', async () => {
		await ask(sandbox, 'GET', '/api/v2/tickets/count');
		const [{ json }, calls] = await callsOf(() =>
			get([{ ticketId: ticket.id }, { ticketId: ticket.id }]),
		);
		expect(json).toHaveLength(2);
		expect(calls).toHaveLength(2);
	});
});
