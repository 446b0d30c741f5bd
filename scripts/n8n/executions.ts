/** What n8n reports about executions. */
export type ExecutionStatus =
	'new' | 'running' | 'waiting' | 'success' | 'error' | 'crashed' | 'canceled' | 'unknown';

export interface ExecutionSummary {
	id: string;
	workflowId: string;
	workflowName?: string;
	status: ExecutionStatus;
	/** `webhook`, `trigger` (a poll), `manual` ... */
	mode: string;
	createdAt: string;
	startedAt: string | null;
	stoppedAt: string | null;
}

/** What a node did in one run; `main` has its outputs. */
export interface NodeRun {
	executionStatus?: string;
	executionTime?: number;
	error?: { message: string; description?: string | null };
	data?: { main: Array<Array<{ json: Record<string, unknown> }> | null> };
}

export interface Execution extends ExecutionSummary {
	/** The error that ended it. */
	error?: { message: string; description?: string | null };
	/** By node name, one entry per run. */
	runData: Record<string, NodeRun[]>;
	/** The JSON of all items that a node returned, over all its runs and outputs. */
	output(node: string): Array<Record<string, unknown>>;
}

export interface ExecutionAnswer extends ExecutionSummary {
	/** Everything that happened, flattened, as the editor gets it. */
	data: string;
}

/**
 * The format of the `flatted` library, whose types CommonJS cannot import: a list of values, in which a string inside
 * another value is the index of the value meant.
 */
function unflatten(text: string): unknown {
	const values = JSON.parse(text) as unknown[];
	const linked = new Set<unknown>();
	const valueAt = (index: number): unknown => {
		const value = values[index];
		if (typeof value !== 'object' || value === null || linked.has(value)) return value;
		linked.add(value);
		for (const [key, inner] of Object.entries(value)) {
			if (typeof inner === 'string') Object.assign(value, { [key]: valueAt(Number(inner)) });
		}
		return value;
	};
	return valueAt(0);
}

export function readExecution({ data, ...summary }: ExecutionAnswer): Execution {
	const { resultData } = unflatten(data) as {
		resultData?: { error?: Execution['error']; runData?: Execution['runData'] };
	};
	const runData = resultData?.runData ?? {};
	const error = resultData?.error;
	return {
		...summary,
		...(error ? { error } : {}),
		runData,
		output: (node) =>
			(runData[node] ?? [])
				.flatMap((run) => run.data?.main ?? [])
				.flatMap((items) => items ?? [])
				.map((item) => item.json),
	};
}
