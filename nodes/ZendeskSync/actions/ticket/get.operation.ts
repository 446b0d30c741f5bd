/**
 * Ticket: Get.
 *
 * Reads tickets. If the item is a ticket event, the event's fields are kept, and its key is looked up if it is missing.
 */

import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { z } from 'zod';
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
	WITH_LAST_AUDITS,
	WITH_TICKETS,
} from '../../api/tickets';
import { readUser } from '../../api/users';
import type { WireUser } from '../../api/wire';
import { isZendeskId } from '../../api/paths';

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
const eventSide = ticketEvent.omit({
	ticketId: true,
	externalId: true,
	brandId: true,
	channel: true,
	tags: true,
	raw: true,
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

type EventSide = z.infer<typeof eventSide>;

/** The event if it lacks its key. No metric is recorded of a changed requester: its history may be missing. */
function keylessIn({ event, key, occurredAt }: EventSide) {
	return key === null && (event === 'solved' || event === 'reopened')
		? { event, occurredAt }
		: undefined;
}

/** @returns the event's fields, with its key if it can have one, and what the ticket is now */
async function withKey(zendesk: Zendesk, event: EventSide, { ticket, lastAudits }: TicketRecord) {
	const keyless = keylessIn(event);
	const key = keyless
		? await findEventKey(
				zendesk,
				keyless.event,
				ticket.id,
				keyless.occurredAt,
				lastAudits.get(ticket.id),
			)
		: event.key;
	return {
		...event,
		key,
		current: { status: ticket.status ?? null, requesterId: ticket.requester_id },
	};
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
	const events = items.map(({ json }) => eventSide.safeParse(json).data);
	const ticketOf = ticketReader(
		zendesk,
		wanted.filter(isZendeskId),
		events.some((event) => event && keylessIn(event)) ? WITH_LAST_AUDITS : WITH_TICKETS,
	);
	const userOf = usersOf(zendesk);
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
		const given = events[itemIndex];
		const event = given ? await withKey(zendesk, given, record) : undefined;
		// The event's requester: a metric belongs to the customer that the event happened to.
		const ofEvent = event?.requesterId ?? record.ticket.requester_id;
		const requester = await requesterOf(record, ofEvent, userOf);
		const requesterId = requester?.id ?? ofEvent;
		const titles = await fieldTitles(zendesk, [record.ticket]);
		const ticket = ticketSide(zendesk, record, titles, requester);
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
