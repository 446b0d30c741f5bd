/**
 * The same day three times: by catch-up alone (no webhook arrives), by webhooks alone (n8n never polls), and by both.
 * What is there in the end must be the same. `SEED=7 npm run test:engine -- --testPathPatterns randomDay` plays
 * another day.
 */
import { judge, truthOf, type Truth } from '../../scripts/judge';
import { HOUR, MINUTE, World } from './support/world';
import { Day } from './support/worldDay';
import type { Asked } from './support/worldTime';
import { seed } from '../support/seed';
import { sizeOf } from '../support/size';

const totals = sizeOf({
	quick: { messages: 60, replies: 24, ticketEvents: 36 },
	all: { messages: 500, replies: 200, ticketEvents: 300 },
});
const CONVERSATIONS = sizeOf({ quick: 15, all: 120 });
/** Whatever polls less often brings the same, so that a quick day is not spent on asking what is new. */
const POLL_EVERY = sizeOf({ quick: 5, all: 1 }) * MINUTE;

const ways = {
	'catch-up alone': { webhooks: false, polling: true },
	'webhooks alone': { webhooks: true, polling: false },
	both: { webhooks: true, polling: true },
};
type Way = keyof typeof ways;

/** A rule of the account's, which acts inside the audit of an agent's reply. */
const waitsForCustomer = {
	title: 'Wait for the customer once it is answered',
	when: { by: 'staff', comment: 'public', update: 'change', status: 'open' },
	then: { status: 'pending' },
} as const;

interface Played {
	truth: Truth;
	requests: Record<string, Asked>;
	failures: string[];
}

async function play(day: Day, way: Way): Promise<Played> {
	const world = await World.start({
		seed,
		...ways[way],
		pollEvery: POLL_EVERY,
		templates: [
			'01-inbound-message-to-ticket.json',
			'02-agent-reply-to-customer.json',
			'03-ticket-metrics-to-klaviyo.json',
		],
		// Without polls nothing would find out later that there is WhatsApp.
		switches: { latency: 300, whatsAppFromStart: true },
	});
	try {
		const { sandbox } = world;
		day.populate(sandbox);
		sandbox.zendesk.addTrigger(waitsForCustomer);
		const begin = sandbox.clock.now();
		for (const { at, does } of day.deeds) {
			await world.passUntil(begin + at);
			does(sandbox);
		}
		// Three hours on, catch-up has brought everything at all of its ages.
		await world.passUntil(begin + 27 * HOUR);
		await world.idle();
		const failures = world.failures().map(({ workflow, error }) => `${workflow}: ${error.message}`);
		return { truth: truthOf(sandbox), requests: world.requests(), failures };
	} finally {
		await world.close();
	}
}

/** Ids differ from run to run, and so does the order of what came at the same moment. */
function stateOf({ tickets, users, phones, profiles, timelines }: Truth): object {
	const staff = new Set(users.filter(({ role }) => role !== 'end-user').map(({ id }) => id));
	const nth = new Map<string, number>();
	const names = new Map(
		tickets.map(({ id, externalId, subject }) => {
			const of = externalId ?? subject;
			nth.set(of, (nth.get(of) ?? 0) + 1);
			return [id, `${of} ticket ${nth.get(of)}`];
		}),
	);
	/** A message may begin with when it was sent, and a reply ends with its agent's signature. */
	const bodies = (list: Array<{ body: string }>, line = -1) =>
		list.map(({ body }) => body.split('\n').at(line)).sort();
	return {
		tickets: Object.fromEntries(
			tickets.map(({ id, status, comments }) => [
				names.get(id),
				{
					status,
					messages: bodies(comments.filter(({ authorId }) => !staff.has(authorId))),
					replies: bodies(
						comments.filter((one) => staff.has(one.authorId) && one.public),
						0,
					),
					notes: bodies(comments.filter((one) => !one.public)),
				},
			]),
		),
		phones: Object.fromEntries(
			Object.entries(phones).map(([phone, messages]) => [
				phone,
				messages.map(({ direction, channel, body }) => `${direction} by ${channel} ${body}`).sort(),
			]),
		),
		events: Object.fromEntries(
			profiles.map(({ id, phone, email }) => [
				phone ?? email,
				(timelines[id] ?? [])
					.filter(({ metric }) => / Ticket$/.test(metric))
					.map(({ metric, uniqueId }) => `${metric}: ${names.get(uniqueId?.split(':')[1] ?? '')}`)
					.sort(),
			]),
		),
	};
}

const counted = { messages: '01', replies: '02', ticketEvents: '03' } as const;

/** Requests for each message, reply and ticket event: by executions, and with those of polls. */
function requestsEach(requests: Record<string, Asked>) {
	const sum = (isMeant: (owner: string) => boolean) =>
		Object.entries(requests)
			.filter(([owner]) => isMeant(owner))
			.reduce((total, [, { zendesk, klaviyo }]) => total + zendesk + klaviyo, 0);
	return Object.fromEntries(
		Object.entries(counted).map(([what, phone]) => {
			const own = (owner: string) => owner.startsWith(phone) && !owner.endsWith(' publish');
			const executions = sum((owner) => own(owner) && !owner.endsWith(' poll'));
			const all = totals[what as keyof typeof totals];
			return [what, { executions: executions / all, withPolls: sum(own) / all }];
		}),
	);
}

describe(`A day of ${totals.messages} messages, ${totals.replies} replies and ${totals.ticketEvents} ticket events (seed ${seed})`, () => {
	const day = new Day(seed, totals, CONVERSATIONS);
	const played = new Map<Way, Played>();

	it('is planned in full', () => expect(day.totals).toEqual(totals));

	it.each(Object.keys(ways) as Way[])(
		'is complete by %s',
		async (way) => {
			const one = await play(day, way);
			played.set(way, one);
			expect(judge(one.truth, { outbound: false })).toEqual({
				lost: [],
				doubled: [],
				misdirected: [],
				openTicketsOverOne: [],
				untrue: [],
			});
			expect(one.failures).toEqual([]);
		},
		900_000,
	);

	it('is the same by all three', () => {
		const [first, ...others] = [...played.values()].map(({ truth }) => stateOf(truth));
		expect(others).toHaveLength(2);
		for (const other of others) expect(other).toEqual(first);
	});

	it('costs few requests', () => {
		const each = Object.fromEntries(
			[...played].map(([way, { requests }]) => [way, requestsEach(requests)]),
		);
		process.stdout.write(`${report(each)}\n`);
		expect(each['webhooks alone']?.messages?.executions).toBeLessThan(7);
	});
});

function report(each: Record<string, ReturnType<typeof requestsEach>>): string {
	const lines = Object.entries(each).flatMap(([way, kinds]) =>
		Object.entries(kinds).map(
			([what, { executions, withPolls }]) =>
				`${way.padEnd(16)} ${what.padEnd(13)} ${executions.toFixed(2).padStart(6)} ${withPolls.toFixed(2).padStart(6)}`,
		),
	);
	return ['API calls for each          by executions, with polls', ...lines].join('\n');
}
