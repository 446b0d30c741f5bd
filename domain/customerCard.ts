/** What marketing knows of a customer, in words for an agent. Only what was asked for is said; unknown is never "none". */
import { plainLine } from './plainLine';

export const cardParts = [
	'consent',
	'value',
	'predictedValue',
	'orders',
	'lists',
	'segments',
	'messages',
	'openTickets',
] as const;
export type CardPart = (typeof cardParts)[number];

/** What is known, or why it is not: a sentence without its full stop. */
export type Fact<T> = { known: T } | { unknown: string };

export const known = <T>(value: T): Fact<T> => ({ known: value });
export const unknown = (why: string): { unknown: string } => ({ unknown: why });
export const isKnown = <T>(fact: Fact<T>): fact is { known: T } => 'known' in fact;

export const cardChannels = ['email', 'sms', 'whatsapp', 'push'] as const;
export type CardChannel = (typeof cardChannels)[number];

export interface Consent {
	channel: CardChannel;
	purpose: 'marketing' | 'transactional' | 'conversation';
	/** As the customer gave it; null if Klaviyo does not say. */
	state: 'subscribed' | 'unsubscribed' | 'neverSubscribed' | 'expired' | null;
	/** Whether a message may be sent; null if Klaviyo does not say. */
	canReceive: boolean | null;
}

/** Amounts as Klaviyo has them: it does not say in which currency. Null is not known. */
export interface Value {
	/** Of all orders so far. */
	total: number | null;
	averageOrder: number | null;
}

export interface PredictedValue {
	/** Of the orders of the next 365 days. */
	nextYear: number | null;
	/** From 0 to 1. */
	churnProbability: number | null;
	/** ISO 8601. */
	nextOrderAt: string | null;
}

export interface Order {
	/** ISO 8601. */
	at: string;
	orderId: string | null;
	/** Null if the event has none; an amount of 0 has none too. */
	value: number | null;
	/** ISO 4217; null if the event does not say. */
	currency: string | null;
	items: readonly string[];
}

export interface Orders {
	/** Null if not even a lower bound is known. */
	count: number | null;
	/** Whether there may be more than `count`. */
	isLeast: boolean;
	/** Newest first. Null if they could not be read. */
	last: readonly Order[] | null;
}

export interface Sending {
	/** ISO 8601. */
	at: string;
	channel: 'email' | 'sms' | 'whatsapp';
	kind: 'campaign' | 'flow';
	/** In Klaviyo: a campaign's, or that of a flow's message. */
	name: string | null;
}

export interface Sendings {
	/** Newest first. */
	last: readonly Sending[];
	/** Whether no older or other ones were left unread that belong to `last`. */
	areAll: boolean;
	/** Channels of which nothing could be read. */
	unread: ReadonlyArray<Sending['channel']>;
}

export interface CustomerFacts {
	consent: Fact<readonly Consent[]>;
	value: Fact<Value>;
	predictedValue: Fact<PredictedValue>;
	orders: Fact<Orders>;
	/** Names. */
	lists: Fact<readonly string[]>;
	segments: Fact<readonly string[]>;
	messages: Fact<Sendings>;
	openTickets: Fact<number>;
}

/** Only the parts that were chosen. */
export type ChosenFacts = Partial<CustomerFacts>;

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** A day in UTC, such as `3 Nov 2026`: read alike everywhere. */
export function dayOf(iso: string): string {
	const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)/.exec(iso) ?? [];
	const name = MONTHS[Number(month) - 1];
	return name ? `${Number(day)} ${name} ${year}` : iso;
}

/** An amount with its currency's code; without one if it is not known. */
export function moneyOf(amount: number, currency: string | null): string {
	const digits = Number.isInteger(amount) ? 0 : 2;
	const number = amount.toLocaleString('en-US', {
		minimumFractionDigits: digits,
		maximumFractionDigits: digits,
	});
	return currency ? `${number} ${currency}` : number;
}

const LONGEST_NAME = 80;
const MOST_NAMES = 15;
const MOST_ITEMS = 3;

const nameOf = (name: string): string => plainLine(name, LONGEST_NAME);

const someOf = (names: readonly string[], most: number): string => {
	const more = names.length - most;
	const shown = names.slice(0, most).map(nameOf).join(', ');
	return more > 0 ? `${shown} and ${more} more` : shown;
};

const CHANNELS = { email: 'Email', sms: 'SMS', whatsapp: 'WhatsApp', push: 'Push' } as const;
const PURPOSES = {
	marketing: 'marketing',
	transactional: 'transactional messages',
	conversation: 'answers',
} as const;
const STATES = {
	subscribed: 'subscribed',
	unsubscribed: 'unsubscribed',
	neverSubscribed: 'never subscribed',
	expired: 'expired',
} as const;

function consentWords({ purpose, state, canReceive }: Consent): string {
	const may = canReceive === null ? 'not known' : canReceive ? 'can receive' : 'cannot receive';
	return `${PURPOSES[purpose]}: ${may}${state ? ` (${STATES[state]})` : ''}`;
}

