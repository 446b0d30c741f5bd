/**
 * Requests to the local Zendesk and Klaviyo, observed in this process, where they arrive. The sandbox's own list of calls
 * keeps every body, which is too much for many thousands.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Sandbox } from '../../sandbox/types';

export type Vendor = 'zendesk' | 'klaviyo';

export interface Counts {
	zendesk: number;
	klaviyo: number;
	/** How many of them read profiles at Klaviyo. */
	profileReads: number;
	/** The most milliseconds that the sandbox itself can have worked on them: several may have been under way. */
	sandbox: number;
}

interface Message {
	request: IncomingMessage;
	response: ServerResponse;
	server: Server;
}

export class Traffic {
	/** When a ticket was created or got a comment, in milliseconds since 1970, and which one: null for a new ticket. */
	added: Array<{ at: number; ticketId: string | null }> = [];
	private counted: Counts = none();
	private readonly began = new WeakMap<IncomingMessage, number>();
	private waiter: { count: number; reached: () => void } | undefined;

	constructor(private readonly sandbox: Sandbox) {
		subscribe('http.server.request.start', this.started);
		subscribe('http.server.response.finish', this.finished);
	}

	close(): void {
		unsubscribe('http.server.request.start', this.started);
		unsubscribe('http.server.response.finish', this.finished);
	}

	/** Counts from here on. */
	reset(): void {
		this.added = [];
		this.counted = none();
	}

	get counts(): Counts {
		return { ...this.counted };
	}

	/** Resolves when this many have been added since `reset`; @throws Error when the time is up */
	async untilAdded(count: number, timeout: number): Promise<void> {
		if (this.added.length >= count) return;
		await new Promise<void>((resolve, reject) => {
			const timer = setTimeout(() => {
				this.waiter = undefined;
				const had = `${this.added.length} of ${count} messages were added`;
				reject(new Error(`${had} after ${timeout / 1000} s`));
			}, timeout);
			const reached = (): void => {
				clearTimeout(timer);
				this.waiter = undefined;
				resolve();
			};
			this.waiter = { count, reached };
		});
	}

	private readonly started = (message: unknown): void => {
		this.began.set((message as Message).request, performance.now());
	};

	private readonly finished = (message: unknown): void => {
		const { request, response, server } = message as Message;
		const vendor = this.vendorOf(server);
		const { method = '', url = '' } = request;
		// Tokens are fetched once every half hour, not for each message.
		if (!vendor || url.startsWith('/oauth/')) return;
		this.counted[vendor] += 1;
		this.counted.sandbox += performance.now() - (this.began.get(request) ?? NaN);
		if (vendor === 'klaviyo' && method === 'GET' && url.startsWith('/api/profiles'))
			this.counted.profileReads += 1;
		if (vendor === 'zendesk' && response.statusCode < 300) this.noteAdded(method, url);
	};

	private noteAdded(method: string, url: string): void {
		const isUpdate = method === 'PUT' && /^\/api\/v2\/tickets\/(\d+)/.exec(url);
		const isNew = method === 'POST' && /^\/api\/v2\/tickets(\?|$)/.test(url);
		if (!isUpdate && !isNew) return;
		this.added.push({ at: Date.now(), ticketId: isUpdate ? (isUpdate[1] ?? null) : null });
		if (this.waiter && this.added.length >= this.waiter.count) this.waiter.reached();
	}

	private vendorOf(server: Server): Vendor | undefined {
		const { port } = server.address() as AddressInfo;
		if (this.sandbox.zendesk.url.endsWith(`:${port}`)) return 'zendesk';
		return this.sandbox.klaviyo.url.endsWith(`:${port}`) ? 'klaviyo' : undefined;
	}
}

const none = (): Counts => ({ zendesk: 0, klaviyo: 0, profileReads: 0, sandbox: 0 });
