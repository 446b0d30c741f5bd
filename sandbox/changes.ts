import { EventEmitter } from 'node:events';

/** A condition that took some time to check is checked again only after this many times that time. */
const longCheck = 5;
const restFactor = 10;

/** Tells waiting code that something happened in the sandbox: a state change, a call, a delivery. */
export class Changes extends EventEmitter {
	private announced = false;

	constructor() {
		super();
		this.setMaxListeners(0);
	}

	/** Several changes in one turn are announced once, after the turn, so that nobody sees half of a change. */
	readonly announce = (): void => {
		if (this.announced) return;
		this.announced = true;
		setImmediate(() => {
			this.announced = false;
			this.emit('change');
		});
	};

	/** Resolves with the first truthy answer of `condition`; rejects after `timeout` ms, naming `what`. */
	until<T>(
		what: string,
		condition: () => T | undefined | false | null,
		timeout = 10_000,
	): Promise<T> {
		return new Promise<T>((resolve, reject) => {
			let resting: NodeJS.Timeout | undefined;
			const stop = (): void => {
				clearTimeout(timer);
				clearTimeout(resting);
				this.off('change', check);
			};
			const check = (): void => {
				if (resting !== undefined) return;
				try {
					const began = performance.now();
					const answer = condition();
					if (!answer) {
						const took = performance.now() - began;
						if (took > longCheck) resting = setTimeout(restOver, took * restFactor);
						return;
					}
					stop();
					resolve(answer);
				} catch (error) {
					stop();
					reject(error instanceof Error ? error : new Error(String(error)));
				}
			};
			const restOver = (): void => {
				resting = undefined;
				check();
			};
			const timer = setTimeout(() => {
				stop();
				reject(new Error(`Waited ${timeout} ms in vain for ${what}`));
			}, timeout);
			this.on('change', check);
			check();
		});
	}
}
