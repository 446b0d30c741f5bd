/**
 * What tests, the demo and the command line can do with a running sandbox. Everything that a person does (text, reply,
 * solve) is a method here; what a program does goes over HTTP to `zendesk.url` and `klaviyo.url`.
 */
import type { TicketStatus } from '../domain/items';

/** Milliseconds since 1970, as the two vendors see it. Real time plus what `advance` added. */
export interface SandboxClock {
	now(): number;
	/** Moves time forward: automations run, idempotency keys and tokens expire, lagging reads catch up. */
	advance(milliseconds: number): Promise<void>;
	/** Only moves time, also backwards; what becomes due is done by the next `advance`. */
	jump(milliseconds: number): void;
	/** Does `work` once, when this much sandbox time has passed. */
	after(milliseconds: number, work: () => void): void;
	/** When the next thing is due, in the sandbox or by `after`. */
	nextDue(): number;
	/** How many requests are held until their time comes. */
	waiting(): number;
}

/** One request and its answer: the line that `--record` writes. Secrets in headers are masked. */
export interface RecordedCall {
	at: string;
	vendor: 'zendesk' | 'klaviyo';
	method: string;
	path: string;
	query: Record<string, string>;
	headers: Record<string, string>;
	body: unknown;
	status: number;
	response: unknown;
	/** Whether a fault dropped the connection, so that the client never saw this answer. */
	lost?: true;
}

/** One attempt to deliver a webhook to its endpoint. */
export interface DeliveryAttempt {
	/** When the endpoint answered, or the vendor gave up waiting. */
	at: string;
	vendor: 'zendesk' | 'klaviyo';
	webhookId: string;
	url: string;
	attempt: number;
	/** The endpoint's status, or null if it did not answer in time. */
	status: number | null;
	eventIds: string[];
	body: string;
	/** The first 2,000 characters of the endpoint's answer. */
	response: string;
}

export interface SandboxOptions {
	/** Ports on 127.0.0.1; 0 (the default) picks a free one. */
	zendeskPort?: number;
	klaviyoPort?: number;
	controlPort?: number;
	/** File that gets every call as a JSON line. */
	record?: string;
	/** Whether `calls()` keeps every call, and `deliveries()` the bodies; false for runs of many thousands. True by default. */
	keepCalls?: boolean;
	/** Multiplies the vendors' documented rate limits. 1 by default. */
	limits?: number;
	/** Seed of the fault dice. */
	seed?: number;
	switches?: AskedSwitches;
	/** How time passes: real time by default. */
	time?: {
		/** Sandbox milliseconds per real millisecond; 0: time moves only by `advance`. */
		speed?: number;
		/** Start time, in milliseconds since 1970; now by default. */
		start?: number;
		/** Awaited by `advance` before each moment at which something is due, instead of the work that became due before. */
		settled?: () => Promise<void>;
		/** Moves the clock of whatever syncs, too, each time `advance` moves this one. */
		along?: (milliseconds: number) => Promise<void>;
	};
	/** How much faster than real vendors deliveries are retried and reads catch up; 1 by default. Stamps and key lifetimes are not affected. */
	hurry?: number;
}

/** What a credential may be forbidden at Zendesk, by its user's role or its scopes. */
export const zendeskRights = [
	'audits',
	'automations',
	'identities',
	'ratings',
	'searchExport',
	'ticketReads',
	'ticketWrites',
	'userFields',
	'users',
	'views',
	'webhooks',
] as const;
export type ZendeskRight = (typeof zendeskRights)[number];

