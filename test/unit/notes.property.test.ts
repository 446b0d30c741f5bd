/**
 * The guarantee for notes, over random schedules: each piece of a note is written once, however often it is brought,
 * whatever dies and whichever answers are lost. Then each guard is removed alone, and the same search must find the harm
 * that it prevents.
 */
import fc from 'fast-check';
import type { ListedTicket } from '../../domain/conversation/ticketStore';
import { type NoteAnswer, type NoteStore, type NotePiece, writeNotes } from '../../domain/notes';
import { type StampRules, stampRules } from '../../domain/conversation/stamp';
import type { ReplyAudit } from '../../domain/reply/audit';
import { commands } from './support/commands';
import { seed } from '../support/seed';
import { sizeOf } from '../support/size';
import { asListed, wholeSecond } from './support/memoryZendesk';
import { type Command, type Line, Schedule } from './support/schedule';

const SCHEDULES = sizeOf({ quick: 1_000, all: 5_000 });
const NOTES = 3;
const WORKERS = 4;

/** The second note needs two comments. */
const piecesOf = (index: number): NotePiece[] =>
	[`N${index}`, ...(index === 1 ? [`N${index}/2`] : [])].map((key) => ({ key, html: key }));

class World {
	now = 1_700_000_000_000;

	updatedAt = 1_600_000_000_000;

	readonly audits: ReplyAudit[] = [];

	write(key: string | undefined): void {
		this.updatedAt = wholeSecond(this.now);
		this.audits.push({ at: this.updatedAt, ...(key ? { marker: { key } } : {}) });
	}
}

const storeFor = (world: World, line: Line): NoteStore => ({
	sleep: line.sleep,
	listTickets: async () =>
		(
			await line.ask<{ listing?: { tickets: ListedTicket[]; serverTime: number } }>({
				name: 'ticket',
				serve: () => ({
					listing: {
						tickets: [{ id: '1', status: 'open', updatedAt: world.updatedAt }],
						serverTime: wholeSecond(world.now),
					},
				}),
				lost: {},
			})
		).listing,
	readAudits: async () =>
		(
			await line.ask<{ audits?: ReplyAudit[] }>({
				name: 'audits',
				serve: (lag) => ({
					audits: asListed(world.audits).filter(({ at }) => at <= world.now - lag),
				}),
				lost: {},
			})
		).audits,
	writeNote: (ticket, { key }) =>
		line.ask<NoteAnswer>({
			name: `write ${key}`,
			serve: () => {
				if (ticket.updatedAt !== world.updatedAt) return { outcome: 'conflict' };
				world.write(key);
				return { outcome: 'written', updatedAt: world.updatedAt };
			},
			lost: { outcome: 'unknown' },
		}),
});

async function play(list: Command[], rules: Partial<StampRules>): Promise<string[]> {
	const world = new World();
	const schedule = new Schedule(world);
	const begin = (indexes: number[], name: string) =>
		schedule.start(name, async (line) => {
			const notices = indexes.map((index) => ({
				key: `N${index}`,
				since: 1_650_000_000_000,
				readFrom: 0,
			}));
			return await writeNotes(
				notices,
				storeFor(world, line),
				(waiting) =>
					new Map(
						waiting.map(({ key }) => [
							key,
							{ ticketId: '1', pieces: piecesOf(Number(key.slice(1))) },
						]),
					),
				{ ...stampRules, ...rules },
			);
		});
	for (const command of list) {
		world.now += 20;
		if (command.do === 'start' && schedule.workers.length < WORKERS) {
			const next = (command.item + 1) % NOTES;
			await begin(
				command.both ? [command.item, next] : [command.item],
				`W${schedule.workers.length}`,
			);
		}
		if (command.do === 'step') {
			const ready = schedule.workers.filter((worker) => worker.ready);
			await ready[command.worker % ready.length]?.step(command.fault, command.lag);
		}
		if (command.do === 'arrive') schedule.arrive();
		if (command.do === 'pass') schedule.pass(command.time);
		if (command.do === 'event') world.write(undefined);
	}
	schedule.markCompleted();
	await schedule.drain();
	// Catch-up brings them all again.
	world.now += 3600_000;
	await begin(
		Array.from({ length: NOTES }, (_, index) => index),
		'last',
	);
	await schedule.drain();
	const written = world.audits.flatMap(({ marker }) => marker?.key ?? []);
	const wanted = Array.from({ length: NOTES }, (_, index) => piecesOf(index)).flat();
	const faults = wanted.flatMap(({ key }) => {
		const times = written.filter((one) => one === key).length;
		return times === 1 ? [] : [`${key} ${times} times`];
	});
	return faults.length > 0 ? [...faults, ...schedule.log] : [];
}

const search = (rules: Partial<StampRules>, runs: number) =>
	fc.check(
		fc.asyncProperty(
			commands({
				items: NOTES,
				workers: WORKERS,
				events: ['an agent changes the ticket'],
				times: [300, 1000, 4000, 60_000],
				lags: [0, 1000, 20_000],
			}),
			async (list) => {
				const found = await play(list, rules);
				if (found.length > 0) throw new Error(found.join('\n'));
			},
		),
		{ numRuns: runs },
	);

describe(`every note is written once (seed ${seed})`, () => {
	it(`over ${SCHEDULES} schedules`, async () => {
		const result = await search({}, SCHEDULES);
		expect(result.errorInstance ?? 'no violation').toBe('no violation');
		expect(result.numRuns).toBe(SCHEDULES);
	}, 120_000);

	it.each<[string, Partial<StampRules>]>([
		['a stamp is a lock only when its second is over', { untilSettled: () => 0 }],
		['a history that is behind its ticket says nothing', { areCurrent: () => true }],
	])(
		'but not without this guard: %s',
		async (_guard, rules) => {
			expect((await search(rules, 30_000)).failed).toBe(true);
		},
		120_000,
	);
});
