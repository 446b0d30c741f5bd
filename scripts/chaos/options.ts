/** The options of `npm run chaos`. */
import { Command, InvalidArgumentError } from 'commander';
import type { SandboxSwitches } from '../../sandbox/types';

export interface ChaosOptions {
	seed: number;
	messages: number;
	replies: number;
	customers: number;
	queue: boolean;
	kills: number;
	/** Hours for which each vendor is down, once; 0 for never. */
	outage: number;
	limits: number;
	/** Actions per second, on average. */
	pace: number;
	/** Minutes, in the form of the triggers' option. */
	ages: string;
	/** Whether to wait for catch-up in real time, instead of moving the clocks. */
	realTime: boolean;
	auth: 'client' | 'code';
	record?: string;
	port: number;
	faults: SandboxSwitches['faults'];
}

/** Rates of faults. The floor is the least with which a run means anything. */
const RATES: Record<
	keyof SandboxSwitches['faults'],
	{ flag: string; floor: number; rate: number; words: string }
> = {
	duplicateDelivery: {
		flag: 'duplicates',
		floor: 0.05,
		rate: 0.05,
		words: 'webhooks delivered twice',
	},
	lateDelivery: { flag: 'late', floor: 0.05, rate: 0.05, words: 'webhooks up to 3 minutes late' },
	tooManyRequests: { flag: 'too-many', floor: 0.03, rate: 0.03, words: 'requests answered 429' },
	serverError: { flag: 'errors', floor: 0.02, rate: 0.02, words: 'requests answered 500 or 503' },
	lostAnswer: {
		flag: 'lost-answers',
		floor: 0.02,
		rate: 0.02,
		words: 'requests carried out, without an answer',
	},
	droppedConnection: {
		flag: 'dropped',
		floor: 0,
		rate: 0.01,
		words: 'requests dropped, not carried out',
	},
	timeOut: {
		flag: 'time-outs',
		floor: 0,
		rate: 0.001,
		words: 'requests carried out, answer held back',
	},
	tokenExpiry: { flag: 'expiry', floor: 0.01, rate: 0.01, words: 'access tokens that end early' },
};

const whole = (typed: string): number => {
	const number = Number(typed);
	if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('A whole number.');
	return number;
};
const positive = (typed: string): number => {
	const number = Number(typed);
	if (!(number > 0)) throw new InvalidArgumentError('A number above 0.');
	return number;
};
const rateFrom = (floor: number) => (typed: string) => {
	const rate = Number(typed);
	if (!(rate >= floor && rate <= 0.5))
		throw new InvalidArgumentError(`A rate from ${floor} to 0.5.`);
	return rate;
};
const outage = (typed: string): number => {
	const hours = Number(typed);
	if (!(hours >= 3 && hours <= 6)) throw new InvalidArgumentError('3 to 6 hours.');
	return hours;
};
const auth = (typed: string): ChaosOptions['auth'] => {
	if (typed !== 'client' && typed !== 'code') throw new InvalidArgumentError('client or code.');
	return typed;
};

const camelCase = (flag: string): string =>
	flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

export function readOptions(argv: readonly string[]): ChaosOptions {
	const command = new Command('npm run chaos --')
		.description(
			'Runs the templates in a real n8n against a local Zendesk and Klaviyo while much goes wrong, and judges by their ' +
				'own records what happened to each message, reply and ticket event. Exits with 0 only if nothing was lost, duplicated or misdirected.',
		)
		.option('--seed <number>', 'what people do, and what goes wrong', whole, 1)
		.option('--messages <count>', "customers' messages", whole, 200)
		.option('--replies <count>', "agents' replies", whole, 60)
		.option('--customers <count>', 'a tenth of the messages by default', whole)
		.option(
			'--queue',
			'queue mode: PostgreSQL, Redis, one main, one webhook process, two workers',
			false,
		)
		.option(
			'--kills <count>',
			'how many times a process is killed (SIGKILL) and started again',
			whole,
			0,
		)
		.option(
			'--outage <hours>',
			'each vendor is down for 3 to 6 hours, once; n8n is restarted meanwhile. Not with --real-time',
			outage,
			0,
		)
		.option('--limits <factor>', "multiplies the vendors' rate limits", positive, 20)
		.option('--pace <count>', 'actions per second, on average', positive, 2.5)
		.option('--ages <minutes>', "the triggers' Re-Check After", '5, 12, 20, 28')
		.option(
			'--real-time',
			'waits half an hour for catch-up, instead of moving the clocks of n8n and the vendors',
			false,
		)
		.option(
			'--auth <kind>',
			'Zendesk OAuth2: client credentials, or code with rotating tokens',
			auth,
			'client',
		)
		.option(
			'--record <file>',
			'writes the traffic as JSON lines, and the final state into <file>.state.json',
		)
		.option('--port <number>', 'of the control server; a free one by default', whole, 0);
	for (const { flag, floor, rate, words } of Object.values(RATES))
		command.option(`--${flag} <rate>`, `${words}; at least ${floor}`, rateFrom(floor), rate);
	const typed = command.parse(argv).opts<Record<string, number> & Omit<ChaosOptions, 'faults'>>();
	if (typed.outage > 0 && typed.realTime)
		command.error('--outage moves the clocks: leave out --real-time.');
	const faults = Object.fromEntries(
		Object.entries(RATES).map(([fault, { flag, rate }]) => [fault, typed[camelCase(flag)] ?? rate]),
	) as unknown as ChaosOptions['faults'];
	return {
		...typed,
		customers: typed.customers ?? Math.max(5, Math.ceil(typed.messages / 10)),
		faults,
	};
}
