/** A ticket that an agent has given to someone other than its writer. */
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject } from 'n8n-workflow';
import type { SandboxTicket } from '../../sandbox/types';
import { ask, CUSTOMER, file, runTicket, SECOND, settledTicket, textOf } from './support/desk';

describe('A conversation whose requester an agent has changed', () => {
	let sandbox: QuickSandbox;
	let ticket: SandboxTicket;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
		ticket = await settledTicket(sandbox);
	});
	afterEach(async () => await sandbox.close());

	const give = async (user: { name: string; phone?: string; email?: string; role?: 'agent' }) => {
		const { id } = sandbox.zendesk.addUser(user);
		await ask(sandbox, 'PUT', `/api/v2/tickets/${ticket.id}`, {
			ticket: { requester_id: Number(id) },
		});
		await sandbox.clock.advance(5 * SECOND);
		return id;
	};
	const reply = async (): Promise<IDataObject> => {
		const { id } = sandbox.zendesk.agentComments(ticket.id, 'Hi Bea, your new code is 4711.');
		await sandbox.clock.advance(5 * SECOND);
		return { ticketId: ticket.id, comment: { id } };
	};
	const claim = async (item: IDataObject) => (await runTicket(sandbox, 'claimReply', [item])).json;
	const comments = () => sandbox.zendesk.ticket(ticket.id).comments;

	it.each([
		['another number', { name: 'Bea', phone: '+12125550177', email: 'bea@home.co' }],
		['no number', { name: 'Bea', email: 'bea@home.co' }],
	])('is not sent replies meant for a requester with %s: the agent is told', async (_, bea) => {
		await give(bea);
		expect(await claim(await reply())).toMatchObject([
			{
				outcome: 'refused',
				reason: 'otherRequester',
				message: expect.stringMatching(/^This reply was not sent: /),
				notifyAgent: true,
			},
		]);
		expect(comments().filter((comment) => !comment.public)).toEqual([]);
	});

	it('says of a reply that was claimed before that it is uncertain, not that it was not sent', async () => {
		const item = await reply();
		expect(await claim(item)).toMatchObject([{ outcome: 'claimed' }]);
		await sandbox.clock.advance(401 * SECOND);
		await give({ name: 'Bea', phone: '+12125550177' });
		expect(await claim(item)).toMatchObject([{ outcome: 'unclear' }]);
		expect(await claim({ ...item, outcome: 'missing' })).toMatchObject([
			{ outcome: 'refused', reason: 'otherRequester' },
		]);
	});

	it("still gets replies if the requester has the customer's number", async () => {
		await give({ name: 'Ana', phone: '(212) 555-0123' });
		expect(await claim(await reply())).toMatchObject([{ outcome: 'claimed', phone: CUSTOMER }]);
	});

	it('still gets replies if the requester is an agent who is testing', async () => {
		await give({ name: 'Mia', email: 'mia.two@acme.test', role: 'agent' });
		expect(await claim(await reply())).toMatchObject([{ outcome: 'claimed', phone: CUSTOMER }]);
	});

	it.each([
		[99, 'refused'],
		[101, 'claimed'],
	])('with %d entries and a day since then: a reply is %s', async (entries, outcome) => {
		await give({ name: 'Bea', phone: '+12125550177' });
		for (let n = 0; n < entries - 1; n++)
			sandbox.zendesk.agentComments(ticket.id, `Note ${n}`, { public: false });
		await sandbox.clock.advance(25 * 3600 * SECOND);
		expect(await claim(await reply())).toMatchObject([{ outcome }]);
	});

	it('requests the requester if Zendesk did not include them', async () => {
		sandbox.switches.sideloadedUsers = 'none';
		const bea = await give({ name: 'Bea', phone: '+12125550177', email: 'bea@home.co' });
		expect(await claim(await reply())).toMatchObject([
			{ outcome: 'refused', reason: 'otherRequester' },
		]);
		await file(sandbox, [textOf(sandbox, { body: 'And my other order?' })]);
		expect(comments().at(-1)).toMatchObject({ public: false });
		expect(comments().at(-1)?.authorId).not.toBe(bea);
		await give({ name: 'Ana', phone: '(212) 555-0123' });
		expect(await claim(await reply())).toMatchObject([{ outcome: 'claimed', phone: CUSTOMER }]);
		sandbox.switches.faults.serverError = 1;
		const [held] = await claim({ ticketId: ticket.id, comment: { id: '1' } });
		expect(held?.outcome).toBe('notNow');
	});

	it('gets the same text once it is written again after the requester was set back', async () => {
		const ana = sandbox.zendesk.ticket(ticket.id).requesterId;
		await give({ name: 'Bea', phone: '+12125550177' });
		const item = await reply();
		const [{ key } = {}] = await claim(item);
		await runTicket(sandbox, 'addInternalNote', [item], {
			parameters: { note: 'The message was not sent', options: { key: `${String(key)}:refused` } },
		});
		await ask(sandbox, 'PUT', `/api/v2/tickets/${ticket.id}`, {
			ticket: { requester_id: Number(ana) },
		});
		await sandbox.clock.advance(5 * SECOND);
		expect(await claim(item)).toMatchObject([{ reason: 'refusedBefore' }]);
		expect(await claim(await reply())).toMatchObject([{ outcome: 'claimed', sameWordsBefore: 0 }]);
	});

	it("gets the next message as a note that names its number, not in the requester's name", async () => {
		const bea = await give({ name: 'Bea', phone: '+12125550177', email: 'bea@home.co' });
		sandbox.zendesk.agentUpdates(ticket.id, { status: 'solved' });
		await sandbox.clock.advance(5 * SECOND);
		const { json } = await file(sandbox, [textOf(sandbox, { body: 'And my other order?' })]);
		expect(json).toMatchObject([{ outcome: 'reopened', ticketId: ticket.id }]);
		const message = comments().at(-1);
		expect(message).toMatchObject({ public: false, body: expect.stringContaining(CUSTOMER) });
		expect(message?.body).toContain('And my other order?');
		expect(message?.authorId).not.toBe(bea);
		expect(sandbox.zendesk.ticket(ticket.id).status).toBe('open');
	});
});
