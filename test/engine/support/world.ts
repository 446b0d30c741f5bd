/**
 * The whole loop in one process: the sandbox, the templates with their triggers and nodes, polls every minute, and simulated
 * time that jumps from one thing to the next. The test decides what people do.
 */
import { type Asked, followClock, onBehalfOf, Traffic } from './worldTime';
import type { INodeExecutionData } from 'n8n-workflow';
import { forgetProcess } from '../../../nodes/shared/processMemory';
import { startSandbox } from '../../../sandbox';
import { dice, type Dice } from '../../../sandbox/random';
import type { Sandbox, SandboxOptions } from '../../../sandbox/types';
import { deduplicator } from './deduplicator';
import { readTemplate, type Template, TemplateWorkflow } from './worldTemplate';
import { type ActiveTrigger, listen } from './trigger';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** The templates of the sync in both directions, and of what it leaves on tickets and profiles. */
export const WHOLE_SYNC = [
	'01-inbound-message-to-ticket.json',
	'02-agent-reply-to-customer.json',
	'03-ticket-metrics-to-klaviyo.json',
	'04-messages-from-klaviyo-to-ticket.json',
];

const WEBHOOK_SECRET = 'a secret of twenty characters and more';

export interface WorldOptions {
	seed: number;
	/** Files of `templates/`, or templates of the test's own. */
	templates: Array<string | Template>;
	/** Whether the vendors send webhooks. */
	webhooks?: boolean;
	/** Whether n8n polls. */
	polling?: boolean;
	/** Milliseconds from one poll to the next, a minute by default. */
	pollEvery?: number;
	/** Multiplies the vendors' rate limits; the real ones by default. */
	limits?: number;
	/** Whether `sandbox.calls()` has every call. */
	keepCalls?: boolean;
	/** Whether `executions` has every one, with its items; false for runs of many thousands. True by default. */
	keepExecutions?: boolean;
	/** Told of each execution that begins. */
	onExecution?: (execution: { workflow: string; items: number; by: 'poll' | 'webhook' }) => void;
	switches?: SandboxOptions['switches'];
}

export interface WorldExecution {
	workflow: string;
	items: INodeExecutionData[];
	/** What ended it before its end. */
	error?: Error;
}

export class World {
	readonly executions: WorldExecution[] = [];

	/** Chances of the test's own. */
	readonly roll: Dice;

	private readonly running = new Set<Promise<void>>();

	private readonly workflows: TemplateWorkflow[] = [];

	private readonly triggers: Array<{ name: string; trigger: ActiveTrigger }> = [];

	private readonly restore: () => void;

	private isOpen = true;

	private isDown = false;

	private constructor(
		readonly sandbox: Sandbox,
		private readonly traffic: Traffic,
		private readonly options: WorldOptions,
	) {
		this.roll = dice(options.seed);
		this.restore = followClock(sandbox.clock, options.seed);
	}

	/** Starts everything and publishes the workflows. The day begins at eight in the morning. */
	static async start(options: WorldOptions): Promise<World> {
		// A new n8n with a new database: workflows have the same ids in each.
		deduplicator.rows.clear();
		const traffic = new Traffic();
		const held = { by: () => 0 };
		const sandbox = await startSandbox({
			seed: options.seed,
			limits: options.limits ?? 1,
			keepCalls: options.keepCalls ?? false,
			switches: options.switches ?? {},
			time: {
				speed: 0,
				start: Date.parse('2026-11-23T08:00:00Z'),
				settled: async () => await traffic.settled(held.by),
			},
		});
		held.by = () => sandbox.clock.waiting();
		const world = new World(sandbox, traffic, options);
		forgetProcess();
		for (const template of options.templates) await world.publish(template);
		sandbox.switches.webhooks = options.webhooks ?? true;
		return world;
	}

	get now(): number {
		return this.sandbox.clock.now();
	}

	/** Whether n8n runs. */
	get isUp(): boolean {
		return !this.isDown;
	}

	/** Lets time pass until then. */
	async passUntil(time: number): Promise<void> {
		await this.pass(Math.max(0, time - this.now));
	}

	/** Lets time pass. */
	async pass(milliseconds: number): Promise<void> {
		await this.sandbox.clock.advance(milliseconds);
	}

	/** n8n ends once nothing is under way: nothing polls, and webhooks do not reach it. */
	async down(): Promise<void> {
		await this.idle();
		this.isDown = true;
		this.sandbox.switches.webhooks = false;
	}

