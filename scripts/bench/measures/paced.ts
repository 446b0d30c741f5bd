/** Messages at a steady pace: how long each takes to reach its ticket, and how quickly webhooks are answered meanwhile. */
import { setTimeout as pause } from 'node:timers/promises';
import { executionsEnded } from '../executions';
import type { Answer } from '../mail';
import { type Figures, type Measure, type Scene, type Sizes, messagesWorkflow } from '../scene';
import type { Side } from '../stage';
import { percentile } from '../statistics';
import { executionsOf } from './messages';

async function run(scene: Scene, side: Side, { pace }: Sizes): Promise<Figures> {
	const { mail, traffic, pool, n8n, messagesUrl } = scene;
	const letters = await mail.write(await pool.take(pace.rate * pace.seconds), 1);
	traffic.reset();
	const began = Date.now();
	const answers = await Promise.all(
		letters.map(async (letter, index): Promise<Answer & { ticketId: string | null }> => {
			await pause((index * 1000) / pace.rate);
			const answer = await mail.send(letter, messagesUrl[side]);
			return { ...answer, ticketId: letter.customers[0]?.ticketId ?? null };
		}),
	);
	if (side !== 'ceiling') await traffic.untilAdded(letters.length, 120_000);
	const addedAt = new Map(traffic.added.map(({ ticketId, at }) => [ticketId, at]));
	const executions = executionsOf(side, letters.length);
	await executionsEnded(n8n, messagesWorkflow(scene, side), began, executions);
	const took = answers.map((answer) => answer.took);
	const figures: Figures = {
		answerP50: percentile(took, 50),
		answerP95: percentile(took, 95),
		answerP99: percentile(took, 99),
	};
	if (side === 'ceiling') return figures;
	const waited = answers.map(({ sentAt, ticketId }) => (addedAt.get(ticketId) ?? NaN) - sentAt);
	return {
		...figures,
		toTicketP50: percentile(waited, 50),
		toTicketP95: percentile(waited, 95),
	};
}

export const paced: Measure = {
	name: 'paced',
	what: 'messages at a steady pace',
	sides: ['ours', 'apart', 'alternative', 'ceiling'],
	run,
};
