/** Histories and webhooks in the form of recorded ones: ids in no order of time, triggers, calls, deletions. */
import type { AxiosInstance } from 'axios';
import { type Sandbox, startSandbox } from '../../../sandbox';
import { type Endpoint, listenForWebhooks, subscribeZendesk, zendeskClient } from './bench';

let sandbox: Sandbox;
let client: AxiosInstance;
let endpoint: Endpoint;
let ticketId: string;

beforeEach(async () => {
	sandbox = await startSandbox({ time: { speed: 0 } });
	client = zendeskClient(sandbox);
	endpoint = await listenForWebhooks();
	const { id: requesterId } = sandbox.zendesk.addUser({ name: 'Ada', phone: '+12025550111' });
	ticketId = sandbox.zendesk.agentCreates({ subject: 'SMS', body: 'Hello', requesterId }).id;
	await sandbox.clock.advance(1000);
});
afterEach(async () => {
	await sandbox.close();
	await endpoint.close();
});

const audits = async () => (await client.get(`/api/v2/tickets/${ticketId}/audits`)).data.audits;
const lastAudit = async () => (await audits()).at(-1);
async function lastExported() {
	await sandbox.clock.advance(61_000);
	const path = '/api/v2/incremental/ticket_events?start_time=1&include=comment_events';
	return (await client.get(path)).data.ticket_events.at(-1);
}
const ofType = (type: string) => endpoint.ofType(`zen:event-type:ticket.${type}`);
interface Told {
	time: string;
	event: { current?: string; previous?: string; comment?: object; meta?: { sequence: unknown } };
}
const told = async (...types: string[]) => {
	await subscribeZendesk(client, endpoint.url, types);
	return async () => {
		await sandbox.deliveriesSettled();
		return types.flatMap(ofType) as Told[];
	};
};

describe('Ids', () => {
	it('ascend inside an audit, and are in no order of time from one to the next', async () => {
		for (let update = 0; update < 40; update += 1) {
			sandbox.zendesk.agentComments(ticketId, `Reply ${update}`, { status: 'open' });
			await sandbox.clock.advance(1000);
		}
		const list = await audits();
		let inverted = 0;
		for (const [index, { id, events }] of list.entries()) {
			const ids = [id, ...events.map((event: { id: number }) => event.id)];
			expect(ids).toEqual([...ids].sort((a, b) => a - b));
			if (index > 0 && id < list[index - 1].id) inverted += 1;
		}
		expect(inverted).toBeGreaterThan(5);
		expect(inverted).toBeLessThan(35);
	});

	it('are the same for the same seed', async () => {
		const other = await startSandbox({ time: { speed: 0 } });
		expect(other.zendesk.agent.id).toBe(sandbox.zendesk.agent.id);
		await other.close();
		const third = await startSandbox({ time: { speed: 0 }, seed: 2 });
		expect(third.zendesk.addUser({ name: 'Bo' }).id).not.toBe(sandbox.zendesk.users().at(-1)?.id);
		await third.close();
	});

	it('order what is of one second, in comments and audits alike', async () => {
		for (let update = 0; update < 12; update += 1)
			sandbox.zendesk.agentComments(ticketId, `Reply ${update}`);
		const { comments } = (await client.get(`/api/v2/tickets/${ticketId}/comments`)).data;
		for (const list of [comments.slice(1), (await audits()).slice(1)]) {
			const ids = list.map(({ id }: { id: number }) => id);
			expect(ids).toEqual([...ids].sort((a, b) => a - b));
		}
		const written = sandbox.zendesk.ticket(ticketId).comments.slice(1);
		expect(written.map(({ id }) => id)).not.toEqual(
			comments.slice(1).map(({ id }: { id: number }) => String(id)),
		);
	});
});

