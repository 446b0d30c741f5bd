/** What a poll does with a fault that kept it from reading anything. */
import {
	type IPollFunctions,
	type JsonObject,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';
import { isTransient } from './answer';
import { nodeKey, processMemory } from './processMemory';

/** A fault in one line, with what to do. */
export function faultWords(fault: unknown): string {
	const { message, description } = fault as { message?: unknown; description?: unknown };
	return [message ?? fault, description].filter(Boolean).map(String).join('. ');
}

/** The triggers that this process has polled. */
const polled = processMemory<true>();

/**
 * To be called once a poll. n8n runs a trigger's first poll while it turns the workflow on. When that throws, it tries
 * again for a minute and a half, and then leaves the trigger off until somebody publishes the workflow anew, though a
 * vendor was only away when n8n started. So a first poll says what is wrong in n8n's log, and every poll does so of what
 * may pass: what was to be read is due again at the next poll. What does not pass fails the polls from then on.
 *
 * What is no vendor's answer does not pass: a wrong setting, a credential that n8n cannot read.
 *
 * @returns given the fault, nothing, or throws NodeApiError or NodeOperationError
 */
export function faultsOf(context: IPollFunctions): (fault: unknown) => undefined {
	const trigger = nodeKey(context);
	const isFirst = !polled.has(trigger);
	polled.set(trigger, true);
	return (fault) => {
		const error =
			fault instanceof NodeOperationError
				? fault
				: new NodeApiError(context.getNode(), fault as JsonObject);
		// Without a status there was no answer.
		const passes = fault instanceof NodeApiError && isTransient({ status: Number(fault.httpCode) });
		if (!isFirst && !passes) throw error;
		context.logger.warn(
			`${context.getNode().name}: catch-up could not read anything, and tries again with the next poll: ${faultWords(error)}`,
		);
	};
}
