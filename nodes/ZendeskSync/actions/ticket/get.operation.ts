/**
 * Ticket: Get.
 *
 * Reads tickets. If the item is a ticket event, the event's fields are kept, and its key is looked up if it is missing.
 */

import type { IDataObject, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import { ticketIdField, ticketIdOf, ticketOutputFields, typedTicketId } from './fields';
import { ticketEvent } from '../../../../domain/items';
import { beforeGiven, eachItem } from '../../../shared/items';
import { outputAt } from '../../../shared/output';
import { type Zendesk, zendeskOf } from '../../api/client';
import { findEventKey } from '../../api/eventKey';
import { Gone, present, unlessGone } from '../../api/gone';
import {
	fieldTitles,
	lastComments,
	ticketReader,
	type TicketRecord,
	ticketSide,
} from '../../api/tickets';
import { readUser } from '../../api/users';
import type { WireUser } from '../../api/wire';

const properties: INodeProperties[] = [
	ticketIdField,
	...ticketOutputFields,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Continue If Not Found',
				name: 'continueIfNotFound',
				type: 'boolean',
				default: false,
				description:
					'Whether to pass on the item of a ticket that was deleted or never existed, with "found": false, instead of failing. A ticket that exists gets "found": true.',
			},
			{
				displayName: 'Include Comments',
				name: 'includeComments',
				type: 'boolean',
				default: false,
				description:
					"Whether to add the ticket's last 100 comments, including internal notes, oldest first. Costs one call for each ticket.",
			},
		],
	},
];

/** Fields in which the event counts, not the ticket, which may have changed since. */
const eventSide = ticketEvent.pick({
	event: true,
	occurredAt: true,
	status: true,
	previousStatus: true,
	requesterId: true,
	comment: true,
	rating: true,
	key: true,
	catchUp: true,
});

/** Users that do not come with the tickets, each read once per execution. */
const usersOf = (zendesk: Zendesk): ((id: string) => Promise<WireUser | Gone>) => {
	const read = new Map<string, Promise<WireUser | Gone>>();
	return async (id) => {
		const user = read.get(id) ?? readUser(zendesk, id);
		read.set(id, user);
		return await user;
	};
};

/** @returns the event's fields, with its key if it can have one; undefined if the item is not an event */
async function eventOf(zendesk: Zendesk, { json }: INodeExecutionData, ticketId: string) {
	const event = eventSide.safeParse(json).data;
	if (!event) return undefined;
	const { event: name, occurredAt } = event;
	// No metric is recorded of a changed requester, so a history that does not show one must not fail the item.
	const isKeyless = event.key === null && (name === 'solved' || name === 'reopened');
	const key = isKeyless ? await findEventKey(zendesk, name, ticketId, occurredAt) : event.key;
	return { ...event, key };
}

/** @param requesterId the event's: the user may have been merged into another since, who is the ticket's then */
async function requesterOf(
	{ ticket, users }: TicketRecord,
	requesterId: string | null,
	userOf: ReturnType<typeof usersOf>,
): Promise<WireUser | undefined> {
	const ids = [requesterId, ticket.requester_id].filter((id) => id !== null);
	for (const id of new Set(ids)) {
		const user = users.get(id) ?? unlessGone(await userOf(id));
		if (user) return user;
	}
	return undefined;
}

const execute: Execute = async (context, items) => {
	const zendesk = await zendeskOf(context);
	const wanted = items.map((_item, itemIndex) => typedTicketId(context, itemIndex));
	const ticketOf = ticketReader(
		zendesk,
		wanted.filter((id) => /^\d+$/.test(id)),
	);
	const userOf = usersOf(zendesk);
	let titles: Promise<Map<string, string>> | undefined;
	return await eachItem(context, items, async (input, itemIndex) => {
		const ticketId = ticketIdOf(context, itemIndex);
		const shown = outputAt(context, itemIndex);
		const { includeComments, continueIfNotFound } = context.getNodeParameter(
			'options',
			itemIndex,
			{},
		) as { includeComments?: boolean; continueIfNotFound?: boolean };
		const read = await ticketOf(ticketId);
		if (continueIfNotFound && read instanceof Gone)
			return beforeGiven({ found: false, ticketId }, input);
		const record = present(read);
		const event = await eventOf(zendesk, input, ticketId);
		// The event's requester: a metric belongs to the customer that the event happened to.
		const ofEvent = event?.requesterId ?? record.ticket.requester_id;
		const requester = await requesterOf(record, ofEvent, userOf);
		const requesterId = requester?.id ?? ofEvent;
		titles ??= fieldTitles(zendesk);
		const ticket = ticketSide(zendesk, record, await titles, requester);
		const comments = includeComments ? await lastComments(zendesk, ticketId) : undefined;
		const status = event?.status ?? ticket.status;
		const simplified = {
			...ticket,
			...(comments ? { comments } : {}),
			...(event ? { ...event, status, requesterId } : {}),
		} as unknown as IDataObject;
		return {
			...(continueIfNotFound ? { found: true } : {}),
			...shown({ simplified, raw: { ...simplified, raw: record.raw as IDataObject } }),
		};
	});
};

export const get: Operation = {
	properties,
	execute,
	eventRole: 'readsOnly',
};
