import { createHmac } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { ticketEvent } from '../../domain/items';
import { ZendeskSyncTrigger } from '../../nodes/ZendeskSync/ZendeskSyncTrigger.node';
import { startSandbox } from '../../sandbox';
import type { Sandbox, SandboxTicket } from '../../sandbox/types';
import {
	ask,
	CUSTOMER,
	file,
	MINUTE,
	pathsOf,
	runTicket,
	SECOND,
	textOf,
	zendeskCredentials,
} from './support/desk';
import { runNode } from './support/engine';
import {
	type ActiveTrigger,
	activate,
	deliver,
	listen,
	type TriggerSetup,
} from './support/trigger';

const ALL = ['opened', 'solved', 'reopened', 'closed', 'agentReplied'];
const TEST_BUILDER_SECRET = 'dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==';

describe('Zendesk Sync Trigger', () => {
	let sandbox: Sandbox;
	const open: ActiveTrigger[] = [];

	beforeEach(async () => {
		sandbox = await startSandbox({ limits: 1000, hurry: 50 });
	});
	afterEach(async () => {
		await Promise.all(open.splice(0).map(async (trigger) => await trigger.close()));
		await sandbox.close();
	});

	const setupOf = ({ parameters = {}, ...setup }: TriggerSetup): TriggerSetup => ({
		credentials: zendeskCredentials(sandbox),
		parameters: { authentication: 'apiToken', events: ALL, ...parameters },
		...setup,
	});
	const publish = async (setup: TriggerSetup = {}) => {
		const trigger = await activate(ZendeskSyncTrigger, setupOf(setup));
		open.push(trigger);
		return trigger;
	};
	const prepare = async (setup: TriggerSetup = {}) => {
		const trigger = await listen(ZendeskSyncTrigger, setupOf(setup));
		open.push(trigger);
		return trigger;
	};

	const remote = () => sandbox.zendesk.webhooks();
	const eventsOf = (trigger: ActiveTrigger): IDataObject[] =>
		trigger.executions.flatMap((items) => items.map(({ json }) => json));
	const namesOf = (trigger: ActiveTrigger) => eventsOf(trigger).map(({ event }) => event);

	const customer = () => sandbox.zendesk.addUser({ name: 'Ana', phone: CUSTOMER });
	const conversation = (requesterId = customer().id): SandboxTicket =>
		sandbox.zendesk.agentCreates({
			subject: 'SMS',
			body: 'Made by hand',
			requesterId,
			externalId: `klaviyo:sms:${CUSTOMER}`,
			public: false,
		});

	describe('registration', () => {
		it('makes one webhook, for what the events need, and removes it again', async () => {
			const trigger = await publish({ parameters: { events: ['solved', 'closed', 'opened'] } });
			expect(remote()).toMatchObject([
				{
					endpoint: trigger.url,
					status: 'active',
					subscriptions: ['zen:event-type:ticket.status_changed', 'zen:event-type:ticket.created'],
				},
			]);
			expect(await trigger.call('checkExists')).toBe(true);
			expect(await trigger.call('delete')).toBe(true);
			expect(remote()).toEqual([]);
			expect(await trigger.call('checkExists')).toBe(false);
		});

		it('replaces its webhook that was forgotten, which may listen to other events', async () => {
			const trigger = await publish({ parameters: { events: ['opened'] }, workflowId: 'same' });
			const [stale] = remote();
			trigger.staticData = {};
			await trigger.register();
			expect(remote()).toHaveLength(1);
			expect(remote()[0]?.id).not.toBe(stale?.id);
			expect(await trigger.call('checkExists')).toBe(true);
		});

		it('registers again when somebody has deleted the webhook in Zendesk', async () => {
			const trigger = await publish();
			await ask(sandbox, 'DELETE', `/api/v2/webhooks/${remote()[0]?.id}`);
			expect(await trigger.call('checkExists')).toBe(false);
			await trigger.register();
			expect(remote()).toHaveLength(1);
		});

		it('counts a webhook as there while Zendesk cannot say', async () => {
			const trigger = await publish();
			sandbox.switches.faults.serverError = 1;
			expect(await trigger.call('checkExists')).toBe(true);
			sandbox.switches.faults.serverError = 0;
			sandbox.switches.faults.lostAnswer = 1;
			expect(await trigger.call('checkExists')).toBe(true);
		});

		it('turns its webhook on again when somebody has turned it off', async () => {
			const trigger = await publish();
			const path = `/api/v2/webhooks/${remote()[0]?.id}`;
			await ask(sandbox, 'PATCH', path, { webhook: { status: 'inactive' } });
			expect(remote()[0]?.status).toBe('inactive');
			expect(await trigger.call('checkExists')).toBe(true);
			expect(remote()[0]?.status).toBe('active');
		});

		it('registers again when its webhook listens to other events, or stands at an old address', async () => {
			const trigger = await publish({ parameters: { events: ['opened'] } });
			const [first] = remote();
			// n8n could not remove it when the workflow was published again with another choice.
			const changed = await prepare({ workflowId: trigger.workflowId });
			const path = `/api/v2/webhooks/${first?.id}`;
			const name = first?.name.replace(new URL(trigger.url).host, new URL(changed.url).host);
			await ask(sandbox, 'PATCH', path, { webhook: { name, endpoint: changed.url } });
			changed.staticData = trigger.staticData;
			await changed.register();
			expect(remote()).toMatchObject([{ name, subscriptions: { length: 3 } }]);
			// n8n has moved behind a path.
			const moved = changed.url.replace('/webhook/', '/n8n/webhook/');
			await ask(sandbox, 'PATCH', `/api/v2/webhooks/${remote()[0]?.id}`, {
				webhook: { endpoint: moved },
			});
			await changed.register();
			expect(remote()).toMatchObject([{ name, endpoint: changed.url }]);
		});

		it("takes another node's webhook neither for its own nor away", async () => {
			const [one, other] = [await publish({ id: 'one' }), await prepare({ id: 'other' })];
			// The workflow was copied, with its static data.
			other.staticData = one.staticData;
			expect(await other.call('checkExists')).toBe(false);
			await other.call('create');
			expect(remote().map(({ endpoint }) => endpoint)).toEqual([one.url, other.url]);
			await other.call('delete');
			expect(remote().map(({ endpoint }) => endpoint)).toEqual([one.url]);
		});

		it('deletes nothing when it has registered nothing', async () => {
			const trigger = await publish();
			const before = sandbox.calls().length;
			trigger.staticData = {};
			expect(await trigger.call('delete')).toBe(true);
			expect(sandbox.calls()).toHaveLength(before);
			expect(remote()).toHaveLength(1);
		});

		it('does not let a test registration disturb the published one', async () => {
			const published = await publish({ workflowId: 'shared' });
			const test = await prepare({ workflowId: 'shared', isTest: true });
			test.staticData = published.staticData;
			await test.register();
			expect(remote()).toHaveLength(2);
			await test.call('delete');
			expect(remote().map(({ endpoint }) => endpoint)).toEqual([published.url]);
		});

		it('shows the newest real event when it listens for a test event', async () => {
			const { id } = conversation();
			sandbox.zendesk.agentComments(id, 'It ships today. 🎉');
			await sandbox.clock.advance(2 * MINUTE);
			const shown = new Promise<IDataObject[]>((resolve) => {
				const onItems: TriggerSetup['onItems'] = (items) => resolve(items.map(({ json }) => json));
				void publish({ isTest: true, onItems, parameters: { events: ['agentReplied'] } });
			});
			expect(await shown).toMatchObject([
				{ event: 'agentReplied', ticketId: id, comment: { body: 'It ships today. 🎉' } },
			]);
		});

		it('leaves no webhook behind whose secret could not be read', async () => {
			const trigger = await prepare();
			const failing = expect(trigger.register()).rejects.toThrow('signing secret');
			await sandbox.until('the webhook is made', () => remote().length > 0);
			sandbox.switches.faults.serverError = 1;
			const asked = () => pathsOf(sandbox).filter((path) => path.endsWith('/signing_secret'));
			await sandbox.until('its secret was asked for in vain', () => asked().length === 4, 20_000);
			sandbox.switches.faults.serverError = 0;
			await failing;
			expect(remote()).toEqual([]);
			expect(JSON.stringify(trigger.staticData)).not.toContain('webhookId');
		});

		it('leaves no webhook behind whose registration had no answer', async () => {
			const trigger = await prepare();
			const failing = expect(trigger.register()).rejects.toThrow('No answer');
			await sandbox.until('webhooks are listed', () => sandbox.calls().length > 0);
			sandbox.switches.faults.lostAnswer = 1;
			await sandbox.until('one is made', () => remote().length > 0);
			sandbox.switches.faults.lostAnswer = 0;
			await failing;
			expect(remote()).toEqual([]);
		});

		it('explains a name that n8n could not receive webhooks for', async () => {
			const trigger = await prepare({ name: 'Zendesk Sync Trigger' });
			await expect(trigger.register()).rejects.toThrow('n8n cannot receive');
			expect(sandbox.calls()).toEqual([]);
		});
	});

	describe('a delivery', () => {
		const SECRET = 'c2VjcmV0IG9mIHRoZSB0ZXN0cw==';
		const timestamp = '2026-11-22T10:00:01Z';
		/** Published, with a secret that the tests know. */
		const ready = async (setup: TriggerSetup = {}) => {
			const trigger = await prepare(setup);
			trigger.staticData = {
				'node:ZendeskSyncTrigger': { webhookId: 'W', signingSecret: SECRET },
			};
			return trigger;
		};
		const signed = (body: string | Buffer, secret = SECRET) => ({
			'x-zendesk-webhook-signature': createHmac('sha256', secret)
				.update(timestamp)
				.update(body)
				.digest('base64'),
			'x-zendesk-webhook-signature-timestamp': timestamp,
		});
		const send = async (trigger: ActiveTrigger, body: string) =>
			(await deliver(trigger, body, signed(body))).status;

		const happening = (type: string, event: object, detail = {}) => ({
			account_id: 22129848,
			detail: {
				brand_id: '8447346621310',
				external_id: `klaviyo:sms:${CUSTOMER}`,
				id: '5158',
				requester_id: '8447388090494',
				status: 'OPEN',
				tags: ['sms'],
				via: { channel: 'web_service' },
				...detail,
			},
			event,
			id: 'cbe4028c-7239-495d-b020-f22348516046',
			subject: 'zen:ticket:5158',
			time: '2026-11-22T10:00:00.672717030Z',
			type: `zen:event-type:ticket.${type}`,
			zendesk_event_version: '2022-11-06',
		});
		const comment = (more = {}) =>
			happening('comment_added', {
				comment: {
					id: '9876543210',
					body: 'It ships today.',
					is_public: true,
					author: { id: '8447388090495', is_staff: true, name: 'Mia' },
					...more,
				},
			});

		it('becomes one item of the shape that all nodes know', async () => {
			const trigger = await ready();
			expect(await send(trigger, JSON.stringify(comment()))).toBe(200);
			expect(trigger.executions).toHaveLength(1);
			expect(eventsOf(trigger)).toEqual([
				{
					key: 'reply:9876543210',
					event: 'agentReplied',
					ticketId: '5158',
					brandId: '8447346621310',
					status: 'open',
					previousStatus: null,
					tags: ['sms'],
					externalId: `klaviyo:sms:${CUSTOMER}`,
					channel: 'sms',
					requesterId: '8447388090494',
					occurredAt: '2026-11-22T10:00:00.000Z',
					comment: {
						id: '9876543210',
						body: 'It ships today.',
						authorId: '8447388090495',
						authorName: 'Mia',
					},
					catchUp: false,
					raw: comment(),
				},
			]);
			expect(sandbox.calls()).toEqual([]);
		});

		it.each([
			['created', {}, { event: 'opened', key: 'opened:5158', status: 'open' }],
			[
				'status_changed',
				{ current: 'SOLVED', previous: 'OPEN' },
				{ event: 'solved', key: null, status: 'solved', previousStatus: 'open' },
			],
			[
				'status_changed',
				{ current: 'OPEN', previous: 'SOLVED' },
				{ event: 'reopened', key: null, status: 'open', previousStatus: 'solved' },
			],
			[
				'status_changed',
				{ current: 'CLOSED', previous: 'SOLVED' },
				{ event: 'closed', key: 'closed:5158', status: 'closed', previousStatus: 'solved' },
			],
		])('of %s with %j is %j', async (type, event, expected) => {
			const trigger = await ready();
			await send(trigger, JSON.stringify(happening(type, event)));
			expect(eventsOf(trigger)).toMatchObject([expected]);
			expect(ticketEvent.safeParse(eventsOf(trigger)[0]).error).toBeUndefined();
		});

		it('is understood with ids as numbers and what is not needed left out', async () => {
			const trigger = await ready();
			const { type, time } = happening('created', {});
			await send(trigger, JSON.stringify({ type, time, detail: { id: 5158 }, event: {} }));
			expect(eventsOf(trigger)).toMatchObject([{ key: 'opened:5158', ticketId: '5158', tags: [] }]);
			expect(ticketEvent.safeParse(eventsOf(trigger)[0]).error).toBeUndefined();
		});

		it.each([
			['emoji and other scripts', '🎉👩‍👩‍👧 안녕하세요, ça va? \u202e שלום'],
			['100 KB', '한'.repeat(34_000)],
			['escapes', 'a\u0000b\\u00e9"\n\u2028'],
		])('keeps %s as they are', async (_, body) => {
			const trigger = await ready();
			const sent = comment({ body });
			expect(await send(trigger, JSON.stringify(sent))).toBe(200);
			expect(eventsOf(trigger)).toMatchObject([{ comment: { body }, raw: sent }]);
		});

		type Headers = ReturnType<typeof signed>;
		it.each<[string, (headers: Headers) => Record<string, string>]>([
			['no signature', ({ 'x-zendesk-webhook-signature': _, ...rest }) => rest],
			['no timestamp', ({ 'x-zendesk-webhook-signature-timestamp': _, ...rest }) => rest],
			[
				'a truncated signature',
				(headers) => ({
					...headers,
					'x-zendesk-webhook-signature': headers['x-zendesk-webhook-signature'].slice(0, 42),
				}),
			],
			[
				'a wrong signature',
				(headers) => ({ ...headers, 'x-zendesk-webhook-signature': `${'A'.repeat(43)}=` }),
			],
			[
				'another timestamp',
				(headers) => ({
					...headers,
					'x-zendesk-webhook-signature-timestamp': '2026-11-22T10:00:02Z',
				}),
			],
			[
				"the secret of the webhook builder's test requests",
				() => signed(JSON.stringify(comment()), TEST_BUILDER_SECRET),
			],
		])('with %s is refused with 401 and starts nothing', async (_, spoil) => {
			const trigger = await publish();
			const body = JSON.stringify(comment());
			const { signingSecret = '' } = remote()[0] ?? {};
			const headers = spoil(signed(body, signingSecret));
			expect(await deliver(trigger, body, headers)).toMatchObject({ status: 401 });
			expect(trigger.executions).toEqual([]);
		});

		it('is checked by its bytes, not by what they parse to', async () => {
			const trigger = await ready();
			const body = JSON.stringify(comment());
			const respaced = JSON.stringify(comment(), null, 1);
			expect(await deliver(trigger, respaced, signed(body))).toMatchObject({ status: 401 });
			expect(await send(trigger, respaced)).toBe(200);
		});

		it.each([
			['of an internal note', comment({ is_public: false })],
			["of the requester's comment", comment({ author: { id: '1', is_staff: false, name: 'A' } })],
			[
				'of a change from open to pending',
				happening('status_changed', { current: 'PENDING', previous: 'OPEN' }),
			],
			['of a deletion', happening('status_changed', { current: 'DELETED', previous: 'OPEN' })],
			['of other tags', happening('tags_changed', { tags_added: ['x'] })],
			['of a merge', happening('merged', { target_ticket_id: '1' })],
			['without a ticket', { ...happening('created', {}), detail: undefined }],
			['without a time', { ...happening('created', {}), time: 'now' }],
			['with a comment that is none', happening('comment_added', { comment: 7 })],
			['that says something else', { hello: 1 }],
			['that is a list', [comment()]],
			['that is null', null],
		])('%s is taken, and starts nothing', async (_, body) => {
			const trigger = await ready();
			expect(await send(trigger, JSON.stringify(body))).toBe(200);
			expect(trigger.executions).toEqual([]);
		});

		it.each([
			['', 200],
			// n8n answers these itself.
			['{', 422],
			['type=created', 422],
		])('of %j, which is no JSON, starts nothing', async (body, status) => {
			const trigger = await ready();
			expect(await send(trigger, body)).toBe(status);
			expect(trigger.executions).toEqual([]);
		});

		it('of an event that was not chosen is taken, and starts nothing', async () => {
			const trigger = await ready({ parameters: { events: ['closed'] } });
			expect(await send(trigger, JSON.stringify(comment()))).toBe(200);
			const solved = happening('status_changed', { current: 'SOLVED', previous: 'OPEN' });
			expect(await send(trigger, JSON.stringify(solved))).toBe(200);
			expect(trigger.executions).toEqual([]);
		});

		describe('whose secret n8n has lost', () => {
			const ownHeaders = (body: string) => signed(body, remote()[0]?.signingSecret);
			const reads = () => pathsOf(sandbox).filter((path) => path.endsWith('/signing_secret'));

			let passed = 0;
			const clock = Date.now;
			beforeEach(() => {
				passed = 0;
				jest.spyOn(Date, 'now').mockImplementation(() => clock() + passed);
			});
			afterEach(() => jest.restoreAllMocks());

			const deliverAll = async (trigger: ActiveTrigger, ids: string[]) => {
				const bodies = ids.map((id) => JSON.stringify(comment({ id })));
				const answers = bodies.map(async (body) => await deliver(trigger, body, ownHeaders(body)));
				return (await Promise.all(answers)).map(({ status }) => status);
			};

			it('is accepted after the secret was read again, and so are those beside it', async () => {
				const trigger = await publish();
				const before = reads().length;
				passed = MINUTE;
				trigger.staticData = {};
				expect(await deliverAll(trigger, ['1', '2', '3'])).toEqual([200, 200, 200]);
				// An older copy is put back: what was read a moment ago is still known.
				trigger.staticData = {};
				expect(await deliverAll(trigger, ['4'])).toEqual([200]);
				expect(reads()).toHaveLength(before + 1);
				expect(trigger.executions).toHaveLength(4);
			});

			it('is accepted before n8n has saved it for the first time', async () => {
				const trigger = await publish();
				trigger.staticData = {};
				expect(await deliverAll(trigger, ['1', '2'])).toEqual([200, 200]);
			});

			it('is accepted after somebody has renewed the secret in Zendesk, and the new one is kept', async () => {
				const trigger = await publish();
				await ask(sandbox, 'POST', `/api/v2/webhooks/${remote()[0]?.id}/signing_secret`);
				passed = MINUTE;
				expect(await deliverAll(trigger, ['1'])).toEqual([200]);
				expect(trigger.staticData).toMatchObject({
					'node:ZendeskSyncTrigger': { signingSecret: remote()[0]?.signingSecret },
				});
			});

			it('makes Zendesk be asked once a minute, however many strangers call', async () => {
				const trigger = await publish();
				const before = reads().length;
				const body = JSON.stringify(comment());
				const wrong = signed(body, 'stranger');
				for (const minute of [1, 2]) {
					passed = minute * MINUTE;
					for (let n = 0; n < 5; n++)
						expect(await deliver(trigger, body, wrong)).toMatchObject({ status: 401 });
					expect(reads()).toHaveLength(before + minute);
				}
				expect(trigger.executions).toEqual([]);
			});
		});
	});

	describe('what happens in Zendesk', () => {
		it('comes through: opened, solved, reopened, closed, an agent who replied', async () => {
			const trigger = await publish();
			const { id } = conversation();
			const reply = sandbox.zendesk.agentComments(id, 'It ships today. 🎉');
			for (const status of ['solved', 'open', 'solved', 'closed'] as const)
				sandbox.zendesk.agentUpdates(id, { status });
			await sandbox.deliveriesSettled();
			expect(namesOf(trigger).sort()).toEqual([
				'agentReplied',
				'closed',
				'opened',
				'reopened',
				'solved',
				'solved',
			]);
			for (const event of eventsOf(trigger))
				expect(ticketEvent.safeParse(event).error).toBeUndefined();
			expect(eventsOf(trigger).find(({ event }) => event === 'agentReplied')).toMatchObject({
				key: `reply:${reply.id}`,
				ticketId: id,
				channel: 'sms',
				comment: { body: 'It ships today. 🎉', authorName: 'Mia' },
			});
			expect(new Set(sandbox.deliveries().map(({ status }) => status))).toEqual(new Set([200]));
		});

		it.each([true, false])(
			'comes through for a close by automation, when Zendesk sends that (%s)',
			async (isSent) => {
				sandbox.switches.statusChangedOnAutomation = isSent;
				const trigger = await publish({ parameters: { events: ['closed'] } });
				await file(sandbox, [textOf(sandbox)]);
				sandbox.zendesk.agentUpdates(sandbox.zendesk.tickets()[0]?.id ?? '', { status: 'solved' });
				await sandbox.clock.advance(26 * 60 * MINUTE);
				await sandbox.deliveriesSettled();
				expect(sandbox.zendesk.tickets()).toMatchObject([{ status: 'closed' }]);
				expect(namesOf(trigger)).toEqual(isSent ? ['closed'] : []);
			},
		);

		it('starts nothing for internal notes, texts, claims and replies on other tickets', async () => {
			const trigger = await publish({ parameters: { events: ['agentReplied'] } });
			await file(sandbox, [textOf(sandbox)]);
			const { id, requesterId } = sandbox.zendesk.tickets()[0] as SandboxTicket;
			await sandbox.clock.advance(5 * MINUTE);
			await file(sandbox, [textOf(sandbox)]);
			sandbox.zendesk.agentComments(id, 'Between us', { public: false });
			await runTicket(sandbox, 'addInternalNote', [{ ticketId: id }], {
				parameters: { note: 'Note' },
			});
			sandbox.zendesk.agentCreates({ subject: 'Mail', body: 'Hi', requesterId });
			await sandbox.deliveriesSettled();
			expect(sandbox.deliveries().length).toBeGreaterThan(4);
			expect(trigger.executions).toEqual([]);
		});

		it('starts for replies on other tickets where that is wanted', async () => {
			const trigger = await publish({
				parameters: { events: ['agentReplied'], options: { repliesOnOtherTickets: true } },
			});
			sandbox.zendesk.agentCreates({ subject: 'Mail', body: 'Hi', requesterId: customer().id });
			await sandbox.deliveriesSettled();
			expect(eventsOf(trigger)).toMatchObject([{ channel: 'web', comment: { body: 'Hi' } }]);
		});
	});

	describe('polling', () => {
		let now: number;
		beforeEach(() => {
			// Zendesk and n8n go by the same clock, which only the test moves.
			now = Math.floor(Date.now() / SECOND) * SECOND;
			jest.spyOn(Date, 'now').mockImplementation(() => now);
		});
		afterEach(() => jest.restoreAllMocks());

		const pollAfter = async (trigger: ActiveTrigger, milliseconds: number) => {
			now += milliseconds;
			return (await trigger.poll()).map(({ json }) => json);
		};

		it('brings what no webhook brought, in the look-back, once', async () => {
			const trigger = await prepare();
			const { id } = conversation();
			now += 25 * 60 * MINUTE;
			sandbox.zendesk.agentUpdates(id, { status: 'solved' });
			const [solved, ...more] = await pollAfter(trigger, 2 * MINUTE);
			expect(more).toEqual([]);
			const audit = sandbox.zendesk.ticket(id).audits.at(-1);
			expect(solved).toMatchObject({
				key: `solved:${id}:${audit?.id}`,
				status: 'solved',
				previousStatus: 'new',
				catchUp: true,
			});
			expect(ticketEvent.safeParse(solved).error).toBeUndefined();
			expect(await pollAfter(trigger, MINUTE)).toEqual([]);
		});

		it('registers a webhook again that somebody removed, within the hour, and takes its secret', async () => {
			const trigger = await publish();
			await trigger.poll();
			const kept = trigger.staticData;
			await trigger.call('delete');
			trigger.staticData = kept;
			await pollAfter(trigger, 59 * MINUTE);
			expect(remote()).toEqual([]);
			await pollAfter(trigger, MINUTE);
			expect(remote()).toMatchObject([{ endpoint: trigger.url, status: 'active' }]);
			sandbox.zendesk.agentUpdates(conversation().id, { status: 'solved' });
			await sandbox.deliveriesSettled();
			expect(namesOf(trigger)).toContain('solved');
		});

		it('brings each event again at 5 minutes, 1 hour and 2.5 hours, or ten minutes later, a reply no earlier', async () => {
			const trigger = await prepare();
			await trigger.poll();
			now += 30 * SECOND;
			const { id } = conversation();
			sandbox.zendesk.agentComments(id, 'Hi');
			now -= 30 * SECOND;
			const seen: Record<number, unknown[]> = {};
			for (let minute = 1; minute <= 200; minute++) {
				const events = await pollAfter(trigger, MINUTE);
				if (events.length > 0) seen[minute] = events.map(({ event }) => event).sort();
			}
			const both = ['agentReplied', 'opened'];
			expect(seen).toEqual({ 6: both, 70: both, 160: both });
		});

		it('brings a reply after a restart only when it is five minutes old', async () => {
			const trigger = await prepare({ parameters: { events: ['agentReplied'] } });
			sandbox.zendesk.agentComments(conversation().id, 'Hi');
			expect(await pollAfter(trigger, 4 * MINUTE)).toEqual([]);
			trigger.restart();
			expect(await pollAfter(trigger, MINUTE)).toMatchObject([{ comment: { body: 'Hi' } }]);
		});

		it('brings the same, and shows the same, where the export may not be read', async () => {
			const trigger = await prepare();
			sandbox.switches.incrementalExportAllowed = false;
			const { id } = conversation();
			expect(await pollAfter(trigger, 10 * MINUTE)).toMatchObject([{ key: `opened:${id}` }]);
			expect(await trigger.poll('manual')).toMatchObject([{ json: { key: `opened:${id}` } }]);
		});

		it('passes over deleted tickets, notes and customers, and what was not chosen', async () => {
			const trigger = await prepare({ parameters: { events: ['opened', 'agentReplied'] } });
			const { id, requesterId } = conversation();
			sandbox.zendesk.agentComments(id, 'Between us', { public: false });
			await ask(sandbox, 'PUT', `/api/v2/tickets/${id}`, {
				ticket: { comment: { html_body: 'Hi', public: true, author_id: Number(requesterId) } },
			});
			sandbox.zendesk.agentUpdates(id, { status: 'solved' });
			sandbox.zendesk.deleteTicket(conversation(requesterId).id);
			const events = await pollAfter(trigger, 10 * MINUTE);
			expect(events.map(({ key }) => key)).toEqual([`opened:${id}`]);
		});

		it('fails, and reads the same again, when Zendesk does not answer', async () => {
			const trigger = await prepare();
			await trigger.poll();
			now += 30 * SECOND;
			conversation();
			sandbox.switches.incrementalExportAllowed = true;
			sandbox.switches.faults.serverError = 1;
			await expect(pollAfter(trigger, 6 * MINUTE)).rejects.toThrow('could not be read');
			sandbox.switches.faults.serverError = 0;
			expect(await pollAfter(trigger, MINUTE)).toMatchObject([{ event: 'opened' }]);
		});

		it('shows the newest real event of each kind when it is tried out', async () => {
			const trigger = await prepare({ parameters: { events: ['solved', 'agentReplied'] } });
			await expect(trigger.poll('manual')).rejects.toThrow('There is no ticket event to show yet');
			const { id } = conversation();
			for (const body of ['One', 'Two']) {
				sandbox.zendesk.agentComments(id, body);
				now += 3 * SECOND;
			}
			sandbox.zendesk.agentUpdates(id, { status: 'solved' });
			now += 2 * MINUTE;
			const shown = (await trigger.poll('manual')).map(({ json }) => json);
			expect(shown).toHaveLength(2);
			expect(shown).toMatchObject(
				expect.arrayContaining([
					expect.objectContaining({ comment: expect.objectContaining({ body: 'Two' }) }),
					expect.objectContaining({ event: 'solved' }),
				]),
			);
			const { json } = await runNode(ZendeskSyncTrigger, { ...setupOf({}), items: [{}] }, 'manual');
			expect(json.map(({ event }) => event).sort()).toEqual(['agentReplied', 'opened', 'solved']);
		});
	});

	describe('in an execution', () => {
		it('passes on what the webhook or the poll brought', async () => {
			const items = [{ event: 'opened' }, { event: 'closed' }];
			const { json } = await runNode(ZendeskSyncTrigger, { ...setupOf({}), items });
			expect(json).toEqual(items);
			expect(sandbox.calls()).toEqual([]);
		});
	});
});
