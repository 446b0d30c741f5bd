/**
 * Ticket: Get Many.
 *
 * Reads the account's history, 1,000 tickets in a request, for instance to bring Klaviyo up to date.
 */

import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
	NodeOperationError,
} from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import { ticketOutputFields } from './fields';
import { eachItem } from '../../../shared/items';
import { outputAt } from '../../../shared/output';
import { parseTime } from '../../../shared/time';
import { type Zendesk, zendeskOf } from '../../api/client';
import { readTicketHistory } from '../../api/ticketHistory';
import { fieldTitles, type TicketRecord, ticketSide } from '../../api/tickets';
import {
	ticketEventsOf,
	historyFilter,
	isClosedByMerge,
	type HistoryFilters,
	type Period,
	ticketItem,
} from './historyItems';
import { isZendeskId } from '../../api/paths';

const properties: INodeProperties[] = [
	{
		displayName: 'Return',
		name: 'returned',
		type: 'options',
		options: [
			{
				name: 'Ticket Events',
				value: 'events',
				description:
					'One item for each opening and closing of a ticket, ready for Event: Track Ticket of Klaviyo',
			},
			{
				name: 'Tickets',
				value: 'tickets',
				description: 'One item for each ticket that has changed, in its present state',
			},
		],
		default: 'events',
		description: 'What to return',
	},
	{
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		options: [
			{
				name: 'Closed',
				value: 'closed',
				description: "The ticket's last change",
			},
			{ name: 'Opened', value: 'opened' },
		],
		default: ['opened', 'closed'],
		description:
			"The events to return. Zendesk's export does not contain solved and reopened: use Zendesk Sync Trigger for those.",
		displayOptions: { show: { returned: ['events'] } },
	},
	{
		displayName: 'Since',
		name: 'since',
		type: 'dateTime',
		default: '',
		description: 'Start of the period. Leave empty for no limit.',
	},
	{
		displayName: 'Until',
		name: 'until',
		type: 'dateTime',
		default: '',
		description: 'End of the period. Leave empty for now. Zendesk never exports the last minute.',
	},
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { returnAll: [false] } },
	},
	...ticketOutputFields,
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		options: [
			{
				displayName: 'Brand Names or IDs',
				name: 'brandIds',
				type: 'multiOptions',
				typeOptions: { loadOptionsMethod: 'getBrands' },
				default: [],
				description:
					'Only return tickets of these brands. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
			},
			{
				displayName: 'Closed by a Merge',
				name: 'closedByMerge',
				type: 'boolean',
				default: false,
				description:
					"Whether to return 'Closed' for tickets that were closed because they were merged into another, too",
			},
			{
				displayName: 'Conversations Only',
				name: 'conversationsOnly',
				type: 'boolean',
				default: false,
				description: 'Whether to return only tickets that are conversations by SMS or WhatsApp',
			},
			{
				displayName: 'Include Deleted',
				name: 'includeDeleted',
				type: 'boolean',
				default: false,
				description:
					"Whether to return deleted tickets too, without a status. Needs an administrator's credential, and 'Tickets' in 'Return'.",
			},
			{
				displayName: 'Requester ID',
				name: 'requesterId',
				type: 'string',
				default: '',
				placeholder: 'e.g. {{ $json.requesterId }}',
				description:
					"Only return tickets of this customer, by the user ID in Zendesk. Zendesk's list of a customer's tickets has no archived ones.",
			},
			{
				displayName: 'Tags',
				name: 'tags',
				type: 'string',
				default: '',
				placeholder: 'e.g. sms, vip',
				description: 'Only return tickets with any of these tags, separated by commas',
			},
		],
	},
];

