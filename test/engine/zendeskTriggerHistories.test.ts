/** Catch-up for a credential that may not read the export: tickets by their last change, and the history of each. */
import { PollContext } from 'n8n-core';
import type { IDataObject } from 'n8n-workflow';
import { ask, MINUTE, SECOND } from './support/desk';
import type { ActiveTrigger } from './support/trigger';
import { HandClock, TriggerStage } from './support/zendeskTrigger';

describe('Catch-up without the export', () => {
	let stage: TriggerStage;
	let clock: HandClock;

	beforeEach(async () => {
		stage = await TriggerStage.start({ switches: { incrementalExportAllowed: false } });
		clock = new HandClock(stage);
	});
	afterEach(async () => {
		await stage.close();
		jest.restoreAllMocks();
	});
	const keysOf = (events: IDataObject[]) => events.map(({ key }) => String(key));
	const audits = () => stage.callsTo('/audits');
	const lists = () => stage.sandbox.calls().filter(({ path }) => path === '/api/v2/tickets').length;
	const openMany = (count: number, requesterId = stage.customer()): string[] =>
		Array.from({ length: count }, () => {
			clock.pass(SECOND);
			return `opened:${stage.conversation(requesterId).id}`;
		});

	it('brings each event at its ages, and reads a history once for each change of its ticket', async () => {
		const trigger = await stage.prepare();
		await trigger.poll();
		clock.pass(30 * SECOND);
		const { id } = stage.conversation();
		stage.sandbox.zendesk.agentComments(id, 'Hi');
		clock.pass(-30 * SECOND);
		const seen: Record<number, unknown[]> = {};
		for (let minute = 1; minute <= 200; minute++) {
			const events = await clock.poll(trigger);
			if (events.length > 0) seen[minute] = events.map(({ event }) => event).sort();
		}
		const both = ['agentReplied', 'opened'];
		expect(seen).toEqual({ 6: both, 70: both, 160: both });
		expect(audits()).toBe(1);
		process.stdout.write(
			`200 minutes at rest, one ticket: ${lists()} lists, ${audits()} histories, ${stage.callsTo('/incremental')} asked in vain for the export.\n`,
		);
		// It may be allowed one day: it is asked for again, but not at each poll.
		expect(stage.callsTo('/incremental')).toBeLessThanOrEqual(4);
	});

	it('reads a long look-back in parts, skips nothing, brings each event once, and fresh ones meanwhile', async () => {
		const expected = openMany(450);
		clock.pass(10 * MINUTE);
		const trigger = await stage.prepare();
		const found: string[][] = [];
		let fresh = '';
		let freshAt = 0;
		for (let poll = 0; poll < 8; poll++) {
			found.push(keysOf(await clock.poll(trigger)));
			if (poll === 0) fresh = openMany(1)[0] ?? '';
			if (!freshAt && found.at(-1)?.includes(fresh)) freshAt = poll;
		}
		process.stdout.write(
			`Look-back over 450 tickets: ${lists()} lists, ${audits()} histories; events by poll: ${found.map((keys) => keys.length).join(', ')}.\n`,
		);
		expect(found[0]).toHaveLength(200);
		const old = found.flat().filter((key) => key !== fresh);
		expect(old.sort()).toEqual(expected.sort());
		expect(freshAt).toBeGreaterThan(0);
	}, 30_000);

	it('misses no ticket that moves to the top of the list while it is read', async () => {
		const requesterId = stage.customer();
		const expected = openMany(250, requesterId);
		clock.pass(10 * MINUTE);
		const trigger = await stage.prepare();
		// While the first page's histories are read, the oldest ticket, on the last page, is changed.
		void stage.sandbox.until('the first histories', () => {
			if (audits() < 20) return false;
			clock.pass(SECOND);
			const [oldest = ''] = expected;
			stage.sandbox.zendesk.agentUpdates(oldest.slice(7), { priority: 'high' });
			return true;
		});
		const found: string[] = [];
		for (let poll = 0; poll < 3; poll++) found.push(...keysOf(await clock.poll(trigger)));
		expect(new Set(found)).toEqual(new Set(expected));
	}, 30_000);

	it('shares what it reads among the triggers of an account', async () => {
		openMany(30);
		clock.pass(10 * MINUTE);
		const triggers: ActiveTrigger[] = [];
		for (let n = 0; n < 5; n++) triggers.push(await stage.prepare({ id: `trigger ${n}` }));
		for (const trigger of triggers) expect(await clock.poll(trigger, 0)).toHaveLength(30);
		expect(audits()).toBe(30);
	});

	it('says in the log that it is behind, once, and what to do', async () => {
		await stage.close();
		stage = await TriggerStage.start({
			limits: 1,
			switches: { incrementalExportAllowed: false },
		});
		clock = new HandClock(stage);
		/** Someone else uses up what Zendesk allows in this minute. */
		const useUp = async () => {
			clock.pass(MINUTE - (clock.read() % MINUTE));
			for (let n = 0; n < 100; n++) await ask(stage.sandbox, 'GET', '/api/v2/tickets?page[size]=1');
		};
		const logged: string[] = [];
		const base = Object.getPrototypeOf(PollContext.prototype) as PollContext;
		const logger = { warn: (line: string) => logged.push(line) } as never;
		jest.spyOn(base, 'logger', 'get').mockReturnValue(logger);
		const trigger = await stage.prepare();
		await trigger.poll();
		const [key] = openMany(1);
		clock.pass(10 * MINUTE);
		await useUp();
		expect(await clock.poll(trigger, 0)).toEqual([]);
		expect(logged).toEqual([]);
		clock.pass(35 * MINUTE);
		await useUp();
		expect(await clock.poll(trigger, 0)).toEqual([]);
		expect(logged).toEqual([
			expect.stringMatching(/3\d minutes behind.*Connect an administrator's credential/),
		]);
		expect(keysOf(await clock.poll(trigger))).toEqual([key]);
		expect(logged).toHaveLength(1);
	});

	it('leaves out a deleted ticket', async () => {
		const [first = '', second = ''] = openMany(2);
		clock.pass(10 * MINUTE);
		stage.sandbox.zendesk.deleteTicket(second.slice(7));
		const trigger = await stage.prepare();
		expect(keysOf(await clock.poll(trigger))).toEqual([first]);
	});

	it('shows the newest events when it is tested, without reading every history', async () => {
		openMany(20);
		const { id } = stage.conversation();
		stage.sandbox.zendesk.agentComments(id, 'Newest');
		clock.pass(2 * MINUTE);
		const trigger = await stage.prepare();
		const shown = (await trigger.poll('manual')).map(({ json }) => json);
		expect(shown).toMatchObject([
			{ event: 'opened', ticketId: id },
			{ event: 'agentReplied', comment: { body: 'Newest' } },
		]);
	});
});
