/** What polling brings: ticket events that a webhook, or an execution that died, may have missed. */
import type { IExecuteFunctions, INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { TicketEvent } from '../../../domain/items';
import { catchUp, scheduleOf } from '../../shared/catchUp';
import { mendHourly } from '../../shared/mend';
import { zendeskOf } from '../api/client';
import { eventsBetween } from './exported';
import { eventsWanted, filterOf } from './filter';
import { newestEvents } from './newest';
import { mend } from './registration';
import { asItems } from './ticketEvents';

type PollingContext = IPollFunctions | IExecuteFunctions;

const REPLY_AGE = 5 * 60_000;

/** Zendesk allows an account ten requests a minute to the export, for all triggers together. */
const REST = 10 * 60_000;

/** A reply younger than this is most likely just being texted by the execution that its webhook started. */
const isDue = (event: TicketEvent, now: number): boolean =>
	event.event !== 'agentReplied' || now - Date.parse(event.occurredAt) >= REPLY_AGE;

/** @returns null when there is nothing new, as n8n asks for */
export async function poll(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	if (context.getMode() === 'manual') return await sample(context);
	const zendesk = await zendeskOf(context);
	const options = context.getNodeParameter('options', {}) as object;
	const schedule = { ...scheduleOf(options), rest: REST };
	const trigger = `${context.getWorkflow().id ?? ''} ${context.getNode().id}`;
	const now = Date.now();
	const events = await catchUp(trigger, now, schedule, async (window) => {
		const found = await eventsBetween(zendesk, eventsWanted(context), window);
		if (!found)
			context.logger.warn(
				'Zendesk Sync Trigger: no catch-up, since only an administrator may read the incremental export',
			);
		return found ?? [];
	});
	const isWanted = filterOf(context);
	await mendHourly(context, trigger, async () => await mend(context, zendesk));
	const due = events.filter((event) => isWanted(event) && isDue(event, now));
	const once = new Map(due.map((event) => [event.key, event]));
	return once.size > 0 ? [asItems([...once.values()])] : null;
}

/** Real events to build a workflow with. Moves nothing. */
export async function sample(context: PollingContext): Promise<INodeExecutionData[][]> {
	const newest = await newestEvents(context);
	if (newest && newest.length > 0) return [asItems(newest)];
	throw new NodeOperationError(context.getNode(), 'There is no ticket event to show yet', {
		description: newest
			? 'Nothing of this kind has happened to a ticket in the last 24 hours. Make it happen in Zendesk, wait two minutes, and try again.'
			: "The credential's user may not read the incremental export: only an administrator may. The trigger works by webhook all the same.",
	});
}