/** @throws NodeOperationError if a date is not valid */
function periodAt(context: IExecuteFunctions, itemIndex: number): Period {
	const timeAt = (name: string, displayName: string, missing: number): number => {
		const typed = String(context.getNodeParameter(name, itemIndex, '') ?? '').trim();
		const time = typed === '' ? missing : parseTime(typed, context.getTimezone());
		if (!Number.isNaN(time)) return time;
		throw new NodeOperationError(
			context.getNode(),
			`'${displayName}' is not a valid date: '${typed}'`,
			{
				itemIndex,
				description: 'Enter a date such as 2026-01-31, or leave it empty.',
			},
		);
	};
	const since = timeAt('since', 'Since', 0);
	// Zendesk's times are whole seconds.
	const period = { since: since - (since % 1000), until: timeAt('until', 'Until', Infinity) };
	if (period.since <= period.until) return period;
	throw new NodeOperationError(context.getNode(), "'Since' is later than 'Until'", {
		itemIndex,
		description: 'Swap the dates, or leave one empty.',
	});
}

/** @throws NodeOperationError if it is not a user's id: without one, all tickets would be returned */
function requesterIn(
	context: IExecuteFunctions,
	filters: HistoryFilters,
	itemIndex: number,
): string | undefined {
	if (filters.requesterId === undefined) return undefined;
	const typed = String(filters.requesterId ?? '').trim();
	if (isZendeskId(typed)) return typed;
	throw new NodeOperationError(
		context.getNode(),
		typed ? `'Requester ID' is not a valid user ID: '${typed}'` : "'Requester ID' is empty",
		{ itemIndex, description: "Map the 'requesterId' of an earlier node to it, or remove it." },
	);
}

/** n8n shows it beside the node's output. Older versions do not have hints. */
function hint(context: IExecuteFunctions, message: string): void {
	context.addExecutionHints?.({ message, type: 'warning', location: 'outputPane' });
}

async function itemsOf(
	context: IExecuteFunctions,
	zendesk: Zendesk,
	titles: ReadonlyMap<string, string>,
	itemIndex: number,
): Promise<IDataObject[]> {
	const period = periodAt(context, itemIndex);
	const returned = context.getNodeParameter('returned', itemIndex) as 'events' | 'tickets';
	const events =
		returned === 'events' ? (context.getNodeParameter('events', itemIndex) as string[]) : [];
	const shown = outputAt(context, itemIndex);
	const filters = context.getNodeParameter('filters', itemIndex, {}) as HistoryFilters;
	const isWanted = historyFilter(filters);
	const wantedOf = (record: TicketRecord): string[] =>
		filters.closedByMerge || !isClosedByMerge(record)
			? events
			: events.filter((name) => name !== 'closed');
	const returnsAll = context.getNodeParameter('returnAll', itemIndex) === true;
	const limit = returnsAll ? Infinity : (context.getNodeParameter('limit', itemIndex) as number);

	const found: IDataObject[] = [];
	/** A ticket that changes during the export may come again. */
	const seen = new Set<string>();
	const isNarrowed = Object.keys(filters).length > 0 || period.until !== Infinity;
	const requesterId = requesterIn(context, filters, itemIndex);
	const read = await readTicketHistory(zendesk, {
		...(requesterId === undefined ? {} : { requesterId }),
		since: period.since,
		withDeleted: returned === 'tickets' && filters.includeDeleted === true,
		pageSize: isNarrowed ? Infinity : Math.max(100, limit),
		onPage(records) {
			for (const record of records) {
				const { ticket, users, raw } = record;
				if (seen.has(ticket.id) || !isWanted(record)) continue;
				seen.add(ticket.id);
				const side = ticketSide(zendesk, record, titles, users.get(ticket.requester_id ?? ''));
				const items =
					returned === 'tickets'
						? ticketItem(side, period)
						: ticketEventsOf(side, wantedOf(record), period);
				for (const simplified of items)
					found.push(shown({ simplified, raw: { ...simplified, raw: raw as IDataObject } }));
			}
			return found.length < limit;
		},
	});
	if (read === 'withoutArchived' && requesterId === undefined)
		hint(
			context,
			"Archived tickets are missing, because only administrators may use Zendesk's export. Connect an administrator's credential to get all tickets.",
		);
	return found.slice(0, limit);
}

const execute: Execute = async (context, items) => {
	const zendesk = await zendeskOf(context);
	return await eachItem(
		context,
		items,
		async (_input, itemIndex) =>
			await itemsOf(context, zendesk, await fieldTitles(zendesk), itemIndex),
	);
};

export const getMany: Operation = {
	properties,
	execute,
	eventRole: 'readsOnly',
};
