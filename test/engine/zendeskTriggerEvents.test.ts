import { ticketEvent } from '../../domain/items';
import { ZendeskSyncTrigger } from '../../nodes/ZendeskSync/ZendeskSyncTrigger.node';
import type { Sandbox, SandboxTicket } from '../../sandbox/types';
import { ask, file, MINUTE, runTicket, SECOND, textOf } from './support/desk';
import { runNode } from './support/engine';
import { type ActiveTrigger, type TriggerSetup } from './support/trigger';
import { eventsOf, TriggerStage } from './support/zendeskTrigger';

describe('Zendesk Sync Trigger', () => {
	let stage: TriggerStage;
	let sandbox: Sandbox;

	beforeEach(async () => {
		stage = await TriggerStage.start();
		({ sandbox } = stage);
	});
	afterEach(async () => await stage.close());

	const publish = async (setup: TriggerSetup = {}) => await stage.publish(setup);
	const prepare = async (setup: TriggerSetup = {}) => await stage.prepare(setup);
	const remote = () => sandbox.zendesk.webhooks();
	const namesOf = (trigger: ActiveTrigger) => eventsOf(trigger).map(({ event }) => event);
	const customer = () => ({ id: stage.customer() });
	const conversation = (requesterId?: string) => stage.conversation(requesterId);
	const setupOf = (setup: TriggerSetup) => stage.setupOf(setup);

	describe('what happens in Zendesk', () => {
		it('comes through: opened, solved, reopened, closed, an agent who replied', async () => {
			const trigger = await publish();
			const { id } = conversation();
			const reply = sandbox.zendesk.agentComments(id, 'It ships today. 🎉');
			for (const status of ['solved', 'open', 'solved', 'closed'] as const)
				sandbox.zendesk.agentUpdates(id, { status });
			await sandbox.deliveriesSettled();
			expect(namesOf(trigger).sort()).toEqual([
				'agentReplied',
				'closed',
				'opened',
				'reopened',
				'solved',
				'solved',
			]);
			for (const event of eventsOf(trigger))
				expect(ticketEvent.safeParse(event).error).toBeUndefined();
			expect(eventsOf(trigger).find(({ event }) => event === 'agentReplied')).toMatchObject({
				key: `reply:${reply.id}`,
				ticketId: id,
				channel: 'sms',
				comment: { body: 'It ships today. 🎉', authorName: 'Mia' },
			});
			expect(new Set(sandbox.deliveries().map(({ status }) => status))).toEqual(new Set([200]));
		});

		it.each([true, false])(
			'comes through for a close by automation, when Zendesk sends that (%s)',
			async (isSent) => {
				sandbox.switches.statusChangedOnAutomation = isSent;
				const trigger = await publish({ parameters: { events: ['closed'] } });
				await file(sandbox, [textOf(sandbox)]);
				sandbox.zendesk.agentUpdates(sandbox.zendesk.tickets()[0]?.id ?? '', { status: 'solved' });
				await sandbox.clock.advance(26 * 60 * MINUTE);
				await sandbox.deliveriesSettled();
				expect(sandbox.zendesk.tickets()).toMatchObject([{ status: 'closed' }]);
				expect(namesOf(trigger)).toEqual(isSent ? ['closed'] : []);
			},
		);

		it('starts nothing for internal notes, messages, claims and replies on other tickets', async () => {
			const trigger = await publish({ parameters: { events: ['agentReplied'] } });
			await file(sandbox, [textOf(sandbox)]);
			const { id, requesterId } = sandbox.zendesk.tickets()[0] as SandboxTicket;
			await sandbox.clock.advance(5 * MINUTE);
			await file(sandbox, [textOf(sandbox)]);
			sandbox.zendesk.agentComments(id, 'Between us', { public: false });
			await runTicket(sandbox, 'addInternalNote', [{ ticketId: id }], {
				parameters: { note: 'Note' },
			});
			sandbox.zendesk.agentCreates({ subject: 'Mail', body: 'Hi', requesterId });
			await sandbox.deliveriesSettled();
			expect(sandbox.deliveries().length).toBeGreaterThan(4);
			expect(trigger.executions).toEqual([]);
		});

		it('starts for replies on other tickets if that is wanted', async () => {
			const trigger = await publish({
				parameters: { events: ['agentReplied'], options: { repliesOnOtherTickets: true } },
			});
			sandbox.zendesk.agentCreates({ subject: 'Mail', body: 'Hi', requesterId: customer().id });
			await sandbox.deliveriesSettled();
			expect(eventsOf(trigger)).toMatchObject([{ channel: 'web', comment: { body: 'Hi' } }]);
		});
	});

	describe('polling', () => {
		const pass = (milliseconds: number) => sandbox.clock.jump(milliseconds);
		const pollAfter = async (trigger: ActiveTrigger, milliseconds: number) => {
			pass(milliseconds);
			return (await trigger.poll()).map(({ json }) => json);
		};

		it('brings what no webhook brought within the look-back, once', async () => {
			const trigger = await prepare();
			const { id } = conversation();
			pass(25 * 60 * MINUTE);
			sandbox.zendesk.agentUpdates(id, { status: 'solved' });
			const [solved, ...more] = await pollAfter(trigger, 2 * MINUTE);
			expect(more).toEqual([]);
			const audit = sandbox.zendesk.ticket(id).audits.at(-1);
			expect(solved).toMatchObject({
				key: `solved:${id}:${audit?.id}`,
				status: 'solved',
				previousStatus: 'new',
				catchUp: true,
			});
			expect(ticketEvent.safeParse(solved).error).toBeUndefined();
			expect(await pollAfter(trigger, MINUTE)).toEqual([]);
		});

		it('registers a webhook again that someone removed, within the hour, and reads its secret', async () => {
			const trigger = await publish();
			await trigger.poll();
			const kept = trigger.staticData;
			await trigger.call('delete');
			trigger.staticData = kept;
			await pollAfter(trigger, 59 * MINUTE);
			expect(remote()).toEqual([]);
			await pollAfter(trigger, MINUTE);
			expect(remote()).toMatchObject([{ endpoint: trigger.url, status: 'active' }]);
			sandbox.zendesk.agentUpdates(conversation().id, { status: 'solved' });
			await sandbox.deliveriesSettled();
			expect(namesOf(trigger)).toContain('solved');
		});

		it('brings each event again at 5 minutes, 1 hour and 2.5 hours, or ten minutes later, a reply no earlier', async () => {
			const trigger = await prepare();
			await trigger.poll();
			pass(30 * SECOND);
			const { id } = conversation();
			sandbox.zendesk.agentComments(id, 'Hi');
			pass(-30 * SECOND);
			const seen: Record<number, unknown[]> = {};
			for (let minute = 1; minute <= 200; minute++) {
				const events = await pollAfter(trigger, MINUTE);
				if (events.length > 0) seen[minute] = events.map(({ event }) => event).sort();
			}
			const both = ['agentReplied', 'opened'];
			expect(seen).toEqual({ 6: both, 70: both, 160: both });
		});

		it('brings a reply after a restart only once it is five minutes old', async () => {
			const trigger = await prepare({ parameters: { events: ['agentReplied'] } });
			sandbox.zendesk.agentComments(conversation().id, 'Hi');
			expect(await pollAfter(trigger, 4 * MINUTE)).toEqual([]);
			trigger.restart();
			expect(await pollAfter(trigger, MINUTE)).toMatchObject([{ comment: { body: 'Hi' } }]);
		});

		it('brings the same, and shows the same, if the export may not be read', async () => {
			const trigger = await prepare();
			sandbox.switches.incrementalExportAllowed = false;
			const { id } = conversation();
			expect(await pollAfter(trigger, 10 * MINUTE)).toMatchObject([{ key: `opened:${id}` }]);
			expect(await trigger.poll('manual')).toMatchObject([{ json: { key: `opened:${id}` } }]);
		});

		it('skips deleted tickets, notes and customers, and what was not chosen', async () => {
			const trigger = await prepare({ parameters: { events: ['opened', 'agentReplied'] } });
			const { id, requesterId } = conversation();
			sandbox.zendesk.agentComments(id, 'Between us', { public: false });
			await ask(sandbox, 'PUT', `/api/v2/tickets/${id}`, {
				ticket: { comment: { html_body: 'Hi', public: true, author_id: Number(requesterId) } },
			});
			sandbox.zendesk.agentUpdates(id, { status: 'solved' });
			sandbox.zendesk.deleteTicket(conversation(requesterId).id);
			const events = await pollAfter(trigger, 10 * MINUTE);
			expect(events.map(({ key }) => key)).toEqual([`opened:${id}`]);
		});

		it('brings nothing, and reads the same again, when Zendesk does not answer', async () => {
			const trigger = await prepare();
			await trigger.poll();
			pass(30 * SECOND);
			conversation();
			sandbox.switches.incrementalExportAllowed = true;
			sandbox.switches.faults.serverError = 1;
			expect(await pollAfter(trigger, 6 * MINUTE)).toEqual([]);
			sandbox.switches.faults.serverError = 0;
			expect(await pollAfter(trigger, MINUTE)).toMatchObject([{ event: 'opened' }]);
		});

		it('shows the newest real event of each kind when it is tested', async () => {
			const trigger = await prepare({ parameters: { events: ['solved', 'agentReplied'] } });
			await expect(trigger.poll('manual')).rejects.toThrow('There is no ticket event to show yet');
			const { id } = conversation();
			for (const body of ['One', 'Two']) {
				sandbox.zendesk.agentComments(id, body);
				pass(3 * SECOND);
			}
			sandbox.zendesk.agentUpdates(id, { status: 'solved' });
			pass(2 * MINUTE);
			const shown = (await trigger.poll('manual')).map(({ json }) => json);
			expect(shown).toHaveLength(2);
			expect(shown).toMatchObject(
				expect.arrayContaining([
					expect.objectContaining({ comment: expect.objectContaining({ body: 'Two' }) }),
					expect.objectContaining({ event: 'solved' }),
				]),
			);
			const { json } = await runNode(ZendeskSyncTrigger, { ...setupOf({}), items: [{}] }, 'manual');
			expect(json.map(({ event }) => event).sort()).toEqual(['agentReplied', 'opened', 'solved']);
		});
	});
});
