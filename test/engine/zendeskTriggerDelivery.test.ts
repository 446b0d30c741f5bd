import { createHmac } from 'node:crypto';
import { ticketEvent } from '../../domain/items';
import type { Sandbox } from '../../sandbox/types';
import { until } from '../../scripts/n8n/until';
import { openDoor } from '../support/door';
import { ask, CUSTOMER, MINUTE, pathsOf, zendeskCredentials } from './support/desk';
import { type ActiveTrigger, deliver, type TriggerSetup } from './support/trigger';
import { eventsOf, TriggerStage } from './support/zendeskTrigger';

const TEST_BUILDER_SECRET = 'dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==';

describe('Zendesk Sync Trigger', () => {
	let stage: TriggerStage;
	let sandbox: Sandbox;

	beforeEach(async () => {
		stage = await TriggerStage.start();
		({ sandbox } = stage);
	});
	afterEach(async () => await stage.close());

	const publish = async (setup: TriggerSetup = {}) => await stage.publish(setup);
	const prepare = async (setup: TriggerSetup = {}) => await stage.prepare(setup);
	const remote = () => sandbox.zendesk.webhooks();

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

		it('becomes one item in the shape that all nodes know', async () => {
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

		it('is understood with ids as numbers and without unneeded fields', async () => {
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
			expect(eventsOf(trigger)).toMatchObject([{ comment: { body: body.trim() }, raw: sent }]);
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

		it('is verified by its bytes, not by what they parse to', async () => {
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
		])('%s is accepted, and starts nothing', async (_, body) => {
			const trigger = await ready();
			expect(await send(trigger, JSON.stringify(body))).toBe(200);
			expect(trigger.executions).toEqual([]);
		});

		it.each([
			['', 200],
			// n8n answers these itself.
			['{', 422],
			['type=created', 422],
		])('of %j, which is not JSON, starts nothing', async (body, status) => {
			const trigger = await ready();
			expect(await send(trigger, body)).toBe(status);
			expect(trigger.executions).toEqual([]);
		});

		it('of an event that was not chosen is accepted, and starts nothing', async () => {
			const trigger = await ready({ parameters: { events: ['closed'] } });
			expect(await send(trigger, JSON.stringify(comment()))).toBe(200);
			const solved = happening('status_changed', { current: 'SOLVED', previous: 'OPEN' });
			expect(await send(trigger, JSON.stringify(solved))).toBe(200);
			expect(trigger.executions).toEqual([]);
		});

		describe('whose secret n8n has lost', () => {
			const ownHeaders = (body: string) => signed(body, remote()[0]?.signingSecret);
			const reads = () => pathsOf(sandbox).filter((path) => path.endsWith('/signing_secret'));

			const deliverAll = async (trigger: ActiveTrigger, ids: string[]) => {
				const bodies = ids.map((id) => JSON.stringify(comment({ id })));
				const answers = bodies.map(async (body) => await deliver(trigger, body, ownHeaders(body)));
				return (await Promise.all(answers)).map(({ status }) => status);
			};

			it('is accepted after the secret was read again, and so are simultaneous ones', async () => {
				const trigger = await publish();
				const before = reads().length;
				sandbox.clock.jump(MINUTE);
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

			it('is accepted while its webhook is still being registered', async () => {
				const door = await openDoor(sandbox.zendesk.url);
				try {
					const credentials = {
						...zendeskCredentials(sandbox).zendeskSyncApi,
						zendeskUrl: door.url,
					};
					const trigger = await publish({ credentials: { zendeskSyncApi: credentials } });
					await trigger.call('delete');
					const secret = door.hold('/api/v2/webhooks/');
					const registering = trigger.call('create');
					await until('the new webhook', () => remote().length > 0 && secret.waiting() > 0);
					const answers = deliverAll(trigger, ['1']);
					// Looked for in each round of the event loop: the five seconds that it waits at most are quickly over here.
					while (!trigger.isAnswering()) await new Promise(setImmediate);
					secret.release();
					expect(await answers).toEqual([200]);
					await registering;
				} finally {
					await door.close();
				}
			});

			it('is accepted after someone has renewed the secret in Zendesk, and the new one is kept', async () => {
				const trigger = await publish();
				await ask(sandbox, 'POST', `/api/v2/webhooks/${remote()[0]?.id}/signing_secret`);
				sandbox.clock.jump(MINUTE);
				expect(await deliverAll(trigger, ['1'])).toEqual([200]);
				expect(trigger.staticData).toMatchObject({
					'node:ZendeskSyncTrigger': { signingSecret: remote()[0]?.signingSecret },
				});
			});

			it('causes one request to Zendesk per minute, however many strangers call', async () => {
				const trigger = await publish();
				const before = reads().length;
				const body = JSON.stringify(comment());
				const wrong = signed(body, 'stranger');
				for (const minute of [1, 2]) {
					sandbox.clock.jump(MINUTE);
					for (let n = 0; n < 5; n++)
						expect(await deliver(trigger, body, wrong)).toMatchObject({ status: 401 });
					expect(reads()).toHaveLength(before + minute);
				}
				expect(trigger.executions).toEqual([]);
			});
		});
	});
});
