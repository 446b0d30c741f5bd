/** A ticket that was merged into another: its own event, and no closing unless asked for. */
import { ticketEvent } from '../../domain/items';
import type { SandboxSwitches } from '../../sandbox/types';
import { ask, MINUTE, SECOND } from './support/desk';
import { eventsOf, HandClock, TriggerStage } from './support/zendeskTrigger';

describe('Zendesk Sync Trigger reports a ticket that was merged away', () => {
	let stage: TriggerStage;
	let clock: HandClock;

	beforeEach(async () => {
		stage = await TriggerStage.start();
		clock = new HandClock(stage);
	});
	afterEach(async () => await stage.close());

	/** @returns the ticket merged away, and the one that it was merged into */
	const merge = (words?: string): [string, string] => {
		const { zendesk } = stage.sandbox;
		const requesterId = stage.customer();
		const [source, target] = [stage.conversation(requesterId), stage.conversation(requesterId)];
		clock.pass(3 * SECOND);
		zendesk.merge(source.id, target.id, { public: true, ...(words ? { words } : {}) });
		return [source.id, target.id];
	};
	const events = ['closed', 'merged'];

	it.each<[string, Partial<SandboxSwitches>, string | undefined, boolean]>([
		['as documented', {}, undefined, true],
		['unmarked', { mergeMarked: false }, undefined, true],
		['untagged', { mergeTagged: false }, undefined, true],
		['marked, with words of the agent', { mergeTagged: false }, 'The same parcel.', false],
		['tagged, with words of the agent', { mergeMarked: false }, 'The same parcel.', false],
		['marked as an object', { exportedVia: 'object' }, 'The same parcel.', false],
	])('by catch-up: %s', async (_, switches, words, isNamed) => {
		Object.assign(stage.sandbox.switches, switches);
		const trigger = await stage.prepare({ parameters: { events } });
		const [source, target] = merge(words);
		const expected = [
			{
				...{ event: 'merged', key: `merged:${source}`, ticketId: source, status: 'closed' },
				...{ mergedInto: isNamed ? target : null, catchUp: true },
			},
		];
		expect(await clock.poll(trigger, 10 * MINUTE)).toMatchObject(expected);
		stage.sandbox.switches.incrementalExportAllowed = false;
		trigger.restart();
		expect(await clock.poll(trigger, 0)).toMatchObject(expected);
	});

	it.each<[SandboxSwitches['mergedEvent'], boolean | undefined]>([
		['target', true],
		['bare', false],
		['none', undefined],
	])('by webhook, as far as it says (%s)', async (mergedEvent, isNamed) => {
		stage.sandbox.switches.mergedEvent = mergedEvent;
		const trigger = await stage.publish({ parameters: { events } });
		const [source, target] = merge();
		await stage.sandbox.deliveriesSettled();
		const seen = eventsOf(trigger);
		expect(seen).toMatchObject(
			isNamed === undefined
				? []
				: [
						{
							...{ event: 'merged', key: `merged:${source}`, catchUp: false },
							mergedInto: isNamed ? target : null,
						},
					],
		);
		for (const event of seen) expect(ticketEvent.safeParse(event).error).toBeUndefined();
	});

	it('as closed too, if that is asked for: by webhook and by both ways of catch-up', async () => {
		const parameters = { events: ['closed'], options: { closedByMerge: true } };
		const trigger = await stage.publish({ parameters });
		const [source] = merge();
		await stage.sandbox.deliveriesSettled();
		const expected = [{ event: 'closed', key: `closed:${source}`, closedByMerge: true }];
		expect(eventsOf(trigger)).toMatchObject(expected);
		expect(await clock.poll(trigger, 10 * MINUTE)).toMatchObject(expected);
		stage.sandbox.switches.incrementalExportAllowed = false;
		trigger.restart();
		expect(await clock.poll(trigger, 0)).toMatchObject(expected);
	});

	it('and not a follow-up of it that is closed by itself: catch-up brings that', async () => {
		const trigger = await stage.publish({ parameters: { events } });
		const [source] = merge();
		const answer = await ask(stage.sandbox, 'POST', '/api/v2/tickets', {
			ticket: { via_followup_source_id: Number(source), comment: { body: 'Still broken' } },
		});
		const { ticket } = answer as unknown as { ticket: { id: number; tags: string[] } };
		expect(ticket.tags).toContain('closed_by_merge');
		clock.pass(3 * SECOND);
		const id = String(ticket.id);
		stage.sandbox.zendesk.agentUpdates(id, { status: 'closed' }, { via: 'automation' });
		await stage.sandbox.deliveriesSettled();
		expect(eventsOf(trigger)).toMatchObject([{ event: 'merged', ticketId: source }]);
		expect(await clock.poll(trigger, 10 * MINUTE)).toMatchObject([
			{ event: 'merged', ticketId: source },
			{ event: 'closed', ticketId: id },
		]);
	});

	it('when it is tested', async () => {
		const trigger = await stage.prepare({ parameters: { events: ['merged'] } });
		const [source] = merge();
		clock.pass(2 * MINUTE);
		expect((await trigger.poll('manual')).map(({ json }) => json)).toMatchObject([
			{ event: 'merged', ticketId: source },
		]);
	});
});
