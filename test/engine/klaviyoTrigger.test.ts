import { startQuickSandbox } from './support/quickTime';
import { createHmac } from 'node:crypto';
import { openDoor } from '../support/door';
import { KlaviyoTrigger } from '../../nodes/Klaviyo/KlaviyoTrigger.node';
import type { Sandbox } from '../../sandbox/types';
import { runNode } from './support/engine';
import {
	type ActiveTrigger,
	activate,
	deliver,
	listen,
	type TriggerSetup,
} from './support/trigger';

const SECRET = 'a secret of 16 letters or more';
const CUSTOMER = '+12125550123';

describe('Klaviyo Trigger', () => {
	let sandbox: Sandbox;
	const open: ActiveTrigger[] = [];

	beforeEach(async () => {
		// Webhook calls are limited to one a second, which would only slow the tests down.
		sandbox = await startQuickSandbox({ hurry: 50 });
	});

	afterEach(async () => {
		await Promise.all(open.splice(0).map(async (trigger) => await trigger.close()));
		await sandbox.close();
	});

	const credentials = (webhookSecret = SECRET) => ({
		klaviyoSyncApi: {
			apiKey: sandbox.klaviyo.account.apiKey,
			webhookSecret,
			baseUrl: sandbox.klaviyo.url,
		},
	});

	const publish = async (setup: TriggerSetup = {}) => {
		const trigger = await activate(KlaviyoTrigger, { credentials: credentials(), ...setup });
		open.push(trigger);
		return trigger;
	};

	const prepare = async (setup: TriggerSetup = {}) => {
		const trigger = await listen(KlaviyoTrigger, { credentials: credentials(), ...setup });
		open.push(trigger);
		return trigger;
	};

	const remote = () => sandbox.klaviyo.webhooks();
	const bodies = (trigger: ActiveTrigger) =>
		trigger.executions.map((items) => items.map(({ json }) => json.body));

	describe('registration', () => {
		it('creates one webhook, for inbound messages, and removes it again', async () => {
			const trigger = await publish();
			expect(remote()).toMatchObject([
				{
					endpoint: trigger.url,
					enabled: true,
					topics: ['event:klaviyo.sent_text_message', 'event:klaviyo.sent_sms'],
				},
			]);
			expect(await trigger.call('checkExists')).toBe(true);
			expect(await trigger.call('delete')).toBe(true);
			expect(remote()).toEqual([]);
		});

		it('finds its webhook again by name when static data is lost, and creates no second one', async () => {
			const trigger = await publish();
			const [first] = remote();
			trigger.staticData = {};
			await trigger.register();
			expect(remote().map(({ id }) => id)).toEqual([first?.id]);
			expect(await trigger.call('checkExists')).toBe(true);
		});

		it('registers again when someone has deleted the webhook in Klaviyo', async () => {
			const trigger = await publish();
			const kept = trigger.staticData;
			await trigger.call('delete');
			trigger.staticData = kept;
			await trigger.register();
			expect(remote()).toHaveLength(1);
		});

		it('counts a webhook that someone has deleted as removed', async () => {
			const trigger = await publish();
			const kept = trigger.staticData;
			await trigger.call('delete');
			trigger.staticData = kept;
			expect(await trigger.call('delete')).toBe(true);
			expect(JSON.stringify(trigger.staticData)).not.toContain(trigger.url);
		});

		it("does not adopt another node's webhook, not even at its own address", async () => {
			const [one, other] = [await publish({ id: 'one' }), await prepare({ id: 'other' })];
			// A workflow that was imported twice has the same address twice.
			const known = JSON.stringify(one.staticData).replaceAll(one.url, other.url);
			other.staticData = JSON.parse(known) as typeof other.staticData;
			expect(await other.call('checkExists')).toBe(false);
		});

		it("leaves another node's webhook alone", async () => {
			const [one, other] = [await publish({ id: 'one' }), await publish({ id: 'other' })];
			await one.call('delete');
			expect(remote().map(({ endpoint }) => endpoint)).toEqual([other.url]);
		});

		it('deletes nothing when it has registered nothing', async () => {
			const trigger = await publish();
			trigger.restart();
			trigger.staticData = {};
			expect(await trigger.call('delete')).toBe(true);
			expect(remote()).toHaveLength(1);
		});

		it.each([
			['webhook-test', 'as n8n has it'],
			['hook-test', 'with another path for tests'],
		])('does not let a test registration (/%s) disturb the published one, %s', async (testPath) => {
			const published = await publish({ workflowId: 'shared' });
			const { n8nUrl } = published;
			const test = await prepare({ workflowId: 'shared', isTest: true, testPath, n8nUrl });
			// n8n gives the test a copy of the published workflow's static data.
			test.staticData = published.staticData;
			await test.register();
			expect(remote()).toHaveLength(2);
			await test.call('delete');
			expect(remote().map(({ endpoint }) => endpoint)).toEqual([published.url]);
		});

		it('shows the newest real message when it listens for a test event', async () => {
			sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Hi 🎉' });
			const test = await publish({ isTest: true });
			await test.shown();
			expect(bodies(test)).toEqual([['Hi 🎉']]);
		});

		it('turns its webhook on again when Klaviyo has turned it off', async () => {
			const trigger = await publish();
			await fetch(`${sandbox.klaviyo.url}/api/webhooks/${remote()[0]?.id}`, {
				method: 'PATCH',
				headers: {
					authorization: `Klaviyo-API-Key ${sandbox.klaviyo.account.apiKey}`,
					revision: '2026-07-15',
					'content-type': 'application/vnd.api+json',
				},
				body: JSON.stringify({
					data: { type: 'webhook', id: remote()[0]?.id, attributes: { enabled: false } },
				}),
			});
			expect(remote()[0]?.enabled).toBe(false);
			expect(await trigger.call('checkExists')).toBe(true);
			expect(remote()[0]?.enabled).toBe(true);
		});

		it('counts a webhook as present while Klaviyo cannot say', async () => {
			const trigger = await publish();
			sandbox.switches.faults.serverError = 1;
			expect(await trigger.call('checkExists')).toBe(true);
		});

		it('leaves no webhook behind whose registration had no answer', async () => {
			const door = await openDoor(sandbox.klaviyo.url);
			try {
				const { klaviyoSyncApi } = credentials();
				const trigger = await prepare({
					credentials: { klaviyoSyncApi: { ...klaviyoSyncApi, baseUrl: door.url } },
				});
				door.lose('POST /api/webhooks');
				await expect(trigger.register()).rejects.toThrow('No answer');
				expect(door.passed('POST /api/webhooks')).toBe(1);
				expect(remote()).toEqual([]);
				await trigger.register();
				expect(remote()).toHaveLength(1);
			} finally {
				await door.close();
			}
		});

		it('registers nothing when it only polls', async () => {
			await publish({ parameters: { source: 'polling' } });
			expect(remote()).toEqual([]);
		});
	});

	describe('a delivery', () => {
		const timestamp = 'Thu, 04 Jan 2024 18:05:25 GMT';
		const event = (body: string, id = 'E1') => ({
			topic: 'event:klaviyo.sent_sms',
			external_id: id,
			payload: {
				data: {
					type: 'event',
					id,
					attributes: {
						timestamp: 1700503941,
						datetime: '2023-11-20 18:12:21+00:00',
						event_properties: {
							'From Number': CUSTOMER,
							'To Number': '+15005550001',
							'Message Body': body,
						},
					},
					relationships: { profile: { data: { type: 'profile', id: 'P' } } },
				},
			},
		});
		const bodyOf = (...events: unknown[]) =>
			JSON.stringify({ meta: { klaviyo_webhook_id: 'W' }, data: events });
		const signed = (body: string) => ({
			'klaviyo-timestamp': timestamp,
			'klaviyo-signature': createHmac('sha256', SECRET)
				.update(body)
				.update(timestamp)
				.digest('hex'),
			'klaviyo-webhook-id': 'W',
		});

		it('comes through from a customer who texts', async () => {
			const trigger = await publish();
			sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Where is my order?' });
			await sandbox.deliveriesSettled();
			expect(trigger.executions).toMatchObject([
				[
					{
						json: {
							key: expect.stringMatching(/^message:./),
							direction: 'inbound',
							kind: 'customer',
							from: CUSTOMER,
							to: sandbox.klaviyo.brandPhone,
							body: 'Where is my order?',
							catchUp: false,
						},
					},
				],
			]);
			expect(sandbox.deliveries().map(({ status }) => status)).toEqual([200]);
		});

		it.each([
			['emoji and other scripts', '🎉👩‍👩‍👧 안녕하세요, ça va? \u202e שלום'],
			['100 KB', '한'.repeat(34_000)],
			['escapes', 'a\u0000b\\u00e9"\n\u2028'],
		])('keeps %s as they are', async (_, body) => {
			const trigger = await prepare();
			const sent = bodyOf(event(body));
			expect(await deliver(trigger, sent, signed(sent))).toMatchObject({ status: 200 });
			expect(bodies(trigger)).toEqual([[body]]);
		});

		it('of many events becomes the items of one execution', async () => {
			const trigger = await prepare();
			const sent = bodyOf(...Array.from({ length: 1000 }, (_, n) => event(`Text ${n}`, `E${n}`)));
			await deliver(trigger, sent, signed(sent));
			expect(trigger.executions.map((items) => items.length)).toEqual([1000]);
		});

		it.each([
			[
				'no signature',
				(headers: Record<string, string>) => ({
					'klaviyo-timestamp': headers['klaviyo-timestamp'] ?? '',
				}),
			],
			[
				'no timestamp',
				(headers: Record<string, string>) => ({
					'klaviyo-signature': headers['klaviyo-signature'] ?? '',
				}),
			],
			[
				'a truncated signature',
				(headers: Record<string, string>) => ({
					...headers,
					'klaviyo-signature': headers['klaviyo-signature']?.slice(0, 62) ?? '',
				}),
			],
			[
				'a wrong signature',
				(headers: Record<string, string>) => ({ ...headers, 'klaviyo-signature': '0'.repeat(64) }),
			],
		])('with %s is refused with 401 and starts nothing', async (_, spoil) => {
			const trigger = await prepare();
			const sent = bodyOf(event('Hi'));
			expect(await deliver(trigger, sent, spoil(signed(sent)))).toMatchObject({ status: 401 });
			expect(trigger.executions).toEqual([]);
		});

		it('that was recorded years ago starts an execution each time it is sent again, until it is done', async () => {
			const trigger = await prepare({ parameters: { deliverEachEvent: 'untilDone' } });
			const recorded = bodyOf(event('Hi'));
			for (const sent of [recorded, recorded])
				expect(await deliver(trigger, sent, signed(recorded))).toMatchObject({ status: 200 });
			await trigger.settled();
			expect(trigger.executions.map(([item]) => item?.json.key)).toEqual([
				'message:E1',
				'message:E1',
			]);
		});

		it('that was signed for another workflow of the same credential is refused, whatever its headers say', async () => {
			const [one, other] = [await publish(), await publish()];
			const [first = { id: '' }, second = { id: '' }] = remote();
			const ids = new Map([
				[one, remote().find(({ endpoint }) => endpoint === one.url) ?? first],
				[other, remote().find(({ endpoint }) => endpoint === other.url) ?? second],
			]);
			const recorded = JSON.stringify({
				meta: { klaviyo_webhook_id: ids.get(one)?.id },
				data: [event('Hi')],
			});
			expect(await deliver(one, recorded, signed(recorded))).toMatchObject({ status: 200 });
			const headers = { ...signed(recorded), 'klaviyo-webhook-id': ids.get(other)?.id ?? '' };
			expect(await deliver(other, recorded, headers)).toMatchObject({ status: 401 });
			expect(other.executions).toEqual([]);
			// A new process has seen nothing yet, and looks when n8n asks it to.
			other.restart();
			expect(await other.call('checkExists')).toBe(true);
			expect(await deliver(other, recorded, headers)).toMatchObject({ status: 401 });
		});

		it('is verified by its bytes, not by what they parse to', async () => {
			const trigger = await prepare();
			const sent = bodyOf(event('Hi'));
			const respaced = JSON.stringify(JSON.parse(sent), null, 1);
			expect(await deliver(trigger, respaced, signed(sent))).toMatchObject({ status: 401 });
			expect(await deliver(trigger, respaced, signed(respaced))).toMatchObject({ status: 200 });
		});

		it.each([
			['of another topic', bodyOf({ ...event('Hi'), topic: 'event:klaviyo.received_sms' })],
			['without events', bodyOf()],
			[
				'with events that are none',
				bodyOf({ topic: 'event:klaviyo.sent_sms', payload: { data: 7 } }),
			],
			['that says something else', '{"hello":1}'],
		])('%s is accepted, and starts nothing', async (_, sent) => {
			const trigger = await prepare();
			expect(await deliver(trigger, sent, signed(sent))).toMatchObject({ status: 200 });
			expect(trigger.executions).toEqual([]);
		});

		it('makes no requests', async () => {
			const trigger = await prepare();
			const sent = bodyOf(event('Hi'));
			await deliver(trigger, sent, signed(sent));
			expect(sandbox.calls()).toEqual([]);
		});
	});

	describe('in an execution', () => {
		it('passes on what the webhook or the poll brought', async () => {
			const items = [{ body: 'one' }, { body: 'two' }];
			const { json } = await runNode(KlaviyoTrigger, { credentials: credentials(), items });
			expect(json).toEqual(items);
		});

		it('fetches a real message when it is run by hand', async () => {
			sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Hi' });
			const { json } = await runNode(
				KlaviyoTrigger,
				{ credentials: credentials(), items: [{}] },
				'manual',
			);
			expect(json).toMatchObject([{ body: 'Hi' }]);
		});
	});

	describe('polling', () => {
		const MINUTE = 60_000;
		const minutesAgo = (minutes: number) => sandbox.clock.now() - minutes * MINUTE;

		const pollAfter = async (trigger: ActiveTrigger, minutes: number) => {
			sandbox.clock.jump(minutes * MINUTE);
			return (await trigger.poll()).map(({ json }) => json.body);
		};

		it('brings everything of the look-back at first, once, and nothing older', async () => {
			const trigger = await prepare();
			for (const [hours, body] of [
				[30, 'old'],
				[20, 'lost'],
				[1, 'new'],
			] as const)
				sandbox.klaviyo.customerWrites({ from: CUSTOMER, body, at: minutesAgo(hours * 60) });
			const items = await trigger.poll();
			expect(items.map(({ json }) => [json.body, json.catchUp])).toEqual([
				['lost', true],
				['new', true],
			]);
			expect(await pollAfter(trigger, 1)).toEqual([]);
		});

		it('brings each message again at 5 minutes, 1 hour and 2.5 hours of age', async () => {
			const trigger = await prepare();
			await trigger.poll();
			sandbox.klaviyo.customerWrites({
				from: CUSTOMER,
				body: 'Hi',
				at: sandbox.clock.now() + 30_000,
			});
			const seen: number[] = [];
			for (let minute = 1; minute <= 200; minute++)
				if ((await pollAfter(trigger, 1)).length > 0) seen.push(minute);
			// The higher ages are read every ten minutes.
			expect(seen).toEqual([6, 70, 160]);
		});

		it('brings a message at once too when there is no webhook', async () => {
			const trigger = await prepare({ parameters: { source: 'polling' } });
			await trigger.poll();
			sandbox.klaviyo.customerWrites({
				from: CUSTOMER,
				body: 'Hi',
				at: sandbox.clock.now() + 30_000,
			});
			expect(await pollAfter(trigger, 1)).toEqual(['Hi']);
			expect(await pollAfter(trigger, 1)).toEqual([]);
		});

		it('looks back again after a restart', async () => {
			const trigger = await prepare();
			sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Hi', at: minutesAgo(10) });
			expect(await pollAfter(trigger, 0)).toEqual(['Hi']);
			trigger.restart();
			expect(await pollAfter(trigger, 1)).toEqual(['Hi']);
		});

		it('registers a webhook again that someone removed, within the hour', async () => {
			const trigger = await publish();
			await trigger.poll();
			const kept = trigger.staticData;
			await trigger.call('delete');
			trigger.staticData = kept;
			await pollAfter(trigger, 59);
			expect(remote()).toEqual([]);
			await pollAfter(trigger, 1);
			expect(remote()).toMatchObject([{ endpoint: trigger.url, enabled: true }]);
		});

		it('gives its webhook a changed secret from the credential, within the hour', async () => {
			const own = credentials();
			const trigger = await publish({ credentials: own });
			await trigger.poll();
			own.klaviyoSyncApi.webhookSecret = 'another secret of many letters';
			const arrives = async (body: string): Promise<boolean> => {
				sandbox.klaviyo.customerWrites({ from: '+12125550123', body });
				await sandbox.clock.advance(5000);
				return bodies(trigger).flat().includes(body);
			};
			await pollAfter(trigger, 2);
			expect(await arrives('Before')).toBe(false);
			await pollAfter(trigger, 60);
			expect(await arrives('After')).toBe(true);
		});

		it('agrees with the webhook on what the message is', async () => {
			const trigger = await publish();
			sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Hi 🎉' });
			await sandbox.deliveriesSettled();
			sandbox.clock.jump(2 * MINUTE);
			const [polled] = await trigger.poll();
			const delivered = trigger.executions[0]?.[0];
			expect({ ...polled?.json, raw: 0 }).toEqual({ ...delivered?.json, raw: 0, catchUp: true });
		});

		it('shows the newest real message when it is tested, and says so when there is none', async () => {
			const trigger = await prepare();
			await expect(trigger.poll('manual')).rejects.toThrow('There is no message to show yet');
			for (const body of ['first', 'second']) {
				sandbox.klaviyo.customerWrites({ from: CUSTOMER, body });
				await sandbox.clock.advance(2000);
			}
			expect((await trigger.poll('manual')).map(({ json }) => json.body)).toEqual(['second']);
		});
	});
});
