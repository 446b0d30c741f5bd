/** Executions of one workflow since a given time, without requesting all earlier ones. */
import type { N8nInstance } from '../n8n/instance';
import type { ExecutionSummary } from '../n8n/executions';
import { until } from '../n8n/until';

const PAGE = 100;
const ENDED = new Set(['success', 'error', 'crashed', 'canceled']);

async function page(
	{ rest }: N8nInstance,
	workflowId: string,
	startedAfter: number,
	cursor?: string,
): Promise<{ results: ExecutionSummary[]; nextCursor?: string | null }> {
	const filter = JSON.stringify({ workflowId, startedAfter: new Date(startedAfter).toISOString() });
	return await rest.request('GET', '/executions', undefined, {
		filter,
		limit: PAGE,
		...(cursor ? { cursor } : {}),
	});
}

async function all(
	n8n: N8nInstance,
	workflowId: string,
	since: number,
): Promise<ExecutionSummary[]> {
	const found = new Map<string, ExecutionSummary>();
	let cursor: string | null | undefined;
	do {
		const { results, nextCursor } = await page(n8n, workflowId, since, cursor ?? undefined);
		for (const execution of results) found.set(execution.id, execution);
		cursor = nextCursor;
	} while (cursor);
	return [...found.values()];
}

export interface Ended {
	count: number;
	/** When the last one did, in milliseconds since 1970. */
	at: number;
}

/**
 * Waits until at least this many executions have ended, and nothing else is running.
 * @throws Error if one failed
 */
export async function executionsEnded(
	n8n: N8nInstance,
	workflowId: string,
	since: number,
	count: number,
	timeout = 300_000,
): Promise<Ended> {
	const ended = await until(
		`${count} executions to end`,
		async () => {
			// The newest usually end last: while one of them runs, the others need not be requested.
			const { results } = await page(n8n, workflowId, since);
			if (results.some(({ status }) => !ENDED.has(status))) return undefined;
			if (results.length < Math.min(count, PAGE)) return undefined;
			const executions = await all(n8n, workflowId, since);
			const isOver = executions.every(({ status }) => ENDED.has(status));
			return isOver && executions.length >= count ? executions : undefined;
		},
		{ timeout, every: 200 },
	);
	const bad = ended.find(({ status }) => status !== 'success');
	if (bad) {
		const { error } = await n8n.execution(bad.id);
		throw new Error(`Execution ${bad.id} ended as ${bad.status}: ${error?.message ?? ''}`);
	}
	const at = Math.max(...ended.map(({ stoppedAt }) => Date.parse(stoppedAt ?? '')));
	return { count: ended.length, at };
}
