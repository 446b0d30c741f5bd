/**
 * Time in a test that plays whole days: it stands still while anything is under way, and then jumps to the next thing
 * that is due. `Date` and n8n's `sleep` follow the sandbox's clock, so that a rule which waits four seconds has waited
 * four seconds, and nobody else has. Jest loads it before a test's file.
 */
import './quiet';
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { ClientRequest } from 'node:http';
import { performance } from 'node:perf_hooks';
import { dice } from '../../../sandbox/random';
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

/**
 * From now on this process lives by `sandboxClock`, and its chances (how long it waits before it asks again) by the
 * seed. The returned function ends that.
 */
export function followClock(sandboxClock: SandboxClock, seed: number): () => void {
	clock = sandboxClock;
	// Jest keeps each `Date` that there was, so it must not keep the clock, and with it the whole sandbox.
	const now = (): number => (clock ? Math.floor(clock.now()) : RealDate.now());
	globalThis.Date = new Proxy(RealDate, {
		construct: (target, args: unknown[]) =>
			args.length === 0 ? new target(now()) : (Reflect.construct(target, args) as Date),
		get: (target, name): unknown => (name === 'now' ? now : Reflect.get(target, name)),
	});
	const { random } = Math;
	Math.random = dice(seed ^ 0x717e);
	return () => {
		globalThis.Date = RealDate;
		Math.random = random;
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

/** Requests to each vendor. */
export interface Asked {
	zendesk: number;
	klaviyo: number;
}

const vendorOf = ({ path }: ClientRequest): keyof Asked =>
	path.startsWith('/api/') && !path.startsWith('/api/v2/') ? 'klaviyo' : 'zendesk';

/** Watches the requests that this process makes: how many are open, and how many were made on whose behalf. */
export class Traffic {
	readonly made = new Map<string, Asked>();
	private readonly open = new Set<object>();
	private signs = 0;

	/** @param onRequest told of each request that begins */
	constructor(private readonly onRequest: () => void = () => {}) {
		for (const [channel, listener] of this.channels()) subscribe(channel, listener);
	}

	close(): void {
		for (const [channel, listener] of this.channels()) unsubscribe(channel, listener);
	}

	/** Resolves when all that is under way waits for time to pass. */
	async settled(held: () => number): Promise<void> {
		let signs = this.signsOfLife();
		let since = performance.now();
		for (let calm = 0; ; calm++) {
			await new Promise(setImmediate);
			const now = this.signsOfLife();
			if (signs !== now) {
				signs = now;
				since = performance.now();
				calm = 0;
			}
			if (this.open.size <= held()) {
				if (calm >= CALM_ROUNDS) return;
			} else if (calm >= HELD_UP_ROUNDS && performance.now() - since > HELD_UP) return;
		}
	}

	/** Bytes on their way are such a sign too: a large picture takes a while. */
	private signsOfLife(): number {
		let bytes = 0;
		for (const request of this.open)
			if (request instanceof ClientRequest && request.socket)
				bytes += request.socket.bytesRead + request.socket.bytesWritten;
		return this.signs + bytes;
	}

	private channels(): Array<[string, (message: unknown) => void]> {
		return [
			['http.client.request.start', this.started],
			['http.server.request.start', this.sign],
			['http.server.response.finish', this.sign],
			// What `fetch` asks for: the test's own requests.
			['undici:request:create', this.fetching],
			['undici:request:trailers', this.fetched],
			['undici:request:error', this.fetched],
		];
	}

	private readonly sign = (): void => {
		this.signs += 1;
	};

	private readonly started = (message: unknown): void => {
		const { request } = message as { request: ClientRequest };
		const owner = onBehalfOf.getStore() ?? '';
		const made = this.made.get(owner) ?? { zendesk: 0, klaviyo: 0 };
		made[vendorOf(request)] += 1;
		this.made.set(owner, made);
		this.begin(request);
		request.once('close', () => this.end(request));
	};

	private readonly fetching = (message: unknown): void => {
		this.begin((message as { request: object }).request);
	};

	private readonly fetched = (message: unknown): void => {
		this.end((message as { request: object }).request);
	};

	private begin(request: object): void {
		this.open.add(request);
		this.signs += 1;
		this.onRequest();
	}

	private end(request: object): void {
		if (this.open.delete(request)) this.signs += 1;
	}
}
