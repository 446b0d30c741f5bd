/**
 * n8n starts while a vendor does not answer at all. It gives each publication 84 seconds, with the first poll in it,
 * which takes up to 36 (`unit/pollFault`, `unit/transport`): the look-up of the webhook must leave them to it.
 */
import { KlaviyoTrigger } from '../../nodes/Klaviyo/KlaviyoTrigger.node';
import { forgetProcess } from '../../nodes/shared/processMemory';
import { ZendeskSyncTrigger } from '../../nodes/ZendeskSync/ZendeskSyncTrigger.node';
import { startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox/types';
import { ask, zendeskCredentials } from './support/desk';
import { klaviyoCredentials } from './support/klaviyoNode';
import { openSilentVendor, type SilentVendor } from './support/silentVendor';
import { knowingTheirWebhooks } from './support/knownWebhooks';
import { type ActiveTrigger, activate, listen } from './support/trigger';

/** Milliseconds that are left for looking up a webhook, and registering it again. */
const LEFT = 48_000;

describe('While neither vendor answers at all', () => {
	let silent: SilentVendor;
	let zendesk: ActiveTrigger;
	let klaviyo: ActiveTrigger;

	beforeEach(async () => {
		forgetProcess();
		silent = await openSilentVendor();
		const { url } = silent;
		({ zendesk, klaviyo } = await knowingTheirWebhooks(url));
	});
	afterEach(async () => {
		await Promise.all([silent.close(), zendesk.close(), klaviyo.close()]);
	});

	it('known webhooks count as present, in time', async () => {
		const began = performance.now();
		const areThere = [zendesk, klaviyo].map(async (trigger) => await trigger.call('checkExists'));
		expect(await Promise.all(areThere)).toEqual([true, true]);
		expect(performance.now() - began).toBeLessThan(LEFT);
	}, 180_000);
});

describe('Vendors that stop answering after they said that a webhook is gone', () => {
	let sandbox: Sandbox;
	const triggers: ActiveTrigger[] = [];

	beforeEach(async () => {
		forgetProcess();
		sandbox = await startSandbox({ limits: 1000 });
	});
	afterEach(async () => {
		const closing = triggers.splice(0).map(async (trigger) => await trigger.close());
		await Promise.all([...closing, sandbox.close()]);
	});

	const zendeskTrigger = async (): Promise<ActiveTrigger> => {
		const trigger = await activate(ZendeskSyncTrigger, {
			credentials: zendeskCredentials(sandbox),
			parameters: { authentication: 'apiToken', events: ['opened'] },
		});
		for (const { id } of sandbox.zendesk.webhooks())
			await ask(sandbox, 'DELETE', `/api/v2/webhooks/${id}`);
		return trigger;
	};
	const klaviyoTrigger = async (): Promise<ActiveTrigger> => {
		const trigger = await activate(KlaviyoTrigger, { credentials: klaviyoCredentials(sandbox) });
		const { url, account } = sandbox.klaviyo;
		for (const { id } of sandbox.klaviyo.webhooks())
			await fetch(`${url}/api/webhooks/${id}`, {
				method: 'DELETE',
				headers: { authorization: `Klaviyo-API-Key ${account.apiKey}`, revision: '2026-07-15' },
			});
		return trigger;
	};
	/** A flow has replaced its webhook, which is still to be removed. */
	const flowTrigger = async (): Promise<ActiveTrigger> => {
		const before = await activate(KlaviyoTrigger, { credentials: klaviyoCredentials(sandbox) });
		const trigger = await listen(KlaviyoTrigger, {
			credentials: klaviyoCredentials(sandbox),
			parameters: { source: 'flowWebhook' },
		});
		const known = JSON.stringify(before.staticData).replaceAll(before.url, trigger.url);
		trigger.staticData = JSON.parse(known) as typeof trigger.staticData;
		await before.close();
		return trigger;
	};

	it('do not hold the start up', async () => {
		for (const open of [zendeskTrigger, klaviyoTrigger, flowTrigger]) triggers.push(await open());
		for (const trigger of triggers) expect(await trigger.call('checkExists')).toBe(false);
		sandbox.switches.heldAnswer = 600_000;
		sandbox.switches.faults.timeOut = 1;
		const took = triggers.map(async (trigger) => {
			const began = performance.now();
			await trigger.call('create');
			return performance.now() - began;
		});
		for (const milliseconds of await Promise.all(took))
			expect(milliseconds).toBeLessThan(LEFT - 15_000);
	}, 180_000);
});
