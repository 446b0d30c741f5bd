/** Checks a trigger's webhook while the workflow runs: a vendor or a person may turn it off or remove it. */
import type { IPollFunctions } from 'n8n-workflow';
import { faultWords } from './pollFault';
import { processMemory } from './processMemory';

/** Milliseconds between checks. Klaviyo allows 15 requests a minute about all of an account's webhooks. */
const INTERVAL = 3_600_000;

/** When each trigger of this process was last checked. */
const lastLooks = processMemory<number>();

/**
 * If the repair fails, that must not hold back the items that the poll has found: it is only written to n8n's log.
 *
 * @param trigger identifies the trigger: workflow and node
 */
export async function repairHourly(
	context: IPollFunctions,
	trigger: string,
	repair: () => Promise<void>,
): Promise<void> {
	const last = lastLooks.get(trigger);
	// When a process starts or a workflow is published, n8n has just checked.
	if (last === undefined || Date.now() - last >= INTERVAL) lastLooks.set(trigger, Date.now());
	if (last === undefined || Date.now() - last < INTERVAL) return;
	try {
		await repair();
	} catch (error) {
		context.logger.warn(
			`The webhook of ${context.getNode().name} could not be checked: ${faultWords(error)}`,
		);
	}
}
