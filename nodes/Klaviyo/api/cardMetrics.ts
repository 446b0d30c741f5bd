/** The metrics of the customer card, by their names' patterns: orders of any integration, and what Klaviyo has sent. */
import { processMemory } from '../../shared/processMemory';
import { type Klaviyo, readAll } from './client';
import { isKlaviyos } from './messageMetricIds';
import { isNameOf, messageMetrics, normalizedName } from './messageMetrics';
import { metricResource } from './wire';

export interface SendingMetric {
	id: string;
	channel: 'email' | 'sms' | 'whatsapp';
}

export interface CardMetrics {
	/** Ids of `Placed Order`: each shop system that is connected may have one. */
	orders: readonly string[];
	/** Of messages that were received. */
	sendings: readonly SendingMetric[];
}

const ORDER = /^(?:placed (?:an )?order|order placed)$/;
const RECEIVED_EMAIL = /^received e ?mail$/;

/** By account, so that not every customer needs `GET /api/metrics`. */
const remembered = processMemory<{ readAt: number; metrics: CardMetrics }>();
/** Milliseconds. */
const GOOD_FOR = 3_600_000;
/** The same if a metric is missing: an account gets some with their first event. */
const MISSING_FOR = 300_000;

const reading = processMemory<Promise<CardMetrics>>();

export async function cardMetrics(klaviyo: Klaviyo): Promise<CardMetrics> {
	const last = remembered.get(klaviyo.account);
	const age = last ? Date.now() - last.readAt : -1;
	const isWhole = last && last.metrics.orders.length > 0 && last.metrics.sendings.length > 0;
	if (last && age >= 0 && age < (isWhole ? GOOD_FOR : MISSING_FOR)) return last.metrics;
	// Many customers ask at once: one request answers them all.
	const under = reading.get(klaviyo.account) ?? read(klaviyo);
	reading.set(klaviyo.account, under);
	try {
		return await under;
	} finally {
		reading.delete(klaviyo.account);
	}
}

export const forgetCardMetrics = ({ account }: Klaviyo): void => void remembered.delete(account);

async function read(klaviyo: Klaviyo): Promise<CardMetrics> {
	const { data } = await readAll(
		klaviyo,
		'Metrics could not be read',
		metricResource,
		'/api/metrics',
		{},
	);
	const own = data.map(({ id, attributes: { name, integration } }) => ({
		id,
		name,
		isOwn: isKlaviyos(integration),
	}));
	const channelOf = (name: string): SendingMetric['channel'] | undefined => {
		if (RECEIVED_EMAIL.test(normalizedName(name))) return 'email';
		if (isNameOf(messageMetrics.sms.delivered, name)) return 'sms';
		return isNameOf(messageMetrics.whatsapp.delivered, name) ? 'whatsapp' : undefined;
	};
	const metrics = {
		orders: own.filter(({ name }) => ORDER.test(normalizedName(name))).map(({ id }) => id),
		sendings: own.flatMap(({ id, name, isOwn }) => {
			const channel = isOwn ? channelOf(name) : undefined;
			return channel ? [{ id, channel }] : [];
		}),
	};
	remembered.set(klaviyo.account, { readAt: Date.now(), metrics });
	return metrics;
}
