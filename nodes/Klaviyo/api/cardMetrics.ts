/** The metrics of the customer card, by their names' patterns: orders of any integration, and what Klaviyo has sent. */
import { rememberedFor } from '../../shared/remembered';
import type { Klaviyo } from './client';
import { isKlaviyos } from './messageMetricIds';
import { isNameOf, messageMetrics, normalizedName } from './messageMetrics';
import { allMetrics } from './metrics';

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

/** Milliseconds. */
const GOOD_FOR = 3_600_000;
/** The same if a metric is missing: an account gets some with their first event. */
const MISSING_FOR = 300_000;

/** By account. */
const known = rememberedFor<CardMetrics>(({ orders, sendings }) =>
	orders.length > 0 && sendings.length > 0 ? GOOD_FOR : MISSING_FOR,
);

export const cardMetrics = async (klaviyo: Klaviyo): Promise<CardMetrics> =>
	await known.get(klaviyo.account, async () => await read(klaviyo));

export const forgetCardMetrics = ({ account }: Klaviyo): void => known.forget(account);

async function read(klaviyo: Klaviyo): Promise<CardMetrics> {
	const own = (await allMetrics(klaviyo)).map(({ id, attributes: { name, integration } }) => ({
		id,
		name,
		isOwn: isKlaviyos(integration),
	}));
	const channelOf = (name: string): SendingMetric['channel'] | undefined => {
		if (RECEIVED_EMAIL.test(normalizedName(name))) return 'email';
		if (isNameOf(messageMetrics.sms.delivered, name)) return 'sms';
		return isNameOf(messageMetrics.whatsapp.delivered, name) ? 'whatsapp' : undefined;
	};
	return {
		orders: own.filter(({ name }) => ORDER.test(normalizedName(name))).map(({ id }) => id),
		sendings: own.flatMap(({ id, name, isOwn }) => {
			const channel = isOwn ? channelOf(name) : undefined;
			return channel ? [{ id, channel }] : [];
		}),
	};
}