/** What the vendors' documentation leaves open, each settable either way, and faults. Can be changed while it runs. */
export interface SandboxSwitches {
	/** Zendesk: does `ticket.comment_added` fire for the first comment of a new ticket? Default true. */
	commentAddedOnCreate: boolean;
	/** Zendesk: does a close by automation send `status_changed`? Default true. */
	statusChangedOnAutomation: boolean;
	/** Zendesk: do the audits of a merge say so in `via.source.rel`? Default true. */
	mergeMarked: boolean;
	/** Zendesk: does a ticket that was merged away get the tag `closed_by_merge`? Default true. */
	mergeTagged: boolean;
	/** Zendesk: does a merge send `ticket.merged`, and with which ticket in `event`? Default 'target'. */
	mergedEvent: 'target' | 'bare' | 'none';
	/** Zendesk: does a merge of users change the requester of their open tickets in histories and webhooks? Default false. */
	userMergeReported: boolean;
	/** Zendesk: lag of `GET /tickets?external_id=`, milliseconds. Default 0. */
	ticketListLag: number;
	/** Zendesk: lag of a ticket's audits, milliseconds. Default 0. */
	auditLag: number;
	/** Zendesk: lag of user search, milliseconds. Default 0. */
	searchLag: number;
	/** Zendesk: what a second request with the same idempotency key gets while the first is still in flight. Default '409'. */
	concurrentKey: '409' | 'wait';
	/** Zendesk: milliseconds that each ticket creation stays in flight. Default 0. */
	createDuration: number;
	/** Zendesk: may a suspended user be a new ticket's requester? Default 'refused'. */
	suspendedRequester: 'refused' | 'accepted';
	/** Zendesk: is a new user's external id refused when another user has it? Default true. */
	uniqueUserExternalIds: boolean;
	/** Zendesk: largest attachment that the account accepts, bytes. Default 50 MB. */
	attachmentSize: number;
	/** Zendesk: must everyone sign in to open an attachment ('Allow secure downloads')? Default false. */
	secureDownloads: boolean;
	/** Zendesk: language of validation errors; 'xx' makes "closed prevents ticket update" unreadable. Default 'en'. */
	errorLanguage: 'en' | 'xx';
	/** Zendesk: may the credential read the incremental export (is it an admin)? Default true. */
	incrementalExportAllowed: boolean;
	/** Zendesk: is an export page's `end_time` the second of its last event, or the one after? Default 'after'. */
	exportEndTime: 'last' | 'after';
	/** Zendesk: what the credential's user or scopes may not do. Default nothing. */
	zendeskForbids: ZendeskRight[];
	/** Zendesk: scopes that the OAuth client may request, separated by spaces; '' if none are configured: any. Default 'read write'. */
	allowedScopes: string;
	/** Zendesk: signature that the agent interface adds to what staff write to customers; '' for none. Default two lines. */
	agentSignature: string;
	/** Zendesk: do comments made by API have `plain_body` and `html_body`, or "" for both? Default 'allForms'. */
	apiComments: 'allForms' | 'bodyOnly';
	/** Zendesk: what `status_changed` reports if triggers changed the status too: the net change, or each change. Default 'net'. */
	ruleChanges: 'net' | 'each';
	/** Zendesk: which events of an audit have `via`: only triggers' events, as recorded, or all. Default 'rules'. */
	eventVia: 'rules' | 'all';
	/** Zendesk: how the export shows `via` of an event that is not a comment: in words, or as the REST API does. Default 'words'. */
	exportedVia: 'words' | 'object';
	/** Zendesk: the `event_type` of a call's record in the export. Default 'VoiceComment'. */
	exportedCalls: 'VoiceComment' | 'Comment';
	/** Zendesk: does the record of a call send `comment_added`? Default true. */
	callsInWebhooks: boolean;
	/** Zendesk: which users `include=users` adds: all that are named, or none. Default 'all'. */
	sideloadedUsers: 'all' | 'none';
	/** Zendesk: where `include=metric_sets` shows what is counted of tickets. Default 'inside' each ticket. */
	metricSets: 'inside' | 'beside' | 'none';
	/** Zendesk: a ticket is found that has any of the values that a search names for one property, all of them, or any of the first ten. Default 'any'. */
	repeatedSearchWords: 'any' | 'all' | 'firstTen';
	/** Klaviyo: which tracked events write their profile's properties: all, none, or not those that repeat a `unique_id`. Default 'new'. */
	eventProfiles: 'all' | 'new' | 'none';
	/** Zendesk: does `include=last_audits` add the last entry of each ticket's history? Default true. */
	lastAudits: boolean;
	/** Zendesk: does `include=identities` add the addresses and numbers of users? Default true. */
	sideloadedIdentities: boolean;
	/** Zendesk: does deleting a ticket also send `status_changed` to DELETED? Default true. */
	deletionIsStatus: boolean;
	/** Zendesk: ticket updates per minute that the account allows; a trial account 20. Default 100. */
	ticketUpdateLimit: number;
	/** Zendesk: is the field 'Order number' required for solved tickets? The API refuses any update that leaves one solved without it. Default false. */
	requiredToSolve: boolean;
	/** Zendesk: does the account use custom ticket statuses? Default false. */
	customStatuses: boolean;
	/**
	 * Zendesk: how customers rate tickets: the older satisfaction ratings, surveys, surveys that show as ratings too, or
	 * not at all, as on a plan without ratings. Default 'older'.
	 */
	ratings: 'older' | 'surveys' | 'both' | 'none';
	/** Zendesk: is a changed rating a record of its own, as tested on an account, or does the record of the request change? Default 'new'. */
	ratingRecords: 'new' | 'changed';
	/** Zendesk: what `ticket.csat_received` says: the score, or nothing; or no webhook may subscribe to it. Default 'score'. */
	ratingEvent: 'score' | 'bare' | 'none';
	/** Klaviyo: a bulk job with a repeated unique_id is refused with 400, or accepted with 202 and dropped. Default 'refused'. */
	repeatedBulkId: 'refused' | 'swallowed';
	/** Klaviyo: prefix that the account adds to every outbound message. Default ''. */
	organisationPrefix: string;
	/** Klaviyo: text that the account adds after every outbound message, such as how to unsubscribe. Default ''. */
	unsubscribeSuffix: string;
	/** Klaviyo: are curly quotes, dashes and ellipses in outbound messages replaced with plain characters? Default false. */
	plainCharacters: boolean;
	/** Klaviyo: are links in outbound messages shortened? Default false. */
	shortenLinks: boolean;
	/** Klaviyo: the most characters that a conversation message may have; a longer one is refused. 0, the default, for no limit. */
	longestMessage: number;
	/** Klaviyo: do events of outbound messages contain the text? Default true. */
	outboundWords: boolean;
	/** Klaviyo: a look-up of profiles by an impossible id or number finds none, or is refused with 400. Default 'unknown'. */
	strangeIdentifiers: 'unknown' | 'refused';
	/** Klaviyo: numbers that no message reaches. Messages to them are recorded as Failed to Deliver Text Message. Default none. */
	undeliverablePhones: string[];
	/** Klaviyo: do messages to those numbers first show as Received Text Message, and later as failed? Default false. */
	failsAfterDelivery: boolean;
	/** Klaviyo: do events of outbound messages contain `Message ID`? Default true. */
	sendingIds: boolean;
	/** Klaviyo: milliseconds until an accepted message shows as Received Text Message in GET /api/events. Default 0. */
	outboundLogLag: number;
	/** Klaviyo: milliseconds until an event that the API accepted shows in GET /api/events. Default 0. */
	eventLag: number;
	/** Klaviyo: milliseconds until a customer's message shows in GET /api/events; its webhooks come at once. Default 0. */
	inboundLogLag: number;
	/**
	 * Klaviyo: names of its metrics about messages: those since July 2026 ("Sent Text Message"), those until then ("Sent
	 * SMS"), those before 2023 ("Consented to Receive SMS"), or ones that nobody knows yet. Default 'textMessage'.
	 */
	metricNames: 'textMessage' | 'sms' | 'older' | 'renamed';
	/** Klaviyo: which spellings of a topic the account lists. Default 'both', as accounts of 2026 do. */
	topicNames: 'both' | 'textMessage' | 'sms';
	/** Klaviyo: under which of the listed spellings an event is sent; undocumented. Default 'both'. */
	topicSent: 'both' | 'textMessage' | 'sms';
	/** Klaviyo: do events of messages say in `Message Type` what sent them? Default true. */
	messageTypes: boolean;
	/** Klaviyo: metrics that the account has no webhook topic for, by any of their names. Default none. */
	missingTopics: string[];
	/** Klaviyo: does an account have its SMS metrics before their first event? Default true. */
	metricsFromStart: boolean;
	/** Klaviyo: does the account have WhatsApp's metrics and topics before their first event? Default false. */
	whatsAppFromStart: boolean;
	/** Klaviyo: names of metrics that the account had and does not have any more. Default none. */
	goneMetrics: string[];
	/** Klaviyo: a filter on events by the id of a metric that the account does not have finds none, or is refused with 400. Default 'none'. */
	unknownMetrics: 'none' | 'refused';
	/** Klaviyo: how a flow webhook's JSON holds a variable's value: escaped for JSON, as it is, or escaped for HTML. Default 'escaped'. */
	flowJson: 'escaped' | 'raw' | 'html';
	/** Klaviyo: which variable of a flow webhook holds the time of the event. Default 'timestamp'. */
	flowTime: 'timestamp' | 'datetime' | 'none';
	/** Klaviyo: does a repeated delivery carry a new timestamp (and signature), or the first one's? Default 'renewed'. */
	retryTimestamp: 'renewed' | 'kept';
	/** Klaviyo: scopes of the private key, or 'all'. Default 'all'. */
	keyScopes: 'all' | string[];
	/** Klaviyo: does the filter on events accept a list of metric ids, or only one? Default true. */
	metricIdLists: boolean;
	/** Klaviyo: may the account register system webhooks (Advanced KDP)? If not, it can still list them. Default true. */
	systemWebhooksAllowed: boolean;
	/** Klaviyo: is the Conversations API enabled? Default true. */
	conversationsEnabled: boolean;
	/**
	 * Klaviyo: what a profile shows of WhatsApp's permission to answer: its end, that there is one without its end, or
	 * nothing. Not known of real accounts. Default 'shown'.
	 */
	whatsAppWindow: 'shown' | 'withoutEnd' | 'hidden';
	/** Klaviyo: is a reply on WhatsApp after 24 hours refused with 400, or accepted and not delivered? Default 'refused'. */
	afterWindow: 'refused' | 'undelivered';
	/** Klaviyo: is `To Number` of an inbound RCS message a number, or the name of the brand's agent? Default 'name'. */
	rcsReceiver: 'number' | 'name';
	/** How the Customer Agent's metrics are called: Klaviyo writes them in two ways. */
	agentMetrics: 'short' | 'long';
	/** Whether the Customer Agent's events say on which channel they were. */
	agentChannels: boolean;
	/** Klaviyo: are conversations returned as a plural list or the older singular? Default 'plural'. */
	conversationShape: 'plural' | 'singular';
	/** Both: the longest time a request takes, milliseconds: half for the request, half for the answer, drawn from the seed. Default 0. */
	latency: number;
	/** Both: how long the fault `timeOut` holds an answer back, milliseconds. Default 35 s. */
	heldAnswer: number;
	/** Both: the longest delay by the fault `lateDelivery`, milliseconds. Default 3 minutes. */
	latestDelivery: number;
	/** Both: vendors that are down: each request to them gets 503, while people and webhooks carry on. Default none. */
	away: Array<'zendesk' | 'klaviyo'>;
	/** Both: paths of lists whose pages each name themselves as the next one. Default []. */
	endlessLists: string[];
	/** Both: deliver webhooks at all? Default true. */
	webhooks: boolean;
	/** Both: rates from 0 to 1, drawn from the seed for each request (or delivery). All 0 by default. */
	faults: {
		/** 429, half of them with Retry-After. */
		tooManyRequests: number;
		/** 500 or 503 before anything was done. */
		serverError: number;
		/** The request is carried out and the connection dropped. */
		lostAnswer: number;
		/** The connection is dropped before anything was done. */
		droppedConnection: number;
		/** The request is carried out and its answer held back for `heldAnswer`, then dropped. */
		timeOut: number;
		/** The request's OAuth access token ends before its time: 401. Keys are not touched. */
		tokenExpiry: number;
		/** A webhook is delivered twice. */
		duplicateDelivery: number;
		/** A delivery is held back for a random time up to `latestDelivery`, so that others overtake it. */
		lateDelivery: number;
	};
}

