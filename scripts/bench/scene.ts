/** The stage, and everything that the measurements share on it. */
import type { InstanceOptions } from '../n8n/instance';
import { Pool, twoHoursAgo, untilNow } from './customers';
import { Mail } from './mail';
import { type BenchStage, setBenchStage, type Side } from './stage';
import { Traffic } from './traffic';

export interface Scene extends BenchStage {
	traffic: Traffic;
	mail: Mail;
	/** Customers with a conversation. */
	pool: Pool;
	say(line: string): void;
}

export interface Sizes {
	/** How often everything is measured. */
	rounds: number;
	/** Messages in a round, one per webhook. */
	messages: number;
	/** Messages per webhook, and webhooks of that size per round. */
	batches: Array<{ size: number; webhooks: number }>;
	/** Messages per second, and for how many seconds, with n8n below its limit. */
	pace: { rate: number; seconds: number };
	/** Messages in a round, one at a time. */
	alone: number;
	/** Conversations to choose from. */
	customers: number;
	/** Numbers of conversations, and lengths of threads. */
	growth: { conversations: number[]; comments: number[]; rounds: number };
	/** Past tickets in each backfill. */
	backfill: number[];
	/** How often the weight is measured. */
	boots: number;
}

/** The results of a side's round: figures by name. */
export type Figures = Record<string, number>;

export interface Measure {
	name: string;
	/** What is being done, for the progress messages. */
	what: string;
	sides: Side[];
	run(scene: Scene, side: Side, sizes: Sizes): Promise<Figures>;
}

export async function setScene(
	customers: number,
	say: (line: string) => void,
	n8n: InstanceOptions = {},
): Promise<Scene> {
	let pool: Pool | undefined;
	const stage = await setBenchStage({
		sandbox: { time: twoHoursAgo() },
		n8n,
		prepare: async (started) => {
			pool = Pool.withTickets(started, customers);
			await untilNow(started);
			started.switches.webhooks = false;
		},
		progress: say,
	});
	if (!pool) throw new Error('There are no customers');
	const traffic = new Traffic(stage.sandbox);
	return {
		...stage,
		traffic,
		mail: new Mail(stage.sandbox, stage.n8n.webhookAddresses),
		pool,
		say,
		async close() {
			traffic.close();
			await stage.close();
		},
	};
}

export const messagesWorkflow = ({ workflows }: Scene, side: Side): string =>
	side === 'ceiling' || side === 'apart' ? workflows[side] : workflows[side].messages;
