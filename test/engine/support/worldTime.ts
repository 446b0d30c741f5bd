/**
 * Time in a test that plays whole days: it stands still while anything is under way, and then jumps to the next thing
 * that is due. `Date` and n8n's `sleep` follow the sandbox's clock, so that a rule which waits four seconds has waited
 * four seconds, and nobody else has. To be imported before anything of n8n's.
 */
import './quiet';
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { SandboxClock } from '../../../sandbox/types';

jest.mock('n8n-workflow', () => ({
	__esModule: true,
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (milliseconds: number) => await mockTime.sleep(milliseconds),
}));

let clock: SandboxClock | undefined;
const mockTime = {
	sleep: (milliseconds: number): Promise<void> =>
		new Promise((resolve) => {
			if (clock) clock.after(milliseconds, resolve);
			else setTimeout(resolve, milliseconds);
		}),
};

const RealDate = Date;

/** From now on this process lives by `sandboxClock`. The returned function ends that. */
export function followClock(sandboxClock: SandboxClock): () => void {
	clock = sandboxClock;
	const now = (): number => Math.floor(sandboxClock.now());
	globalThis.Date = new Proxy(RealDate, {
		construct: (target, args: unknown[]) =>
			args.length === 0 ? new target(now()) : (Reflect.construct(target, args) as Date),
		get: (target, name): unknown => (name === 'now' ? now : Reflect.get(target, name)),
	});
	return () => {
		globalThis.Date = RealDate;
		clock = undefined;
	};
}

/** Rounds of the event loop without a sign of life after which nothing is under way. */
const CALM_ROUNDS = 12;
/** The same for when a request is held up for another reason than time: by another request, say. In milliseconds. */
const HELD_UP = 40;
const HELD_UP_ROUNDS = 200;

/** Whose work this is, for counting requests. */
export const onBehalfOf = new AsyncLocalStorage<string>();

/** Watches the requests that this process makes: how many are open, and how many were made on whose behalf. */
export class Traffic {
	readonly made = new Map<string, number>();
	private open = 0;
	private signs = 0;

	constructor() {
		subscribe('http.client.request.start', this.started);
		subscribe('http.server.request.start', this.sign);
		subscribe('http.server.response.finish', this.sign);
	}

	close(): void {
		unsubscribe('http.client.request.start', this.started);
		unsubscribe('http.server.request.start', this.sign);
		unsubscribe('http.server.response.finish', this.sign);
	}

	/** Resolves when all that is under way waits for time to pass. */
	async settled(held: () => number): Promise<void> {
		let signs = this.signs;
		let since = performance.now();
		for (let calm = 0; ; calm++) {
			await new Promise(setImmediate);
			if (signs !== this.signs) {
				({ signs } = this);
				since = performance.now();
				calm = 0;
			}
			if (this.open <= held()) {
				if (calm >= CALM_ROUNDS) return;
			} else if (calm >= HELD_UP_ROUNDS && performance.now() - since > HELD_UP) return;
		}
	}

	private readonly sign = (): void => {
		this.signs += 1;
	};

	private readonly started = (message: unknown): void => {
		const { request } = message as { request: ClientRequest };
		const owner = onBehalfOf.getStore() ?? '';
		this.made.set(owner, (this.made.get(owner) ?? 0) + 1);
		this.open += 1;
		this.signs += 1;
		request.once('close', () => {
			this.open -= 1;
			this.signs += 1;
		});
	};
}