const consentLines = (consents: readonly Consent[]): string[] =>
	cardChannels.flatMap((channel) => {
		const own = consents.filter((consent) => consent.channel === channel);
		return own.length > 0
			? [`${CHANNELS[channel]} ${own.map(consentWords).join(', ')}`]
			: [`${CHANNELS[channel]}: Klaviyo does not show any consent`];
	});

const NO_CURRENCY = 'Klaviyo does not say in which currency';

function valueLine({ total, averageOrder }: Value): string {
	const said = [
		...(total === null ? [] : [moneyOf(total, null)]),
		...(averageOrder === null ? [] : [`${moneyOf(averageOrder, null)} an order`]),
	];
	return `Spent so far: ${said.length > 0 ? `${said.join(', ')} (${NO_CURRENCY})` : 'not known'}`;
}

function predictionLine({ nextYear, churnProbability, nextOrderAt }: PredictedValue): string {
	const said = [
		...(nextYear === null ? [] : [`${moneyOf(nextYear, null)} in the next year (${NO_CURRENCY})`]),
		...(nextOrderAt === null ? [] : [`next order about ${dayOf(nextOrderAt)}`]),
		...(churnProbability === null
			? []
			: [`${Math.round(churnProbability * 100)} % likely not to order again`]),
	];
	return `Predicted by Klaviyo: ${said.length > 0 ? said.join(', ') : 'not known'}`;
}

function orderWords({ at, orderId, value, currency, items }: Order): string {
	const said = [
		dayOf(at),
		...(value === null ? [] : [moneyOf(value, currency)]),
		...(orderId === null ? [] : [`order ${nameOf(orderId)}`]),
		...(items.length > 0 ? [someOf(items, MOST_ITEMS)] : []),
	];
	return said.join(', ');
}

function orderLines({ count, isLeast, last }: Orders): string[] {
	const number =
		count === null
			? 'number not known'
			: count === 0 && !isLeast
				? 'none in Klaviyo'
				: `${isLeast ? 'at least ' : ''}${count}`;
	return [
		`Orders: ${number}${last === null ? '; the last ones could not be read' : ''}`,
		...(last ?? []).map((order) => `- ${orderWords(order)}`),
	];
}

const SENT_BY = { email: 'email', sms: 'text message', whatsapp: 'WhatsApp' } as const;

const sendingWords = ({ at, channel, kind, name }: Sending): string =>
	`- ${dayOf(at)}, ${kind} by ${SENT_BY[channel]}${name === null ? '' : `: ${nameOf(name)}`}`;

const namesLine = (title: string, names: readonly string[]): string =>
	`${title}: ${names.length > 0 ? someOf(names, MOST_NAMES) : 'none'}`;

const MESSAGES = 'Last campaigns and flows';

function sendingLines({ last, areAll, unread }: Sendings): string[] {
	const channels = unread.map((channel) => SENT_BY[channel]).join(' or ');
	const left = [
		...(areAll ? [] : ['there may be more']),
		...(channels ? [`those by ${channels} are not known`] : []),
	].join('; ');
	const none = areAll && unread.length === 0 ? 'none in Klaviyo' : 'none found';
	const number = last.length > 0 ? '' : ` ${none}`;
	return [
		`${MESSAGES}:${number}${left ? `${number ? ';' : ''} ${left}` : ''}`,
		...last.map(sendingWords),
	];
}

/** Nothing if the part was not chosen. */
function linesOf<T>(
	title: string,
	fact: Fact<T> | undefined,
	words: (value: T) => string | string[],
): string[] {
	if (fact === undefined) return [];
	return isKnown(fact) ? [words(fact.known)].flat() : [`${title}: not known. ${fact.unknown}.`];
}

/** @returns lines of plain text, with nothing of a part that is not in `facts` */
export const cardText = (facts: ChosenFacts): string =>
	[
		'Customer card from Klaviyo',
		...linesOf('Consent', facts.consent, consentLines),
		...linesOf('Spent so far', facts.value, valueLine),
		...linesOf('Predicted by Klaviyo', facts.predictedValue, predictionLine),
		...linesOf('Orders', facts.orders, orderLines),
		...linesOf('Lists', facts.lists, (names) => namesLine('Lists', names)),
		...linesOf('Segments', facts.segments, (names) => namesLine('Segments', names)),
		...linesOf(MESSAGES, facts.messages, sendingLines),
		...linesOf('Open tickets', facts.openTickets, (count) => `Open tickets: ${count}`),
	].join('\n');

/**
 * What has to change for an agent to be told again: consent and orders. Not the rest, which changes with each message
 * and ticket.
 */
export function whatMatters({ consent, orders }: ChosenFacts): unknown[] {
	return [
		consent && isKnown(consent)
			? consent.known.map(({ channel, purpose, canReceive }) => [channel, purpose, canReceive])
			: null,
		orders && isKnown(orders)
			? [orders.known.count, orders.known.last?.map(({ at, orderId }) => [at, orderId])]
			: null,
	];
}
