import type { SandboxSwitches } from '../types';
import type { Consent, Conversation, Event, Metric, Profile } from './model';
import { windowEnd } from './profiles';
import { invalid } from './wording';

export interface Resource {
	type: string;
	id: string;
	attributes: Record<string, unknown>;
	relationships?: Record<string, unknown>;
	links: { self: string };
}

export const isoOffset = (time: number): string =>
	`${new Date(time).toISOString().slice(0, 19)}+00:00`;

/** Keeps only the attributes that `fields[type]` names. */
export function sparse(
	resource: Resource,
	query: Record<string, string | number | undefined>,
): Resource {
	const wanted = query[`fields[${resource.type}]`];
	if (typeof wanted !== 'string') return resource;
	const names = wanted.split(',');
	return {
		...resource,
		attributes: Object.fromEntries(
			Object.entries(resource.attributes).filter(([name]) => names.includes(name)),
		),
	};
}

export function includeList(include: string | undefined, allowed: readonly string[]): string[] {
	const names = (include ?? '').split(',').filter(Boolean);
	for (const name of names)
		if (!allowed.includes(name))
			throw invalid(`'${name}' is not an allowed include parameter for this resource.`, {
				parameter: 'include',
			});
	return names;
}

/** One page of a sorted list; the cursor names the last item seen, so that new ones do not shift it. */
export function pageOf<T>(
	list: readonly T[],
	idOf: (item: T) => string,
	query: Record<string, string | number | undefined>,
	usualSize: number,
	url: string,
): { items: T[]; links: { self: string; next: string | null; prev: null } } {
	const size = Number(query['page[size]'] ?? usualSize);
	const cursor = query['page[cursor]'];
	let start = 0;
	if (cursor !== undefined) {
		const last = Buffer.from(String(cursor), 'base64url').toString();
		start = list.findIndex((item) => idOf(item) === last) + 1;
		if (start === 0) throw invalid('The page cursor is not valid.', { parameter: 'page[cursor]' });
	}
	const items = list.slice(start, start + size);
	const link = (after: string | undefined): string => {
		const params = new URLSearchParams();
		for (const [name, value] of Object.entries(query))
			if (value !== undefined && name !== 'page[cursor]') params.set(name, String(value));
		if (after !== undefined) params.set('page[cursor]', Buffer.from(after).toString('base64url'));
		const text = params.toString();
		return text === '' ? url : `${url}?${text}`;
	};
	const last = items.at(-1);
	const more = last !== undefined && start + size < list.length;
	const next = more ? link(idOf(last)) : null;
	return { items, links: { self: link(undefined), next, prev: null } };
}

function linked(baseUrl: string, path: string, name: string): { self: string; related: string } {
	return { self: `${baseUrl}${path}relationships/${name}/`, related: `${baseUrl}${path}${name}/` };
}

export function eventResource(
	baseUrl: string,
	event: Event,
	dateSeparator: 'T' | ' ' = 'T',
): Resource {
	const path = `/api/events/${event.id}/`;
	return {
		type: 'event',
		id: event.id,
		attributes: {
			timestamp: event.at / 1000,
			event_properties: event.properties,
			datetime: isoOffset(event.at).replace('T', dateSeparator),
			uuid: event.uuid,
		},
		relationships: {
			profile: {
				data: { type: 'profile', id: event.profileId },
				links: linked(baseUrl, path, 'profile'),
			},
			metric: {
				data: { type: 'metric', id: event.metric.id },
				links: linked(baseUrl, path, 'metric'),
			},
		},
		links: { self: `${baseUrl}${path}` },
	};
}

/** Of integrations. */
export const categories = { Klaviyo: 'Internal', API: 'API', Shopify: 'eCommerce' } as const;

export function metricResource(baseUrl: string, metric: Metric): Resource {
	const { integration } = metric;
	return {
		type: 'metric',
		id: metric.id,
		attributes: {
			name: metric.name,
			created: isoOffset(metric.createdAt),
			updated: isoOffset(metric.createdAt),
			integration: {
				object: 'integration',
				id: { Klaviyo: '0rG4eQ', API: '0eMvjm', Shopify: '0eMvaa' }[integration],
				key: integration.toLowerCase(),
				name: integration,
				category: categories[integration],
			},
		},
		relationships: {
			'flow-triggers': { links: linked(baseUrl, `/api/metrics/${metric.id}/`, 'flow-triggers') },
		},
		links: { self: `${baseUrl}/api/metrics/${metric.id}/` },
	};
}

export function conversationResource(baseUrl: string, conversation: Conversation): Resource {
	const path = `/api/conversations/${conversation.id}/`;
	return {
		type: 'conversation',
		id: conversation.id,
		attributes: { channel: conversation.channel },
		relationships: {
			profile: {
				data: { type: 'profile', id: conversation.profileId },
				links: linked(baseUrl, path, 'profile'),
			},
		},
		links: { self: `${baseUrl}${path}` },
	};
}

