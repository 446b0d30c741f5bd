/** Ticket: Count Open, before Klaviyo: Profile: Create or Update. A customer is counted once an execution. */
import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
	NodeOperationError,
	updateDisplayOptions,
} from 'n8n-workflow';
import { fromExternalId } from '../../../../domain/conversation/externalId';
import { isOpen } from '../../../../domain/outbound';
import { toE164 } from '../../../../domain/phone';
import { eachItem } from '../../../shared/items';
import type { Operation } from '../../../shared/operation';
import { zendeskOf, type Zendesk } from '../../api/client';
import { type CustomerName, findRequester, requestedTickets } from '../../api/customers';
import { readUser, ticketsOf } from '../../api/tickets';
import type { WireTicket, WireUser } from '../../api/wire';
import { itemParameter } from '../../../shared/parameters';

const shownFor = (by: CustomerName['by']) => ({ show: { countBy: [by] } });

const properties: INodeProperties[] = [
	{
		displayName: 'Count By',
		name: 'countBy',
		type: 'options',
		options: [
			{
				name: 'Customer Number',
				value: 'customerNumber',
				description: 'The phone number of the conversation',
			},
			{ name: 'Email', value: 'email', description: "The customer's email address in Zendesk" },
			{
				name: 'External ID',
				value: 'externalId',
				description: 'Of the conversation, as a ticket event has it',
			},
			{
				name: 'Requester ID',
				value: 'requesterId',
				description: "The customer's user ID in Zendesk, as a ticket event has it",
			},
		],
		default: 'requesterId',
		description: 'How the customer is named',
	},
	{
		displayName: 'Customer Number',
		name: 'customerNumber',
		type: 'string',
		required: true,
		default: '={{ $json.number ?? $json.from }}',
		description: "The customer's phone number",
		displayOptions: shownFor('customerNumber'),
	},
	{
		displayName: 'Email',
		name: 'email',
		type: 'string',
		required: true,
		placeholder: 'e.g. name@email.com',
		default: '={{ $json.email }}',
		description: "The customer's email address",
		displayOptions: shownFor('email'),
	},
	{
		displayName: 'External ID',
		name: 'externalId',
		type: 'string',
		required: true,
		default: '={{ $json.externalId }}',
		placeholder: 'e.g. klaviyo:sms:+12125550123',
		description: "The external ID of the conversation's tickets",
		displayOptions: shownFor('externalId'),
	},
	{
		displayName: 'Requester ID',
		name: 'requesterId',
		type: 'string',
		required: true,
		default: '={{ $json.requesterId }}',
		description: "The number of the customer's user in Zendesk",
		displayOptions: shownFor('requesterId'),
	},
	{
		displayName: 'Changed Ticket ID',
		name: 'changedTicketId',
		type: 'string',
		default: '={{ $json.ticketId }}',
		description:
			"The ticket whose change led to counting, if any. It is read by itself, since Zendesk's list of a customer's tickets can be up to 90 seconds behind.",
	},
];

/** @throws NodeOperationError when the customer is not named */
function nameAt(context: IExecuteFunctions, itemIndex: number): CustomerName {
	const by = context.getNodeParameter('countBy', itemIndex) as CustomerName['by'];
	const field = properties.find(({ name }) => name === by)?.displayName ?? by;
	const value = String(itemParameter(context, by, itemIndex, '') ?? '').trim();
	const refuse = (message: string, description: string): NodeOperationError =>
		new NodeOperationError(context.getNode(), message, { itemIndex, description });
	if (!value)
		throw refuse(`'${field}' is empty`, `Fill it in, or choose another way in 'Count By'.`);
	if (by === 'requesterId' && !/^\d+$/.test(value))
		throw refuse(
			`'${field}' is no user's number: '${value}'`,
			"Map a ticket event's 'requesterId' to it.",
		);
	if (by !== 'customerNumber') return { by, value };
	const number = toE164(value);
	if (!number)
		throw refuse(
			`'${field}' is no phone number`,
			`It is '${value}'. A number with its country code is needed, such as +15005550006.`,
		);
	return { by, value: number };
}

interface Counted {
	tickets: WireTicket[];
	requester: WireUser | undefined;
	requesterId: string | null;
}

async function countOf(zendesk: Zendesk, customer: CustomerName): Promise<Counted> {
	const requesterId = await findRequester(zendesk, customer);
	if (!requesterId) return { tickets: [], requester: undefined, requesterId: null };
	const { tickets, requester } = await requestedTickets(zendesk, requesterId);
	return { tickets, requesterId, requester: requester ?? (await readUser(zendesk, requesterId)) };
}

/** The list with what is newer: the changed ticket, where it is (still) the customer's. */
const withChanged = (counted: Counted, changed: WireTicket | undefined): WireTicket[] => {
	const others = counted.tickets.filter(({ id }) => id !== changed?.id);
	return changed && changed.requester_id === counted.requesterId ? [...others, changed] : others;
};

/**
 * How Klaviyo knows the customer, by the rule of ticket metrics: the conversation's number, else the email address,
 * else the number in Zendesk. The others are left out: together they could mean two people.
 */
function identityOf(
	externalId: string | null,
	requester: WireUser | undefined,
): { email: string | null; phone: string | null } {
	const number = fromExternalId(externalId)?.number ?? null;
	const email = requester?.email?.trim() || null;
	return { email, phone: number ?? (email ? null : toE164(requester?.phone)) };
}

export const countOpen: Operation = {
	properties: updateDisplayOptions(
		{ show: { resource: ['ticket'], operation: ['countOpen'] } },
		properties,
	),
	async execute(context, items) {
		const zendesk = await zendeskOf(context);
		const changedIds = items.map((_item, itemIndex) =>
			String(itemParameter(context, 'changedTicketId', itemIndex, '') ?? '').trim(),
		);
		const isNumber = (id: string): boolean => /^\d+$/.test(id);
		const ticketOf = ticketsOf(zendesk, changedIds.filter(isNumber));
		const counts = new Map<string, Promise<Counted>>();
		return await eachItem(context, items, async (input, itemIndex) => {
			const customer = nameAt(context, itemIndex);
			const name = `${customer.by} ${customer.value}`;
			const counting = counts.get(name) ?? countOf(zendesk, customer);
			counts.set(name, counting);
			const counted = await counting;
			const changedId = changedIds[itemIndex] ?? '';
			// A ticket that is gone by now is no longer open.
			const changed = isNumber(changedId)
				? await ticketOf(changedId).then(
						({ ticket }) => ticket,
						() => undefined,
					)
				: undefined;
			const open = withChanged(counted, changed).filter(
				({ status }) => status !== undefined && isOpen({ status }),
			);
			const { externalId: given, key, occurredAt } = input.json;
			const externalId =
				customer.by === 'externalId'
					? customer.value
					: customer.by === 'customerNumber'
						? `klaviyo:sms:${customer.value}`
						: typeof given === 'string' && given !== ''
							? given
							: null;
			return {
				openTickets: open.length,
				ticketIds: open.map(({ id }) => id),
				requesterId: counted.requesterId,
				externalId,
				...identityOf(externalId, counted.requester),
				// So that whoever writes the count can say which event is done with.
				...(key && occurredAt ? { key, occurredAt } : {}),
			} satisfies IDataObject;
		});
	},
};
