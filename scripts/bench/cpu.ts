/** Processor time of n8n and its task runner, which is meaningful even on a shared machine. */
import { readdir, readFile } from 'node:fs/promises';
import type { N8nInstance } from '../n8n/instance';

/** Clock ticks per second on Linux. */
const TICKS = 100;

/** Seconds so far, of all of n8n's own processes and what they started. */
export async function cpuSeconds({ parts }: N8nInstance): Promise<number> {
	const groups = parts.flatMap(({ name, pid }) => (name === 'redis' ? [] : [pid]));
	const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
	const ticks = await Promise.all(
		ids.map(async (id) => {
			// A process may be gone by now. Its name, in brackets, may contain spaces.
			const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '');
			const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
			const [group, user, system] = [fields[2], fields[11], fields[12]].map(Number);
			return groups.includes(group) ? (user ?? 0) + (system ?? 0) : 0;
		}),
	);
	return ticks.reduce((sum, one) => sum + one, 0) / TICKS;
}
