/**
 * Everything at once for a day: customers, agents, campaigns, flows, Klaviyo's Inbox, merges, automations; webhooks,
 * some of them twice, and catch-up. Nothing may come back as an echo, in either direction.
 * `SEED=7 npm run test:engine -- --testPathPatterns loopSafety` plays another day.
 */
import { HOUR, MINUTE, SECOND, World } from './support/world';
import { judge, repliesOf, textsOf, type Truth, truthOf } from '../../scripts/judge';
import { People } from '../../scripts/people';
import { seed } from '../support/seed';

const steps = Number(process.env.STEPS ?? 1000);

/** Mostly in a bustle, sometimes minutes later. */
const pauseOf = (roll: () => number): number => {
	const kind = roll();
	if (kind < 0.4) return roll() * 3 * SECOND;
	return kind < 0.9 ? roll() * MINUTE : roll() * 4 * MINUTE;
};

describe(`${steps} random steps (seed ${seed})`, () => {
	let world: World;
	let people: People;
	let truth: Truth;

	beforeAll(async () => {
		world = await World.start({
			seed,
			templates: [
				'01-inbound-sms-to-ticket.json',
				'02-agent-reply-to-sms.json',
				'03-ticket-metrics-to-klaviyo.json',
				'04-texts-from-klaviyo-to-ticket.json',
			],
			switches: {
				latency: 400,
				outboundLogLag: 20 * SECOND,
				faults: { duplicateDelivery: 0.05 },
			},
		});
		people = new People(world.sandbox, world.roll, 25);
		for (let step = 0; step < steps; step++) {
			// What the vendors do not document is one way in the morning, and the other way in the afternoon.
			if (step === Math.floor(steps / 2))
				Object.assign(world.sandbox.switches, {
					mergeMarked: false,
					commentAddedOnCreate: false,
					statusChangedOnAutomation: false,
				});
			people.step();
			await world.pass(pauseOf(world.roll));
		}
		// Catch-up brings everything at each of its ages.
		await world.pass(3 * HOUR);
		await world.idle();
		truth = truthOf(world.sandbox);
	}, 900_000);
	afterAll(async () => await world.close());

	it('end with everything done once, in its place, and nothing else', () => {
		const verdict = judge(truth);
		expect({ ...verdict, story: people.storyOf(verdict) }).toEqual({
			lost: [],
			doubled: [],
			misdirected: [],
			openTicketsOverOne: [],
			story: [],
		});
	});

	it('start the texting of nothing but what agents wrote', () => {
		const agents = truth.users.filter(({ role }) => role !== 'end-user').map(({ id }) => id);
		const { zendesk } = world.sandbox;
		const own = zendesk.users().find(({ email }) => email === zendesk.account.email);
		const authors = world.executions
			.filter(({ workflow }) => workflow.startsWith('02'))
			.flatMap(({ items }) => items)
			.map(({ json }) => (json as { comment?: { authorId?: string } }).comment?.authorId ?? '');
		expect(authors.length).toBeGreaterThan(0);
		expect(authors.filter((author) => !agents.includes(author))).toEqual([]);
		expect(authors).not.toContain(own?.id);
	});

	it('leave little to chance: most texts and replies had to arrive', () => {
		const certain = (list: Array<{ need: string }>) =>
			list.filter(({ need }) => need === 'once').length;
		const [texts, replies] = [textsOf(truth), repliesOf(truth)];
		const failures = world.failures().map(({ workflow, error }) => `${workflow}: ${error.message}`);
		process.stdout.write(
			`${certain(texts)} of ${texts.length} texts had to be filed, ${certain(replies)} of ${replies.length} replies to be texted; ${truth.tickets.length} tickets; ${failures.length} executions failed\n${failures.join('\n')}`,
		);
		expect(certain(texts)).toBeGreaterThan(texts.length * 0.7);
		expect(certain(replies)).toBeGreaterThan(replies.length * 0.5);
	});
});