	/** A new n8n process: it knows what is published, and nothing of what the last one did. */
	up(): void {
		forgetProcess();
		this.isDown = false;
		this.sandbox.switches.webhooks = this.options.webhooks ?? true;
	}

	/** Requests so far, by who made them: `<workflow>` for executions, `<workflow> poll` for polls. */
	requests(): Record<string, Asked> {
		return Object.fromEntries(
			[...this.traffic.made].flatMap(([owner, made]) =>
				owner === '' ? [] : [[owner, { ...made }]],
			),
		);
	}

	/** Lets time pass until no execution is under way. */
	async idle(): Promise<void> {
		for (;;) {
			await this.pass(0);
			if (this.running.size === 0) return;
			await this.until(Promise.race(this.running));
		}
	}

	/** Starts an execution of each workflow, with items of the test's own. */
	begin(items: INodeExecutionData[]): void {
		for (const workflow of this.workflows) this.execute(workflow, items);
	}

	/** Characters of what n8n saves for each trigger, by workflow. */
	saved(): Record<string, number> {
		return Object.fromEntries(
			this.triggers.map(({ name, trigger }) => [name, JSON.stringify(trigger.staticData).length]),
		);
	}

	/** The errors that ended executions. */
	failures(): Array<{ workflow: string; error: Error }> {
		return this.executions.flatMap(({ workflow, error }) => (error ? [{ workflow, error }] : []));
	}

	async close(): Promise<void> {
		this.isOpen = false;
		await this.idle();
		for (const { trigger } of this.triggers) await trigger.close();
		this.restore();
		await this.sandbox.close();
		this.traffic.close();
	}

	/** Lets time pass until something that may need it is over. */
	private async until<T>(promise: Promise<T>): Promise<T> {
		let isOver = false;
		const over = () => (isOver = true);
		promise.then(over, over);
		for (;;) {
			await this.pass(0);
			if (isOver) return await promise;
			await this.pass(this.sandbox.clock.nextDue() - this.now);
		}
	}

	private async publish(given: string | Template): Promise<void> {
		const template = typeof given === 'string' ? readTemplate(given) : given;
		const { zendesk, klaviyo } = this.sandbox;
		const credentials = {
			zendeskSyncApi: {
				zendeskUrl: zendesk.url,
				email: zendesk.account.email,
				apiToken: zendesk.account.apiToken,
			},
			klaviyoSyncApi: {
				apiKey: klaviyo.account.apiKey,
				webhookSecret: WEBHOOK_SECRET,
				baseUrl: klaviyo.url,
			},
		};
		const workflow = new TemplateWorkflow(template, credentials);
		this.workflows.push(workflow);
		const { type, ...setup } = workflow.trigger;
		const trigger = await listen(type, {
			...setup,
			credentials,
			keepsExecutions: this.options.keepExecutions ?? true,
			onItems: (items) => this.execute(workflow, items),
		});
		await this.until(onBehalfOf.run(`${template.name} publish`, () => trigger.register()));
		this.triggers.push({ name: template.name, trigger });
		if (this.options.polling ?? true) this.pollFromNowOn(template.name, trigger);
	}

	/** At a second of its own, as n8n does. */
	private pollFromNowOn(name: string, trigger: ActiveTrigger): void {
		const { pollEvery = MINUTE } = this.options;
		const poll = (): void => {
			if (!this.isOpen) return;
			this.sandbox.clock.after(pollEvery, poll);
			if (this.isDown) return;
			this.track(
				onBehalfOf.run(`${name} poll`, async () => void (await trigger.poll())),
				name,
				[],
			);
		};
		this.sandbox.clock.after(Math.floor(this.roll() * 60) * SECOND, poll);
	}

	private execute(workflow: TemplateWorkflow, items: INodeExecutionData[]): void {
		const { name } = workflow;
		const by = onBehalfOf.getStore() === `${name} poll` ? 'poll' : 'webhook';
		this.options.onExecution?.({ workflow: name, items: items.length, by });
		const run = onBehalfOf.run(name, async () => {
			const { error } = await workflow.play(items, 'trigger');
			if (error) throw error;
			if (this.options.keepExecutions ?? true) this.executions.push({ workflow: name, items });
		});
		this.track(run, name, items);
	}

	private track(run: Promise<void>, workflow: string, items: INodeExecutionData[]): void {
		const tracked: Promise<void> = run
			.catch((error: unknown) => {
				const shown = error instanceof Error ? error : new Error(JSON.stringify(error));
				this.executions.push({ workflow, items, error: shown });
			})
			.finally(() => this.running.delete(tracked));
		this.running.add(tracked);
	}
}