export function profileResource(
	baseUrl: string,
	profile: Profile,
	extra: {
		/** Undefined leaves them out. */
		subscriptions?: SubscriptionsShown | undefined;
		relationships?: Record<string, unknown>;
		lastEventAt?: number | undefined;
		/** Whether what Klaviyo has calculated was asked for. */
		predictions?: boolean;
	},
): Resource {
	return {
		type: 'profile',
		id: profile.id,
		attributes: {
			email: profile.email,
			phone_number: profile.phone,
			external_id: profile.externalId,
			anonymous_id: null,
			whatsapp_bsuid: null,
			first_name: profile.names.first_name ?? null,
			last_name: profile.names.last_name ?? null,
			organization: profile.names.organization ?? null,
			locale: profile.names.locale ?? null,
			title: profile.names.title ?? null,
			image: profile.names.image ?? null,
			created: isoOffset(profile.createdAt),
			updated: isoOffset(profile.updatedAt),
			last_event_date: extra.lastEventAt === undefined ? null : isoOffset(extra.lastEventAt),
			location: profile.location,
			properties: profile.properties,
			...(extra.subscriptions
				? { subscriptions: subscriptions(profile, extra.subscriptions) }
				: {}),
			...(extra.predictions ? { predictive_analytics: predicted(profile) } : {}),
		},
		...(extra.relationships === undefined ? {} : { relationships: extra.relationships }),
		links: { self: `${baseUrl}/api/profiles/${profile.id}/` },
	};
}

const predicted = ({ predictions }: Profile): unknown => ({
	historic_number_of_orders: null,
	average_order_value: null,
	historic_clv: null,
	predicted_clv: null,
	total_clv: null,
	churn_probability: null,
	expected_date_of_next_order: null,
	ranked_channel_affinity: null,
	...predictions,
});

export interface SubscriptionsShown {
	/** Milliseconds since 1970. */
	now: number;
	/** What is shown of WhatsApp's permission to answer. */
	window: SandboxSwitches['whatsAppWindow'];
}

/** https://developers.klaviyo.com/en/reference/profiles_api_overview, `WhatsappChannel` in Klaviyo's OpenAPI document. */
function whatsApp(profile: Profile, { now, window }: SubscriptionsShown): unknown {
	const { marketing, lastMessage } = profile.whatsApp;
	const end = windowEnd(profile);
	if (window === 'hidden' || (marketing.at === null && end === undefined)) return null;
	const dates = (at: number | null) => {
		const written = at === null ? null : isoOffset(at);
		return { consent_timestamp: written, last_updated: written, created_timestamp: written };
	};
	return {
		marketing:
			marketing.at === null
				? null
				: {
						consent: marketing.state,
						can_receive: marketing.state === 'SUBSCRIBED',
						...dates(marketing.at),
						valid_until: null,
						phone_number: profile.phone,
						metadata: null,
					},
		transactional: null,
		conversational:
			end === undefined
				? null
				: {
						consent: now < end ? 'SUBSCRIBED' : 'EXPIRED',
						can_receive: now < end,
						...dates(lastMessage?.at ?? null),
						valid_until: window === 'withoutEnd' ? null : isoOffset(end),
						phone_number: lastMessage?.from ?? null,
						metadata: null,
					},
	};
}

function subscriptions(profile: Profile, shown: SubscriptionsShown): unknown {
	const sms = (name: 'marketing' | 'transactional', consent: Consent): unknown => ({
		[`can_receive_sms_${name}`]: canReceive(profile, consent),
		consent: consent.state,
		consent_timestamp: consent.at === null ? null : isoOffset(consent.at),
		method: consent.at === null ? null : 'TEXT',
		method_detail: consent.detail,
		// As recorded, whatever the consent.
		last_updated: null,
	});
	return {
		email: {
			marketing: {
				can_receive_email_marketing:
					profile.email !== null && profile.emailMarketing.state !== 'UNSUBSCRIBED',
				consent: profile.emailMarketing.state,
				consent_timestamp:
					profile.emailMarketing.at === null ? null : isoOffset(profile.emailMarketing.at),
				last_updated: null,
				method: null,
				method_detail: null,
				custom_method_detail: null,
				double_optin: null,
				suppression: [],
				list_suppressions: [],
			},
		},
		sms: {
			marketing: sms('marketing', profile.marketing),
			transactional: sms('transactional', profile.transactional),
		},
		mobile_push: {
			marketing: {
				can_receive_push_marketing: false,
				consent: 'NEVER_SUBSCRIBED',
				consent_timestamp: null,
			},
		},
		whatsapp: whatsApp(profile, shown),
	};
}

function canReceive(profile: Profile, consent: Consent): boolean {
	return profile.phone !== null && consent.state === 'SUBSCRIBED';
}

export function canReceiveSms(profile: Profile): boolean {
	return canReceive(profile, profile.marketing) || canReceive(profile, profile.transactional);
}
