/**
 * Records by their ids. Zendesk leaves out those that are gone.
 * https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#show-multiple-tickets
 */
import { portionsOf } from '../../shared/portions';
import type { VendorCall } from '../../shared/send';
import { paths } from './paths';

const IDS_PER_REQUEST = 100;

export interface ShowManyOptions {
	/** What to include, such as `users`. */
	include?: string;
	/** Milliseconds after which no further attempt of a request begins. */
	retryForMs?: number;
}

/** @returns one call for each hundred ids, with the ids that it asks for */
export const showManyCalls = (
	kind: 'tickets' | 'users',
	ids: readonly string[],
	{ include, retryForMs }: ShowManyOptions = {},
): Array<{ ids: string[]; call: VendorCall }> =>
	portionsOf(ids, IDS_PER_REQUEST).map((some) => {
		const query = { ids: some.join(','), ...(include === undefined ? {} : { include }) };
		const path = kind === 'tickets' ? paths.ticketsByIds : paths.usersByIds;
		return { ids: some, call: { method: 'GET', path, query, repeatable: true, retryForMs } };
	});
