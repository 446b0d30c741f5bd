import axios from 'axios';
import type { Changes } from './changes';
import type { MovableClock } from './clock';
import type { Dice } from './random';
import type { DeliveryAttempt, FaultCounts, SandboxSwitches } from './types';

/** An endpoint's answer to one attempt. `status` is null if there was none. */
export interface Outcome {
	status: number | null;
	timedOut: boolean;
	/** Seconds, from the endpoint's Retry-After. */
	retryAfter: number | undefined;
	/** The beginning of its answer. */
	answer: string;
}

/** One delivery: what is sent, and what the vendor does if the endpoint does not accept it. */
export interface Delivery {
	vendor: DeliveryAttempt['vendor'];
	webhookId: string;
	url: string;
	eventIds: string[];
	timeout: number;
	/** Built anew for each attempt, because the timestamp is signed. */
	request(): { body: string; headers: Record<string, string> };
	/** Milliseconds to the next attempt, or undefined to give up. `attempt` counts from 1. */
	retryIn(outcome: Outcome, attempt: number): number | undefined;
}

const longestAnswer = 2000;

interface SenderParts {
	clock: MovableClock;
	changes: Changes;
	switches: SandboxSwitches;
	faultRoll: Dice;
	injected: FaultCounts;
	/** Whether the list of attempts keeps requests and answers. */
	keepsBodies: boolean;
	hurried(milliseconds: number): number;
}

/** Sends webhooks, retries as each vendor does, and keeps a list of the attempts. */
export class WebhookSender {
	readonly attempts: DeliveryAttempt[] = [];
	private pending = 0;
	private waiters: Array<() => void> = [];
	private closed = false;

	constructor(private readonly parts: SenderParts) {}

	send(delivery: Delivery): void {
		if (!this.parts.switches.webhooks) return;
		const copies = this.happens('duplicateDelivery') ? 2 : 1;
		for (let copy = 0; copy < copies; copy += 1) {
			this.pending += 1;
			if (this.happens('lateDelivery')) {
				const late = this.parts.faultRoll() * this.parts.switches.latestDelivery;
				this.parts.clock.after(late, () => this.attempt(delivery, 1));
			} else void this.attempt(delivery, 1);
		}
	}

	private happens(fault: 'duplicateDelivery' | 'lateDelivery'): boolean {
		const rate = this.parts.switches.faults[fault];
		if (rate === 0 || this.parts.faultRoll() >= rate) return false;
		this.parts.injected[fault] += 1;
		return true;
	}

	/** Resolves when nothing is under way or waiting for a retry. */
	settled(): Promise<void> {
		if (this.pending === 0) return Promise.resolve();
		return new Promise((resolve) => this.waiters.push(resolve));
	}

	close(): void {
		this.closed = true;
		this.pending = 0;
		this.release();
	}

	private async attempt(delivery: Delivery, number: number): Promise<void> {
		const { vendor, webhookId, url, eventIds, timeout } = delivery;
		const { body, headers } = delivery.request();
		const outcome = await post(url, body, headers, timeout);
		if (this.closed) return;
		this.attempts.push({
			at: new Date(this.parts.clock.now()).toISOString(),
			vendor,
			webhookId,
			url,
			attempt: number,
			status: outcome.status,
			eventIds,
			body: this.parts.keepsBodies ? body : '',
			response: this.parts.keepsBodies ? outcome.answer : '',
		});
		const delay = delivery.retryIn(outcome, number);
		if (delay === undefined) {
			this.pending -= 1;
			if (this.pending === 0) this.release();
		} else {
			this.parts.clock.after(this.parts.hurried(delay), () => this.attempt(delivery, number + 1));
		}
		this.parts.changes.announce();
	}

	private release(): void {
		const waiters = this.waiters;
		this.waiters = [];
		for (const resolve of waiters) resolve();
	}
}

async function post(
	url: string,
	body: string,
	headers: Record<string, string>,
	timeout: number,
): Promise<Outcome> {
	try {
		const answer = await axios.post(url, Buffer.from(body, 'utf8'), {
			headers: { 'content-type': 'application/json', ...headers },
			signal: AbortSignal.timeout(timeout),
			maxRedirects: 0,
			validateStatus: () => true,
			proxy: false,
			responseType: 'text',
		});
		const retryAfter = Number(answer.headers['retry-after'] ?? NaN);
		return {
			status: answer.status,
			timedOut: false,
			retryAfter: Number.isFinite(retryAfter) ? retryAfter : undefined,
			answer: String(answer.data ?? '').slice(0, longestAnswer),
		};
	} catch (error) {
		return { status: null, timedOut: axios.isCancel(error), retryAfter: undefined, answer: '' };
	}
}

/** Both vendors require https; plain http is accepted only for this machine, so that tests can listen. */
export function isAllowedEndpoint(endpoint: string): boolean {
	let url: URL;
	try {
		url = new URL(endpoint);
	} catch {
		return false;
	}
	if (url.protocol === 'https:') return true;
	return url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
}