/** Initial switches; the others are at their defaults. */
export type AskedSwitches = Partial<Omit<SandboxSwitches, 'faults'>> & {
	faults?: Partial<SandboxSwitches['faults']>;
};

/** Kinds of faults, as they are counted, and the rate that causes each. */
export const rateOfFault = {
	tooManyRequestsWithRetryAfter: 'tooManyRequests',
	tooManyRequestsWithoutRetryAfter: 'tooManyRequests',
	error500: 'serverError',
	error503: 'serverError',
	lostAnswer: 'lostAnswer',
	droppedConnection: 'droppedConnection',
	timeOut: 'timeOut',
	tokenExpiry: 'tokenExpiry',
	duplicateDelivery: 'duplicateDelivery',
	lateDelivery: 'lateDelivery',
} as const satisfies Record<string, keyof SandboxSwitches['faults']>;
export type FaultCounts = Record<keyof typeof rateOfFault, number>;

export interface SandboxComment {
	id: string;
	ticketId: string;
	authorId: string;
	/** Markdown. */
	body: string;
	/** Without tags; entities are not decoded. */
	plainBody: string;
	htmlBody: string;
	public: boolean;
	createdAt: string;
	/** `sha256` of the bytes, in hex. */
	attachments: Array<{ fileName: string; contentType: string; size: number; sha256: string }>;
}

