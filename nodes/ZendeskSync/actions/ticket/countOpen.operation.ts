/**
 * Ticket: Count Open, before Klaviyo: Profile: Create or Update.
 *
 * Counts open tickets. Each customer is read once per execution, and many customers together.
 */

import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
	NodeOperationError,
} from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import type { CustomerName } from '../../api/customers';
import { fromExternalId, userIdOf } from '../../../../domain/conversation/externalId';
import { addressOf, profileNamesOf, profilesFor } from '../../../../domain/customerProfiles';
import { ticketEvent } from '../../../../domain/items';
import { toE164 } from '../../../../domain/phone';
import { fieldError, phoneFault } from '../../../shared/fieldFaults';
import { beforeGiven, eachItem } from '../../../shared/items';
import { idIn, locatorField } from '../../../shared/locator';
import { zendeskOf } from '../../api/client';
import { present, unlessGone } from '../../api/gone';
import { trimmedParameter } from '../../../shared/parameters';
import { fieldLocator } from '../locators';
import { changedTickets } from './changedTickets';
import { type Counted, type CountedTicket, counterOf, openOf, withChanged } from './counted';
import { isZendeskId } from '../../api/paths';

const shownFor = (by: CustomerName['by']) => ({ show: { countBy: [by] } });

const properties: INodeProperties[] = [
	{
		displayName: 'Count By',
		name: 'countBy',
		type: 'options',
		options: [
			{
				name: 'Customer Phone',
				value: 'customerPhone',
				description: 'The phone number of the conversation',
			},
			{ name: 'Email', value: 'email', description: "The customer's email address in Zendesk" },
			{
				name: 'External ID',
				value: 'externalId',
				description: 'The external ID of the conversation, from a ticket event',
			},
			{
				name: 'Requester ID',
				value: 'requesterId',
				description: "The customer's user ID in Zendesk, from a ticket event",
			},
		],
		default: 'requesterId',
		description: 'How to identify the customer',
	},
	{
		displayName: 'Customer Phone',
		name: 'customerPhone',
		type: 'string',
		required: true,
		default: '={{ $json.phone ?? $json.from }}',
		description: "The customer's phone number",
		displayOptions: shownFor('customerPhone'),
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
		description: "The customer's user ID in Zendesk",
		displayOptions: shownFor('requesterId'),
	},
	{
		displayName: 'Triggering Ticket ID',
		name: 'changedTicketId',
		type: 'string',
		default: "={{ $json.ticketId ?? '' }}",
		description:
			"The ID of the ticket whose event triggered the count, if any. It is read separately, because Zendesk's list of a customer's tickets can be up to 90 seconds behind.",
	},
	{
		displayName: 'Previous Requester ID',
		name: 'previousRequesterId',
		type: 'string',
		default: "={{ $json.previousRequesterId ?? '' }}",
		description:
			'The previous requester of the ticket, if its requester was changed. Their tickets are counted too, in a separate item.',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			locatorField(fieldLocator, {
				displayName: 'Reason Field',
				name: 'reasonField',
				description:
					'The custom field that says why customers write, for the reason of the last ticket. Without it, the reason is the subject.',
			}),
			{
				displayName: 'Use Incoming Ticket',
				name: 'useIncomingTicket',
				type: 'boolean',
				default: false,
				description:
					"Whether to take the triggering ticket from the incoming item instead of reading it once more. Only right if 'Ticket: Get' comes directly before this node. With a 'Reason Field' the ticket is read all the same.",
			},
		],
	},
];

/** @throws NodeOperationError if the customer is missing or not valid */
function customerAt(context: IExecuteFunctions, itemIndex: number): CustomerName {
	const by = context.getNodeParameter('countBy', itemIndex) as CustomerName['by'];
	const field = properties.find(({ name }) => name === by)?.displayName ?? by;
	const value = trimmedParameter(context, by, itemIndex);
	const refuse = (message: string, description: string): NodeOperationError =>
		new NodeOperationError(context.getNode(), message, { itemIndex, description });
	if (!value)
		throw refuse(`'${field}' is empty`, "Fill it in, or choose another option in 'Count By'.");
	if (by === 'requesterId' && !isZendeskId(value))
		throw refuse(
			`'${field}' is not a valid user ID: '${value}'`,
			"Map a ticket event's 'requesterId' to it.",
		);
	if (by !== 'customerPhone') return { by, value };
	const phone = toE164(value);
	if (!phone) throw fieldError(context, itemIndex, phoneFault(field, value));
	return { by, value: phone };
}

