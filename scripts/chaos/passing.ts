/** Lets time pass for n8n and both vendors, in steps between which nothing is under way. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Sandbox } from '../../sandbox/types';
import type { N8nInstance } from '../n8n/instance';
import { until } from '../n8n/until';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Less than n8n's minute between polls. */
const STEP = 20 * SECOND;
/** What is left after hours comes at ages of hours: polling less often finds the same. */
const LONG_STEP = 5 * MINUTE;
const LONG = 60 * MINUTE;
/** Milliseconds without a call after which nothing is under way. */
const CALM = 400;

export class Passing {
	/** @param lastBack when the last killed part was running again, milliseconds since 1970 */
	constructor(
		private readonly sandbox: Sandbox,
		private readonly n8n: N8nInstance,
		private readonly lastBack: () => number,
		private readonly say: (line: string) => void,
	) {}

	async pass(milliseconds: number): Promise<void> {
		const step = milliseconds > LONG ? LONG_STEP : STEP;
		for (let moved = 0; moved < milliseconds; moved += step) {
			await this.calm();
			await this.idle();
			await Promise.all([this.n8n.advance(step), this.sandbox.clock.advance(step)]);
		}
	}

	/** Resolves when nothing is under way. */
	async over(): Promise<void> {
		await this.sandbox.deliveriesSettled();
		await this.idle();
	}

	/** Resolves when the vendors have had no request for a moment. */
	private async calm(): Promise<void> {
		const calls = () => this.sandbox.callCounts().zendesk + this.sandbox.callCounts().klaviyo;
		for (let seen = -1; seen !== calls(); await pause(CALM)) seen = calls();
	}

	private async idle(): Promise<void> {
		// Executions of a killed worker stay `running` for hours: n8n looks for them every three hours.
		const isIdle = async () =>
			(await this.n8n.executions({ status: ['new', 'running'] })).every(
				({ createdAt }) => Date.parse(createdAt) <= this.lastBack(),
			);
		await until('executions to end', isIdle, { timeout: 10 * MINUTE, every: SECOND }).catch(
			(error: unknown) => this.say(String(error)),
		);
	}
}