export interface SandboxTicket {
	id: string;
	subject: string;
	status: TicketStatus;
	externalId: string | null;
	tags: string[];
	requesterId: string;
	assigneeId: string | null;
	groupId: string | null;
	brandId: string;
	createdAt: string;
	updatedAt: string;
	comments: SandboxComment[];
	/** Oldest first; `custom` is what the client put into `metadata`. */
	audits: Array<{
		id: string;
		createdAt: string;
		custom: Record<string, unknown>;
		status: TicketStatus;
		authorId: string;
		/** 'api' is a program, 'web' a person, 'rule' an automation, 'voice' a call. */
		channel: 'api' | 'web' | 'rule' | 'email' | 'native_messaging' | 'voice';
		/** Titles of the triggers that acted in it. */
		triggers: string[];
		/** Whether a merge of tickets wrote it, marked or not. */
		merge: boolean;
		/** The comment that it wrote, or null. A trigger's comment in it does not count. */
		commentId: string | null;
	}>;
}

export interface SandboxUser {
	id: string;
	name: string;
	role: 'end-user' | 'agent' | 'admin';
	email: string | null;
	phone: string | null;
	externalId: string | null;
	suspended: boolean;
}

/** A business rule that acts at once: inside the audit of the update that fired it. */
export interface SandboxTrigger {
	title: string;
	/** All of these must hold. */
	when: {
		/** Whether the ticket was created or changed. */
		update?: 'create' | 'change';
		/** Whom the update's comment is for; 'none' for an update without one. */
		comment?: 'public' | 'internal' | 'none';
		/** Who wrote the update's comment, or changed the ticket. */
		by?: 'customer' | 'staff';
		/** The status after the update and the triggers before this one. */
		status?: TicketStatus;
		/** Whether the update, or a trigger before this one, changed the status. */
		statusChanged?: boolean;
		tag?: string;
	};
	then: {
		status?: TicketStatus;
		addTag?: string;
		/** In the name of `authorId`; by default in nobody's, like Zendesk's own triggers. */
		comment?: { body: string; public: boolean; authorId?: string };
	};
}

