/** What a profile itself tells for the customer card: consent by channel, value, and what Klaviyo predicts. */
import { z } from 'zod';
import {
	type Consent,
	type CustomerFacts,
	type Fact,
	known,
	unknown,
} from '../../../domain/customerCard';
import { OPEN_TICKET_COUNT } from './profiles';
import type { Profile } from './profile';

const word = z.string().nullish().catch(null);
const amount = z.number().finite().nullish().catch(null);
const flag = z.boolean().nullish().catch(null);

const permission = z
	.object({
		consent: word,
		can_receive: flag,
		can_receive_email_marketing: flag,
		can_receive_sms_marketing: flag,
		can_receive_sms_transactional: flag,
		can_receive_push_marketing: flag,
	})
	.nullish()
	.catch(null);
type Permission = z.infer<typeof permission>;

const channel = z
	.object({ marketing: permission, transactional: permission, conversational: permission })
	.nullish()
	.catch(null);

const cardAttributes = z.object({
	subscriptions: z
		.object({ email: channel, sms: channel, whatsapp: channel, mobile_push: channel })
		.nullish()
		.catch(null),
	predictive_analytics: z
		.object({
			historic_clv: amount,
			average_order_value: amount,
			historic_number_of_orders: amount,
			predicted_clv: amount,
			churn_probability: amount,
			expected_date_of_next_order: word,
		})
		.nullish()
		.catch(null),
});
type Attributes = z.infer<typeof cardAttributes>;

/** Klaviyo's words for a consent. Any other is not known. */
const STATES: Readonly<Record<string, Consent['state']>> = {
	SUBSCRIBED: 'subscribed',
	UNSUBSCRIBED: 'unsubscribed',
	NEVER_SUBSCRIBED: 'neverSubscribed',
	EXPIRED: 'expired',
};

const CHANNELS = {
	email: 'email',
	sms: 'sms',
	whatsapp: 'whatsapp',
	mobile_push: 'push',
} as const;
const PURPOSES = {
	marketing: 'marketing',
	transactional: 'transactional',
	conversational: 'conversation',
} as const;

const canReceive = (shown: NonNullable<Permission>): boolean | null =>
	shown.can_receive ??
	shown.can_receive_email_marketing ??
	shown.can_receive_sms_marketing ??
	shown.can_receive_sms_transactional ??
	shown.can_receive_push_marketing ??
	null;

function consentOf({ subscriptions }: Attributes): CustomerFacts['consent'] {
	if (!subscriptions) return unknown('Klaviyo does not show it');
	const names = ['email', 'sms', 'whatsapp', 'mobile_push'] as const;
	const purposes = ['marketing', 'transactional', 'conversational'] as const;
	return known(
		names.flatMap((name) =>
			purposes.flatMap((purpose) => {
				const shown = subscriptions[name]?.[purpose];
				if (!shown) return [];
				const state = STATES[shown.consent ?? ''] ?? null;
				const own = { channel: CHANNELS[name], purpose: PURPOSES[purpose] };
				return [{ ...own, state, canReceive: canReceive(shown) }];
			}),
		),
	);
}

/** Klaviyo calculates these only for accounts with enough orders. */
const NOT_CALCULATED = 'Klaviyo has not calculated it for this customer';

const isAny = (...values: unknown[]): boolean =>
	values.some((value) => value !== null && value !== undefined);

function valueOf({ predictive_analytics: found }: Attributes): CustomerFacts['value'] {
	const [total, averageOrder] = [found?.historic_clv ?? null, found?.average_order_value ?? null];
	return isAny(total, averageOrder) ? known({ total, averageOrder }) : unknown(NOT_CALCULATED);
}

function predictionOf({
	predictive_analytics: found,
}: Attributes): CustomerFacts['predictedValue'] {
	const nextYear = found?.predicted_clv ?? null;
	const churnProbability = found?.churn_probability ?? null;
	const nextOrderAt = found?.expected_date_of_next_order ?? null;
	return isAny(nextYear, churnProbability, nextOrderAt)
		? known({ nextYear, churnProbability, nextOrderAt })
		: unknown(NOT_CALCULATED);
}

function openTicketsOf({ properties }: Profile): CustomerFacts['openTickets'] {
	const count = Number(properties[OPEN_TICKET_COUNT] ?? NaN);
	return Number.isFinite(count)
		? known(count)
		: unknown(`The profile has no property '${OPEN_TICKET_COUNT}'`);
}

export interface ProfileFacts extends Pick<
	CustomerFacts,
	'consent' | 'value' | 'predictedValue' | 'openTickets'
> {
	/** As Klaviyo has calculated it. */
	orderCount: Fact<number>;
}

/** @param profile read with what Klaviyo predicts, if that is of interest */
export function profileFacts(profile: Profile): ProfileFacts {
	const attributes = cardAttributes.safeParse(profile.raw.attributes).data ?? {};
	const count = attributes.predictive_analytics?.historic_number_of_orders;
	return {
		consent: consentOf(attributes),
		value: valueOf(attributes),
		predictedValue: predictionOf(attributes),
		openTickets: openTicketsOf(profile),
		orderCount: typeof count === 'number' ? known(count) : unknown(NOT_CALCULATED),
	};
}
