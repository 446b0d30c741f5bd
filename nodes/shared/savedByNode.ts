/**
 * Values that n8n saves for each trigger. They are in the workflow's static data, not in the node's: a trigger that is
 * renamed is the same one, and with durable poll cursors n8n keeps a node's apart for polls.
 */
import type { IHookFunctions, IPollFunctions } from 'n8n-workflow';
import { z } from 'zod';

type Context = Pick<
	IHookFunctions | IPollFunctions,
	'getWorkflow' | 'getNode' | 'getWorkflowStaticData'
>;

/** The workflow belongs to it: copies of a workflow take their static data along. */
export const savedName = (context: Context): string =>
	`${context.getWorkflow().id ?? ''} ${context.getNode().id}`;

/** @param field its name in the static data */
export function savedByNode<T>(field: string, value: z.ZodType<T>) {
	const values = z.record(value).catch({});
	const read = (context: Context) => values.parse(context.getWorkflowStaticData('global')[field]);
	// A new object: n8n notices assignments to static data itself, but not inside its values.
	const write = (context: Context, all: Partial<Record<string, T>>): void => {
		Object.assign(context.getWorkflowStaticData('global'), { [field]: all });
	};
	return {
		get: (context: Context): T | undefined => read(context)[savedName(context)],
		set: (context: Context, one: T): void =>
			write(context, { ...read(context), [savedName(context)]: one }),
		remove(context: Context): void {
			const { [savedName(context)]: _removed, ...others } = read(context);
			write(context, others);
		},
	};
}
