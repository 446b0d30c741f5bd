/** Filters ticket events by the builder's options, the same for webhook and catch-up. */
import { fromExternalId, isOfScope } from '../../../domain/conversation/externalId';
import type { TicketEvent, TicketEventName } from '../../../domain/items';
import { nodeParameter, toPlainString } from '../../shared/parameters';
import type { VendorContext } from '../../shared/send';
import { isOnChannel } from '../../../domain/ticketChannel';

interface Filters {
	brands?: unknown;
	channels?: unknown;
	closedByMerge?: boolean;
	leaveOutTags?: unknown;
	tags?: unknown;
	repliesOnOtherTickets?: boolean;
	scope?: unknown;
}

export const eventsWanted = (context: VendorContext): TicketEventName[] =>
	nodeParameter(context, 'events') as TicketEventName[];

/** A list, or what an expression returned instead: a single value, or several separated by commas. */
const listOf = (value: unknown): string[] =>
	(Array.isArray(value) ? value : toPlainString(value).split(','))
		.map((one) => toPlainString(one).trim())
		.filter((one) => one !== '');

/** Zendesk keeps tags in lower case. */
const lower = (tags: readonly string[]): string[] => tags.map((tag) => tag.toLowerCase());

export function filterOf(context: VendorContext): (event: TicketEvent) => boolean {
	const wanted = eventsWanted(context);
	const filters = nodeParameter(context, 'options') as Filters;
	const [brands, channels] = [listOf(filters.brands), listOf(filters.channels)];
	const [tags, leftOut] = [lower(listOf(filters.tags)), lower(listOf(filters.leaveOutTags))];
	const hasAny = (event: TicketEvent, some: readonly string[]): boolean =>
		lower(event.tags).some((tag) => some.includes(tag));
	const scope = toPlainString(filters.scope).trim();
	const isReplyWanted = (externalId: string | null): boolean =>
		filters.repliesOnOtherTickets === true ||
		channels.length > 0 ||
		fromExternalId(externalId) !== undefined;
	return (event) =>
		wanted.includes(event.event) &&
		(brands.length === 0 || brands.includes(event.brandId ?? '')) &&
		(tags.length === 0 || hasAny(event, tags)) &&
		!hasAny(event, leftOut) &&
		(channels.length === 0 || isOnChannel(event, channels)) &&
		(!event.closedByMerge || filters.closedByMerge === true) &&
		isOfScope(event.externalId, scope) &&
		(event.event !== 'agentReplied' || isReplyWanted(event.externalId));
}

const FILTER_NAMES: Partial<Record<keyof Filters, string>> = {
	brands: 'Brand Names or IDs',
	channels: 'Channels',
	leaveOutTags: 'Leave Out Tag Names or IDs',
	scope: 'Conversation Scope',
	tags: 'Tag Names or IDs',
};

/** The names of the filters that are set, for an error. */
export function filtersChosen(context: VendorContext): string {
	const filters = nodeParameter(context, 'options') as Filters;
	const names = Object.entries(FILTER_NAMES)
		.filter(([name]) => listOf(filters[name as keyof Filters]).length > 0)
		.map(([, label]) => `'${label}'`);
	return names.length > 0 ? names.join(', ') : "'Replies on Other Tickets', which is off";
}
