import { Changes } from './changes';
import { MovableClock } from './clock';
import { noFaults } from './faults';
import { dice, type Dice } from './random';
import { RateLimiter } from './rateLimit';
import { Recorder } from './record';
import { makeSwitches } from './switches';
import type { FaultCounts, SandboxOptions, SandboxSwitches } from './types';
import { WebhookSender } from './webhookSender';

/** What both vendors share: time, dice, switches, limits, the recorder, and the webhook sender. */
export interface Core {
	clock: MovableClock;
	changes: Changes;
	switches: SandboxSwitches;
	recorder: Recorder;
	limiter: RateLimiter;
	sender: WebhookSender;
	/** For ids and the order of deliveries. */
	roll: Dice;
	/** For faults only, so that the same seed gives the same faults, whatever ids were drawn. */
	faultRoll: Dice;
	/** Faults so far. */
	injected: FaultCounts;
	/** For how long each request takes. */
	latencyRoll: Dice;
	/** A lag, shortened by the option `hurry`. */
	hurried(milliseconds: number): number;
}

export function makeCore(options: SandboxOptions): Core {
	const seed = options.seed ?? 1;
	const hurry = options.hurry ?? 1;
	const changes = new Changes();
	const clock = new MovableClock(changes.announce, options.time);
	const switches = makeSwitches(options.switches);
	const faultRoll = dice(seed ^ 0x5eed);
	const hurried = (milliseconds: number): number => milliseconds / hurry;
	const injected = noFaults();
	const keepsBodies = options.keepCalls ?? true;
	return {
		clock,
		changes,
		switches,
		recorder: new Recorder(changes.announce, options.record, options.keepCalls),
		limiter: new RateLimiter(() => clock.now(), options.limits ?? 1),
		sender: new WebhookSender({
			clock,
			changes,
			switches,
			faultRoll,
			injected,
			keepsBodies,
			hurried,
		}),
		roll: dice(seed),
		faultRoll,
		injected,
		latencyRoll: dice(seed ^ 0x1a7e),
		hurried,
	};
}
