import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { ticketFacts, ticketMetric } from '../../domain/ticketMetric';
import type { SandboxTicket } from '../../sandbox/types';
import { openConversation } from './support/conversation';
import { ask, CUSTOMER, HOUR, MINUTE, pathsOf, runTicket } from './support/desk';

const goOn = { onError: 'continueRegularOutput' } as const;
const DAY = 24 * HOUR;

describe('Ticket: Get Many', () => {
	let sandbox: QuickSandbox;
	let ticket: SandboxTicket;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
		ticket = await openConversation(sandbox, { email: 'ana@home.co' });
		await sandbox.clock.advance(2 * MINUTE);
	});
	afterEach(async () => await sandbox.close());

	const getMany = async (parameters: INodeParameters = {}, setup = {}) =>
		await runTicket(sandbox, 'getMany', [{}], {
			parameters: { returnAll: true, ...parameters },
			...setup,
		});
	const keysOf = (json: IDataObject[]) => json.map(({ key }) => key);
	const now = () => new Date(sandbox.clock.now()).toISOString();
	const elsewhere = (more: object = {}): SandboxTicket =>
		sandbox.zendesk.agentCreates({
			subject: 'By email',
			body: 'Hi',
			requesterId: ticket.requesterId,
			...more,
		});

	it('returns the tickets of one customer, and never all if the customer is not known', async () => {
		const { id: requesterId } = sandbox.zendesk.addUser({ name: 'Bo', email: 'bo@home.co' });
		const own = elsewhere({ requesterId });
		const parameters = (id: string) => ({ returned: 'tickets', filters: { requesterId: id } });
		const { json } = await getMany(parameters(requesterId));
		expect(json.map(({ ticketId }) => ticketId)).toEqual([own.id]);
		for (const id of ['', 'bo']) {
			const { error } = await getMany(parameters(id));
			expect(error?.message).toMatch(/'Requester ID' is (?:empty|not a valid user ID: 'bo')/);
		}
		expect((await getMany(parameters('999999'))).error?.message).toContain('could not be listed');
	});

	it('returns opened and closed tickets as the trigger would, ready to become metrics', async () => {
		await ask(sandbox, 'PUT', `/api/v2/tickets/${ticket.id}`, {
			ticket: {
				assignee_id: Number(sandbox.zendesk.agent.id),
				group_id: 360002000002,
				custom_fields: [{ id: 360003000101, value: 'A-1' }],
			},
		});
		await sandbox.clock.advance(HOUR);
		sandbox.zendesk.agentUpdates(ticket.id, { status: 'closed' });
		const closed = sandbox.zendesk.ticket(ticket.id);
		await sandbox.clock.advance(2 * MINUTE);
		const { json, items } = await getMany();
		expect(json).toMatchObject([
			{
				key: `opened:${ticket.id}`,
				event: 'opened',
				occurredAt: ticket.createdAt,
				requester: { name: 'Ana', email: 'ana@home.co', phone: CUSTOMER },
				assignee: { name: 'Mia' },
				group: { name: 'Returns' },
				fields: { 'Order number': 'A-1' },
			},
			{
				key: `closed:${ticket.id}`,
				event: 'closed',
				status: 'closed',
				occurredAt: closed.updatedAt,
			},
		]);
		for (const item of json)
			expect(ticketMetric(ticketFacts.parse(item))).toMatchObject({
				uniqueId: `${String(item.key)}:${new URL(sandbox.zendesk.url).host}`,
				profile: { phone_number: CUSTOMER },
			});
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 0 }]);
	});

	it('returns what happened within the given period', async () => {
		await sandbox.clock.advance(3 * DAY);
		await sandbox.clock.advance(MINUTE);
		const since = now();
		const second = elsewhere();
		await sandbox.clock.advance(DAY);
		const until = now();
		await sandbox.clock.advance(MINUTE);
		sandbox.zendesk.agentUpdates(ticket.id, { status: 'closed' });
		const third = elsewhere();
		await sandbox.clock.advance(2 * MINUTE);
		expect(keysOf((await getMany({ since, until })).json)).toEqual([`opened:${second.id}`]);
		expect(keysOf((await getMany({ since })).json).sort()).toEqual(
			[`closed:${ticket.id}`, `opened:${second.id}`, `opened:${third.id}`].sort(),
		);
		expect(keysOf((await getMany({ since, events: ['closed'] })).json)).toEqual([
			`closed:${ticket.id}`,
		]);
	});

	it('returns no closing of a ticket that was merged into another, unless it is wanted', async () => {
		sandbox.zendesk.merge(ticket.id, elsewhere().id);
		const answer = await ask(sandbox, 'POST', '/api/v2/tickets', {
			ticket: { via_followup_source_id: Number(ticket.id), comment: { body: 'Still broken' } },
		});
		const { ticket: followUp } = answer as { ticket: { id: number } };
		await sandbox.clock.advance(MINUTE);
		sandbox.zendesk.agentUpdates(String(followUp.id), { status: 'closed' });
		await sandbox.clock.advance(2 * MINUTE);
		const closed = async (filters: INodeParameters) =>
			keysOf((await getMany({ events: ['closed'], filters })).json).sort();
		expect(await closed({})).toEqual([`closed:${followUp.id}`]);
		expect(await closed({ closedByMerge: true })).toEqual(
			[`closed:${ticket.id}`, `closed:${followUp.id}`].sort(),
		);
	});

	it('returns deleted tickets, whose customers must be counted, if they are wanted', async () => {
		const gone = elsewhere();
		sandbox.zendesk.deleteTicket(gone.id);
		await sandbox.clock.advance(2 * MINUTE);
		const read = async (more: INodeParameters) =>
			(await getMany({ filters: { includeDeleted: true }, ...more })).json;
		expect(await read({ returned: 'tickets' })).toMatchObject([
			{ ticketId: ticket.id },
			{ ticketId: gone.id, status: null, requesterId: gone.requesterId },
		]);
		expect(keysOf(await read({}))).not.toContain(`opened:${gone.id}`);
	});

	it('leaves out deleted tickets, and those that the filters do not name', async () => {
		const gone = elsewhere();
		sandbox.zendesk.deleteTicket(gone.id);
		const other = elsewhere();
		const outlet = await openConversation(sandbox, {
			phone: '+12125550124',
			brandId: '360001000002',
			tags: ['sms', 'vip'],
		});
		await sandbox.clock.advance(2 * MINUTE);
		const idsWith = async (filters: INodeParameters) =>
			(await getMany({ events: ['opened'], filters })).json.map(({ ticketId }) => ticketId);
		expect(await idsWith({})).toEqual([ticket.id, other.id, outlet.id]);
		expect(await idsWith({ conversationsOnly: true })).toEqual([ticket.id, outlet.id]);
		expect(await idsWith({ tags: 'VIP, gold' })).toEqual([outlet.id]);
		expect(await idsWith({ brandIds: ['360001000001'] })).toEqual([ticket.id, other.id]);
		expect(await idsWith({ brandIds: ['404'] })).toEqual([]);
	});

	it('returns the tickets themselves on demand, with Zendesk’s own records if not simplified', async () => {
		const { json } = await getMany({ returned: 'tickets' });
		expect(json).toMatchObject([
			{ ticketId: ticket.id, status: 'new', externalId: ticket.externalId },
		]);
		expect(json[0]).not.toHaveProperty('raw');
		expect((await getMany({ returned: 'tickets', output: 'raw' })).json).toMatchObject([
			{ ticketId: ticket.id, raw: { id: Number(ticket.id) } },
		]);
		expect((await getMany({ output: 'raw' })).json).toMatchObject([
			{ key: `opened:${ticket.id}`, raw: { id: Number(ticket.id) } },
		]);
	});

	it('reads 10,000 tickets in 11 calls, titles of the fields once', async () => {
		for (let index = 0; index < 9_999; index += 1) elsewhere();
		await sandbox.clock.advance(2 * MINUTE);
		const before = pathsOf(sandbox).length;
		const { json } = await getMany({ events: ['opened'] });
		const calls = pathsOf(sandbox).slice(before);
		process.stdout.write(`Ticket: Get Many: ${calls.length} calls for ${json.length} tickets\n`);
		expect(new Set(keysOf(json)).size).toBe(10_000);
		expect(calls).toHaveLength(11);
	});

	it('reads no more than the limit needs', async () => {
		for (let index = 0; index < 300; index += 1) elsewhere();
		await sandbox.clock.advance(2 * MINUTE);
		const before = pathsOf(sandbox).length;
		expect((await getMany({ returnAll: false })).json).toHaveLength(50);
		expect(pathsOf(sandbox).slice(before)).toHaveLength(2);
	});

	it('lists the tickets if only an administrator may export them', async () => {
		sandbox.switches.incrementalExportAllowed = false;
		for (let index = 0; index < 250; index += 1) elsewhere();
		const since = now();
		const last = elsewhere();
		await sandbox.clock.advance(2 * MINUTE);
		expect(new Set(keysOf((await getMany()).json)).size).toBe(252);
		expect(keysOf((await getMany({ since })).json)).toContain(`opened:${last.id}`);
		expect((await getMany({ returnAll: false, limit: 7 })).json).toHaveLength(7);
	});

	it('says what it cannot do', async () => {
		expect((await getMany({ since: 'yesterday' }, goOn)).json).toMatchObject([
			{ error: "'Since' is not a valid date: 'yesterday'" },
		]);
		expect((await getMany({ since: '2026-02-01', until: '2026-01-01' }, goOn)).json).toMatchObject([
			{ error: "'Since' is later than 'Until'" },
		]);
		sandbox.switches.incrementalExportAllowed = false;
		sandbox.switches.zendeskForbids = ['ticketReads'];
		expect((await getMany({}, goOn)).json).toMatchObject([
			{ error: 'The tickets could not be listed (status 403)' },
		]);
	});
});