export interface SandboxZendesk {
	/** `http://127.0.0.1:<port>`, for the credential's zendeskUrl. */
	readonly url: string;
	/** For a credential: an admin who runs the integration. */
	readonly account: {
		email: string;
		apiToken: string;
		oauthClientId: string;
		oauthClientSecret: string;
	};
	/** The agent who answers by default; never the integration's own user. */
	readonly agent: SandboxUser;
	addUser(user: Partial<SandboxUser> & { name: string; alias?: string }): SandboxUser;
	users(): SandboxUser[];
	tickets(): SandboxTicket[];
	/** The id of a conversation's newest ticket, found without looking at all of them. */
	newestOf(externalId: string): string | undefined;
	ticket(id: string): SandboxTicket;
	/** An agent writes a comment in the agent workspace. Sends its webhooks. */
	agentComments(
		ticketId: string,
		body: string,
		options?: {
			public?: boolean;
			agentId?: string;
			status?: TicketStatus;
			/** The content of the agent's editor, instead of typed text. */
			html?: string;
			/** Instead of the switch `agentSignature`; '' for none. Staff sign public comments. */
			signature?: string;
			/** Tokens of uploaded files, which are attached. */
			uploads?: string[];
		},
	): SandboxComment;
	/** An agent (or automation) changes fields. Sends its webhooks. */
	agentUpdates(
		ticketId: string,
		change: {
			status?: TicketStatus;
			assigneeId?: string;
			groupId?: string;
			priority?: string;
			type?: string;
			tags?: string[];
			brandId?: string;
			requesterId?: string;
		},
		by?: { agentId?: string; via?: 'web' | 'automation' },
	): void;
	/** An agent opens a ticket by hand, for a customer. */
	agentCreates(ticket: {
		subject: string;
		body: string;
		requesterId: string;
		externalId?: string;
		public?: boolean;
		tags?: string[];
		brandId?: string;
		/** How it arrived, as `via.channel` shows: 'web' by default. */
		channel?: 'web' | 'api' | 'email' | 'native_messaging';
	}): SandboxTicket;
	/** Merges one ticket into another, with Zendesk's two notices; the source is closed. */
	merge(
		sourceId: string,
		targetId: string,
		/** `words`: what the agent wrote instead of Zendesk's notice. */
		options?: { public?: boolean; words?: string },
	): void;
	deleteTicket(ticketId: string): void;
	/** Brings a deleted ticket back. */
	restoreTicket(ticketId: string): void;
	/** An agent merges one user into another, who gets the tickets, addresses and numbers. */
	mergeUsers(goneId: string, keptId: string): void;
	/** An agent talks to the customer on the phone, which leaves a record of the call on the ticket, public by default. */
	agentCalls(
		ticketId: string,
		options?: { public?: boolean; agentId?: string; seconds?: number },
	): SandboxComment;
	/** A customer rates a solved ticket, or changes the rating. */
	customerRates(
		ticketId: string,
		rating: {
			score: 'good' | 'neutral' | 'bad';
			/** 1 to 5, in a survey. */
			stars?: number;
			comment?: string;
			reason?: string;
		},
	): void;
	/** @returns its id */
	addTrigger(trigger: SandboxTrigger): string;
	removeTrigger(id: string): void;
	webhooks(): Array<{
		id: string;
		name: string;
		endpoint: string;
		status: string;
		subscriptions: string[];
		signingSecret: string;
	}>;
}