describe('A trigger', () => {
	const reopens = {
		title: 'Reopen what has no reason',
		when: { status: 'solved' as const, statusChanged: true },
		then: { status: 'open' as const, addTag: 'reopened' },
	};
	const byTrigger = (id: string, title: string) => ({
		channel: 'rule',
		source: { from: { deleted: false, id: Number(id), title }, to: {}, rel: 'trigger' },
	});

	it('acts inside the audit of the update that fired it, and its changes say so', async () => {
		const id = sandbox.zendesk.addTrigger(reopens);
		sandbox.zendesk.agentUpdates(ticketId, { status: 'solved' });
		expect(sandbox.zendesk.ticket(ticketId).status).toBe('open');
		const { events } = await lastAudit();
		const status = events.filter((event: { field_name: string }) => event.field_name === 'status');
		expect(status).toEqual([
			expect.objectContaining({ type: 'Change', previous_value: 'new', value: 'solved' }),
			expect.objectContaining({
				type: 'Change',
				previous_value: 'solved',
				value: 'open',
				via: byTrigger(id, reopens.title),
			}),
		]);
		expect(status[0]).not.toHaveProperty('via');
		expect(sandbox.zendesk.ticket(ticketId)).toMatchObject({ tags: ['reopened'] });
		expect(sandbox.zendesk.ticket(ticketId).audits.at(-1)?.triggers).toEqual([reopens.title]);
	});

	it('has via in all events if the account does so', async () => {
		sandbox.switches.eventVia = 'all';
		sandbox.zendesk.agentUpdates(ticketId, { status: 'solved' });
		expect((await lastAudit()).events[0].via).toMatchObject({ channel: 'web' });
	});

	it.each(['words', 'object'] as const)('is shown by the export in %s', async (exportedVia) => {
		sandbox.switches.exportedVia = exportedVia;
		const id = sandbox.zendesk.addTrigger(reopens);
		sandbox.zendesk.agentUpdates(ticketId, { status: 'solved' });
		const { child_events: children } = await lastExported();
		const status = children.filter((child: object) => 'status' in child);
		expect(status).toMatchObject([
			{ status: 'solved', previous_value: 'new' },
			{
				status: 'open',
				previous_value: 'solved',
				via: exportedVia === 'words' ? 'Rule' : byTrigger(id, reopens.title),
				via_reference_id: Number(id),
			},
		]);
	});

	it.each([
		['net', [['OPEN', 'NEW']]],
		[
			'each',
			[
				['SOLVED', 'NEW'],
				['OPEN', 'SOLVED'],
			],
		],
	] as const)('makes webhooks report changes: %s', async (ruleChanges, expected) => {
		sandbox.switches.ruleChanges = ruleChanges;
		sandbox.zendesk.addTrigger(reopens);
		const received = await told('status_changed');
		sandbox.zendesk.agentUpdates(ticketId, { status: 'solved' });
		const changes = (await received()).map(({ event }) => [event.current, event.previous]);
		expect(changes.sort()).toEqual([...expected].sort());
	});

	it('that leads back to the earlier status is not a change for a webhook', async () => {
		sandbox.zendesk.agentUpdates(ticketId, { status: 'open' });
		sandbox.zendesk.addTrigger(reopens);
		const received = await told('status_changed');
		sandbox.zendesk.agentUpdates(ticketId, { status: 'solved' });
		expect(await received()).toEqual([]);
	});

	it('may comment, in anyone’s name', async () => {
		const { agent } = sandbox.zendesk;
		sandbox.zendesk.addTrigger({
			title: 'Answer at night',
			when: { comment: 'public', by: 'customer', update: 'change' },
			then: { comment: { body: 'We are back at 9.', public: true, authorId: agent.id } },
		});
		const { requesterId } = sandbox.zendesk.ticket(ticketId);
		const own = sandbox.zendesk.agentComments(ticketId, 'Anybody?', { agentId: requesterId });
		const { events } = await lastAudit();
		const comments = events.filter(({ type }: { type: string }) => type === 'Comment');
		expect(comments).toMatchObject([
			{ id: Number(own.id), body: 'Anybody?' },
			{ author_id: Number(agent.id), body: 'We are back at 9.', via: { channel: 'rule' } },
		]);
	});

	it('acts on a new ticket inside the audit that made it', async () => {
		sandbox.zendesk.addTrigger({
			title: 'Park',
			when: { update: 'create' },
			then: { status: 'pending' },
		});
		const received = await told('created', 'status_changed');
		const { requesterId } = sandbox.zendesk.ticket(ticketId);
		const made = await client.post('/api/v2/tickets', {
			ticket: { subject: 'x', requester_id: Number(requesterId), comment: { body: 'Hi' } },
		});
		expect(made.data.ticket.status).toBe('pending');
		expect(made.data.audit.events).toEqual(
			expect.arrayContaining([
				expect.objectContaining({ type: 'Create', field_name: 'status', value: 'new' }),
				expect.objectContaining({ type: 'Change', previous_value: 'new', value: 'pending' }),
			]),
		);
		expect(await received()).toMatchObject([
			{ event: {} },
			{ event: { current: 'PENDING', previous: 'NEW' } },
		]);
	});

	it('acts once per update, in turn with the others, and never on a closed ticket', () => {
		const { zendesk } = sandbox;
		zendesk.addTrigger({ title: 'Hold', when: { status: 'open' }, then: { status: 'hold' } });
		const id = zendesk.addTrigger({ title: 'Open', when: {}, then: { status: 'open' } });
		zendesk.agentUpdates(ticketId, { status: 'pending' });
		expect(zendesk.ticket(ticketId).status).toBe('hold');
		zendesk.removeTrigger(id);
		zendesk.agentUpdates(ticketId, { status: 'pending' });
		expect(zendesk.ticket(ticketId).status).toBe('pending');
		zendesk.addTrigger({ title: 'Late', when: {}, then: { status: 'open' } });
		zendesk.agentUpdates(ticketId, { status: 'closed' });
		expect(zendesk.ticket(ticketId).status).toBe('closed');
	});
});

