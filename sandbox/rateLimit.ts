/** One fixed window of a rate limit: a number of requests per window, counted for one key. */
export interface Window {
	key: string;
	limit: number;
	milliseconds: number;
}

/** What is left of a window after a request was counted. */
export interface WindowState {
	window: Window;
	limit: number;
	remaining: number;
	resetSeconds: number;
}

/** Fixed windows on the sandbox clock. A request refused by one window is counted by none. */
export class RateLimiter {
	private readonly counts = new Map<string, { startedAt: number; count: number }>();

	constructor(
		private readonly now: () => number,
		private readonly multiplier: number,
	) {}

	/** Counts a request in all windows; `refusedBy` is the full window with the longest wait. */
	take(windows: readonly Window[]): { states: WindowState[]; refusedBy?: WindowState } {
		const now = this.now();
		const counters = windows.map((window) => {
			const startedAt = Math.floor(now / window.milliseconds) * window.milliseconds;
			const known = this.counts.get(window.key);
			const counter = known?.startedAt === startedAt ? known : { startedAt, count: 0 };
			this.counts.set(window.key, counter);
			return { window, counter, limit: Math.max(1, Math.ceil(window.limit * this.multiplier)) };
		});
		const state = ({ window, counter, limit }: (typeof counters)[number]): WindowState => ({
			window,
			limit,
			remaining: Math.max(0, limit - counter.count),
			resetSeconds: Math.max(1, Math.ceil((counter.startedAt + window.milliseconds - now) / 1000)),
		});
		const full = counters.filter(({ counter, limit }) => counter.count >= limit).map(state);
		if (full.length > 0) {
			full.sort((a, b) => b.resetSeconds - a.resetSeconds);
			return { states: counters.map(state), refusedBy: full[0] };
		}
		for (const { counter } of counters) counter.count += 1;
		return { states: counters.map(state) };
	}
}
