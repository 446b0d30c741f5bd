/** Messages in an account whose rules change a ticket's status at once, and whose agents change it twice in a second. */
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { SandboxTicket, SandboxTrigger } from '../../sandbox/types';
import { ask, file, HOUR, MINUTE, SECOND, textOf } from './support/desk';

describe('Ticket: Create or Reopen From Message', () => {
	let sandbox: QuickSandbox;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
	});
	afterEach(async () => await sandbox.close());

	const onlyTicket = (): SandboxTicket => {
		const [ticket, ...more] = sandbox.zendesk.tickets();
		if (!ticket || more.length > 0) throw new Error(`${more.length + 1} tickets`);
		return ticket;
	};
	const statuses = () => onlyTicket().audits.map(({ status }) => status);
	const parks: SandboxTrigger = {
		title: 'Park what customers write',
		when: { by: 'customer', comment: 'public' },
		then: { status: 'pending' },
	};

	describe('if a rule parks incoming messages', () => {
		it.each(['pending', 'hold', 'solved'] as const)(
			'sets a new ticket open that was left %s, each time',
			async (status) => {
				sandbox.zendesk.addTrigger({ ...parks, then: { status } });
				const { json } = await file(sandbox, [textOf(sandbox)]);
				expect(json).toMatchObject([{ outcome: 'created' }]);
				expect(statuses()).toEqual([status, 'open']);
				await sandbox.clock.advance(5 * MINUTE);
				expect((await file(sandbox, [textOf(sandbox)])).json).toMatchObject([
					{ outcome: 'commented' },
				]);
				expect(statuses()).toEqual([status, 'open', status, 'open']);
			},
		);

		it('leaves it as an agent has set it since, when catch-up brings the message again', async () => {
			sandbox.zendesk.addTrigger(parks);
			const message = textOf(sandbox);
			await file(sandbox, [message]);
			await sandbox.clock.advance(MINUTE);
			sandbox.zendesk.agentUpdates(onlyTicket().id, { status: 'solved' });
			await sandbox.clock.advance(HOUR);
			expect((await file(sandbox, [message])).json).toMatchObject([{ outcome: 'duplicate' }]);
			expect(onlyTicket().status).toBe('solved');
		});

		it('shows what a run left there that died', async () => {
			await file(sandbox, [textOf(sandbox)]);
			await sandbox.clock.advance(5 * MINUTE);
			sandbox.zendesk.addTrigger(parks);
			const message = textOf(sandbox);
			const { id, requesterId } = onlyTicket();
			const comment = { body: 'Where is my order?', author_id: Number(requesterId) };
			await ask(sandbox, 'PUT', `/api/v2/tickets/${id}`, {
				ticket: { comment, metadata: { key: message.key, sentAt: message.sentAt } },
			});
			expect(onlyTicket().status).toBe('pending');
			await sandbox.clock.advance(5 * MINUTE);
			expect((await file(sandbox, [message])).json).toMatchObject([{ outcome: 'duplicate' }]);
			expect(statuses()).toEqual(['new', 'pending', 'open']);
			await sandbox.clock.advance(HOUR);
			await file(sandbox, [message]);
			expect(statuses()).toHaveLength(3);
		});

		it("sets it open when a rule puts the ticket on hold for the message's pictures", async () => {
			sandbox.zendesk.addTrigger({
				title: 'Hold what has a note',
				when: { comment: 'internal' },
				then: { status: 'hold' },
			});
			const history = [
				{
					direction: 'outbound',
					kind: 'campaign',
					body: '20% off',
					sentAt: new Date(sandbox.clock.now() - HOUR).toISOString(),
				},
			];
			await file(sandbox, [textOf(sandbox, { history })]);
			expect(onlyTicket()).toMatchObject({ status: 'open', comments: { length: 2 } });
			expect(onlyTicket().audits.map(({ triggers }) => triggers.length)).toEqual([0, 1, 0]);
		});
	});

	it('leaves a ticket alone if a rule takes back every "open" as it is set', async () => {
		for (const from of ['new', 'open'] as const)
			sandbox.zendesk.addTrigger({
				title: `Park what is ${from}`,
				when: { status: from },
				then: { status: 'pending' },
			});
		expect((await file(sandbox, [textOf(sandbox)])).json).toMatchObject([{ outcome: 'created' }]);
		expect(onlyTicket()).toMatchObject({ status: 'pending', comments: { length: 1 } });
	});

	it('finds the status of a ticket that was changed several times in one second', async () => {
		const { zendesk, clock } = sandbox;
		const ends = [
			['solved', 'reopened'],
			['open', 'commented'],
			['pending', 'commented'],
		] as const;
		for (const [index, [end, outcome]] of ends.entries())
			for (let n = 0; n < 6; n++) {
				const from = `+1212555${1000 + index * 10 + n}`;
				await file(sandbox, [textOf(sandbox, { from })]);
				const id = zendesk.tickets().at(-1)?.id ?? '';
				await clock.advance(10 * SECOND);
				for (const status of ['pending', 'solved', 'open', 'hold', 'solved', 'open', end] as const)
					zendesk.agentUpdates(id, { status });
				await clock.advance(10 * SECOND);
				const { json } = await file(sandbox, [textOf(sandbox, { from })]);
				expect(json).toMatchObject([{ outcome, ticketId: id }]);
				expect(zendesk.ticket(id).status).toBe('open');
			}
	});
});
