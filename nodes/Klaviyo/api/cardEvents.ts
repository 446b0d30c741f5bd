/** Orders of a customer, and the campaigns and flows that they have received: one request a customer. */
import { z } from 'zod';
import {
	type CustomerFacts,
	known,
	type Order,
	type Sending,
	unknown,
} from '../../../domain/customerCard';
import { asRefusal } from '../../shared/transport';
import type { Klaviyo } from './client';
import { type CardMetrics, cardMetrics, forgetCardMetrics } from './cardMetrics';
import { whyUnknown } from './cardUnknown';
import { eventPages, readTogether } from './eventReader';
import { eventTime } from './eventTime';
import { sendingOf } from './messageEvent';
import { eventResource, type EventResource } from './wire';

export type EventFacts = Partial<Pick<CustomerFacts, 'orders' | 'messages'>>;

export interface EventParts {
	orders: boolean;
	messages: boolean;
}

const MOST_ORDERS = 3;
const MOST_SENDINGS = 5;

/** An event that can be understood, with the metric that it belongs to. */
interface Read {
	metricId: string;
	at: string;
	properties: Record<string, unknown>;
}

interface Log {
	/** Newest first. */
	events: Read[];
	/** Whether these are all that there are, and each was understood. */
	isWhole: boolean;
}

/** @returns what could not be read says why */
export async function eventFacts(
	klaviyo: Klaviyo,
	profileId: string,
	parts: EventParts,
): Promise<EventFacts> {
	if (!parts.orders && !parts.messages) return {};
	try {
		return await factsWith(klaviyo, profileId, parts, await cardMetrics(klaviyo));
	} catch (error) {
		const fault = whyUnknown(klaviyo, error);
		const { httpCode } = asRefusal(klaviyo, error);
		// A metric may be gone: the next customer's are looked up again.
		if (httpCode === '400' || httpCode === '404') forgetCardMetrics(klaviyo);
		return {
			...(parts.orders ? { orders: fault } : {}),
			...(parts.messages ? { messages: fault } : {}),
		};
	}
}

async function factsWith(
	klaviyo: Klaviyo,
	profileId: string,
	parts: EventParts,
	metrics: CardMetrics,
): Promise<EventFacts> {
	const orderIds = parts.orders ? metrics.orders : [];
	const sendings = parts.messages ? metrics.sendings : [];
	const ids = [...orderIds, ...sendings.map(({ id }) => id)];
	const log: Log =
		ids.length === 0
			? { events: [], isWhole: true }
			: merged(
					await readTogether(
						klaviyo,
						ids,
						async (metricIds) => await newest(klaviyo, metricIds, profileId),
					),
				);
	return {
		...(parts.orders ? { orders: ordersIn(log, metrics) } : {}),
		...(parts.messages ? { messages: sendingsIn(log, metrics) } : {}),
	};
}

/** One page, Klaviyo's largest: years of orders and messages of nearly any customer. */
async function newest(
	klaviyo: Klaviyo,
	metricIds: readonly string[],
	profileId: string,
): Promise<Log> {
	const selection = { profileId, newestFirst: true };
	for await (const { events, isLast } of eventPages(klaviyo, metricIds, selection)) {
		const read = events.map((event) => readOf(eventResource.safeParse(event).data));
		const understood = read.filter((event) => event !== undefined);
		return { events: understood, isWhole: isLast && understood.length === read.length };
	}
	return { events: [], isWhole: false };
}

function readOf(event: EventResource | undefined): Read | undefined {
	const at = eventTime(event?.attributes.datetime, event?.attributes.timestamp);
	const metricId = event?.relationships?.metric?.data?.id;
	if (at === undefined || metricId === undefined) return undefined;
	return { metricId, at, properties: event?.attributes.event_properties ?? {} };
}

const merged = (logs: readonly Log[]): Log => ({
	events: logs
		.flatMap(({ events }) => events)
		.sort((one, other) => Date.parse(other.at) - Date.parse(one.at)),
	isWhole: logs.every(({ isWhole }) => isWhole),
});

const amount = z
	.union([z.number(), z.string().trim().min(1).pipe(z.coerce.number())])
	.refine(Number.isFinite)
	.nullable()
	.catch(null);
const text = z
	.union([z.string().trim().min(1), z.number().transform(String)])
	.nullable()
	.catch(null);
const orderProperties = z.object({
	$value: amount,
	$currency_code: text,
	$event_id: text,
	OrderId: text,
	Items: z.array(z.unknown()).catch([]),
});

function orderOf({ at, properties }: Read): Order {
	const { $value, $currency_code, $event_id, OrderId, Items } = orderProperties.parse(properties);
	return {
		at,
		orderId: OrderId ?? $event_id,
		value: $value,
		currency: $currency_code,
		items: Items.filter((item) => typeof item === 'string'),
	};
}

/** Two integrations may each record an order: its id is the same. */
function onceEach(orders: readonly Order[]): Order[] {
	const seen = new Set<string>();
	return orders.filter(({ orderId }) => {
		if (orderId === null) return true;
		if (seen.has(orderId)) return false;
		seen.add(orderId);
		return true;
	});
}

function ordersIn({ events, isWhole }: Log, { orders: ids }: CardMetrics): CustomerFacts['orders'] {
	if (ids.length === 0) return unknown('The account has no metric Placed Order');
	const found = onceEach(events.filter(({ metricId }) => ids.includes(metricId)).map(orderOf));
	return known({ count: found.length, isLeast: !isWhole, last: found.slice(0, MOST_ORDERS) });
}

/** An account has these metrics from the start. If one is not found, Klaviyo has given it another name. */
const ALWAYS_THERE = ['email', 'sms'] as const;

function sendingsIn(
	{ events, isWhole }: Log,
	{ sendings: metrics }: CardMetrics,
): CustomerFacts['messages'] {
	if (metrics.length === 0) return unknown('The account has no metric Received Email');
	const last = events.flatMap(({ metricId, at, properties }): Sending[] => {
		const metric = metrics.find(({ id }) => id === metricId);
		const { kind, name } = sendingOf(properties);
		if (!metric || (kind !== 'campaign' && kind !== 'flow')) return [];
		return [{ at, channel: metric.channel, kind, name }];
	});
	return known({
		last: last.slice(0, MOST_SENDINGS),
		areAll: isWhole || last.length >= MOST_SENDINGS,
		unread: ALWAYS_THERE.filter((channel) => metrics.every((metric) => metric.channel !== channel)),
	});
}
