/** Templates at work: what came out of their nodes. */
import type { Stage } from '../../../scripts/demo/stage';
import { until } from '../../../scripts/n8n/until';
import { RETRY_FOR_MS, quiet, type Template } from './stage';

/** What a node returned, over all these executions. */
export type Output = (node: string) => Array<Record<string, unknown>>;

async function outputOf({ n8n }: Stage, ids: string[]): Promise<Output> {
	const executions = await Promise.all(ids.map(async (id) => await n8n.execution(id)));
	return (node) => executions.flatMap((execution) => execution.output(node));
}

/** "Execute workflow" of a template that a person starts. */
export async function play(stage: Stage, template: Template): Promise<Output> {
	const { n8n, workflow } = stage;
	const id = await n8n.run(workflow(template).id, 'Start');
	await until(
		`template ${template} to end`,
		async () =>
			(await n8n.executions({ workflowId: workflow(template).id })).some(
				(one) => one.id === id && one.stoppedAt !== null,
			),
		{ timeout: RETRY_FOR_MS },
	);
	return await outputOf(stage, [id]);
}

/**
 * Does something, and waits until later executions of a template have returned something at a node.
 * @returns what those executions put out, catch-up's among them
 */
export async function reaches(
	stage: Stage,
	template: Template,
	node: string,
	act: () => unknown,
): Promise<Output> {
	const { n8n, workflow } = stage;
	const filter = { workflowId: workflow(template).id };
	await quiet(stage);
	const before = new Set((await n8n.executions(filter)).map(({ id }) => id));
	await act();
	return await until(
		`something at '${node}' of template ${template}`,
		async () => {
			const later = (await n8n.executions(filter)).filter(({ id }) => !before.has(id));
			if (later.some(({ stoppedAt }) => stoppedAt === null)) return undefined;
			const output = await outputOf(
				stage,
				later.map(({ id }) => id),
			);
			return output(node).length > 0 && output;
		},
		{ timeout: RETRY_FOR_MS },
	);
}
