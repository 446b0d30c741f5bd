/** Real events to show when the trigger is tried out. */
import type { IExecuteFunctions, IHookFunctions, IPollFunctions } from 'n8n-workflow';
import type { TicketEvent } from '../../../domain/items';
import { zendeskOf } from '../api/client';
import { eventsBetween } from './exported';
import { eventsWanted, filterOf } from './filter';

const DAY = 24 * 3600_000;

/** The newest real event of each kind that is wanted; undefined when the export may not be read. */
export async function newestEvents(
	context: IExecuteFunctions | IHookFunctions | IPollFunctions,
): Promise<TicketEvent[] | undefined> {
	const zendesk = await zendeskOf(context);
	const now = Date.now();
	const lastDay = { after: now - DAY, until: now };
	const found = await eventsBetween(zendesk, eventsWanted(context), lastDay);
	const wanted = found?.filter(filterOf(context));
	return wanted && [...new Map(wanted.map((event) => [event.event, event])).values()];
}