/** All e-mail addresses and phone numbers under which Klaviyo may know the customer. */
const profileNamesFor = ({ requester, identities, tickets }: Counted, externalId: string | null) =>
	profileNamesOf({
		emails: [requester?.email ?? null, ...(identities?.emails ?? [])],
		phones: [
			requester?.shared_phone_number ? null : (requester?.phone ?? null),
			...(identities?.phones ?? []),
		],
		externalIds: [externalId, ...tickets.map((ticket) => ticket.external_id)],
	});

/**
 * What identifies the customer in Klaviyo, by the rule of ticket metrics: the conversation's phone number, else the email
 * address, else the phone number in Zendesk. Only one of them: together they could mean two people. The others may have
 * profiles of their own.
 */
function identityOf(counted: Counted, externalId: string | null) {
	const { requester } = counted;
	const [profile] = profilesFor(externalId, requester);
	const phone = profile && 'phone_number' in profile ? profile.phone_number : null;
	const email = addressOf(requester?.email);
	const own = phone ?? email?.toLowerCase();
	const alsoKnownAs = profileNamesFor(counted, externalId).filter((name) => name !== own);
	return { email, phone, alsoKnownAs };
}

/**
 * The count of the previous requester. The conversation's phone number stays with its ticket, so its profile gets the
 * count of the present requester.
 *
 * @returns nothing if the previous requester cannot have a profile in Klaviyo
 */
function previousCount(
	counted: Counted,
	tickets: CountedTicket[],
	externalId: string | null,
	reasonField: string,
) {
	const phone = fromExternalId(externalId)?.phone;
	const [first, ...alsoKnownAs] = profileNamesFor(counted, null).filter((name) => name !== phone);
	if (first === undefined) return [];
	const isAddress = first.includes('@');
	const identity = { email: isAddress ? first : null, phone: isAddress ? null : first };
	return [{ ...openOf(counted, tickets, reasonField), externalId: null, ...identity, alsoKnownAs }];
}

/** An event that says how the customer rated a ticket. */
const ratingEvent = ticketEvent.pick({ rating: true });

const execute: Execute = async (context, items) => {
	const zendesk = await zendeskOf(context);
	const previousAt = (itemIndex: number): string =>
		trimmedParameter(context, 'previousRequesterId', itemIndex);
	const requesterIds = items.flatMap((_item, itemIndex) => [
		context.getNodeParameter('countBy', itemIndex) === 'requesterId'
			? trimmedParameter(context, 'requesterId', itemIndex)
			: '',
		previousAt(itemIndex),
	]);
	const countedBy = counterOf(zendesk, requesterIds.filter(isZendeskId));
	const { reads, readable } = await changedTickets(context, zendesk, items);
	return await eachItem(context, items, async (input, itemIndex) => {
		const customer = customerAt(context, itemIndex);
		const counted = present(await countedBy(customer));
		await reads.get(trimmedParameter(context, 'changedTicketId', itemIndex));
		const reasonField = idIn(
			fieldLocator,
			trimmedParameter(context, 'options.reasonField', itemIndex),
		);
		const now = (one: Counted): CountedTicket[] => withChanged(one, readable);
		const { externalId: given, key, occurredAt } = input.json;
		const { rating } = ratingEvent.safeParse(input.json).data ?? {};
		const shown = customer.by === 'externalId' ? customer.value : given;
		// A number alone does not say on which channels its customer has conversations.
		const isByPhone = customer.by === 'customerPhone';
		const externalId = !isByPhone && typeof shown === 'string' && shown !== '' ? shown : null;
		const named = isByPhone ? userIdOf(customer.value) : externalId;
		const before = previousAt(itemIndex);
		const previous =
			isZendeskId(before) && before !== counted.requesterId
				? unlessGone(await countedBy({ by: 'requesterId', value: before }))
				: undefined;
		// The node that writes the count marks this event as completed.
		const event = key && occurredAt ? { key, occurredAt, account: zendesk.account } : {};
		const count = {
			...openOf(counted, now(counted), reasonField),
			externalId,
			...identityOf(counted, named),
			...(rating ? { lastRating: rating.score, lastRatingAt: occurredAt } : {}),
			...event,
		};
		const ofPrevious = previous ? previousCount(previous, now(previous), named, reasonField) : [];
		return [
			...ofPrevious.map((one) => ({ ...one, ...event }) satisfies IDataObject),
			beforeGiven(count satisfies IDataObject, input),
		];
	});
};

export const countOpen: Operation = {
	properties,
	execute,
	eventRole: 'readsOnly',
};
