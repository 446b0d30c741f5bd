import { startControl } from './control';
import { makeCore } from './core';
import { klaviyoPeople } from './klaviyo/people';
import { startKlaviyo } from './klaviyo/server';
import type { Sandbox, SandboxOptions } from './types';
import { zendeskPeople } from './zendesk/people';
import { startZendesk } from './zendesk/server';

export * from './types';

/** Starts a local Zendesk, a local Klaviyo and the control server, all on 127.0.0.1. Close it when done. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const core = makeCore(options);
	const { clock, changes, sender } = core;
	const zendesk = await startZendesk(core, options.zendeskPort ?? 0);
	const klaviyo = await startKlaviyo(core, options.klaviyoPort ?? 0);
	const control = await startControl(
		core,
		() => sandbox,
		{ zendesk: zendesk.store, klaviyo: klaviyo.store },
		options.controlPort ?? 0,
	);
	const sandbox: Sandbox = {
		zendesk: zendeskPeople(zendesk),
		klaviyo: klaviyoPeople(klaviyo),
		controlUrl: control.url,
		clock: {
			now: () => clock.now(),
			advance: (milliseconds) => clock.advance(milliseconds),
			jump: (milliseconds) => clock.jump(milliseconds),
			after: (milliseconds, work) => clock.after(milliseconds, work),
			nextDue: () => clock.nextDue(),
			waiting: () => clock.waiting(),
		},
		switches: core.switches,
		calls: () => [...core.recorder.calls],
		callCounts: () => ({ ...core.recorder.counts }),
		faults: () => ({ ...core.injected }),
		deliveries: () => [...sender.attempts],
		deliveriesSettled: () => sender.settled(),
		until: (what, condition, timeout) => changes.until(what, condition, timeout),
		async close() {
			clock.stop();
			sender.close();
			await Promise.all([zendesk.app.close(), klaviyo.app.close(), control.close()]);
			await core.recorder.close();
		},
	};
	return sandbox;
}
