/** What n8n and its task runner cost in processor time, which says something even on a machine that others use. */
import { readdir, readFile } from 'node:fs/promises';

/** Clock ticks a second, as Linux gives them out. */
const TICKS = 100;

/** Seconds so far, of all processes in the group that `pid` leads. */
export async function cpuSeconds(pid: number | undefined): Promise<number> {
	const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
	const ticks = await Promise.all(
		ids.map(async (id) => {
			// A process may be gone by now. Its name, in brackets, may hold spaces.
			const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '');
			const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
			const [group, user, system] = [fields[2], fields[11], fields[12]].map(Number);
			return group === pid ? (user ?? 0) + (system ?? 0) : 0;
		}),
	);
	return ticks.reduce((sum, one) => sum + one, 0) / TICKS;
}
