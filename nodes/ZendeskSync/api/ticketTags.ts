/** Tags of a ticket. https://developer.zendesk.com/api-reference/ticketing/ticket-management/tags/ */
import type { Zendesk } from './client';
import { paths } from './paths';

/** Those that the ticket has stay. A repeat does no harm. */
export async function addTags(
	zendesk: Zendesk,
	ticketId: string,
	tags: readonly string[],
): Promise<void> {
	if (tags.length === 0) return;
	await zendesk.requestOk(`The tags could not be added to ticket ${ticketId}`, {
		method: 'PUT',
		path: paths.ticketTags(ticketId),
		body: { tags: [...tags] },
		repeatable: true,
	});
}