export interface SandboxProfile {
	id: string;
	email: string | null;
	phone: string | null;
	firstName: string | null;
	smsMarketing: boolean;
	smsTransactional: boolean;
	whatsAppMarketing: boolean;
	/** ISO 8601: until when the customer can be answered on WhatsApp; null if they have never written there. */
	whatsAppUntil: string | null;
	/** The custom ones. */
	properties: Record<string, unknown>;
}

export interface SandboxEvent {
	id: string;
	metric: string;
	profileId: string;
	at: string;
	uniqueId: string | null;
	properties: Record<string, unknown>;
}

export interface SandboxPhoneMessage {
	direction: 'in' | 'out';
	body: string;
	from: string;
	to: string;
	at: string;
	/** Who sent it: the customer, or for the brand a campaign, a flow, a person in the Inbox, a program, or Klaviyo itself. */
	kind: 'customer' | 'campaign' | 'flow' | 'inbox' | 'api' | 'automatic';
	/** Its event in Klaviyo. */
	eventId: string;
	/** A picture sent with it. */
	mediaUrl?: string | undefined;
	channel: SandboxChannel;
}

/** RCS messages are in the conversation of SMS. */
export type SandboxChannel = 'sms' | 'whatsapp' | 'rcs';

/** What a customer's phone sends. */
export interface SandboxMessage {
	from: string;
	/** '' for what has no words: on WhatsApp a picture, a voice message, a reaction. */
	body: string;
	/** SMS by default. */
	channel?: SandboxChannel | undefined;
	/** On WhatsApp: the name that the customer gave themselves there. By default the one of their last message. */
	displayName?: string | undefined;
	to?: string | undefined;
	at?: number | undefined;
	/** Link to a picture; Klaviyo documents no property for one, so the event calls it "Media URL". */
	mediaUrl?: string | undefined;
}

