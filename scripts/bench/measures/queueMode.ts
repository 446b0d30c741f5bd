/** The same in queue mode, by how many webhook processes and workers there are. */
import { playRounds, type Results } from '../rounds';
import { type Measure, setScene, type Sizes } from '../scene';
import { oneAWebhook } from './messages';
import { paced } from './paced';

export interface InQueueMode {
	/** Webhook processes, and as many workers. */
	processes: number;
	results: Results;
}

/** An execution for each message says little more here than in one process. */
const withoutApart = (measure: Measure): Measure => ({
	...measure,
	sides: measure.sides.filter((side) => side !== 'apart'),
});

export async function inQueueMode(
	sizes: Sizes,
	processes: number,
	say: (line: string) => void,
): Promise<InQueueMode> {
	say(`Queue mode: ${processes} webhook processes, ${processes} workers`);
	const scene = await setScene(sizes.customers, say, {
		mode: 'queue',
		processes: { webhooks: processes, workers: processes },
	});
	try {
		const measures = [oneAWebhook, paced].map(withoutApart);
		return { processes, results: await playRounds(scene, () => measures, sizes) };
	} finally {
		await scene.close();
	}
}
