/** A conversation's ticket that an agent has merged into another: a limit that docs/guarantees.md names. */
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import { ask, file, runTicket, SECOND, settledTicket, textOf } from './support/desk';

describe("A conversation's ticket that was merged into another", () => {
	let sandbox: QuickSandbox;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
	});
	afterEach(async () => await sandbox.close());

	it('takes no more replies: one on the other ticket is refused, and the next message opens a ticket', async () => {
		const { zendesk, clock } = sandbox;
		const { id: source, requesterId } = await settledTicket(sandbox);
		const { id: target } = zendesk.agentCreates({ subject: 'By mail', body: 'Hi', requesterId });
		zendesk.merge(source, target);
		await clock.advance(5 * SECOND);
		const { id } = zendesk.agentComments(target, 'It ships today.');
		await clock.advance(5 * SECOND);
		const item = { ticketId: target, comment: { id } };
		expect((await runTicket(sandbox, 'claimReply', [item])).json).toMatchObject([
			{ outcome: 'refused', reason: 'noConversation' },
		]);
		const { json } = await file(sandbox, [textOf(sandbox, { body: 'And now?' })]);
		expect(json).toMatchObject([{ outcome: 'created' }]);
		expect(zendesk.tickets()).toHaveLength(3);
	});

	it('takes replies again if the other ticket gets its external ID', async () => {
		const { zendesk, clock } = sandbox;
		const { id: source, requesterId, externalId } = await settledTicket(sandbox);
		const { id: target } = zendesk.agentCreates({ subject: 'By mail', body: 'Hi', requesterId });
		zendesk.merge(source, target);
		await ask(sandbox, 'PUT', `/api/v2/tickets/${target}`, { ticket: { external_id: externalId } });
		const { id } = zendesk.agentComments(target, 'It ships today.');
		await clock.advance(5 * SECOND);
		const item = { ticketId: target, comment: { id } };
		expect((await runTicket(sandbox, 'claimReply', [item])).json).toMatchObject([
			{ outcome: 'claimed' },
		]);
		const { json } = await file(sandbox, [textOf(sandbox, { body: 'And now?' })]);
		expect(json).toMatchObject([{ outcome: 'commented', ticketId: target }]);
	});
});
