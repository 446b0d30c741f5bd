/** One message at a time: how long it takes to reach its ticket when n8n has nothing else to do. */
import { executionsEnded } from '../executions';
import { type Figures, type Measure, type Scene, type Sizes, messagesWorkflow } from '../scene';
import type { Side } from '../stage';
import { percentile } from '../statistics';

async function run(scene: Scene, side: Side, { alone }: Sizes): Promise<Figures> {
	const { mail, traffic, pool, n8n, messagesUrl } = scene;
	const letters = await mail.write(await pool.take(alone), 1);
	const waited: number[] = [];
	for (const letter of letters) {
		traffic.reset();
		const { sentAt } = await mail.send(letter, messagesUrl[side]);
		await traffic.untilAdded(1, 30_000);
		waited.push((traffic.added[0]?.at ?? NaN) - sentAt);
		// A group ends with its execution: the next message must not wait for this one.
		await executionsEnded(n8n, messagesWorkflow(scene, side), sentAt - 1, 1);
	}
	return { toTicketP50: percentile(waited, 50), toTicketP95: percentile(waited, 95) };
}

export const alone: Measure = {
	name: 'alone',
	what: 'one message at a time',
	sides: ['ours', 'alternative'],
	run,
};
