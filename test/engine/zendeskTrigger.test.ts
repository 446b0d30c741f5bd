import { ZendeskSyncTrigger } from '../../nodes/ZendeskSync/ZendeskSyncTrigger.node';
import type { Sandbox } from '../../sandbox/types';
import { type Door, openDoor } from '../support/door';
import { ask, MINUTE, zendeskCredentials } from './support/desk';
import { runNode } from './support/engine';
import { type TriggerSetup } from './support/trigger';
import { TriggerStage } from './support/zendeskTrigger';

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
	const conversation = (requesterId?: string) => stage.conversation(requesterId);
	const setupOf = (setup: TriggerSetup) => stage.setupOf(setup);

	describe('registration', () => {
		it('creates one webhook, for what the events need, and removes it again', async () => {
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

		it('replaces a forgotten webhook, which may listen to other events', async () => {
			const trigger = await publish({ parameters: { events: ['opened'] }, workflowId: 'same' });
			const [stale] = remote();
			trigger.staticData = {};
			await trigger.register();
			expect(remote()).toHaveLength(1);
			expect(remote()[0]?.id).not.toBe(stale?.id);
			expect(await trigger.call('checkExists')).toBe(true);
		});

		it('leaves a webhook alone whose name contains its own name', async () => {
			const trigger = await publish();
			const [{ name = '' } = {}] = remote();
			const endpoint = 'https://elsewhere.example/hook';
			const copy = { name: `Copy of ${name}`, endpoint, status: 'active', http_method: 'POST' };
			await ask(sandbox, 'POST', '/api/v2/webhooks', {
				webhook: { ...copy, request_format: 'json', subscriptions: ['conditional_ticket_events'] },
			});
			trigger.staticData = {};
			await trigger.register();
			expect(
				remote()
					.map((one) => one.name)
					.sort(),
			).toEqual([copy.name, name].sort());
		});

		it('registers again when someone has deleted the webhook in Zendesk', async () => {
			const trigger = await publish();
			await ask(sandbox, 'DELETE', `/api/v2/webhooks/${remote()[0]?.id}`);
			expect(await trigger.call('checkExists')).toBe(false);
			await trigger.register();
			expect(remote()).toHaveLength(1);
		});

		it('counts a webhook that someone has deleted as removed', async () => {
			const trigger = await publish();
			await ask(sandbox, 'DELETE', `/api/v2/webhooks/${remote()[0]?.id}`);
			expect(await trigger.call('delete')).toBe(true);
			expect(JSON.stringify(trigger.staticData)).not.toContain('webhookId');
		});

		it('counts a webhook as present while Zendesk cannot say', async () => {
			const trigger = await publish();
			sandbox.switches.faults.serverError = 1;
			expect(await trigger.call('checkExists')).toBe(true);
			sandbox.switches.faults.serverError = 0;
			sandbox.switches.faults.lostAnswer = 1;
			expect(await trigger.call('checkExists')).toBe(true);
		});

		it('turns its webhook on again when someone has turned it off', async () => {
			const trigger = await publish();
			const path = `/api/v2/webhooks/${remote()[0]?.id}`;
			await ask(sandbox, 'PATCH', path, { webhook: { status: 'inactive' } });
			expect(remote()[0]?.status).toBe('inactive');
			expect(await trigger.call('checkExists')).toBe(true);
			expect(remote()[0]?.status).toBe('active');
		});

		it('registers again when its webhook listens to other events, or has an old address', async () => {
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

		it("neither adopts nor removes another node's webhook", async () => {
			const [one, other] = [await publish({ id: 'one' }), await prepare({ id: 'other' })];
			// The workflow was copied, with its static data.
			other.staticData = one.staticData;
			expect(await other.call('checkExists')).toBe(false);
			await other.call('create');
			expect(remote().map(({ endpoint }) => endpoint)).toEqual([one.url, other.url]);
			await other.call('delete');
			expect(remote().map(({ endpoint }) => endpoint)).toEqual([one.url]);
		});

		it("does not adopt another node's webhook, not even at its own address", async () => {
			const [one, other] = [await publish({ id: 'one' }), await prepare({ id: 'other' })];
			other.staticData = one.staticData;
			// A workflow that was imported twice has the same address twice.
			const path = `/api/v2/webhooks/${remote()[0]?.id}`;
			await ask(sandbox, 'PATCH', path, { webhook: { endpoint: other.url } });
			expect(await other.call('checkExists')).toBe(false);
		});

		it('deletes nothing when it has registered nothing', async () => {
			const trigger = await publish();
			const before = sandbox.calls().length;
			trigger.restart();
			trigger.staticData = {};
			expect(await trigger.call('delete')).toBe(true);
			expect(sandbox.calls()).toHaveLength(before);
			expect(remote()).toHaveLength(1);
		});

		it.each([
			['webhook-test', 'as n8n has it'],
			['hook-test', 'with another path for tests'],
		])('does not let a test registration (/%s) disturb the published one, %s', async (testPath) => {
			const published = await publish({ workflowId: 'shared' });
			const { n8nUrl } = published;
			const test = await prepare({ workflowId: 'shared', isTest: true, testPath, n8nUrl });
			test.staticData = published.staticData;
			await test.register();
			expect(remote()).toHaveLength(2);
			await test.call('delete');
			expect(remote().map(({ endpoint }) => endpoint)).toEqual([published.url]);
		});

		it('leaves the published one alone when a test could not be registered', async () => {
			const published = await publish({ workflowId: 'shared' });
			const { n8nUrl } = published;
			const test = await prepare({ workflowId: 'shared', isTest: true, n8nUrl });
			test.staticData = published.staticData;
			sandbox.switches.faults.serverError = 1;
			await expect(test.call('create')).rejects.toThrow();
			sandbox.switches.faults.serverError = 0;
			// n8n takes back what a failed test has left, and keeps what the node has remembered until then.
			await test.call('delete');
			expect(remote().map(({ endpoint }) => endpoint)).toEqual([published.url]);
		});

		it('shows the newest real event when it listens for a test event', async () => {
			const { id } = conversation();
			sandbox.zendesk.agentComments(id, 'It ships today. 🎉');
			await sandbox.clock.advance(2 * MINUTE);
			const test = await publish({ isTest: true, parameters: { events: ['agentReplied'] } });
			expect((await test.shown()).map(({ json }) => json)).toMatchObject([
				{ event: 'agentReplied', ticketId: id, comment: { body: 'It ships today. 🎉' } },
			]);
		});

		describe('through a door', () => {
			let door: Door;
			beforeEach(async () => {
				door = await openDoor(sandbox.zendesk.url);
			});
			afterEach(async () => await door.close());
			const behindDoor = async () => {
				const { zendeskSyncApi } = zendeskCredentials(sandbox);
				const credentials = { zendeskSyncApi: { ...zendeskSyncApi, zendeskUrl: door.url } };
				return await prepare({ credentials });
			};

			it('leaves no webhook behind whose secret could not be read', async () => {
				const trigger = await behindDoor();
				const secret = door.refuse(/^GET .*signing_secret$/);
				await expect(trigger.register()).rejects.toThrow('signing secret');
				expect(secret.refused()).toBe(4);
				expect(door.passed('POST /api/v2/webhooks')).toBe(1);
				expect(remote()).toEqual([]);
				expect(JSON.stringify(trigger.staticData)).not.toContain('webhookId');
			});

			it('leaves no webhook behind whose registration had no answer', async () => {
				const trigger = await behindDoor();
				door.lose('POST /api/v2/webhooks');
				await expect(trigger.register()).rejects.toThrow('No answer');
				expect(door.passed('POST /api/v2/webhooks')).toBe(1);
				expect(remote()).toEqual([]);
			});
		});

		it('explains a name that n8n could not receive webhooks for', async () => {
			const trigger = await prepare({ name: 'Zendesk Sync Trigger' });
			await expect(trigger.register()).rejects.toThrow('n8n cannot receive');
			expect(sandbox.calls()).toEqual([]);
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
