/** The steps of the status logic one by one, for builders who draw it on the canvas. */
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { SandboxTicket } from '../../sandbox/types';
import {
	ask,
	bodiesOf,
	CUSTOMER,
	HOUR,
	MINUTE,
	pathsOf,
	runTicket,
	SECOND,
	textOf,
} from './support/desk';
import type { NodeRun } from './support/engine';

const goOn = { onError: 'continueRegularOutput' } as const;
const EXTERNAL_ID = `klaviyo:sms:${CUSTOMER}`;

describe('Drawn status logic', () => {
	let sandbox: QuickSandbox;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
	});
	afterEach(async () => await sandbox.close());

	type Setup = Parameters<typeof runTicket>[3];
	const run = async (name: string, items: IDataObject[], setup?: Setup): Promise<NodeRun> =>
		await runTicket(sandbox, name, items, setup);
	const one = async (name: string, item: IDataObject, options?: INodeParameters) => {
		const { json, error } = await run(name, [item], options && { parameters: { options } });
		if (error) throw error;
		return json[0] ?? {};
	};
	const rest = async () => await sandbox.clock.advance(5 * MINUTE);
	const opened = async (): Promise<SandboxTicket> => {
		await one('create', textOf(sandbox));
		await rest();
		return sandbox.zendesk.tickets().at(-1) as SandboxTicket;
	};
	const urlOf = (id: unknown): string => `${sandbox.zendesk.url}/agent/tickets/${id}`;

	describe('Ticket: Find for Conversation', () => {
		it('finds none for a customer without a ticket', async () => {
			const message = textOf(sandbox);
			const { json, items } = await run('findForConversation', [message]);
			expect(json).toEqual([
				{
					...message,
					found: false,
					ticketId: null,
					status: null,
					updatedAt: null,
					ticketUrl: null,
					externalId: EXTERNAL_ID,
					closedTicketId: null,
					openTickets: 0,
				},
			]);
			expect(items[0]?.pairedItem).toEqual({ item: 0 });
		});

		it('finds the newest that is not closed, and the newest closed one', async () => {
			const first = await opened();
			sandbox.zendesk.agentUpdates(first.id, { status: 'closed' });
			const second = await opened();
			sandbox.zendesk.agentUpdates(second.id, { status: 'solved' });
			expect(await one('findForConversation', textOf(sandbox))).toMatchObject({
				found: true,
				ticketId: second.id,
				status: 'solved',
				updatedAt: sandbox.zendesk.ticket(second.id).updatedAt,
				ticketUrl: urlOf(second.id),
				closedTicketId: first.id,
				openTickets: 1,
			});
		});

		it('reads a conversation once for all its messages, and each scope apart', async () => {
			await opened();
			const before = pathsOf(sandbox).length;
			const messages = ['a', 'a', 'b'].map((brand) => textOf(sandbox, { brand }));
			const parameters = { options: { scope: '={{ $json.brand }}' } };
			const { json } = await run('findForConversation', messages, { parameters });
			expect(json.map(({ externalId }) => externalId)).toEqual(
				['a', 'a', 'b'].map((scope) => `${EXTERNAL_ID}:${scope}`),
			);
			expect(pathsOf(sandbox).slice(before)).toEqual([
				'GET /api/v2/tickets',
				'GET /api/v2/tickets',
			]);
		});

		it('says what is wrong with an item, and does the others', async () => {
			const messages = [textOf(sandbox, { from: 'ACME' }), textOf(sandbox)];
			const { json } = await run('findForConversation', messages, goOn);
			expect(json).toMatchObject([
				{ error: "'Customer Phone' is not a valid phone number: 'ACME'" },
				{ found: false },
			]);
			sandbox.switches.zendeskForbids = ['ticketReads'];
			const refused = await run('findForConversation', [textOf(sandbox)], goOn);
			expect(refused.json).toMatchObject([
				{ error: 'The tickets could not be listed (status 403)' },
			]);
		});

		it('needs nothing but the number', async () => {
			const parameters = { customerPhone: '+1 (212) 555-0123' };
			const { json } = await run('findForConversation', [{}], { parameters });
			expect(json).toMatchObject([{ found: false, externalId: EXTERNAL_ID }]);
		});
	});

	describe('Ticket: Create', () => {
		it('opens a ticket with the message, as Create or Reopen From Message does', async () => {
			const message = textOf(sandbox, {
				customer: { name: 'Ana', email: 'ana@home.co' },
				history: [
					{
						direction: 'inbound',
						kind: 'customer',
						body: 'Before',
						sentAt: '2026-01-01T00:00:00.000Z',
					},
				],
			});
			const options = { priority: 'high', tags: 'sms,vip' };
			const created = await one('create', message, options);
			const [ticket] = sandbox.zendesk.tickets();
			expect(created).toEqual({
				...message,
				outcome: 'created',
				ticketId: ticket?.id,
				ticketUrl: urlOf(ticket?.id),
				externalId: EXTERNAL_ID,
			});
			expect(ticket).toMatchObject({
				subject: `SMS from Ana (${CUSTOMER})`,
				tags: ['sms', 'vip'],
				externalId: EXTERNAL_ID,
				comments: [{ body: 'Where is my order?', public: true }, { public: false }],
			});
		});

		it('is safe to repeat, at once and later', async () => {
			const message = textOf(sandbox);
			sandbox.switches.ticketListLag = 20 * SECOND;
			const first = await one('create', message);
			for (const time of [0, MINUTE, 3 * HOUR]) {
				await sandbox.clock.advance(time);
				expect(await one('create', message)).toMatchObject({
					outcome: 'duplicate',
					ticketId: first.ticketId,
				});
			}
			expect(bodiesOf(sandbox)).toEqual([['Where is my order?']]);
		});

		it('opens no second ticket, unless told to: it names the open one', async () => {
			const { id } = await opened();
			const message = textOf(sandbox, { body: 'Again' });
			expect(await one('create', message)).toMatchObject({ outcome: 'alreadyOpen', ticketId: id });
			expect(bodiesOf(sandbox)).toEqual([['Where is my order?']]);
			for (const outcome of ['created', 'duplicate']) {
				expect(await one('create', message, { createSecond: true })).toMatchObject({ outcome });
				await rest();
			}
			expect(bodiesOf(sandbox)).toEqual([['Where is my order?'], ['Again']]);
		});

		it('follows up the closed ticket if that is wanted', async () => {
			const { id } = await opened();
			sandbox.zendesk.agentUpdates(id, { status: 'closed' });
			await rest();
			const { ticketId } = await one('create', textOf(sandbox), { followUp: true });
			expect(await ask(sandbox, 'GET', `/api/v2/tickets/${ticketId}`)).toMatchObject({
				ticket: { via: { source: { from: { ticket_id: Number(id) }, rel: 'follow_up' } } },
			});
		});
	});

	describe('Ticket: Add Message', () => {
		const add = async (message: IDataObject, ticketId: string, options?: INodeParameters) =>
			await one('addMessage', { ...message, ticketId }, options);

		it('is a comment of the customer, once', async () => {
			const { id, requesterId } = await opened();
			const message = textOf(sandbox, { body: 'Hello?' });
			const before = pathsOf(sandbox).length;
			expect(await add(message, id)).toEqual({
				...message,
				outcome: 'commented',
				ticketId: id,
				ticketUrl: urlOf(id),
				externalId: EXTERNAL_ID,
			});
			expect(pathsOf(sandbox).slice(before)).toHaveLength(2);
			expect(await add(message, id)).toMatchObject({ outcome: 'duplicate', ticketId: id });
			expect(sandbox.zendesk.ticket(id).comments.slice(1)).toMatchObject([
				{ body: 'Hello?', public: true, authorId: requesterId },
			]);
			expect(sandbox.zendesk.ticket(id).audits.at(-1)?.custom).toMatchObject({ key: message.key });
		});

		it.each([
			['new', true, 'new', 'commented'],
			['pending', true, 'open', 'commented'],
			['solved', true, 'open', 'reopened'],
			['pending', false, 'pending', 'commented'],
			['solved', false, 'solved', 'commented'],
		] as const)('finds the ticket %s and, setting open: %s, leaves it %s', async (...row) => {
			const [before, setOpen, after, outcome] = row;
			const { id } = await opened();
			if (before !== 'new') sandbox.zendesk.agentUpdates(id, { status: before });
			await rest();
			const message = textOf(sandbox);
			expect(await add(message, id, { setOpen })).toMatchObject({ outcome });
			expect(await add(message, id, { setOpen })).toMatchObject({ outcome: 'duplicate' });
			expect(sandbox.zendesk.ticket(id)).toMatchObject({ status: after, comments: { length: 2 } });
		});

		it('says what to do where a solved ticket accepts no comment, and opens it if it may', async () => {
			const { id } = await opened();
			sandbox.zendesk.agentUpdates(id, { status: 'solved' });
			await rest();
			sandbox.switches.requiredToSolve = true;
			const item = { ...textOf(sandbox), ticketId: id };
			const refused = await run('addMessage', [item], {
				...goOn,
				parameters: { options: { setOpen: false } },
			});
			expect(refused.json).toMatchObject([
				{
					error: expect.stringMatching(/refused the comment on ticket \d+: .*is required/),
					errorDescription: expect.stringContaining('or set the ticket to open'),
				},
			]);
			expect(await add(item, id)).toMatchObject({ outcome: 'reopened' });
		});

		it('says that the ticket is closed, so that another can be opened', async () => {
			const { id } = await opened();
			sandbox.zendesk.agentUpdates(id, { status: 'closed' });
			await rest();
			const message = textOf(sandbox);
			expect(await add(message, id)).toMatchObject({ outcome: 'closed', ticketId: id });
			expect(sandbox.zendesk.ticket(id).comments).toHaveLength(1);
			expect(await one('create', message)).toMatchObject({ outcome: 'created' });
		});

		it('finds a message in another ticket of the conversation', async () => {
			const message = textOf(sandbox);
			await one('create', message);
			const [first] = sandbox.zendesk.tickets();
			sandbox.zendesk.agentUpdates(first?.id ?? '', { status: 'closed' });
			const second = await opened();
			expect(await add(message, second.id)).toMatchObject({
				outcome: 'duplicate',
				ticketId: first?.id,
			});
		});

		it('is also added to a ticket that is not one of our conversations', async () => {
			const { id: requesterId } = sandbox.zendesk.addUser({ name: 'Ana', email: 'ana@home.co' });
			const made = { subject: 'By mail', body: 'Hi', requesterId };
			const { id } = sandbox.zendesk.agentCreates(made);
			await rest();
			const message = textOf(sandbox);
			expect(await add(message, id)).toMatchObject({ outcome: 'commented' });
			expect(await add(message, id)).toMatchObject({ outcome: 'duplicate' });
			expect(sandbox.zendesk.ticket(id).comments).toMatchObject([{}, { authorId: requesterId }]);
		});

		it('says which ticket does not exist, and does the others', async () => {
			const { id } = await opened();
			sandbox.zendesk.deleteTicket((await opened2()).id);
			const items = [
				{ ...textOf(sandbox), ticketId: '999' },
				{ ...textOf(sandbox), ticketId: '' },
				{ ...textOf(sandbox), ticketId: id },
			];
			const { json } = await run('addMessage', items, goOn);
			expect(json).toMatchObject([
				{ ticketId: '999', error: 'Ticket 999 could not be read (status 404)' },
				{ error: expect.stringContaining("'Ticket'") },
				{ outcome: 'commented' },
			]);
		});

		const opened2 = async (): Promise<SandboxTicket> => {
			await one('create', textOf(sandbox, { from: '+12125550124' }));
			return sandbox.zendesk.tickets().at(-1) as SandboxTicket;
		};
	});

	describe('Ticket: Reopen', () => {
		it.each([
			['new', 'unchanged', 'new'],
			['open', 'unchanged', 'open'],
			['pending', 'reopened', 'open'],
			['hold', 'reopened', 'open'],
			['solved', 'reopened', 'open'],
			['closed', 'closed', 'closed'],
		] as const)('answers a ticket that is %s with %s', async (before, outcome, after) => {
			const { id } = await opened();
			if (before !== 'new') sandbox.zendesk.agentUpdates(id, { status: before });
			const item = { ticketId: id, other: 1 };
			expect(await one('reopen', item)).toEqual({ ...item, outcome, previousStatus: before });
			expect(sandbox.zendesk.ticket(id)).toMatchObject({ status: after, comments: { length: 1 } });
			expect((await one('reopen', item)).outcome).toBe(
				outcome === 'reopened' ? 'unchanged' : outcome,
			);
		});

		it('opens a solved ticket that lacks a field required for solving', async () => {
			const { id } = await opened();
			sandbox.zendesk.agentUpdates(id, { status: 'solved' });
			sandbox.switches.requiredToSolve = true;
			expect(await one('reopen', { ticketId: id })).toMatchObject({ outcome: 'reopened' });
		});

		it('leaves the ticket alone when the message was there before, unless told not to', async () => {
			const { id } = await opened();
			sandbox.zendesk.agentUpdates(id, { status: 'solved' });
			const item = { ticketId: id, outcome: 'duplicate' };
			expect(await one('reopen', item)).toMatchObject({ outcome: 'unchanged' });
			expect(sandbox.zendesk.ticket(id).status).toBe('solved');
			await run('reopen', [item], { parameters: { skipDuplicates: false } });
			expect(sandbox.zendesk.ticket(id).status).toBe('open');
		});

		it('says what is wrong with an item, and does the others', async () => {
			const { id } = await opened();
			sandbox.zendesk.agentUpdates(id, { status: 'solved' });
			const items = [{ ticketId: '999' }, { ticketId: 'x' }, { ticketId: id }];
			expect((await run('reopen', items, goOn)).json).toMatchObject([
				{ error: 'Ticket 999 could not be read (status 404)' },
				{ error: expect.stringContaining("'Ticket'") },
				{ outcome: 'reopened' },
			]);
			sandbox.switches.faults.serverError = 1;
			expect((await run('reopen', [{ ticketId: id }], goOn)).json[0]?.error).toContain(
				`Ticket ${id} was not reopened. It took longer than 30 seconds`,
			);
		});
	});

	it('works as an AI tool would call it, with its own parameters alone', async () => {
		const text = (n: number): INodeParameters => ({
			customerPhone: CUSTOMER,
			text: `Text ${n}`,
			key: `message:${n}`,
			sentAt: new Date(sandbox.clock.now()).toISOString(),
		});
		const call = async (name: string, parameters: INodeParameters) =>
			(await run(name, [{}], { parameters })).json[0];
		const created = await call('create', text(1));
		expect(created).toMatchObject({ outcome: 'created' });
		const ticketId = String(created?.ticketId);
		await rest();
		sandbox.zendesk.agentUpdates(ticketId, { status: 'pending' });
		const added = await call('addMessage', { ...text(2), ticketId, options: { setOpen: false } });
		expect(added).toMatchObject({ outcome: 'commented', ticketId });
		expect(await call('reopen', { ticketId })).toEqual({
			ticketId,
			outcome: 'reopened',
			previousStatus: 'pending',
		});
	});

	describe('drawn together', () => {
		/** Find, then the branch for its outcome; `closed` and `alreadyOpen` go round once more. */
		const drawn = async (message: IDataObject): Promise<unknown> => {
			for (let round = 0; round < 5; round++) {
				const found = await one('findForConversation', message);
				const added = await one(found.found ? 'addMessage' : 'create', found);
				if (added.outcome !== 'closed' && added.outcome !== 'alreadyOpen') return added.outcome;
			}
			throw new Error('No outcome');
		};

		it('adds each message once to one ticket, although all arrive at once, twice, with a lagging list', async () => {
			sandbox.switches.ticketListLag = 3 * SECOND;
			const messages = ['One', 'Two', 'Three'].map((body) => textOf(sandbox, { body }));
			const outcomes = await Promise.all([...messages, ...messages].map(drawn));
			expect(outcomes.sort()).toEqual(
				['commented', 'commented', 'created', 'duplicate', 'duplicate', 'duplicate'].sort(),
			);
			expect(bodiesOf(sandbox).map((bodies) => bodies.sort())).toEqual([['One', 'Three', 'Two']]);
		});

		it('opens a new ticket after the old one was closed, and recognizes the old messages', async () => {
			const first = textOf(sandbox, { body: 'One' });
			expect(await drawn(first)).toBe('created');
			const [ticket] = sandbox.zendesk.tickets();
			sandbox.zendesk.agentUpdates(ticket?.id ?? '', { status: 'closed' });
			await rest();
			expect(await drawn(textOf(sandbox, { body: 'Two' }))).toBe('created');
			expect(await drawn(first)).toBe('duplicate');
			expect(bodiesOf(sandbox)).toEqual([['One'], ['Two']]);
		});
	});
});
