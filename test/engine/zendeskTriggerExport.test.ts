/** Catch-up from the export, within what Zendesk allows and the time that n8n gives a poll. */
import type { IDataObject } from 'n8n-workflow';
import { ask, HOUR, MINUTE, SECOND, zendeskCredentials } from './support/desk';
import { HandClock, TriggerStage } from './support/zendeskTrigger';
import type { ActiveTrigger } from './support/trigger';

const EXPORT = '/incremental/ticket_events';

describe('Catch-up from the export', () => {
	let stage: TriggerStage;
	let clock: HandClock;

	const start = async (limits: number) => {
		stage = await TriggerStage.start({ limits });
		clock = new HandClock(stage);
	};
	afterEach(async () => await stage.close());
	const refusals = () => stage.sandbox.calls().filter(({ status }) => status === 429).length;
	const keysOf = (events: IDataObject[]) => events.map(({ key }) => String(key));
	/** Begins a new minute of Zendesk's limits. */
	const newMinute = () => clock.pass(MINUTE - (clock.read() % MINUTE));

	it('costs an account about one request in three minutes, however many triggers it has', async () => {
		await start(1);
		const triggers: ActiveTrigger[] = [];
		for (let n = 0; n < 20; n++) triggers.push(await stage.prepare({ id: `trigger ${n}` }));
		newMinute();
		const opened = stage.conversation();
		const seen = triggers.map(() => [] as number[]);
		const before = stage.callsTo(EXPORT);
		const minutes = 180;
		for (let minute = 0; minute <= minutes; minute++) {
			for (const [n, trigger] of triggers.entries()) {
				// As published one after the other, over ten minutes.
				if (minute < n / 2) continue;
				const keys = keysOf(await clock.poll(trigger, 0));
				if (keys.includes(`opened:${opened.id}`)) seen[n]?.push(minute);
			}
			clock.pass(MINUTE);
		}
		const requests = stage.callsTo(EXPORT) - before;
		process.stdout.write(
			`20 triggers, ${minutes} minutes: ${requests} requests to the export, ${(requests / minutes).toFixed(2)} a minute.\n`,
		);
		expect(refusals()).toBe(0);
		expect(requests / minutes).toBeLessThan(1.5);
		for (const times of seen) {
			// In the look-back or at five minutes, again after an hour and after two and a half, ten minutes later at most.
			expect(times.some((minute) => minute <= 11)).toBe(true);
			expect(times.some((minute) => minute >= 60 && minute <= 71)).toBe(true);
			expect(times.some((minute) => minute >= 150 && minute <= 161)).toBe(true);
		}
	}, 30_000);

	it('does not share what another user has read, although both use one credential', async () => {
		await start(1);
		const credentials = zendeskCredentials(stage.sandbox);
		const [one, other, third] = [
			await stage.prepare({ credentials, id: 'one' }),
			await stage.prepare({ credentials, id: 'other' }),
			await stage.prepare({ credentials, id: 'third' }),
		];
		newMinute();
		await clock.poll(one, 0);
		const read = stage.callsTo(EXPORT);
		await clock.poll(other, 0);
		expect(stage.callsTo(EXPORT)).toBe(read);
		stage.sandbox.zendesk.addUser({ name: 'Al', role: 'agent', email: 'al@acme.co' });
		credentials.zendeskSyncApi.email = 'al@acme.co';
		await clock.poll(third, 0);
		expect(stage.callsTo(EXPORT)).toBeGreaterThan(read);
	});

	it('reads a busy day after a restart in parts, brings each event once, and fresh ones meanwhile', async () => {
		await start(1);
		const { zendesk } = stage.sandbox;
		const requesterId = stage.customer();
		const expected = new Set<string>();
		// Over the last hours: more than ten pages.
		const beganAt = clock.read();
		for (let n = 0; n < 2600; n++) {
			clock.pass(4 * SECOND);
			const { id } = zendesk.agentCreates({
				subject: `T${n}`,
				body: 'Hi',
				requesterId,
				public: false,
			});
			expected.add(`opened:${id}`);
			zendesk.agentUpdates(id, { priority: 'high' });
			zendesk.agentUpdates(id, { status: 'open' });
			zendesk.agentUpdates(id, { status: 'closed' });
			expected.add(`closed:${id}`);
		}
		expect(clock.read() - beganAt).toBeLessThan(24 * HOUR);
		clock.pass(10 * MINUTE);
		newMinute();
		const trigger = await stage.prepare();
		const callsBefore = stage.sandbox.calls().length;
		const found: string[] = [];
		const polls: number[] = [];
		let fresh: string | undefined;
		let freshAt: number | undefined;
		for (let poll = 1; poll <= 9; poll++) {
			const keys = keysOf(await clock.poll(trigger, poll === 1 ? 0 : MINUTE));
			polls.push(keys.length);
			found.push(...keys);
			if (poll === 1) fresh = `opened:${stage.conversation(requesterId).id}`;
			if (freshAt === undefined && fresh && keys.includes(fresh)) freshAt = poll;
		}
		const calls = stage.sandbox.calls().slice(callsBefore);
		const requests = calls.filter(({ path }) => path.includes(EXPORT));
		process.stdout.write(
			`Look-back over ${2600 * 4} entries, ${expected.size} events: ${requests.length} requests to the export, ${calls.length} in all; events by poll: ${polls.join(', ')}.\n`,
		);
		expect(new Set(found.filter((key) => key !== fresh))).toEqual(expected);
		expect(found.filter((key) => key !== fresh)).toHaveLength(expected.size);
		expect(freshAt).toBeLessThanOrEqual(8);
		// Two of the ten that Zendesk allows the account per minute are left to others who read exports.
		const minutes = requests.map(({ at }) => Math.floor(Date.parse(at) / MINUTE));
		const most = Math.max(...minutes.map((one) => minutes.filter((each) => each === one).length));
		expect(most).toBe(8);
		expect(refusals()).toBe(0);
	}, 60_000);

	it('waits for the next poll when another has used up the ten requests of a minute, and fails nothing', async () => {
		await start(1);
		const trigger = await stage.prepare();
		await trigger.poll();
		clock.pass(30 * SECOND);
		const { id } = stage.conversation();
		clock.pass(6 * MINUTE);
		newMinute();
		const since = Math.floor(clock.read() / 1000) - 3600;
		for (let n = 0; n < 10; n++)
			await ask(stage.sandbox, 'GET', `/api/v2${EXPORT}?start_time=${since}`);
		expect(await clock.poll(trigger, 0)).toEqual([]);
		expect(refusals()).toBe(1);
		// It is not asked again before Zendesk said.
		expect(await clock.poll(trigger, 10 * SECOND)).toEqual([]);
		expect(refusals()).toBe(1);
		expect(keysOf(await clock.poll(trigger, MINUTE))).toEqual([`opened:${id}`]);
	});

	it('makes no request while this machine is ahead of Zendesk, and loses nothing by it', async () => {
		await start(1000);
		const trigger = await stage.prepare({ parameters: { options: { recheckAfter: '1' } } });
		await trigger.poll();
		clock.pass(SECOND);
		const { id } = stage.conversation();
		const found: string[] = [];
		for (let minute = 0; minute < 5; minute++) found.push(...keysOf(await clock.poll(trigger)));
		expect(found).toContain(`opened:${id}`);
	});

	it.each(['last', 'after'] as const)(
		"goes from page to page, although a page's end may be its last second or the one after (%s), and a second may fill a page",
		async (exportEndTime) => {
			await start(1000);
			stage.sandbox.switches.exportEndTime = exportEndTime;
			const requesterId = stage.customer();
			const ids: string[] = [];
			for (const count of [300, 1100, 1, 300]) {
				for (let n = 0; n < count; n++) ids.push(stage.conversation(requesterId).id);
				clock.pass(SECOND);
			}
			const trigger = await stage.prepare();
			const keys = keysOf(await clock.poll(trigger, 10 * MINUTE));
			expect(keys.sort()).toEqual(ids.map((id) => `opened:${id}`).sort());
			expect(stage.callsTo(EXPORT)).toBeLessThanOrEqual(6);
		},
	);

	it('stops in time when Zendesk is slow, and continues with the next poll', async () => {
		await start(1000);
		const { zendesk } = stage.sandbox;
		const requesterId = stage.customer();
		const ids = Array.from({ length: 10 }, () => stage.conversation(requesterId).id);
		// Four pages of a thousand entries, each in a second of its own.
		for (let n = 0; n < 4000; n++) {
			if (n % 1000 === 0) clock.pass(SECOND);
			const status = Math.floor(n / ids.length) % 2 ? 'open' : 'solved';
			zendesk.agentUpdates(ids[n % ids.length] ?? '', { status });
		}
		clock.pass(10 * MINUTE);
		const trigger = await stage.prepare({ parameters: { events: ['solved', 'reopened'] } });
		let pages = 0;
		const found: string[] = [];
		const slowly = () => {
			while (pages < stage.callsTo(EXPORT)) {
				pages += 1;
				clock.pass(8 * SECOND);
			}
			return found.length >= 4000;
		};
		const slow = stage.sandbox.until('all is read', slowly, 25_000);
		const byPoll: number[] = [];
		for (let poll = 0; poll < 3; poll++) {
			const before = pages;
			found.push(...keysOf(await clock.poll(trigger)));
			byPoll.push(pages - before);
		}
		expect(byPoll[0]).toBe(3);
		expect(Math.max(...byPoll)).toBeLessThanOrEqual(3);
		expect(new Set(found).size).toBe(4000);
		expect(found).toHaveLength(4000);
		await ask(stage.sandbox, 'GET', '/api/v2/tickets/count');
		await slow;
	}, 30_000);

	it('brings what it has found when Zendesk fails on a later page, and the rest with the next poll', async () => {
		await start(1000);
		const requesterId = stage.customer();
		const ids: string[] = [];
		for (let n = 0; n < 1500; n++) {
			clock.pass(SECOND);
			ids.push(stage.conversation(requesterId).id);
		}
		clock.pass(10 * MINUTE);
		const trigger = await stage.prepare();
		void stage.sandbox.until('the second page', () => {
			if (stage.callsTo(EXPORT) < 2) return false;
			stage.sandbox.switches.faults.serverError = 1;
			return true;
		});
		const first = keysOf(await clock.poll(trigger, 0));
		expect(first.length).toBeGreaterThan(500);
		expect(first.length).toBeLessThan(1500);
		stage.sandbox.switches.faults.serverError = 0;
		const rest = keysOf(await clock.poll(trigger));
		expect([...first, ...rest].sort()).toEqual(ids.map((id) => `opened:${id}`).sort());
	}, 30_000);
});
