/** The result of a run: a table for people, one line for programs. */
import { type FaultCounts, rateOfFault } from '../../sandbox/types';
import { repliesOf, messagesOf, type Truth, type Verdict } from '../judge';
import { eventsOf } from '../judge/metrics';
import type { ChaosOptions } from './options';

export interface Outcome {
	options: ChaosOptions;
	truth: Truth;
	verdict: Verdict;
	faults: FaultCounts;
	calls: { zendesk: number; klaviyo: number };
	kills: readonly string[];
	/** Parts that ended by themselves and were restarted. */
	restarts: number;
	failedExecutions: number;
	seconds: number;
}

/** Kinds of faults that should have occurred and did not: without them the run proves less than it claims. */
export const faultsMissing = ({ options, faults }: Pick<Outcome, 'options' | 'faults'>): string[] =>
	Object.entries(rateOfFault)
		.filter(([name, rate]) => options.faults[rate] > 0 && faults[name as keyof FaultCounts] === 0)
		.map(([name]) => name);

const onWhatsApp = <T extends { where?: string | undefined }>(list: readonly T[]): T[] =>
	list.filter(({ where }) => where?.startsWith('klaviyo:whatsapp:'));

const had = (list: Array<{ need: string }>): number =>
	list.filter(({ need }) => need === 'once').length;

/** Everything in the last line. */
export function summaryOf(outcome: Outcome) {
	const { options, truth, verdict, faults, calls, kills, restarts, failedExecutions, seconds } =
		outcome;
	const [messages, replies] = [messagesOf(truth), repliesOf(truth)];
	return {
		seed: options.seed,
		mode: options.queue ? 'queue' : 'single',
		auth: options.auth,
		ages: options.ages,
		limits: options.limits,
		outage: options.outage,
		rates: options.faults,
		faults,
		kills,
		restarts,
		counts: {
			messages: messages.length,
			messagesThatHadToBeAdded: had(messages),
			messagesOnWhatsApp: onWhatsApp(messages).length,
			replies: replies.length,
			repliesThatHadToBeSent: had(replies),
			repliesOnWhatsApp: onWhatsApp(replies).length,
			repliesOnWhatsAppTooLate: onWhatsApp(replies).filter(({ need }) => need === 'never').length,
			repliesHeldAndAgentTold: replies.filter(({ isHeld }) => isHeld).length,
			ticketEvents: truth.tickets.reduce((sum, ticket) => sum + eventsOf(ticket).length, 0),
			tickets: truth.tickets.length,
			conversations: new Set(truth.tickets.flatMap(({ externalId }) => externalId ?? [])).size,
			failedExecutions,
		},
		lost: verdict.lost.length,
		doubled: verdict.doubled.length,
		misdirected: verdict.misdirected.length,
		openTicketsOverOne: verdict.openTicketsOverOne.length,
		untrue: verdict.untrue.length,
		apiCalls: { ...calls, all: calls.zendesk + calls.klaviyo },
		seconds: Math.round(seconds),
	};
}

export const isWell = (outcome: Outcome): boolean => {
	const { lost, doubled, misdirected, openTicketsOverOne, untrue } = summaryOf(outcome);
	const broken = lost + doubled + misdirected + openTicketsOverOne + untrue;
	return broken === 0 && faultsMissing(outcome).length === 0;
};

/** For people: what went wrong on purpose, and the result. */
export function tableOf(outcome: Outcome): string {
	const summary = summaryOf(outcome);
	const row = (name: string, value: unknown): string => `  ${name.padEnd(34)} ${String(value)}`;
	const rows = (of: object) => Object.entries(of).map(([name, value]) => row(name, value));
	return [
		'Injected',
		...rows(summary.faults),
		row('kills', summary.kills.join(', ') || 'none'),
		row('unplanned restarts', summary.restarts),
		row('hours without each vendor', summary.outage),
		`Vendors' limits multiplied by ${summary.limits}`,
		'What happened',
		...rows(summary.counts),
		...rows(summary.apiCalls).map((line) => line.replace(/^ {2}/, '  calls: ')),
		'What went wrong',
		...rows({
			lost: summary.lost,
			doubled: summary.doubled,
			misdirected: summary.misdirected,
			'conversations with two open tickets': summary.openTicketsOverOne,
			'told to agents, and not true': summary.untrue,
		}),
	].join('\n');
}
