/**
 * Profile: Get Customer Card.
 *
 * What marketing knows of customers, for agents. Nothing is asked for that was not chosen.
 */

import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
	NodeOperationError,
} from 'n8n-workflow';
import pLimit from 'p-limit';
import {
	type CardPart,
	cardParts,
	cardText,
	type ChosenFacts,
	type CustomerFacts,
	type Fact,
	isKnown,
	known,
	whatMatters,
} from '../../../../domain/customerCard';
import { fieldValues } from '../../../../domain/customerFields';
import type { Identifiers } from '../../../../domain/tracking/event';
import { fingerprintOf } from '../../../shared/fingerprint';
import { beforeGiven, eachItem } from '../../../shared/items';
import type { Execute, Operation } from '../../../shared/operation';
import { trimmedParameter } from '../../../shared/parameters';
import { eventFacts, type EventFacts } from '../../api/cardEvents';
import { type Groups, groupKinds, groupsOf } from '../../api/cardGroups';
import { profileFacts } from '../../api/cardProfile';
import { type Klaviyo, klaviyoOf } from '../../api/client';
import type { Profile } from '../../api/profile';
import { profileFields } from '../profileFields';
import { findAll, profilesIn, refusalIn, wantedAt } from './findProfiles';

const properties: INodeProperties[] = [
	...profileFields,
	{
		displayName: 'Parts',
		name: 'parts',
		type: 'multiOptions',
		options: [
			{
				name: 'Consent',
				value: 'consent',
				description: 'What the customer can receive by email, SMS, WhatsApp and push',
			},
			{
				name: 'Last Campaigns and Flows',
				value: 'messages',
				description: 'The last five that the customer has received, by name',
			},
			{ name: 'Lists', value: 'lists', description: 'Lists that the customer is in, by name' },
			{ name: 'Open Tickets', value: 'openTickets', description: 'How many tickets are open' },
			{
				name: 'Orders',
				value: 'orders',
				description: 'How many there are, and the last three',
			},
			{
				name: 'Predicted Value',
				value: 'predictedValue',
				description: 'What Klaviyo predicts that the customer will spend, and when',
			},
			{
				name: 'Segments',
				value: 'segments',
				description: 'Segments that the customer is in, by name',
			},
			{
				name: 'Value',
				value: 'value',
				description: 'What the customer has spent so far, and on average for an order',
			},
		],
		default: ['consent', 'messages', 'openTickets', 'orders', 'value'],
		description: 'What to read and show. Nothing else is read.',
	},
	{
		displayName: 'Open Ticket Count',
		name: 'openTicketCount',
		type: 'string',
		displayOptions: { show: { parts: ['openTickets'] } },
		default: "={{ $json.openTickets ?? '' }}",
		placeholder: 'e.g. 2',
		description:
			"How many tickets are open, as 'Ticket: Count Open' of Zendesk Sync counts them. Leave empty to show the count on the profile.",
	},
];

/** Customers whose events are read at once, within the 350 requests a second that Klaviyo accepts. */
const CONCURRENCY = 20;

const isPart = (name: unknown): name is CardPart => cardParts.some((part) => part === name);

/** The same for all items, so that they share requests. */
function partsOf(context: IExecuteFunctions): CardPart[] {
	const chosen: unknown = context.getNodeParameter('parts', 0, []);
	return [chosen].flat().filter(isPart);
}

/** What Klaviyo adds to profiles for these parts. */
function additionalFor(parts: readonly CardPart[]): string {
	const predicted: readonly CardPart[] = ['value', 'predictedValue', 'orders'];
	return [
		...(parts.includes('consent') ? ['subscriptions'] : []),
		...(parts.some((part) => predicted.includes(part)) ? ['predictive_analytics'] : []),
	].join(',');
}

interface Read {
	groups: ReadonlyMap<string, Groups>;
	events: ReadonlyMap<string, EventFacts>;
}

/** Reads what profiles do not have themselves, once for each customer. */
async function readMore(
	klaviyo: Klaviyo,
	ids: readonly string[],
	parts: readonly CardPart[],
): Promise<Read> {
	const limit = pLimit(CONCURRENCY);
	const wanted = { orders: parts.includes('orders'), messages: parts.includes('messages') };
	const [groups, events] = await Promise.all([
		groupsOf(
			klaviyo,
			ids,
			groupKinds.filter((kind) => parts.includes(kind)),
		),
		Promise.all(
			ids.map((id) => limit(async () => [id, await eventFacts(klaviyo, id, wanted)] as const)),
		),
	]);
	return { groups, events: new Map(events) };
}

