/**
 * Finds for many conversations at once which have an open ticket: a campaign to 10,000 customers must not need 10,000
 * lists, of which Zendesk allows 100 a minute.
 */
import { externalIdsOf, fromExternalId } from '../../../domain/conversation/externalId';
import { isOpen } from '../../../domain/outbound';
import type { Zendesk } from './client';
import { searchNow } from './searchNow';
import type { WireTicket } from './wire';

const idsOf = ({ external_id: externalId }: WireTicket): string[] =>
	externalId !== null && fromExternalId(externalId) ? externalIdsOf(externalId) : [];

const isOpenNow = ({ status }: WireTicket): boolean => status !== undefined && isOpen({ status });

/**
 * @param maxRequests the most requests it may make: with more, reading the conversations one by one is better
 * @returns external ids of all conversations that may have an open ticket, or undefined if this takes too many
 * requests, or Zendesk refuses
 */
export async function openConversations(
	zendesk: Zendesk,
	maxRequests: number,
): Promise<Set<string> | undefined> {
	const tickets = await searchNow(zendesk, ['status<solved'], maxRequests);
	if (!tickets) return undefined;
	return new Set([...tickets.found, ...tickets.recent.filter(isOpenNow)].flatMap(idsOf));
}
