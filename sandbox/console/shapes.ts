/**
 * What the console's page receives: types only, because both the server and the browser use them. Times are
 * milliseconds since 1970 on the sandbox's clock, ids are strings.
 */
import type { TicketStatus } from '../../domain/items';
import type { SwitchInput } from '../switchTable';
import type { SandboxChannel, SandboxPhoneMessage } from '../types';

/** The sandbox's time is `base + speed * Date.now()`, so it is sent again only when the clock was moved. */
export interface ClockView {
	base: number;
	/** Sandbox milliseconds per real millisecond; 0: it stands still. */
	speed: number;
	/** Whether n8n's clock moves along. */
	isShared: boolean;
}

/** What a person needs to connect n8n, and what is connected already. */
export interface SetupView {
	zendesk: {
		url: string;
		email: string;
		apiToken: string;
		clientId: string;
		clientSecret: string;
		webhooks: number;
	};
	klaviyo: {
		url: string;
		apiKey: string;
		clientId: string;
		clientSecret: string;
		webhooks: number;
		phone: string;
	};
	agents: Array<{ id: string; name: string }>;
	/** The agent who answers. */
	agentId: string;
	/** A number reserved for fiction that no profile has. */
	freePhone: string;
}

export interface CustomerRow {
	id: string;
	name: string;
	phone: string | null;
	email: string | null;
	last: { words: string; isInbound: boolean; at: number } | null;
}

/** Part of a list: the rows that are shown, and how many more there are. */
export interface Listed<Row> {
	rows: Row[];
	matching: number;
	total: number;
}

export interface ThreadView {
	profileId: string;
	name: string;
	phone: string | null;
	/** Whether the brand may text the customer, by SMS or RCS. */
	canReceive: boolean;
	/** On a real phone each is an app of its own. */
	channel: SandboxChannel;
	messages: SandboxPhoneMessage[];
	earlier: number;
	/** How many messages each channel has. */
	counts: Record<SandboxChannel, number>;
	whatsApp: WhatsAppView;
}

export interface WhatsAppView {
	/** The name that the customer gave themselves there. */
	displayName: string;
	/** Until when the customer can be answered; null if they have never written there. */
	until: number | null;
}

export interface ConsentView {
	state: 'SUBSCRIBED' | 'UNSUBSCRIBED' | 'NEVER_SUBSCRIBED';
	at: number | null;
	detail: string | null;
}

export interface TimelineEvent {
	id: string;
	metric: string;
	at: number;
	uniqueId: string;
	properties: Record<string, unknown>;
}

export interface ProfileView {
	id: string;
	name: string;
	firstName: string | null;
	lastName: string | null;
	email: string | null;
	phone: string | null;
	marketing: ConsentView;
	transactional: ConsentView;
	whatsAppMarketing: ConsentView;
	whatsApp: WhatsAppView;
	properties: Record<string, unknown>;
	/** Newest first. */
	timeline: Listed<TimelineEvent>;
}

export interface TicketRow {
	id: string;
	subject: string;
	status: TicketStatus;
	requester: string;
	updatedAt: number;
	comments: number;
}

export interface TicketsView extends Listed<TicketRow> {
	/** Whether only tickets of the chosen customer are listed. */
	isOfCustomer: boolean;
}

export interface CommentView {
	id: string;
	author: string;
	isStaff: boolean;
	isPublic: boolean;
	body: string;
	at: number;
	/** Whether a program wrote it. */
	isByApi: boolean;
	attachments: Array<{ fileName: string; size: number }>;
}

/** One audit: who changed what, and the metadata that the client stored. */
export interface AuditView {
	id: string;
	author: string;
	by: string;
	at: number;
	comment: 'public' | 'internal' | null;
	changes: Array<{ field: string; from: string; to: string }>;
	custom: Record<string, unknown>;
}

export interface TicketView {
	id: string;
	subject: string;
	status: TicketStatus;
	externalId: string | null;
	/** Of its conversation; null if it has none. */
	channel: 'sms' | 'whatsapp' | null;
	tags: string[];
	requester: { name: string; phone: string | null; profileId: string | null };
	assigneeId: string | null;
	createdAt: number;
	comments: CommentView[];
	earlierComments: number;
	/** Newest first. */
	audits: AuditView[];
	earlierAudits: number;
	/** Tickets that it can be merged into: those of the same requester first. */
	mergeable: Array<{ id: string; subject: string }>;
}

export interface LogRow {
	/** Its place among all entries, from 0. */
	number: number;
	kind: 'call' | 'webhook';
	vendor: 'zendesk' | 'klaviyo';
	at: number;
	method: string;
	path: string;
	/** Null if no answer came in time. */
	status: number | null;
	lost: boolean;
	/** For a webhook, from 1. */
	attempt: number | null;
	/** Whether it asks what has happened since some time, as triggers do again and again, and was answered. */
	isPoll: boolean;
}

export interface LogView extends Listed<LogRow> {
	/** Entries that arrived since it was paused. */
	newer: number;
	/** How many of all entries are polls. */
	polls: number;
}

export interface LogDetail {
	number: number;
	query: Record<string, string>;
	headers: Record<string, string>;
	body: unknown;
	response: unknown;
}

export interface SwitchRow {
	name: string;
	of: 'Zendesk' | 'Klaviyo' | 'Both';
	label: string;
	words: string;
	input: SwitchInput;
	value: unknown;
	usual: unknown;
}

export interface SwitchesView {
	faults: SwitchRow[];
	switches: SwitchRow[];
	/** How many differ from their default. */
	changed: number;
}

/** Everything on the page; each part is sent when it has changed. Null: what was chosen does not exist. */
export interface Sections {
	clock: ClockView;
	setup: SetupView;
	customers: Listed<CustomerRow>;
	thread: ThreadView | null;
	profile: ProfileView | null;
	tickets: TicketsView;
	ticket: TicketView | null;
	log: LogView;
	switches: SwitchesView;
}

/** What one page looks at; the query of its stream. */
export interface Looking {
	customer: string;
	/** Which app of the customer's phone. */
	channel: SandboxChannel;
	ticket: string;
	customerSearch: string;
	customerLimit: number;
	threadLimit: number;
	timelineLimit: number;
	ticketSearch: string;
	ticketStatus: '' | 'unsolved' | TicketStatus;
	ticketLimit: number;
	commentLimit: number;
	onlyCustomer: boolean;
	logOf: '' | 'zendesk' | 'klaviyo';
	logKind: '' | 'call' | 'webhook' | 'problem';
	logPolls: boolean;
	logSearch: string;
	logLimit: number;
	/** Number of the first entry that is not shown; -1 when the log is not paused. */
	logUntil: number;
}