/** What events say, and at least as many orders as Klaviyo has counted itself. */
function ordersOf(
	orders: CustomerFacts['orders'],
	{ orderCount }: ReturnType<typeof profileFacts>,
): CustomerFacts['orders'] {
	if (!isKnown(orderCount)) return orders;
	if (!isKnown(orders)) return known({ count: orderCount.known, isLeast: true, last: null });
	const { count, isLeast } = orders.known;
	return isLeast
		? known({ ...orders.known, count: Math.max(count ?? 0, orderCount.known) })
		: orders;
}

function factsOf(
	profile: Profile,
	parts: readonly CardPart[],
	{ groups, events }: Read,
	openTicketCount: number | undefined,
): ChosenFacts {
	const own = profileFacts(profile);
	const { orders, messages } = events.get(profile.id) ?? {};
	const all: ChosenFacts = {
		...own,
		...groups.get(profile.id),
		...(orders ? { orders: ordersOf(orders, own) } : {}),
		...(messages ? { messages } : {}),
		...(openTicketCount === undefined ? {} : { openTickets: known(openTicketCount) }),
	};
	return Object.fromEntries(parts.map((part) => [part, all[part]]));
}

/** For each part what is known, or null; and why not. */
function plainFacts(facts: ChosenFacts): IDataObject {
	const parts = cardParts.flatMap((part) => {
		const fact: Fact<unknown> | undefined = facts[part];
		return fact ? [{ part, fact }] : [];
	});
	return {
		...Object.fromEntries(parts.map(({ part, fact }) => [part, isKnown(fact) ? fact.known : null])),
		unknown: Object.fromEntries(
			parts.flatMap(({ part, fact }) => (isKnown(fact) ? [] : [[part, fact.unknown]])),
		),
	};
}

/** @throws NodeOperationError if it is not a number of tickets */
function openTicketCountAt(context: IExecuteFunctions, itemIndex: number): number | undefined {
	const written = trimmedParameter(context, 'openTicketCount', itemIndex);
	if (written === '') return undefined;
	const count = Number(written);
	if (Number.isInteger(count) && count >= 0) return count;
	throw new NodeOperationError(
		context.getNode(),
		`'Open Ticket Count' is not a number of tickets: '${written}'`,
		{ itemIndex, description: 'Enter a whole number, 0 or more, or leave it empty.' },
	);
}

const words = (identifiers: Identifiers): string => Object.values(identifiers).join(', ');

const notOne = (profiles: readonly Profile[], identifiers: Identifiers): IDataObject =>
	profiles.length === 0
		? {
				outcome: 'notFound',
				card: `Klaviyo has no profile with ${words(identifiers)}`,
				cardKey: null,
				profileId: null,
			}
		: {
				outcome: 'several',
				card: `Klaviyo has ${profiles.length} profiles with ${words(identifiers)}, so it is not known which of them is the customer`,
				cardKey: null,
				profileId: null,
			};

const execute: Execute = async (context, items) => {
	const klaviyo = await klaviyoOf(context);
	const parts = partsOf(context);
	const wanted = items.map((_input, itemIndex) => wantedAt(context, itemIndex));
	const reading = (async () => {
		const lookups = await findAll(context, wanted, { additional: additionalFor(parts) });
		const found = wanted.map((identifiers) =>
			identifiers instanceof Error ? [] : profilesIn(lookups, identifiers),
		);
		const ids = found.flatMap(([profile, another]) =>
			profile && another === undefined ? [profile.id] : [],
		);
		return { lookups, found, read: await readMore(klaviyo, [...new Set(ids)], parts) };
	})();
	return await eachItem(context, items, async (input, itemIndex) => {
		const { lookups, found, read } = await reading;
		const identifiers = wanted[itemIndex] ?? {};
		if (identifiers instanceof Error) throw identifiers;
		const openTicketCount = openTicketCountAt(context, itemIndex);
		const profiles = found[itemIndex] ?? [];
		const [profile, another] = profiles;
		if (!profile || another) {
			const refusal = profile ? undefined : refusalIn(lookups, identifiers);
			if (refusal) throw refusal;
			return beforeGiven(notOne(profiles, identifiers), input);
		}
		const facts = factsOf(profile, parts, read, openTicketCount);
		const { id, email, phone, firstName, lastName } = profile;
		return beforeGiven(
			{
				outcome: 'found',
				card: cardText(facts),
				cardKey: `customerCard:${fingerprintOf(id, whatMatters(facts))}`,
				profileId: id,
				firstName,
				lastName,
				email,
				phone,
				...plainFacts(facts),
				userFields: fieldValues(facts),
			},
			input,
		);
	});
};

export const getCustomerCard: Operation = {
	properties,
	execute,
	eventRole: 'readsOnly',
};
