/**
 * Loaded into an n8n whose clock can be moved by the process that started it: `{ advance: milliseconds }` over the IPC
 * channel, answered with `{ advanced: milliseconds }`. `Date` and the timers of the process then jump ahead; what became due
 * in between is done at once, in order. A process that starts later gets N8N_CLOCK_OFFSET. Time-outs of sockets are Node's
 * own and stay in real time, so a request under way is not affected.
 */
const timers = require('node:timers');
const timersPromises = require('node:timers/promises');
const { promisify } = require('node:util');
const { syncBuiltinESMExports } = require('node:module');

const RealDate = Date;
const realNow = Date.now;
const real = { ...timers };
/** Milliseconds between checks for what is due: a timer set before a jump fires at most this much too late. */
const LOOK_EVERY = 250;

let offset = Number(process.env.N8N_CLOCK_OFFSET ?? 0);
const now = () => realNow() + offset;

const MovedDate = new Proxy(RealDate, {
	construct: (target, args, made) =>
		Reflect.construct(
			target,
			args.length === 0 ? [now()] : args,
			made === MovedDate ? target : made,
		),
	apply: () => new RealDate(now()).toString(),
	get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
// So that comparing a date's constructor with `Date` still works.
RealDate.prototype.constructor = MovedDate;
globalThis.Date = MovedDate;

/** Timers that have not fired, by their real timer: when they are due, and what they do then. */
const pending = new Map();

const keep = (timer, milliseconds, fire) => {
	pending.set(timer, { due: now() + (milliseconds > 0 ? milliseconds : 1), fire });
	return timer;
};

const setTimeoutMoved = (work, milliseconds, ...args) => {
	const fire = () => {
		drop(timer);
		work(...args);
	};
	const timer = real.setTimeout(fire, milliseconds);
	keep(timer, milliseconds, fire);
	const { refresh, close } = timer;
	timer.refresh = () => keep(refresh.call(timer), milliseconds, fire);
	timer.close = () => {
		pending.delete(timer);
		return close.call(timer);
	};
	return timer;
};

const setIntervalMoved = (work, milliseconds, ...args) => {
	const fire = () => {
		// However many turns a jump skipped, they are one.
		keep(timer, milliseconds, fire);
		work(...args);
	};
	const timer = real.setInterval(fire, milliseconds);
	return keep(timer, milliseconds, fire);
};

/** A timer may be given by its number. */
const timerOf = (named) => {
	if (typeof named === 'object') return named;
	for (const timer of pending.keys()) if (Number(timer) === Number(named)) return timer;
	return named;
};

const drop = (named) => {
	if (named === undefined || named === null) return;
	const timer = timerOf(named);
	pending.delete(timer);
	real.clearTimeout(timer);
};

const sleep = (milliseconds, value, { signal } = {}) =>
	new Promise((resolve, reject) => {
		if (signal?.aborted) {
			reject(signal.reason);
			return;
		}
		const timer = setTimeoutMoved(() => resolve(value), milliseconds);
		signal?.addEventListener(
			'abort',
			() => {
				drop(timer);
				reject(signal.reason);
			},
			{ once: true },
		);
	});
Object.defineProperty(setTimeoutMoved, promisify.custom, { value: sleep });

const moved = {
	setTimeout: setTimeoutMoved,
	setInterval: setIntervalMoved,
	clearTimeout: drop,
	clearInterval: drop,
};
Object.assign(globalThis, moved);
Object.assign(timers, moved);
timersPromises.setTimeout = sleep;
syncBuiltinESMExports();

/** Fires what is due by now, in order. */
function look() {
	const due = [...pending]
		.filter(([, timer]) => timer.due <= now())
		.sort(([, one], [, other]) => one.due - other.due);
	for (const [timer] of due)
		real.setImmediate(() => {
			const still = pending.get(timer);
			// An earlier timer may have cleared it, or another check was quicker.
			if (still && still.due <= now()) still.fire();
		});
}
real.setInterval(() => offset > 0 && look(), LOOK_EVERY).unref();

process.on('message', (message) => {
	if (typeof message?.advance !== 'number') return;
	offset += message.advance;
	look();
	process.send?.({ advanced: offset });
});
// Listening keeps the channel open. As in guard.cjs, that must not keep n8n alive.
process.channel?.unref();
