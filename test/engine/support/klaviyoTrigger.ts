/** Klaviyo Trigger against a sandbox of its own for each test of a file. */
import { type QuickSandbox, startQuickSandbox } from './quickTime';
import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';
import { KlaviyoTrigger } from '../../../nodes/Klaviyo/KlaviyoTrigger.node';
import type { SandboxOptions } from '../../../sandbox/types';
import { type ActiveTrigger, activate, listen, type TriggerSetup } from './trigger';

export const SECRET = 'a secret of 16 letters or more';
export const CUSTOMER = '+12125550123';
export const MINUTE = 60_000;

/** How a test works with the trigger; made anew for each. */
export class TriggerBench {
	private readonly open: ActiveTrigger[] = [];

	constructor(readonly sandbox: QuickSandbox) {}

	get klaviyo() {
		return this.sandbox.klaviyo;
	}

	credentials(webhookSecret = SECRET): Record<string, ICredentialDataDecryptedObject> {
		const { account, url } = this.klaviyo;
		return { klaviyoSyncApi: { apiKey: account.apiKey, webhookSecret, baseUrl: url } };
	}

	/** Published: its port is open, and its webhook registered where it registers one. */
	async publish(
		parameters: INodeParameters = {},
		setup: TriggerSetup = {},
	): Promise<ActiveTrigger> {
		return this.keep(await activate(KlaviyoTrigger, this.setup(parameters, setup)));
	}

	/** Its port is open, and nothing registered. */
	async prepare(
		parameters: INodeParameters = {},
		setup: TriggerSetup = {},
	): Promise<ActiveTrigger> {
		return this.keep(await listen(KlaviyoTrigger, this.setup(parameters, setup)));
	}

	/** Changes the account as a person or program with the key would. */
	async call(method: string, path: string, data?: unknown): Promise<unknown> {
		return await (await this.send(method, path, data)).json();
	}

	/** As `call`, where there may be no answer to read. */
	async send(method: string, path: string, data?: unknown): Promise<Response> {
		return await fetch(`${this.klaviyo.url}${path}`, {
			method,
			headers: {
				authorization: `Klaviyo-API-Key ${this.klaviyo.account.apiKey}`,
				revision: '2026-07-15',
				'content-type': 'application/vnd.api+json',
			},
			...(data === undefined ? {} : { body: JSON.stringify({ data }) }),
		});
	}

	callsOf(path: string): number {
		return this.sandbox.calls().filter((call) => call.path === path).length;
	}

	async close(): Promise<void> {
		await Promise.all(this.open.splice(0).map(async (trigger) => await trigger.close()));
		await this.sandbox.close();
	}

	private setup(parameters: INodeParameters, setup: TriggerSetup): TriggerSetup {
		return {
			credentials: this.credentials(),
			...setup,
			parameters: { deliverEachEvent: 'untilDone', ...parameters },
		};
	}

	private keep(trigger: ActiveTrigger): ActiveTrigger {
		this.open.push(trigger);
		return trigger;
	}
}

/** In a `describe`: a bench for each test, and the time as the node sees it. */
export function benches(options: SandboxOptions = {}) {
	let bench: TriggerBench;
	beforeEach(async () => {
		// Webhook calls are limited to one a second, which would only slow the tests down.
		bench = new TriggerBench(await startQuickSandbox({ hurry: 50, ...options }));
	});
	afterEach(async () => await bench.close());
	return {
		bench: () => bench,
		/** Moves the clock of n8n and Klaviyo. */
		pass: (minutes: number): number => {
			const { clock } = bench.sandbox;
			clock.jump(minutes * MINUTE);
			return clock.now();
		},
	};
}
