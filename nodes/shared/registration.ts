/** What the two vendors' webhooks have in common: how they are named, and which URLs cannot work. */
import {
	type IHookFunctions,
	type IPollFunctions,
	type IWebhookFunctions,
	NodeOperationError,
} from 'n8n-workflow';
import { firstPublication, publicationFailed, publicationSucceeded } from './firstPublication';
import { faultWords } from './pollFault';
import { isTest } from './testDelivery';

type TriggerContext = IHookFunctions | IPollFunctions | IWebhookFunctions;

/**
 * The name of the trigger's own webhook at the vendor, by which it is found again when static data is stale. It says
 * whose it is: workflow, node, and the n8n that they are in, since a copy of the workflow elsewhere has the same ids.
 */
export function remoteName(context: TriggerContext, url: string): string {
	const workflow = context.getWorkflow().id ?? 'unsaved';
	return `n8n${isTest(context) ? ' test' : ''}: workflow ${workflow}, node ${context.getNode().id}, at ${new URL(url).host}`;
}

/**
 * Up to when a webhook is looked for as n8n starts, and then up to when one that is gone is registered again. n8n 2.41
 * gives a publication 84 seconds, with the first poll in it: triggers that take longer stay dead until somebody publishes
 * again.
 */
export const startDeadline = (): number => Date.now() + 15_000;

/** @throws NodeOperationError for a URL that n8n would answer with 404 */
export function assertReceivable(context: IHookFunctions, url: string): void {
	if (!url.includes('%')) return;
	throw new NodeOperationError(
		context.getNode(),
		'The webhook URL has a character that n8n cannot receive',
		{
			description: `The URL is made from the node's name: ${url}. Rename the node to one word of plain letters, for instance '${context.getNode().type.split('.').pop() ?? 'Trigger'}', and publish the workflow again.`,
		},
	);
}

/**
 * n8n asks at each start whether a known webhook is there. 'No' would make a second one, and an exception would make
 * n8n leave the trigger off until somebody publishes the workflow again, though a key was only about to be exchanged or
 * a proxy had a page to show. So what is no clear 'no' counts as 'yes', and n8n's log has the reason. Polling goes on,
 * and looks for the webhook again every hour.
 */
export async function countsAsThere(
	context: IHookFunctions,
	isThere: () => Promise<boolean>,
): Promise<boolean> {
	try {
		return await isThere();
	} catch (error) {
		context.logger.warn(
			`${context.getNode().name}: the webhook could not be looked for, and counts as there: ${faultWords(error)}`,
		);
		return true;
	}
}

/** What n8n asks first when it publishes a workflow or starts: whether the webhook exists. If so, it does nothing else. */
export async function lookedFor(
	context: IHookFunctions,
	isThere: () => Promise<boolean>,
): Promise<boolean> {
	if (!isTest(context)) firstPublication(context);
	const found = await isThere();
	if (found && !isTest(context)) publicationSucceeded(context);
	return found;
}

/**
 * What n8n does when the webhook does not exist. Of a publication that fails, n8n shows the error's message alone, never
 * its description: so what to do is in the message.
 *
 * @throws NodeOperationError
 */
export async function registered(
	context: IHookFunctions,
	register: () => Promise<void>,
): Promise<true> {
	try {
		await register();
		if (!isTest(context)) publicationSucceeded(context);
		return true;
	} catch (fault) {
		if (!isTest(context)) publicationFailed(context);
		throw new NodeOperationError(context.getNode(), faultWords(fault));
	}
}

/**
 * A webhook that was known and is gone, as n8n starts: without an exception, for the same reason. Without a known one a
 * person publishes, and should see why that fails.
 *
 * @param register is given up to when an answer is of use, milliseconds since 1970
 */
export async function registerAgain(
	context: IHookFunctions,
	isKnown: boolean,
	register: (deadline: number) => Promise<void>,
): Promise<void> {
	if (!isKnown || isTest(context)) return await register(Infinity);
	try {
		await register(startDeadline());
	} catch (error) {
		context.logger.warn(
			`${context.getNode().name}: the webhook is gone and could not be registered again. Polling tries it every hour, and brings the events: ${faultWords(error)}`,
		);
	}
}
