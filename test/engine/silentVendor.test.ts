/**
 * n8n starts while a vendor does not answer at all. It gives each publication 84 seconds, with the first poll in it,
 * which takes up to 36 (`unit/pollFault`, `unit/transport`): the look-up of the webhook must leave them to it.
 */
import { forgetProcess } from '../../nodes/shared/processMemory';
import { openSilentVendor, type SilentVendor } from './support/silentVendor';
import { knowingTheirWebhooks } from './support/knownWebhooks';
import type { ActiveTrigger } from './support/trigger';

/** Milliseconds that are left for the look-up. */
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
