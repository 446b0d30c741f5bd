/** Lets time pass for n8n and both vendors, in steps between which nothing is under way. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Sandbox } from '../../sandbox/types';
import type { N8nInstance } from '../n8n/instance';
import { until } from '../n8n/until';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Less than n8n's minute between polls: each poll comes, and the retries between them. */
const STEP = 50 * SECOND;
/** What is left after hours comes at ages of hours: polling less often finds the same. */
export const LONG_STEP = 5 * MINUTE;
const LONG = 60 * MINUTE;
/**
 * The account goes on sending to somebody else: if it fell silent, Klaviyo's log could not be told from one that is late,
 * and the agent of a reply that was not sent would be told hours later.
 */
const SENDS_EVERY = 5 * MINUTE;
/** Fictional (555-01xx), and no customer of the script. */
const BYSTANDER = '+12125550199';

/** Little beside the 30 s after which a node gives up: a slow machine is not to make it give up. */
const NAP = 2 * SECOND;

/** Milliseconds without a call after which nothing is under way. */
const CALM = 400;

export class Passing {
	/**
	 * @param sandbox with whose clock that of n8n moves
	 * @param lastBack when the last killed part was running again, milliseconds since 1970
	 */
	constructor(
		private readonly sandbox: Sandbox,
		private readonly n8n: N8nInstance,
		private readonly lastBack: () => number,
		private readonly say: (line: string) => void,
	) {}

	async pass(milliseconds: number, step = milliseconds > LONG ? LONG_STEP : STEP): Promise<void> {
		for (let moved = 0; moved < milliseconds; moved += step) {
			if (moved % SENDS_EVERY === 0) this.sendElsewhere();
			await this.calm();
			await this.idle();
			await this.sandbox.clock.advance(step);
		}
	}

	private sendElsewhere(): void {
		const { klaviyo } = this.sandbox;
		if (!klaviyo.profiles().some(({ phone }) => phone === BYSTANDER))
			klaviyo.addProfile({ phone: BYSTANDER, smsMarketing: true });
		klaviyo.brandWrites({ to: BYSTANDER, body: 'Sale', kind: 'campaign' });
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
		const isIdle = async () => {
			const isOver = (await this.n8n.executions({ status: ['new', 'running'] })).every(
				({ createdAt }) => Date.parse(createdAt) <= this.lastBack(),
			);
			if (!isOver) await this.nap();
			return isOver;
		};
		await until('executions to end', isIdle, { timeout: 10 * MINUTE, every: 1 }).catch(
			(error: unknown) => this.say(String(error)),
		);
	}

	/** For executions that only wait, for the next attempt or an answer that is held back: nobody has to wait with them. */
	private async nap(): Promise<void> {
		await this.calm();
		if (this.n8n.movesClock) await this.sandbox.clock.advance(NAP);
	}
}
