/** Messages per second that reach their tickets, by messages per webhook; and the same for a webhook that does nothing. */
import { cpuSeconds } from '../cpu';
import { executionsEnded } from '../executions';
import { type Figures, type Measure, type Scene, type Sizes, messagesWorkflow } from '../scene';
import type { Side } from '../stage';

const RETRY_FOR_MS = 600_000;

export async function burst(
	scene: Scene,
	side: Side,
	messages: number,
	perWebhook: number,
): Promise<Figures> {
	const { mail, traffic, pool, n8n, messagesUrl } = scene;
	const letters = await mail.write(await pool.take(messages), perWebhook);
	traffic.reset();
	const cpu = await cpuSeconds(n8n);
	const began = Date.now();
	await mail.sendAll(letters, messagesUrl[side]);
	if (side !== 'ceiling') await traffic.untilAdded(messages, RETRY_FOR_MS);
	const added = Math.max(began, ...traffic.added.map(({ at }) => at));
	const counts = traffic.counts;
	const ended = await executionsEnded(
		n8n,
		messagesWorkflow(scene, side),
		began,
		executionsOf(side, letters.length),
	);
	const executions = {
		webhooksPerSecond: letters.length / ((ended.at - began) / 1000),
		executionsPerWebhook: ended.count / letters.length,
		cpuMillisecondsPerMessage: (((await cpuSeconds(n8n)) - cpu) * 1000) / messages,
	};
	if (side === 'ceiling') return executions;
	return {
		...executions,
		messagesPerSecond: messages / ((added - began) / 1000),
		zendeskCallsPerMessage: counts.zendesk / messages,
		klaviyoCallsPerMessage: counts.klaviyo / messages,
		profileReadsPerMessage: counts.profileReads / messages,
		/** If the sandbox worked most of the time, the sandbox would be measured. */
		sandboxShare: counts.sandbox / (added - began),
	};
}

/** At least this many: messages that follow each other share executions, all of which have started when the last message is added. */
export const executionsOf = (side: Side, webhooks: number): number =>
	side === 'ours' ? 1 : webhooks;

export const oneAWebhook: Measure = {
	name: 'oneAWebhook',
	what: 'one message per webhook',
	sides: ['ours', 'apart', 'alternative', 'ceiling'],
	run: async (scene, side, { messages }) => await burst(scene, side, messages, 1),
};

export const manyAWebhook = ({ batches }: Sizes): Measure[] =>
	batches.map(({ size, webhooks }) => ({
		name: `${size}AWebhook`,
		what: `${size} messages per webhook`,
		sides: ['ours', 'alternative'],
		run: async (scene, side) => await burst(scene, side, size * webhooks, size),
	}));