/** What marketing knows of a customer. */
export interface SandboxMarketing {
	/** A shop system records an order: Klaviyo's metric "Placed Order" of the integration Shopify. */
	order(
		profileId: string,
		order: {
			orderId: string;
			value?: number;
			currency?: string;
			items?: string[];
			at?: number;
			/** 'Shopify' by default. */
			by?: 'API' | 'Shopify';
		},
	): void;
	/** A campaign or a flow reaches the customer by email. */
	email(profileId: string, email: { kind: 'campaign' | 'flow'; name: string; at?: number }): void;
	/** What Klaviyo calculates, under its own names. */
	predict(
		profileId: string,
		predictions: {
			historic_clv?: number;
			average_order_value?: number;
			historic_number_of_orders?: number;
			predicted_clv?: number;
			churn_probability?: number;
			expected_date_of_next_order?: string;
		},
	): void;
	setEmailConsent(profileId: string, isGiven: boolean): void;
	/** Klaviyo's Customer Agent begins a conversation, resolves it, or hands it to a person. */
	agent(
		profileId: string,
		what: 'started' | 'resolved' | 'escalated',
		more?: { channel?: string; at?: number },
	): void;
	/** Adds the profile to a list or a segment of this name, which is made if there is none. */
	join(kind: 'lists' | 'segments', name: string, profileId: string): void;
}

export interface SandboxKlaviyo {
	/** `http://127.0.0.1:<port>`, for the credential's baseUrl. */
	readonly url: string;
	readonly account: { apiKey: string; oauthClientId: string; oauthClientSecret: string };
	/** The brand's sending number, E.164. */
	readonly brandPhone: string;
	addProfile(
		profile: Partial<Omit<SandboxProfile, 'properties' | 'whatsAppUntil'>>,
	): SandboxProfile;
	profiles(): SandboxProfile[];
	/** A customer's phone sends a message: creates profile and conversation if new, records Sent Text Message, sends webhooks, and answers STOP and JOIN as Klaviyo does. */
	customerWrites(message: SandboxMessage): SandboxEvent;
	/** Several messages in one webhook request (Klaviyo batches up to 1,000). */
	customersMessage(messages: SandboxMessage[]): SandboxEvent[];
	/** A campaign, a flow, or a person in Klaviyo's Inbox messages the customer. */
	brandWrites(message: {
		to: string;
		body: string;
		kind: 'campaign' | 'flow' | 'inbox';
		/** SMS by default. */
		channel?: 'sms' | 'whatsapp';
	}): SandboxEvent;
	/** A flow that sends a message at each event of a metric tracked by API; `body` as for `addFlowWebhook`. Returns the flow's id. */
	addMessageFlow(flow: { metric: string; body: string; channel?: 'sms' | 'whatsapp' }): string;
	/**
	 * A flow that starts at each event of a metric (by any of its names) and posts to a URL, as a person builds it in
	 * Klaviyo. `{{ ... }}` in the body stands for properties of the event and the profile. Returns the flow's id.
	 */
	addFlowWebhook(flow: {
		metric: string;
		url: string;
		headers?: Record<string, string>;
		body: string;
	}): string;
	/** Someone at the brand, or the customer on a form, changes the consent to SMS; Klaviyo records that for marketing. */
	setConsent(
		profileId: string,
		consent: { marketing?: boolean; transactional?: boolean; whatsAppMarketing?: boolean },
	): void;
	readonly marketing: SandboxMarketing;
	/** Events of a profile, oldest first. */
	timeline(profileId: string): SandboxEvent[];
	/** What a customer's phone shows, oldest first. */
	phone(phone: string): SandboxPhoneMessage[];
	webhooks(): Array<{
		id: string;
		name: string;
		endpoint: string;
		enabled: boolean;
		topics: string[];
	}>;
}

export interface Sandbox {
	readonly zendesk: SandboxZendesk;
	readonly klaviyo: SandboxKlaviyo;
	/** `http://127.0.0.1:<port>`: the methods above over HTTP, for people and other processes. */
	readonly controlUrl: string;
	readonly clock: SandboxClock;
	readonly switches: SandboxSwitches;
	/** Every call so far, oldest first. */
	calls(): RecordedCall[];
	/** Every delivery attempt so far, oldest first. */
	deliveries(): DeliveryAttempt[];
	/** How many requests there were, OAuth included; also with `keepCalls: false`. */
	callCounts(): Record<RecordedCall['vendor'], number>;
	/** How many faults of each kind there were so far. */
	faults(): FaultCounts;
	/** Resolves when no delivery is under way or waiting for a retry. */
	deliveriesSettled(): Promise<void>;
	/** Resolves with the first truthy answer; checks again whenever something happens in the sandbox. Rejects after `timeout` ms, naming `what`. */
	until<T>(
		what: string,
		condition: () => T | undefined | false | null,
		timeout?: number,
	): Promise<T>;
	close(): Promise<void>;
}
