/**
 * Everything at once for a day: customers, agents, campaigns, flows, Klaviyo's Inbox, merges, automations; webhooks,
 * some of them twice, and catch-up. Nothing may come back as an echo, in either direction.
 * `SEED=7 npm run test:engine -- --testPathPatterns loopSafety` plays another day.
 */
import { HOUR, MINUTE, SECOND, WHOLE_SYNC, World } from './support/world';
import { judge, repliesOf, messagesOf, type Truth, truthOf } from '../../scripts/judge';
import { People } from '../../scripts/people';
import type { SandboxTrigger } from '../../sandbox/types';
import { seed } from '../support/seed';
import { sizeOf } from '../support/size';

const steps = sizeOf({ quick: 250, all: 1000 });

/** Mostly in a bustle, sometimes minutes later. */
const pauseOf = (roll: () => number): number => {
	const kind = roll();
	if (kind < 0.4) return roll() * 3 * SECOND;
	return kind < 0.9 ? roll() * MINUTE : roll() * 4 * MINUTE;
};

/** Rules of the account's, which act inside the audit of what fired them, and from which part of the day to which. */
const rules: Array<SandboxTrigger & { from: number; until: number }> = [
	{
		title: 'Wait for the customer once it is answered',
		when: { by: 'staff', comment: 'public', update: 'change', status: 'open' },
		then: { status: 'pending' },
		from: 0.2,
		until: 0.8,
	},
	{
		title: 'Say when we are back',
		when: { by: 'customer', comment: 'public' },
		then: { comment: { body: 'We are back at nine.', public: true } },
		from: 0.3,
		until: 0.6,
	},
	{
		title: 'Park what customers write',
		when: { by: 'customer', comment: 'public' },
		then: { status: 'pending' },
		from: 0.4,
		until: 0.7,
	},
	{
		title: 'Hold what has a note',
		when: { comment: 'internal', update: 'change', status: 'open' },
		then: { status: 'hold' },
		from: 0.5,
		until: 0.8,
	},
	{
		title: 'Reopen what was solved without a reason',
		when: { status: 'solved', statusChanged: true, update: 'change' },
		then: { status: 'open', addTag: 'no_reason' },
		from: 0.6,
		until: 0.9,
	},
];

/** Messages in tickets that were left solved, pending or on hold as they came, and that nobody has touched since. */
function unseenMessages({ tickets }: Truth): string[] {
	const unattended = ['pending', 'hold', 'solved'];
	return tickets.flatMap(({ audits, comments }) => {
		let unseen: string[] = [];
		let before = '';
		for (const { custom, status, commentId } of audits) {
			const isPublic = comments.some((comment) => comment.id === commentId && comment.public);
			const key = String(custom.key ?? '');
			if (isPublic && key.startsWith('message:') && unattended.includes(status)) unseen.push(key);
			else if (status !== before) unseen = [];
			before = status;
		}
		return unseen;
	});
}

describe(`${steps} random steps (seed ${seed})`, () => {
	let world: World;
	let people: People;
	let truth: Truth;

	beforeAll(async () => {
		world = await World.start({
			seed,
			templates: WHOLE_SYNC,
			switches: {
				latency: 400,
				outboundLogLag: 20 * SECOND,
				faults: { duplicateDelivery: 0.05 },
			},
		});
		people = new People(world.sandbox, world.roll, 25);
		const { zendesk } = world.sandbox;
		const active = new Map<string, string>();
		const turn = (time: number): void => {
			for (const { from, until, ...rule } of rules) {
				const id = active.get(rule.title);
				const isDue = time >= from && time < until;
				if (isDue && id === undefined) active.set(rule.title, zendesk.addTrigger(sayAs(rule)));
				if (isDue || id === undefined) continue;
				zendesk.removeTrigger(id);
				active.delete(rule.title);
			}
		};
		/** In an agent's name, so that it looks like a reply to whoever does not see how it came. */
		const sayAs = ({ then, ...rule }: SandboxTrigger): SandboxTrigger => {
			const { comment, ...rest } = then;
			const authorId = zendesk.agent.id;
			return { ...rule, then: comment ? { ...rest, comment: { ...comment, authorId } } : then };
		};
		for (let step = 0; step < steps; step++) {
			// What the vendors do not document is one way in the morning, and the other way in the afternoon.
			if (step === Math.floor(steps / 2))
				Object.assign(world.sandbox.switches, {
					mergeMarked: false,
					commentAddedOnCreate: false,
					statusChangedOnAutomation: false,
				});
			turn(step / steps);
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
			untrue: [],
			story: [],
		});
	});

	it('end with every message seen, whatever rules the account has', () => {
		const acted = truth.tickets.flatMap(({ audits }) => audits.flatMap(({ triggers }) => triggers));
		expect([...new Set(acted)].sort()).toEqual(rules.map(({ title }) => title).sort());
		expect(unseenMessages(truth)).toEqual([]);
	});

	it('send nothing but what agents wrote', () => {
		const agents = truth.users.filter(({ role }) => role !== 'end-user').map(({ id }) => id);
		const { zendesk } = world.sandbox;
		const own = zendesk.users().find(({ email }) => email === zendesk.account.email);
		const authors = world.executions
			.filter(({ workflow }) => workflow.startsWith('02'))
			.flatMap(({ items }) => items)
			.filter(({ json }) => json.event === 'agentReplied')
			.map(({ json }) => (json as { comment?: { authorId?: string } }).comment?.authorId ?? '');
		expect(authors.length).toBeGreaterThan(0);
		expect(authors.filter((author) => !agents.includes(author))).toEqual([]);
		expect(authors).not.toContain(own?.id);
	});

	it('leave little to chance: most messages and replies had to arrive', () => {
		const certain = (list: Array<{ need: string }>) =>
			list.filter(({ need }) => need === 'once').length;
		const [messages, replies] = [messagesOf(truth), repliesOf(truth)];
		const failures = world.failures().map(({ workflow, error }) => `${workflow}: ${error.message}`);
		process.stdout.write(
			`${certain(messages)} of ${messages.length} messages had to be filed, ${certain(replies)} of ${replies.length} replies to be sent; ${truth.tickets.length} tickets; ${failures.length} executions failed\n${failures.join('\n')}`,
		);
		expect(certain(messages)).toBeGreaterThan(messages.length * 0.7);
		expect(certain(replies)).toBeGreaterThan(replies.length * 0.5);
	});
});
