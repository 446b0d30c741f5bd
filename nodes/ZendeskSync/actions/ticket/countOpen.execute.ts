/** Counts open tickets, each customer once an execution. */
import { type IDataObject, type IExecuteFunctions, NodeOperationError } from 'n8n-workflow';
import { fromExternalId, toExternalId } from '../../../../domain/conversation/externalId';
import { isOpen } from '../../../../domain/outbound';
import { toE164 } from '../../../../domain/phone';
import { eachItem } from '../../../shared/items';
import type { Execute } from '../../../shared/operation';
import { zendeskOf, type Zendesk } from '../../api/client';
import { type CustomerName, findRequester, requestedTickets } from '../../api/customers';
import { readUser, ticketsOf } from '../../api/tickets';
import type { WireTicket, WireUser } from '../../api/wire';
import { trimmedParameter } from '../../../shared/parameters';
import { countOpen } from './countOpen.operation';

/** @throws NodeOperationError when the customer is not named */
function nameAt(context: IExecuteFunctions, itemIndex: number): CustomerName {
	const by = context.getNodeParameter('countBy', itemIndex) as CustomerName['by'];
	const field = countOpen.properties.find(({ name }) => name === by)?.displayName ?? by;
	const value = trimmedParameter(context, by, itemIndex);
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

export const execute: Execute = async (context, items) => {
	const zendesk = await zendeskOf(context);
	const changedIds = items.map((_item, itemIndex) =>
		trimmedParameter(context, 'changedTicketId', itemIndex),
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
					? toExternalId({ channel: 'sms', number: customer.value })
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
};
