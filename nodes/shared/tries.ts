/**
 * What the tries of one run of a node know about each other. With *Retry On Fail*, n8n runs a node again on all of
 * its items when it fails, or when its first output item has an `error`: what was done for the others must not be
 * done again.
 */
import type { IExecuteFunctions } from 'n8n-workflow';

type Run = Pick<IExecuteFunctions, 'getExecuteData' | 'getNode'>;

/**
 * Something that all tries of a run share. n8n gives them the very same object; every other run has one of its own: the
 * next round of a loop, another branch into the node, a step executed by hand, n8n's Retry of the execution.
 */
export function sharedByTries<T>(make: () => T): (context: Run) => T {
	const made = new WeakMap<object, T>();
	return (context) => {
		const run = context.getExecuteData();
		// Some versions give an agent's tool the agent's run, however often it is called.
		if (run.node.name !== context.getNode().name) return make();
		const shared = made.get(run) ?? make();
		made.set(run, shared);
		return shared;
	};
}

/** The same for each item of a run by itself. */
export function sharedByItem<T>(make: () => T): (context: Run, itemIndex: number) => T {
	const ofRun = sharedByTries(() => new Map<number, T>());
	return (context, itemIndex) => {
		const byItem = ofRun(context);
		const shared = byItem.get(itemIndex) ?? make();
		byItem.set(itemIndex, shared);
		return shared;
	};
}

/** Whether the vendor was asked to create what the item names. If the next try finds it there, it is this run's own. */
export const creationAt = sharedByItem(() => ({ isAsked: false }));