describe("An account's mails", () => {
	it('are events that nobody requested', async () => {
		sandbox.zendesk.agentComments(ticketId, 'Hello');
		const { events } = await lastAudit();
		expect(events.at(-1)).toMatchObject({ type: 'Notification', via: { channel: 'rule' } });
		sandbox.zendesk.agentComments(ticketId, 'Between us', { public: false });
		expect((await lastAudit()).events).toHaveLength(1);
	});
});

describe('A call', () => {
	it.each(['VoiceComment', 'Comment'] as const)(
		"is an agent's comment of another kind, exported as %s",
		async (exportedCalls) => {
			sandbox.switches.exportedCalls = exportedCalls;
			const { id, body } = sandbox.zendesk.agentCalls(ticketId, { seconds: 75 });
			expect(body).toMatch(/^Call from: \+12025550111\n[^]*75 seconds\n[^]*recording/);
			const record = {
				id: Number(id),
				type: 'VoiceComment',
				author_id: Number(sandbox.zendesk.agent.id),
				public: true,
				body,
				data: { call_duration: 75, recording_url: expect.stringContaining('/recording') },
			};
			expect((await lastAudit()).events[0]).toMatchObject(record);
			const { comments } = (await client.get(`/api/v2/tickets/${ticketId}/comments`)).data;
			expect(comments.at(-1)).toMatchObject({ ...record, via: { channel: 'voice' } });
			const { child_events: children } = await lastExported();
			expect(children[0]).toMatchObject({ ...record, event_type: exportedCalls });
		},
	);

	it.each([true, false])('is reported as a comment if the switch says %s', async (isTold) => {
		sandbox.switches.callsInWebhooks = isTold;
		const received = await told('comment_added');
		sandbox.zendesk.agentCalls(ticketId, { public: false });
		expect(await received()).toHaveLength(isTold ? 1 : 0);
	});
});

describe('A webhook', () => {
	it('has its position among simultaneous events, and its time with 0, 3, 6 or 9 decimals', async () => {
		const received = await told('comment_added', 'status_changed');
		const lengths = new Set<number>();
		for (let update = 0; update < 30; update += 1)
			sandbox.zendesk.agentComments(ticketId, 'x', { status: update % 2 ? 'open' : 'solved' });
		const all = await received();
		for (const { time, event } of all) {
			expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.(\d{3}|\d{6}|\d{9}))?Z$/);
			lengths.add(time.length);
			expect(event.meta?.sequence).toEqual({
				id: expect.stringMatching(/^3[0-9a-f]+$/),
				position: 'comment' in event ? 2 : 1,
			});
		}
		expect(lengths.size).toBe(4);
		const sequences = all.map(({ event }) => JSON.stringify(event.meta?.sequence));
		expect(new Set(sequences).size).toBe(all.length);
		expect(all).toHaveLength(60);
	});

	it.each([true, false])('reports a deletion as a status if the switch says %s', async (is) => {
		sandbox.switches.deletionIsStatus = is;
		const received = await told('status_changed');
		sandbox.zendesk.deleteTicket(ticketId);
		const events = (await received()).map(({ event }) => event);
		expect(events).toMatchObject(is ? [{ current: 'DELETED', previous: 'NEW' }] : []);
	});
});

test('a trial account takes 20 ticket updates a minute', async () => {
	sandbox.switches.ticketUpdateLimit = 20;
	const update = async () =>
		await client.put(`/api/v2/tickets/${ticketId}`, { ticket: { priority: 'high' } });
	const first = await update();
	expect(first.headers['zendesk-ratelimit-tickets-update']).toMatch(/^total=20; remaining=19;/);
	for (let left = 19; left > 0; left -= 1) await update();
	expect((await update()).status).toBe(429);
});
