/** How many texts a second come to their tickets, with so many a webhook; and what a webhook that does nothing comes to. */
import { cpuSeconds } from '../cpu';
import { executionsEnded } from '../executions';
import { type Figures, type Measure, type Scene, type Sizes, textsWorkflow } from '../scene';
import type { Side } from '../stage';

const PATIENCE = 600_000;

export async function burst(
	scene: Scene,
	side: Side,
	texts: number,
	perWebhook: number,
): Promise<Figures> {
	const { mail, traffic, pool, n8n, textsUrl } = scene;
	const letters = await mail.write(await pool.take(texts), perWebhook);
	traffic.reset();
	const cpu = await cpuSeconds(n8n.pid);
	const began = Date.now();
	await mail.sendAll(letters, textsUrl[side]);
	if (side !== 'ceiling') await traffic.untilFiled(texts, PATIENCE);
	const filed = Math.max(began, ...traffic.filed.map(({ at }) => at));
	const counts = traffic.counts;
	const ended = await executionsEnded(
		n8n,
		textsWorkflow(scene, side),
		began,
		executionsOf(side, letters.length),
	);
	const executions = {
		webhooksPerSecond: letters.length / ((ended.at - began) / 1000),
		executionsPerWebhook: ended.count / letters.length,
		cpuMillisecondsPerText: (((await cpuSeconds(n8n.pid)) - cpu) * 1000) / texts,
	};
	if (side === 'ceiling') return executions;
	return {
		...executions,
		textsPerSecond: texts / ((filed - began) / 1000),
		zendeskCallsPerText: counts.zendesk / texts,
		klaviyoCallsPerText: counts.klaviyo / texts,
		profileReadsPerText: counts.profileReads / texts,
		/** A sandbox that works most of the time would be what is measured. */
		sandboxShare: counts.sandbox / (filed - began),
	};
}

/** At least: texts that follow each other share executions, all of which have begun when the last text is filed. */
export const executionsOf = (side: Side, webhooks: number): number =>
	side === 'ours' ? 1 : webhooks;

export const oneAWebhook: Measure = {
	name: 'oneAWebhook',
	what: 'one text a webhook',
	sides: ['ours', 'apart', 'alternative', 'ceiling'],
	run: async (scene, side, { texts }) => await burst(scene, side, texts, 1),
};

export const manyAWebhook = ({ batches }: Sizes): Measure[] =>
	batches.map(({ size, webhooks }) => ({
		name: `${size}AWebhook`,
		what: `${size} texts a webhook`,
		sides: ['ours', 'alternative'],
		run: async (scene, side) => await burst(scene, side, size * webhooks, size),
	}));
