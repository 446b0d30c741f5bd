import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject } from 'n8n-workflow';
import { ticketFacts } from '../../domain/ticketMetric';
import type { SandboxTicket } from '../../sandbox/types';
import { ask, CUSTOMER, file, MINUTE, pathsOf, runTicket, SECOND, textOf } from './support/desk';

const goOn = { onError: 'continueRegularOutput' } as const;

describe('Zendesk Sync', () => {
	let sandbox: QuickSandbox;
	let ticket: SandboxTicket;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
		sandbox.zendesk.addUser({ name: 'Ana', phone: CUSTOMER, email: 'ana@home.co' });
		await file(sandbox, [textOf(sandbox, { customer: { name: 'Ana' } })]);
		ticket = sandbox.zendesk.tickets()[0] as SandboxTicket;
		await sandbox.clock.advance(5 * SECOND);
	});
	afterEach(async () => await sandbox.close());

	describe('Ticket: Get', () => {
		const get = async (items: IDataObject[], setup = {}) =>
			await runTicket(sandbox, 'get', items, setup);
		const event = (more: IDataObject): IDataObject => ({
			key: null,
			event: 'solved',
			ticketId: ticket.id,
			brandId: ticket.brandId,
			status: 'solved',
			previousStatus: 'open',
			tags: ['sms'],
			externalId: ticket.externalId,
			channel: 'sms',
			requesterId: ticket.requesterId,
			occurredAt: new Date(sandbox.clock.now()).toISOString(),
			comment: null,
			catchUp: false,
			raw: { big: 'thing' },
			...more,
		});
		const update = async (change: object) =>
			await ask(sandbox, 'PUT', `/api/v2/tickets/${ticket.id}`, { ticket: change });

		it("reads what a ticket's metric needs, with names instead of ids", async () => {
			await update({
				assignee_id: Number(sandbox.zendesk.agent.id),
				group_id: 360002000002,
				priority: 'high',
				type: 'problem',
				custom_fields: [
					{ id: 360003000101, value: 'A-1' },
					{ id: 360003000102, value: 'reason_return' },
				],
			});
			const { json, items } = await get([{ ticketId: ticket.id }]);
			expect(json).toEqual([
				{
					ticketId: ticket.id,
					brandId: '360001000001',
					status: 'open',
					tags: ['sms'],
					externalId: `klaviyo:sms:${CUSTOMER}`,
					channel: 'sms',
					requesterId: ticket.requesterId,
					subject: `SMS from Ana (${CUSTOMER})`,
					description: 'Where is my order?',
					priority: 'high',
					type: 'problem',
					via: 'api',
					zendeskUrl: `${sandbox.zendesk.url}/agent/tickets/${ticket.id}`,
					assignee: { id: sandbox.zendesk.agent.id, name: 'Mia', email: 'mia@acme.example' },
					group: { id: '360002000002', name: 'Returns' },
					requester: {
						id: ticket.requesterId,
						name: 'Ana',
						email: 'ana@home.co',
						phone: CUSTOMER,
					},
					fields: { 'Order number': 'A-1', Reason: 'reason_return' },
					createdAt: ticket.createdAt,
					updatedAt: sandbox.zendesk.ticket(ticket.id).updatedAt,
					times: {
						firstReplyMinutes: null,
						firstReplyBusinessMinutes: null,
						resolutionMinutes: null,
						resolutionBusinessMinutes: null,
						replies: 0,
						reopens: 0,
						solvedAt: null,
					},
				},
			]);
			expect(items[0]?.pairedItem).toEqual({ item: 0 });
		});

		it('has null for values that are not set', async () => {
			const { json } = await get([{ ticketId: ticket.id }]);
			expect(json).toMatchObject([
				{ assignee: null, group: null, fields: { 'Order number': null, Reason: null } },
			]);
		});

		it('keeps what the event says, although the ticket has changed since', async () => {
			sandbox.zendesk.agentUpdates(ticket.id, { status: 'solved' });
			const solved = event({});
			await sandbox.clock.advance(MINUTE);
			const other = sandbox.zendesk.addUser({ name: 'Bo', email: 'bo@home.co' });
			await update({ status: 'open', requester_id: Number(other.id) });
			const { json } = await get([solved]);
			expect(ticketFacts.safeParse(json[0]).error).toBeUndefined();
			expect(json).toMatchObject([
				{
					event: 'solved',
					status: 'solved',
					occurredAt: solved.occurredAt,
					requesterId: ticket.requesterId,
					requester: { name: 'Ana' },
				},
			]);
		});

		it('finds the key of each of several times that a ticket was solved and reopened', async () => {
			const events: IDataObject[] = [];
			for (const status of ['solved', 'open', 'solved', 'pending', 'solved', 'closed'] as const) {
				sandbox.zendesk.agentUpdates(ticket.id, { status });
				if (status !== 'closed')
					events.push(event({ event: status === 'solved' ? 'solved' : 'reopened' }));
				await sandbox.clock.advance(3 * SECOND);
			}
			const { json } = await get(events);
			const changes = sandbox.zendesk.ticket(ticket.id).audits.slice(1, 6);
			expect(json.map(({ key }) => key)).toEqual(
				changes.map(
					({ id, status }) => `${status === 'solved' ? 'solved' : 'reopened'}:${ticket.id}:${id}`,
				),
			);
		});

		it('waits for a history that is behind its event', async () => {
			sandbox.switches.auditLag = 1500;
			sandbox.zendesk.agentUpdates(ticket.id, { status: 'solved' });
			const { json } = await get([event({})]);
			const { id } = sandbox.zendesk.ticket(ticket.id).audits.at(-1) ?? {};
			expect(json).toMatchObject([{ key: `solved:${ticket.id}:${id}` }]);
		});

		it('leaves a key as it is, and reads no history for it', async () => {
			const { json } = await get([
				event({ key: 'solved:1:2' }),
				event({ key: `opened:${ticket.id}`, event: 'opened', status: 'new' }),
			]);
			expect(json.map(({ key }) => key)).toEqual(['solved:1:2', `opened:${ticket.id}`]);
			expect(pathsOf(sandbox).filter((path) => path.endsWith('/audits'))).toEqual([]);
		});

		it('reads the titles of the fields once for all items', async () => {
			await get(Array.from({ length: 5 }, () => ({ ticketId: ticket.id })));
			expect(pathsOf(sandbox).filter((path) => path.includes('ticket_fields'))).toHaveLength(1);
		});

		it('says which ticket does not exist, and continues with the others', async () => {
			const ids = [ticket.id, '999', ticket.id].map((ticketId) => ({ ticketId }));
			const { json, items } = await get(ids, goOn);
			expect(json).toMatchObject([
				{ ticketId: ticket.id, subject: ticket.subject },
				{ ticketId: '999', error: 'Ticket 999 could not be read (status 404)' },
				{ ticketId: ticket.id, subject: ticket.subject },
			]);
			expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
				[0, 1, 2].map((item) => ({ item })),
			);
			const { error } = await get([{ ticketId: ticket.id }, { ticketId: '999' }]);
			expect(error?.message).toContain('Ticket 999');
			expect(error?.context).toMatchObject({ itemIndex: 1 });
		});
	});

	describe('Ticket: Add Internal Note', () => {
		const message = 'Not sent {{ticket.id}} <b>';
		const add = async (note: string, options: IDataObject = {}, setup = {}) =>
			await runTicket(sandbox, 'addInternalNote', [{ ticketId: ticket.id, message }], {
				parameters: { note, options: options as never },
				...setup,
			});
		const notes = () => sandbox.zendesk.ticket(ticket.id).comments.slice(1);

		it('writes a note that only agents see, and changes nothing else', async () => {
			const { json } = await add('=The message: {{ $json.message }}');
			expect(json).toEqual([{ ticketId: ticket.id, message, outcome: 'added' }]);
			expect(notes()).toMatchObject([{ public: false, body: `The message: ${message}` }]);
			expect(sandbox.zendesk.ticket(ticket.id).status).toBe('new');
		});

		it('writes a note with a key once', async () => {
			const options = { key: '=reply:9:notSent' };
			expect((await add('Once', options)).json).toMatchObject([{ outcome: 'added' }]);
			expect((await add('Once', options)).json).toMatchObject([{ outcome: 'duplicate' }]);
			expect((await add('Other', { key: 'reply:10:notSent' })).json).toMatchObject([
				{ outcome: 'added' },
			]);
			expect(notes().map(({ body }) => body)).toEqual(['Once', 'Other']);
		});

		it('writes a note without a key as often as it is told to', async () => {
			await add('Twice');
			await add('Twice');
			expect(notes()).toHaveLength(2);
		});

		it('is not mistaken for a message, and does not keep one from being added', async () => {
			await add('Note', { key: 'note:1' });
			await sandbox.clock.advance(5 * SECOND);
			const { json } = await file(sandbox, [textOf(sandbox, { body: 'Hello?' })]);
			expect(json).toMatchObject([{ outcome: 'commented' }]);
		});

		it('says that the ticket is closed, or that there is none, or that the note is empty', async () => {
			expect((await add('  ')).error?.message).toBe("'Note' is empty");
			sandbox.zendesk.agentUpdates(ticket.id, { status: 'closed' });
			const { json } = await add('Note', {}, goOn);
			expect(json).toMatchObject([
				{
					message,
					error: `No note could be added to ticket ${ticket.id}. The ticket is closed.`,
					errorDescription: expect.stringContaining("the conversation's newest ticket"),
				},
			]);
			sandbox.zendesk.deleteTicket(ticket.id);
			expect((await add('Note')).error?.message).toContain('(status 404)');
		});
	});
});
