export type ConsentState = 'SUBSCRIBED' | 'UNSUBSCRIBED' | 'NEVER_SUBSCRIBED';

export interface Consent {
	state: ConsentState;
	at: number | null;
	detail: string | null;
}

/** On WhatsApp a customer's message permits answers for 24 hours; marketing needs consent of its own. */
export interface WhatsAppPermissions {
	marketing: Consent;
	/** When the customer's newest message came, milliseconds since 1970, from which number, and under which name. */
	lastMessage: { at: number; from: string; displayName: string } | undefined;
}

/** What a conversation's messages are sent by. RCS is in the conversation of SMS. */
export type ConversationChannel = 'sms' | 'whatsapp';
export type MessageChannel = ConversationChannel | 'rcs';

export interface Predictions {
	historic_clv?: number;
	average_order_value?: number;
	historic_number_of_orders?: number;
	predicted_clv?: number;
	churn_probability?: number;
	expected_date_of_next_order?: string;
}

export interface Profile {
	id: string;
	/** How many were created before it: the order of lists. */
	readonly place: number;
	email: string | null;
	phone: string | null;
	externalId: string | null;
	/** first_name, last_name, organization, locale, title, image. */
	names: Record<string, string | null>;
	location: Record<string, unknown>;
	properties: Record<string, unknown>;
	marketing: Consent;
	transactional: Consent;
	whatsApp: WhatsAppPermissions;
	emailMarketing: Consent;
	/** What Klaviyo has calculated; undefined as long as it has not. */
	predictions: Predictions | undefined;
	createdAt: number;
	updatedAt: number;
}

export interface Metric {
	id: string;
	/** The name that the account shows. */
	readonly name: string;
	readonly currentName: string;
	integration: 'Klaviyo' | 'API' | 'Shopify';
	createdAt: number;
}

export interface Event {
	id: string;
	uuid: string;
	metric: Metric;
	profileId: string;
	/** Whole seconds, in milliseconds. */
	at: number;
	uniqueId: string;
	properties: Record<string, unknown>;
}

export interface Conversation {
	id: string;
	profileId: string;
	customer: string;
	brandPhone: string;
	channel: ConversationChannel;
	/** By which the customer last wrote: Klaviyo answers an RCS message by RCS. */
	lastChannel: MessageChannel;
}

export interface Webhook {
	id: string;
	name: string;
	description: string | null;
	endpoint: string;
	secret: string;
	enabled: boolean;
	topics: string[];
	createdAt: number;
	updatedAt: number;
	/** The time since which no attempt has succeeded. */
	errorSince: number | undefined;
}

/** A flow with a webhook action. */
export interface FlowWebhook {
	id: string;
	/** The metric that starts it, by its current name. */
	metric: string;
	url: string;
	headers: Record<string, string>;
	body: string;
}

/** A flow that sends a message. */
export interface MessageFlow {
	id: string;
	/** The metric that starts it, tracked by API. */
	metric: string;
	body: string;
	/** Its action: a text message, or an approved template of WhatsApp. */
	channel: ConversationChannel;
}

/** A list or a segment, and who is in it. */
export interface Group {
	id: string;
	name: string;
	createdAt: number;
	/** Ids of profiles. */
	members: Set<string>;
}

export interface Segment extends Group {
	definition: unknown;
	isStarred: boolean;
}

/** What a phone shows. */
export interface PhoneMessage {
	direction: 'in' | 'out';
	channel: MessageChannel;
	body: string;
	from: string;
	to: string;
	at: string;
	kind: 'customer' | 'campaign' | 'flow' | 'inbox' | 'api' | 'automatic';
	eventId: string;
	mediaUrl?: string | undefined;
}
