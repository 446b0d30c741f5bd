/** A customer's rating: by webhook, by catch-up, and from an account that has none to give. */
import { jest } from '@jest/globals';
import { ticketEvent } from '../../domain/items';
import type { SandboxSwitches } from '../../sandbox/types';
import { ask, MINUTE, SECOND } from './support/desk';
import { HandClock, TriggerStage } from './support/zendeskTrigger';
import type { ActiveTrigger } from './support/trigger';

const DAY = 24 * 60 * MINUTE;
const events = ['rated'];
type Rated = Parameters<TriggerStage['sandbox']['zendesk']['customerRates']>[1];

describe('Zendesk Sync Trigger reports ratings', () => {
	let stage: TriggerStage;
	let clock: HandClock;
	beforeEach(async () => {
		stage = await TriggerStage.start();
		clock = new HandClock(stage);
	});
	afterEach(async () => await stage.close());

	/** @returns a solved ticket of the agent */
	const solved = (): string => {
		const { zendesk } = stage.sandbox;
		const { id } = stage.conversation();
		zendesk.agentUpdates(id, { status: 'solved', assigneeId: zendesk.agent.id });
		clock.pass(3 * SECOND);
		return id;
	};
	const rate = (id: string, rated: Rated): void => {
		stage.sandbox.zendesk.customerRates(id, rated);
	};
	/** What the nodes after the trigger get of the executions so far. */
	const delivered = async (trigger: ActiveTrigger) =>
		(
			await Promise.all(
				trigger.executions.splice(0).map(async (items) => await trigger.execute(items)),
			)
		).flatMap((items) => items.map(({ json }) => json));

	const worlds: Array<[string, Partial<SandboxSwitches>]> = [
		['older ratings', {}],
		['a record that changes', { ratingRecords: 'changed' }],
		['surveys', { ratings: 'surveys' }],
		['surveys that show as ratings too', { ratings: 'both' }],
		['a webhook without the score', { ratingEvent: 'bare' }],
		['no webhook', { ratingEvent: 'none' }],
	];

	it.each(worlds)('once each, and a changed one again: %s', async (_, switches) => {
		Object.assign(stage.sandbox.switches, switches);
		const parameters = { events, deliverEachEvent: 'once' };
		const trigger = await stage.publish({ parameters });
		await trigger.poll();
		const id = solved();
		clock.pass(2 * DAY);
		const stories: Rated[] = [
			{ score: 'bad', reason: 'It arrived broken' },
			{ score: 'good' },
			{ score: 'good', comment: 'Mia called me back. Thank you!' },
			{ score: 'bad', comment: 'It broke again.' },
		];
		const seen = [];
		for (const rated of stories) {
			rate(id, rated);
			await stage.sandbox.deliveriesSettled();
			seen.push(...(await delivered(trigger)));
			clock.pass(2 * MINUTE);
			await trigger.poll();
			clock.pass(6 * MINUTE);
			await trigger.poll();
			seen.push(...(await delivered(trigger)));
		}
		const isSurvey = switches.ratings !== undefined;
		expect(seen).toMatchObject(
			stories.map(({ score, comment = null, reason = null }) => ({
				...{ event: 'rated', ticketId: id, status: 'solved' },
				rating: {
					...{ score, comment, reason, agentName: 'Mia' },
					stars: isSurvey ? { good: 5, neutral: 3, bad: 1 }[score] : null,
				},
			})),
		);
		for (const event of seen) expect(ticketEvent.safeParse(event).error).toBeUndefined();
		expect(new Set(seen.map(({ key }) => key)).size).toBe(stories.length);
		// A new process looks back and finds all of them delivered.
		trigger.restart();
		await clock.poll(trigger, 10 * MINUTE);
		clock.pass(2 * MINUTE);
		await trigger.poll();
		expect(await delivered(trigger)).toEqual([]);
	});

	it('that were given before n8n started, however long ago they were asked for', async () => {
		stage.sandbox.switches.ratings = 'surveys';
		const [early, late] = [solved(), solved()];
		rate(early, { score: 'neutral', stars: 3 });
		clock.pass(20 * DAY);
		rate(late, { score: 'good' });
		const trigger = await stage.prepare({ parameters: { events } });
		expect(await clock.poll(trigger, 10 * MINUTE)).toMatchObject([
			{ ticketId: late, rating: { score: 'good', stars: 5 }, catchUp: true },
		]);
	});

	it('in few calls: a list is read every four minutes, and none of it twice', async () => {
		const trigger = await stage.prepare({ parameters: { events: ['opened', 'rated'] } });
		for (let minute = 0; minute < 60; minute++) await clock.poll(trigger);
		expect(stage.callsTo('/satisfaction_ratings')).toBeLessThanOrEqual(17);
		// Refused once an hour.
		expect(stage.callsTo('/survey_responses')).toBeLessThanOrEqual(2);
	});

	it('does not miss other events while ratings cannot be read', async () => {
		stage.sandbox.switches.endlessLists = ['/api/v2/satisfaction_ratings'];
		const trigger = await stage.prepare({ parameters: { events: ['solved', 'rated'] } });
		const id = solved();
		rate(id, { score: 'good' });
		expect(await clock.poll(trigger, 10 * MINUTE)).toMatchObject([{ event: 'solved' }]);
		stage.sandbox.switches.endlessLists = [];
		const found = [...(await clock.poll(trigger, MINUTE)), ...(await clock.poll(trigger, MINUTE))];
		expect(found).toContainEqual(expect.objectContaining({ event: 'rated', ticketId: id }));
	});

	it('with the agent and the tags of the ticket, which filters see', async () => {
		const { zendesk } = stage.sandbox;
		const parameters = { events, options: { tags: ['vip'] } };
		const trigger = await stage.prepare({ parameters });
		const [vip, other] = [solved(), solved()];
		zendesk.agentUpdates(vip, { tags: ['vip'] });
		rate(vip, { score: 'good' });
		rate(other, { score: 'good' });
		expect(await clock.poll(trigger, 10 * MINUTE)).toMatchObject([
			{ ticketId: vip, tags: ['vip'], rating: { agentId: zendesk.agent.id } },
		]);
	});

	it('by text message, by both ways of catch-up', async () => {
		const trigger = await stage.prepare({ parameters: { events } });
		const id = solved();
		await ask(stage.sandbox, 'PUT', `/api/v2/tickets/${id}`, {
			ticket: {
				comment: { body: 'Rated by text message: good, 4 of 5.', public: false },
				metadata: {
					...{ key: 'message:7', sentAt: '2026-10-14T09:00:00.000Z' },
					...{ rating: 'good', stars: '4', said: '4 stars' },
				},
			},
		});
		const expected = [
			{
				...{ event: 'rated', ticketId: id, status: 'solved', catchUp: true },
				rating: { score: 'good', stars: 4, comment: '4 stars', reason: null, agentName: 'Mia' },
			},
		];
		const found = await clock.poll(trigger, 10 * MINUTE);
		expect(found).toMatchObject(expected);
		expect(ticketEvent.safeParse(found[0]).error).toBeUndefined();
		stage.sandbox.switches.incrementalExportAllowed = false;
		trigger.restart();
		const again = await clock.poll(trigger, 0);
		expect(again).toMatchObject(expected);
		expect(again[0]?.key).toBe(found[0]?.key);
	});

	it('when it is tested', async () => {
		const trigger = await stage.prepare({ parameters: { events: ['opened', 'rated'] } });
		const id = solved();
		rate(id, { score: 'good', comment: 'Quick!' });
		clock.pass(2 * MINUTE);
		expect((await trigger.poll('manual')).map(({ json }) => json)).toMatchObject([
			{ event: 'opened', ticketId: id },
			{ event: 'rated', ticketId: id, rating: { comment: 'Quick!' } },
		]);
	});

	it.each<Partial<SandboxSwitches>>([{ ratings: 'none' }, { zendeskForbids: ['ratings'] }])(
		'says so if Zendesk lists none (%j)',
		async (switches) => {
			Object.assign(stage.sandbox.switches, switches);
			const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
			const trigger = await stage.prepare({ parameters: { events } });
			await expect(trigger.poll('manual')).rejects.toMatchObject({
				message: 'Zendesk lists no ratings for this credential',
				description: expect.stringMatching(/plan may have no satisfaction ratings/),
			});
			expect(await clock.poll(trigger, MINUTE)).toEqual([]);
			warn.mockRestore();
		},
	);

	it('by webhook as far as it says, if the credential may not read them', async () => {
		const trigger = await stage.publish({ parameters: { events } });
		stage.sandbox.switches.zendeskForbids = ['ratings'];
		const id = solved();
		rate(id, { score: 'bad', comment: 'Too slow' });
		await stage.sandbox.deliveriesSettled();
		const [event] = await delivered(trigger);
		expect(event).toMatchObject({ rating: { score: 'bad', comment: null } });
		expect(event?.key).toMatch(new RegExp(`^rated:${id}::\\d+$`));
		stage.sandbox.switches.ratingEvent = 'bare';
		rate(id, { score: 'good' });
		await stage.sandbox.deliveriesSettled();
		await expect(delivered(trigger)).rejects.toMatchObject({
			description: expect.stringContaining('does not say how'),
		});
	});

	it('fails the execution if the list does not show it yet: catch-up brings it', async () => {
		const trigger = await stage.publish({ parameters: { events } });
		const id = solved();
		rate(id, { score: 'good' });
		await stage.sandbox.deliveriesSettled();
		const [items = []] = trigger.executions;
		const early = items.map((item) => ({
			...item,
			json: { ...item.json, occurredAt: new Date(clock.read() + 30 * SECOND).toISOString() },
		}));
		await expect(trigger.execute(early)).rejects.toMatchObject({
			message: expect.stringContaining(`no rating of ticket ${id}`),
		});
	});
});
