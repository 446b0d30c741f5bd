/**
 * A month in which much is away: each vendor for three to six hours now and then, n8n for minutes or hours, also when a
 * vendor is. Agents correct requesters meanwhile. In the end, everything is there once.
 * `SEED=7 npm run test:engine -- --testPathPatterns month` plays another one.
 */
import { HOUR, MINUTE, SECOND, WHOLE_SYNC, World } from './support/world';
import { judge, repliesOf, messagesOf, truthOf } from '../../scripts/judge';
import { People } from '../../scripts/people';
import type { SandboxSwitches } from '../../sandbox/types';
import { seed } from '../support/seed';
import { sizeOf } from '../support/size';

const DAY = 24 * HOUR;
const days = sizeOf({ quick: 3, all: 30 });
const steps = sizeOf({ quick: 40, all: 20 }) * days;

/** Catch-up has an age of twelve hours. An outage may hide one of six from it. */
const SEEN_WITHIN = 13 * HOUR;
/** What people do rests for so long before the end: everything has come at all of its ages then. */
const REST = 30 * HOUR;

interface Absence {
	of: 'n8n' | SandboxSwitches['away'][number];
	from: number;
	until: number;
}

/** One absence after the other for each, with time to work off what it has left. */
function absences(roll: () => number): Absence[] {
	const plan = (of: Absence['of'], shortest: number, longest: number): Absence[] => {
		const list: Absence[] = [];
		let from = roll() * DAY;
		while (from < days * DAY) {
			const until = from + shortest + roll() * (longest - shortest);
			list.push({ of, from, until });
			from = until + DAY + roll() * DAY;
		}
		return list;
	};
	return [
		...plan('zendesk', 3 * HOUR, 6 * HOUR),
		...plan('klaviyo', 3 * HOUR, 6 * HOUR),
		...plan('n8n', 2 * MINUTE, 4 * HOUR),
	];
}

describe(`${days} days of ${steps} steps with outages and restarts (seed ${seed})`, () => {
	let world: World;
	let people: People;
	const away: Absence[] = [];

	beforeAll(async () => {
		world = await World.start({
			seed,
			templates: WHOLE_SYNC,
			pollEvery: sizeOf({ quick: 15, all: 30 }) * MINUTE,
			switches: {
				latency: 300,
				outboundLogLag: 20 * SECOND,
				faults: { duplicateDelivery: 0.05 },
			},
		});
		const { sandbox, roll } = world;
		people = new People(sandbox, roll, 25);
		const begin = world.now;
		away.push(...absences(roll));
		const { switches } = sandbox;
		const ends = ({ of }: Absence): Promise<void> | void => {
			if (of === 'n8n') world.up();
			else switches.away = switches.away.filter((vendor) => vendor !== of);
		};
		const begins = ({ of }: Absence): Promise<void> | void => {
			if (of === 'n8n') return world.down();
			switches.away = [...switches.away, of];
		};
		const happenings = [
			...Array.from({ length: steps }, () => ({
				at: roll() * days * DAY,
				does: () => people.step(),
			})),
			...away.flatMap((absence) => [
				{ at: absence.from, does: () => begins(absence) },
				{ at: absence.until, does: () => ends(absence) },
			]),
		].sort((one, other) => one.at - other.at);
		for (const { at, does } of happenings) {
			await world.passUntil(begin + at);
			await does();
		}
		await world.pass(REST);
		await world.idle();
	}, 900_000);
	afterAll(async () => await world.close());

	it('end with everything done once, in its place, and no agent told anything untrue', () => {
		const verdict = judge(truthOf(world.sandbox, SEEN_WITHIN));
		expect({ ...verdict, story: people.storyOf(verdict) }).toEqual({
			lost: [],
			doubled: [],
			misdirected: [],
			openTicketsOverOne: [],
			untrue: [],
			story: [],
		});
	});

	it('end with the right open ticket count on each profile', () => {
		const { zendesk, klaviyo } = world.sandbox;
		const tickets = zendesk.tickets();
		const customers = zendesk.users().filter(({ role }) => role === 'end-user');
		const wrong = klaviyo.profiles().flatMap(({ phone, email, properties }) => {
			const customer = customers.find(
				(one) => (email !== null && one.email === email) || one.phone === phone,
			);
			const open = tickets.filter(
				({ requesterId, status }) =>
					requesterId === customer?.id && status !== 'solved' && status !== 'closed',
			).length;
			const written = properties['Open Ticket Count'] ?? 0;
			return written === open ? [] : [`${phone ?? email}: ${String(written)}, not ${open}`];
		});
		expect(wrong).toEqual([]);
	});

	it('were not idle', () => {
		const truth = truthOf(world.sandbox, SEEN_WITHIN);
		const had = (list: Array<{ need: string }>): number =>
			list.filter(({ need }) => need === 'once').length;
		process.stdout.write(
			`messages ${had(messagesOf(truth))}, replies ${had(repliesOf(truth))}, tickets ${truth.tickets.length}, ` +
				`${away.map(({ of, from, until }) => `${of} ${((until - from) / HOUR).toFixed(1)} h`).join(', ')}\n`,
		);
		for (const of of ['n8n', 'zendesk', 'klaviyo'])
			expect(away.filter((one) => one.of === of).length).toBeGreaterThan(days / 4);
		expect(had(messagesOf(truth))).toBeGreaterThan(steps / 8);
		expect(had(repliesOf(truth))).toBeGreaterThan(steps / 40);
	});
});
