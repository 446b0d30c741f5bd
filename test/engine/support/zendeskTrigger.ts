/** Zendesk Sync Trigger on a stage of its own: a sandbox, and the triggers that a test opens. */
import { type QuickSandbox, startQuickSandbox } from './quickTime';
import type { IDataObject } from 'n8n-workflow';
import { ZendeskSyncTrigger } from '../../../nodes/ZendeskSync/ZendeskSyncTrigger.node';
import type { SandboxOptions, SandboxTicket } from '../../../sandbox/types';
import { CUSTOMER, MINUTE, zendeskCredentials } from './desk';
import { type ActiveTrigger, activate, listen, type TriggerSetup } from './trigger';

export const ALL_EVENTS = ['opened', 'solved', 'reopened', 'closed', 'agentReplied'];

export class TriggerStage {
	private readonly open: ActiveTrigger[] = [];

	private constructor(readonly sandbox: QuickSandbox) {}

	static async start(options: SandboxOptions = {}): Promise<TriggerStage> {
		return new TriggerStage(await startQuickSandbox({ hurry: 50, ...options }));
	}

	async close(): Promise<void> {
		await Promise.all(this.open.splice(0).map(async (trigger) => await trigger.close()));
		await this.sandbox.close();
	}

	/** By API token, all events, until they are done, unless `parameters` say otherwise. */
	setupOf({ parameters = {}, ...setup }: TriggerSetup = {}): TriggerSetup {
		return {
			credentials: zendeskCredentials(this.sandbox),
			parameters: {
				authentication: 'apiToken',
				events: ALL_EVENTS,
				deliverEachEvent: 'untilDone',
				...parameters,
			},
			...setup,
		};
	}

	/** Published: registered at the sandbox. */
	async publish(setup: TriggerSetup = {}): Promise<ActiveTrigger> {
		return this.keep(await activate(ZendeskSyncTrigger, this.setupOf(setup)));
	}

	/** Without a webhook. */
	async prepare(setup: TriggerSetup = {}): Promise<ActiveTrigger> {
		return this.keep(await listen(ZendeskSyncTrigger, this.setupOf(setup)));
	}

	private keep(trigger: ActiveTrigger): ActiveTrigger {
		this.open.push(trigger);
		return trigger;
	}

	customer(): string {
		return this.sandbox.zendesk.addUser({ name: 'Ana', phone: CUSTOMER }).id;
	}

	/** A ticket of the customer's SMS conversation, opened with an internal note. */
	conversation(requesterId = this.customer(), more: Partial<SandboxTicket> = {}): SandboxTicket {
		return this.sandbox.zendesk.agentCreates({
			subject: 'SMS',
			body: 'Made by hand',
			requesterId,
			externalId: `klaviyo:sms:${CUSTOMER}`,
			public: false,
			...(more.tags ? { tags: more.tags } : {}),
			...(more.brandId ? { brandId: more.brandId } : {}),
		});
	}

	/** Zendesk's calls so far whose path has this in it. */
	callsTo(part: string): number {
		return this.sandbox.calls().filter(({ path }) => path.includes(part)).length;
	}
}

export const eventsOf = (trigger: ActiveTrigger): IDataObject[] =>
	trigger.executions.flatMap((items) => items.map(({ json }) => json));

/** The clock of n8n and the sandbox, as a test moves it by hand. */
export class HandClock {
	constructor(private readonly stage: TriggerStage) {}

	pass(milliseconds: number): void {
		this.stage.sandbox.clock.jump(milliseconds);
	}

	read(): number {
		return this.stage.sandbox.clock.now();
	}

	/** What a poll brings, so much later. */
	async poll(trigger: ActiveTrigger, after = MINUTE): Promise<IDataObject[]> {
		this.pass(after);
		return (await trigger.poll()).map(({ json }) => json);
	}
}
