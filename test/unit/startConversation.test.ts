import {
	startConversation,
	type StartRules,
	startRules,
	type StartStore,
	type TicketToStart,
} from '../../domain/conversation/start';
import type { ListedTicket, UpdateAnswer } from '../../domain/conversation/ticketStore';

const EXTERNAL_ID = 'klaviyo:sms:+12125550123';
const ticket = (more: Partial<TicketToStart> = {}): TicketToStart => ({
	...{ id: '20', status: 'open', updatedAt: 0, externalId: null, tags: ['vip'], isByAgent: true },
	...{ phone: '+1 212 555 0123', isSuspended: false },
	...more,
});

class Desk implements StartStore {
	time = 10_000;
	readonly written: Array<{ externalId: string; tags: string[] }> = [];

	constructor(
		private readonly own: TicketToStart,
		private readonly others: ListedTicket[] = [],
		private readonly answers: UpdateAnswer[] = [],
	) {}

	now = () => this.time;
	sleep = async (milliseconds: number) => void (this.time += milliseconds);
	readTicket = async () => ({
		ticket: { ...this.own, externalId: this.written.at(-1)?.externalId ?? this.own.externalId },
		serverTime: this.time,
	});
	listTickets = async () => this.others;
	write = async (_ticket: TicketToStart, change: { externalId: string; tags: string[] }) => {
		const answer = this.answers.shift() ?? { outcome: 'written', status: 'open' };
		if (answer.outcome === 'written' || answer.outcome === 'unknown') this.written.push(change);
		return answer;
	};
}

const start = async (desk: Desk, without: Partial<StartRules> = {}) =>
	await startConversation(desk, { ...startRules, ...without });

it('keeps the tags and adds that of the channel', async () => {
	const desk = new Desk(ticket());
	expect(await start(desk)).toMatchObject({ outcome: 'started', externalId: EXTERNAL_ID });
	expect(desk.written).toEqual([{ externalId: EXTERNAL_ID, tags: ['vip', 'sms'] }]);
});

it.each<[string, UpdateAnswer[], string]>([
	['a change in between', [{ outcome: 'conflict' }], 'started'],
	['a lost answer', [{ outcome: 'unknown' }], 'started'],
	['a ticket that is being closed', [{ outcome: 'closed' }], 'refused'],
	['a refusal', [{ outcome: 'invalid', description: 'Tags: no' }], 'failed'],
	['no answer for long', Array.from({ length: 99 }, () => ({ outcome: 'conflict' })), 'failed'],
])('ends after %s', async (_, answers, outcome) => {
	expect(await start(new Desk(ticket(), [], answers))).toMatchObject({ outcome });
});

describe('Without the guard', () => {
	it.each([false, null])(
		"a customer's mail becomes a text message (by an agent: %s)",
		async (by) => {
			const mail = ticket({ isByAgent: by });
			expect(await start(new Desk(mail))).toMatchObject({ reason: 'notByAgent' });
			const without = { isByAgent: () => true };
			expect(await start(new Desk(mail), without)).toMatchObject({ outcome: 'started' });
		},
	);

	it.each<[string, ListedTicket]>([
		['two tickets are open', { id: '9', status: 'pending', updatedAt: 0 }],
		['the answer lands on another ticket', { id: '21', status: 'solved', updatedAt: 0 }],
	])('%s', async (_, other) => {
		expect(await start(new Desk(ticket(), [other]))).toMatchObject({
			...{ reason: 'openConversation', otherTicketId: other.id },
		});
		const without = { otherTicket: () => undefined };
		expect(await start(new Desk(ticket(), [other]), without)).toMatchObject({ outcome: 'started' });
	});
});

it.each<[string, ListedTicket]>([
	['solved earlier', { id: '9', status: 'solved', updatedAt: 0 }],
	['closed', { id: '21', status: 'closed', updatedAt: 0 }],
])('starts beside a ticket that was %s', async (_, other) => {
	expect(await start(new Desk(ticket(), [other]))).toMatchObject({ outcome: 'started' });
});
