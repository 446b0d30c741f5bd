/** Events of the ticket itself: deleted, restored, given to another requester. */
import { ticketEvent } from '../../domain/items';
import { MINUTE, SECOND } from './support/desk';
import { eventsOf, HandClock, TriggerStage } from './support/zendeskTrigger';

describe('Zendesk Sync Trigger', () => {
	let stage: TriggerStage;
	let clock: HandClock;

	beforeEach(async () => {
		stage = await TriggerStage.start();
		clock = new HandClock(stage);
	});
	afterEach(async () => await stage.close());

	const parameters = { events: ['deleted', 'restored', 'requesterChanged'] };
	const story = () => {
		const { zendesk } = stage.sandbox;
		const ticket = stage.conversation();
		const bea = zendesk.addUser({ name: 'Bea', email: 'bea@home.co' }).id;
		clock.pass(3 * SECOND);
		zendesk.agentUpdates(ticket.id, { requesterId: bea });
		clock.pass(3 * SECOND);
		zendesk.deleteTicket(ticket.id);
		return { ...ticket, bea };
	};

	it.each([true, false])(
		'reports by webhook that a ticket was given away, deleted and restored (and as a status: %s)',
		async (isStatus) => {
			stage.sandbox.switches.deletionIsStatus = isStatus;
			const trigger = await stage.publish({ parameters });
			const { id, requesterId, bea, externalId } = story();
			clock.pass(3 * SECOND);
			stage.sandbox.zendesk.restoreTicket(id);
			await stage.sandbox.deliveriesSettled();
			const events = eventsOf(trigger).sort((one, other) =>
				String(one.occurredAt).localeCompare(String(other.occurredAt)),
			);
			expect(events).toMatchObject([
				{
					event: 'requesterChanged',
					key: null,
					requesterId: bea,
					previousRequesterId: requesterId,
				},
				{ event: 'deleted', ticketId: id, requesterId: bea, externalId, status: null },
				{ event: 'restored', ticketId: id, requesterId: bea, status: 'new' },
			]);
			expect(events[1]?.key).toMatch(new RegExp(`^deleted:${id}:\\d+$`));
			for (const event of events) expect(ticketEvent.safeParse(event).error).toBeUndefined();
		},
	);

	it('catches up a deletion from the export, with the key that its webhook had', async () => {
		const trigger = await stage.publish({ parameters: { events: ['deleted'] } });
		const catching = await stage.prepare({ parameters, id: 'catching' });
		const { id, bea, externalId } = story();
		await stage.sandbox.deliveriesSettled();
		const [delivered] = eventsOf(trigger);
		const found = await clock.poll(catching, 6 * MINUTE);
		expect(found).toMatchObject([
			// Whose it was before is all that is left to say of it.
			{ event: 'requesterChanged', ticketId: id, requesterId: bea, externalId: null },
			{ event: 'deleted', key: delivered?.key, requesterId: bea, externalId, catchUp: true },
		]);
		expect(stage.callsTo('/incremental/tickets/cursor')).toBe(1);
	});

	it('catches up nothing of a ticket that was restored meanwhile', async () => {
		const trigger = await stage.prepare({ parameters: { events: ['deleted'] } });
		const { id } = story();
		stage.sandbox.zendesk.restoreTicket(id);
		expect(await clock.poll(trigger, 6 * MINUTE)).toEqual([]);
		expect(stage.callsTo('/incremental/ticket_events')).toBe(0);
	});

	it('catches up a changed requester from histories, if the export may not be read', async () => {
		stage.sandbox.switches.incrementalExportAllowed = false;
		const trigger = await stage.prepare({ parameters });
		const { requesterId, id } = stage.conversation();
		const bea = stage.sandbox.zendesk.addUser({ name: 'Bea' }).id;
		clock.pass(3 * SECOND);
		stage.sandbox.zendesk.agentUpdates(id, { requesterId: bea });
		expect(await clock.poll(trigger, 6 * MINUTE)).toMatchObject([
			{ event: 'requesterChanged', requesterId: bea, previousRequesterId: requesterId },
		]);
	});

	it('shows a deletion when it is tested', async () => {
		const trigger = await stage.prepare({ parameters: { events: ['deleted'] } });
		const { id } = story();
		clock.pass(2 * MINUTE);
		expect((await trigger.poll('manual')).map(({ json }) => json)).toMatchObject([
			{ event: 'deleted', ticketId: id },
		]);
	});
});
