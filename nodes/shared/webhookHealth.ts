/** Checks a trigger's webhook while the workflow runs: a vendor or a person may turn it off or remove it. */
import type { IPollFunctions } from 'n8n-workflow';
import { lookedForAt } from './ownWebhook';
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
	// n8n looks itself when it starts and when a workflow is published; with durable poll cursors only for the latter.
	const last = Math.max(lastLooks.get(trigger) ?? 0, lookedForAt(context) ?? 0);
	if (Date.now() - last < INTERVAL) return;
	lastLooks.set(trigger, Date.now());
	try {
		await repair();
	} catch (error) {
		context.logger.warn(
			`The webhook of ${context.getNode().name} could not be checked: ${faultWords(error)}`,
		);
	}
}
