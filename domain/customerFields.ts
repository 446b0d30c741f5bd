/** The customer card as fields of Zendesk users, for views and triggers. */
import {
	type CardChannel,
	type CardPart,
	cardParts,
	type ChosenFacts,
	type Consent,
	type Fact,
	isKnown,
} from './customerCard';

export interface CustomerField {
	key: string;
	title: string;
	/** Which part of the card has to be chosen. */
	part: CardPart;
	type: 'date' | 'decimal' | 'dropdown' | 'integer' | 'textarea';
	/** Of a dropdown: Zendesk adds the value to the user's tags, so it is unlike any other. */
	options?: ReadonlyArray<{ name: string; value: string }>;
}

const consentField = (channel: CardChannel, name: string): CustomerField => {
	const key = `klaviyo_${channel}_marketing`;
	return {
		key,
		title: `Klaviyo: ${name} marketing`,
		part: 'consent',
		type: 'dropdown',
		options: [
			{ name: 'Can receive', value: `${key}_yes` },
			{ name: 'Cannot receive', value: `${key}_no` },
		],
	};
};

const CONSENTS = {
	email: consentField('email', 'email'),
	sms: consentField('sms', 'SMS'),
	whatsapp: consentField('whatsapp', 'WhatsApp'),
};

const field = (
	key: string,
	title: string,
	part: CardPart,
	type: CustomerField['type'],
): CustomerField => ({ key: `klaviyo_${key}`, title: `Klaviyo: ${title}`, part, type });

const FIELDS = {
	total: field('total_spent', 'total spent', 'value', 'decimal'),
	nextYear: field('predicted_value', 'predicted value', 'predictedValue', 'decimal'),
	orderCount: field('order_count', 'number of orders', 'orders', 'integer'),
	lastOrder: field('last_order', 'last order', 'orders', 'date'),
	lists: field('lists', 'lists', 'lists', 'textarea'),
	segments: field('segments', 'segments', 'segments', 'textarea'),
};

const allFields: readonly CustomerField[] = [...Object.values(CONSENTS), ...Object.values(FIELDS)];

/** The fields of these parts. Parts that change with every message or ticket have none. */
export const fieldsOf = (parts: readonly CardPart[]): CustomerField[] =>
	allFields.filter(({ part }) => parts.includes(part));

/** Parts that have fields. */
export const partsWithFields = cardParts.filter((part) => fieldsOf([part]).length > 0);

/** Null empties the field: it means "not known", and an old value would not be true. */
export type FieldValues = Record<string, string | number | null>;

/** Characters. */
const LONGEST_TEXT = 5_000;

function consentValues(consent: Fact<readonly Consent[]>): FieldValues {
	const may = (channel: CardChannel): boolean | null =>
		isKnown(consent)
			? (consent.known.find((one) => one.channel === channel && one.purpose === 'marketing')
					?.canReceive ?? null)
			: null;
	return Object.fromEntries(
		(['email', 'sms', 'whatsapp'] as const).map((channel) => {
			const { key } = CONSENTS[channel];
			const answer = may(channel);
			return [key, answer === null ? null : `${key}_${answer ? 'yes' : 'no'}`];
		}),
	);
}

const namesValue = (fact: Fact<readonly string[]>): string | null =>
	isKnown(fact) ? fact.known.join(', ').slice(0, LONGEST_TEXT) : null;

/** Only fields of the parts in `facts`. */
export function fieldValues(facts: ChosenFacts): FieldValues {
	const { consent, value, predictedValue, orders, lists, segments } = facts;
	const known = orders && isKnown(orders) ? orders.known : undefined;
	return {
		...(consent ? consentValues(consent) : {}),
		...(value ? { [FIELDS.total.key]: isKnown(value) ? value.known.total : null } : {}),
		...(predictedValue
			? {
					[FIELDS.nextYear.key]: isKnown(predictedValue) ? predictedValue.known.nextYear : null,
				}
			: {}),
		...(orders
			? {
					[FIELDS.orderCount.key]: known && !known.isLeast ? known.count : null,
					[FIELDS.lastOrder.key]: known?.last?.[0]?.at.slice(0, 10) ?? null,
				}
			: {}),
		...(lists ? { [FIELDS.lists.key]: namesValue(lists) } : {}),
		...(segments ? { [FIELDS.segments.key]: namesValue(segments) } : {}),
	};
}
