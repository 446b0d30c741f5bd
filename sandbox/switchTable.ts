import { z } from 'zod';
import { type SandboxSwitches, zendeskRights } from './types';

/** The control that sets a switch. */
export type SwitchInput =
	| { kind: 'toggle' }
	| { kind: 'choice'; options: readonly string[] }
	| { kind: 'number'; unit: 'ms' | 'bytes' | 'characters' | 'a minute' }
	| { kind: 'rate' }
	| { kind: 'text' }
	/** Lines of a text field; with `all`, an empty field stands for that word. */
	| { kind: 'list'; all?: string }
	| { kind: 'set'; options: readonly string[] };

/** A switch as people see it, and the values it takes. */
export interface Switch<Value = unknown> {
	of: 'Zendesk' | 'Klaviyo' | 'Both';
	label: string;
	words: string;
	input: SwitchInput;
	schema: z.ZodType<Value>;
}

const vendors = ['zendesk', 'klaviyo'] as const;

type Words = Pick<Switch, 'of' | 'label' | 'words'>;
const zendesk = (label: string, words: string): Words => ({ of: 'Zendesk', label, words });
const klaviyo = (label: string, words: string): Words => ({ of: 'Klaviyo', label, words });
const both = (label: string, words: string): Words => ({ of: 'Both', label, words });

const toggle = (said: Words) => ({
	...said,
	input: { kind: 'toggle' } as const,
	schema: z.boolean(),
});
const lag = (said: Words) => ({
	...said,
	input: { kind: 'number', unit: 'ms' } as const,
	schema: z.number().min(0),
});
const most = (unit: 'bytes' | 'characters' | 'a minute', said: Words) => ({
	...said,
	input: { kind: 'number', unit } as const,
	schema: z.number().int().min(0),
});
const choice = <const Options extends readonly [string, ...string[]]>(
	options: Options,
	said: Words,
) => ({
	...said,
	input: { kind: 'choice', options } as const,
	schema: z.enum(options),
});
const text = (said: Words) => ({ ...said, input: { kind: 'text' } as const, schema: z.string() });
const list = (said: Words) => ({
	...said,
	input: { kind: 'list' } as const,
	schema: z.array(z.string()),
});
const rate = (said: Words) => ({
	...said,
	input: { kind: 'rate' } as const,
	schema: z.number().min(0).max(1),
});

/** Every switch except the faults: a missing name, or another type, does not compile. */
export const switchTable = {
	webhooks: toggle(
		both('Webhooks are sent', 'Off: nothing is sent, and catch-up has to find everything.'),
	),
	away: {
		...both('Vendors that are down', 'Each request gets 503; people and webhooks carry on.'),
		input: { kind: 'set', options: vendors },
		schema: z.array(z.enum(vendors)),
	},
	endlessLists: list(
		both('Lists that do not end', 'Paths, one per line: each page names itself as the next one.'),
	),
	latency: lag(
		both('Longest time a request takes', 'Half for the request, half for the answer, at random.'),
	),
	heldAnswer: lag(
		both('How long a held answer is held', 'With the fault "Held answers"; then it is dropped.'),
	),
	latestDelivery: lag(both('Latest delivery', 'With the fault "Late deliveries", at most.')),

	commentAddedOnCreate: toggle(
		zendesk('First comment counts as added', 'A new ticket also sends comment_added.'),
	),
	statusChangedOnAutomation: toggle(
		zendesk('Automations send status_changed', 'Off: a close by automation sends no webhook.'),
	),
	mergeMarked: toggle(zendesk('Merges are marked', "A merge's audits say so in via.source.rel.")),
	mergeTagged: toggle(zendesk('Merges are tagged', 'The closed ticket gets closed_by_merge.')),
	mergedEvent: choice(
		['target', 'bare', 'none'],
		zendesk(
			'What ticket.merged says',
			'The ticket that was merged into, or nothing; or no such webhook is sent.',
		),
	),
	userMergeReported: toggle(
		zendesk('User merges are reported', 'Open tickets get a change of requester.'),
	),
	ticketListLag: lag(zendesk('Ticket list is behind', 'Reads by external id show an older state.')),
	auditLag: lag(zendesk('Audits are behind', "A ticket's audits appear this much later.")),
	searchLag: lag(zendesk('User search is behind', 'New users are not found before this time.')),
	concurrentKey: choice(
		['409', 'wait'],
		zendesk(
			'Same idempotency key in flight',
			'The second request, before the first is answered: it gets 409, or waits.',
		),
	),
	createDuration: lag(
		zendesk(
			'Creating a ticket takes',
			'Each creation stays in flight this long; lowering this ends one that is under way sooner.',
		),
	),
	suspendedRequester: choice(
		['refused', 'accepted'],
		zendesk(
			'Suspended user as requester',
			'Whether a suspended user may be the requester of a new ticket.',
		),
	),
	uniqueUserExternalIds: toggle(
		zendesk("Users' external ids are unique", 'A second user with the same id is refused.'),
	),
	attachmentSize: most(
		'bytes',
		zendesk('Largest attachment', 'The account refuses anything larger.'),
	),
	secureDownloads: toggle(
		zendesk('Allow secure downloads', 'Attachments open only for signed-in users.'),
	),
	errorLanguage: choice(
		['en', 'xx'],
		zendesk(
			'Language of errors',
			'xx: another language, so that code cannot rely on English words.',
		),
	),
	incrementalExportAllowed: toggle(
		zendesk('Incremental export allowed', 'Off: as for a credential that is not an admin.'),
	),
	exportEndTime: choice(
		['last', 'after'],
		zendesk("An export page's end time", 'The second of its last event, or the one after.'),
	),
	zendeskForbids: {
		...zendesk('Credential may not', 'Actions that its user or scopes do not allow.'),
		input: { kind: 'set', options: zendeskRights },
		schema: z.array(z.enum(zendeskRights)),
	},
	allowedScopes: text(
		zendesk(
			"The OAuth client's allowed scopes",
			'Any other scope is refused. Empty: none is refused.',
		),
	),
	agentSignature: text(
		zendesk("Agents' signature", 'Below what they write to customers in the agent interface.'),
	),
	apiComments: choice(
		['allForms', 'bodyOnly'],
		zendesk('Comments made by API', 'They have plain_body and html_body, or "" for both.'),
	),
	ruleChanges: choice(
		['net', 'each'],
		zendesk('Status changes with triggers', 'Webhooks report the net change, or each change.'),
	),
	eventVia: choice(
		['rules', 'all'],
		zendesk("An audit event's via", "Only triggers' events have it, or all events."),
	),
	exportedVia: choice(
		['words', 'object'],
		zendesk("An exported change's via", 'In words, or as the REST API shows it.'),
	),
	exportedCalls: choice(
		['VoiceComment', 'Comment'],
		zendesk("An exported call's type", 'Its event_type in the export of events.'),
	),
	callsInWebhooks: toggle(
		zendesk('Webhooks for calls', 'Off: the record of a call sends no comment_added.'),
	),
	sideloadedUsers: choice(
		['all', 'none'],
		zendesk('Users brought along', 'With tickets and their histories: all users, or none.'),
	),
	metricSets: choice(
		['inside', 'beside', 'none'],
		zendesk('Metric sets brought along', 'Inside each ticket, in a list beside them, or not.'),
	),
	repeatedSearchWords: choice(
		['any', 'all', 'firstTen'],
		zendesk(
			'Searches with several values',
			'Tickets with any of them, all, or any of the first ten.',
		),
	),
	eventProfiles: choice(
		['all', 'new', 'none'],
		klaviyo('Events that write profiles', 'With the properties of their profile; new: no repeats.'),
	),
	lastAudits: toggle(
		zendesk('Last audits brought along', 'With tickets. Off: include=last_audits adds nothing.'),
	),
	sideloadedIdentities: toggle(
		zendesk('Identities brought along', 'With users. Off: include=identities adds nothing.'),
	),
	deletionIsStatus: toggle(
		zendesk('Deleting is a change of status', 'Off: no status_changed to DELETED.'),
	),
	ticketUpdateLimit: most(
		'a minute',
		zendesk('Ticket updates allowed', 'For the whole account; a trial account has 20.'),
	),
	requiredToSolve: toggle(
		zendesk(
			'A field is required to solve',
			'The API refuses updates of solved tickets without it.',
		),
	),
	customStatuses: toggle(zendesk('Custom ticket statuses', 'The account uses its own statuses.')),
	ratings: choice(
		['older', 'surveys', 'both', 'none'],
		zendesk('How customers rate', 'Older ratings, surveys, surveys shown as both, or not at all.'),
	),
	ratingRecords: choice(
		['new', 'changed'],
		zendesk('A changed rating', 'Is a record of its own, or changes the record of the request.'),
	),
	ratingEvent: choice(
		['score', 'bare', 'none'],
		zendesk('What ticket.csat_received says', 'The score, or nothing; or there is no such event.'),
	),

	repeatedBulkId: choice(
		['refused', 'swallowed'],
		klaviyo(
			'Repeated unique_id in a bulk job',
			'The job is refused with 400, or accepted with 202 and silently dropped.',
		),
	),
	organisationPrefix: text(
		klaviyo('Prefix of every outbound message', 'Such as "Acme: ", put before the text.'),
	),
	unsubscribeSuffix: text(
		klaviyo(
			'Suffix of every outbound message',
			'As " Reply STOP to opt out", put after the words.',
		),
	),
	plainCharacters: toggle(
		klaviyo(
			'Characters are made plain',
			'Curly quotes, dashes and dots, in every outbound message.',
		),
	),
	shortenLinks: toggle(klaviyo('Links are shortened', 'In every outbound message.')),
	longestMessage: most(
		'characters',
		klaviyo('Longest reply', 'A longer one is refused. 0: no limit.'),
	),
	outboundWords: toggle(
		klaviyo('Log shows the text', 'Events of outbound messages contain their text.'),
	),
	strangeIdentifiers: choice(
		['unknown', 'refused'],
		klaviyo(
			'Look-up by an impossible id',
			'For impossible ids and numbers: finds nobody, or is refused with 400.',
		),
	),
	undeliverablePhones: list(
		klaviyo('Unreachable numbers', 'One per line. Messages to them fail to be delivered.'),
	),
	failsAfterDelivery: toggle(
		klaviyo('Delivered first, then failed', 'The log shows messages to those numbers twice.'),
	),
	sendingIds: toggle(
		klaviyo('Log shows the Message ID', 'The same where one message is delivered and later fails.'),
	),
	outboundLogLag: lag(
		klaviyo(
			'Log of outbound messages is behind',
			'From accepted until shown as Received Text Message.',
		),
	),
	eventLag: lag(klaviyo('Tracked events are behind', 'From accepted until shown in the log.')),
	inboundLogLag: lag(
		klaviyo("Log of customers' messages is behind", 'Their webhooks are still sent at once.'),
	),
	metricNames: choice(
		['textMessage', 'sms', 'older', 'renamed'],
		klaviyo(
			'Names of metrics',
			'Those since July 2026, those until then, those before 2023, or ones that nobody knows yet.',
		),
	),
	topicNames: choice(
		['both', 'textMessage', 'sms'],
		klaviyo('Spellings of webhook topics', 'Which spellings the account lists.'),
	),
	topicSent: choice(
		['both', 'textMessage', 'sms'],
		klaviyo('Topic of an event', 'Which of the listed spellings it is sent under.'),
	),
	messageTypes: toggle(
		klaviyo(
			'Message Type is set',
			'Events of messages say whether a campaign or a flow sent them.',
		),
	),
	missingTopics: list(
		klaviyo(
			'Metrics without a webhook topic',
			'One name per line, such as "Received Text Message".',
		),
	),
	metricsFromStart: toggle(
		klaviyo('SMS metrics from the start', 'Off: each appears with its first event.'),
	),
	whatsAppFromStart: toggle(
		klaviyo(
			'WhatsApp metrics and topics from the start',
			'Off: each appears with its first event, as in an account that has not used WhatsApp.',
		),
	),
	flowJson: choice(
		['escaped', 'raw', 'html'],
		klaviyo("Values in a flow webhook's JSON", 'Escaped for JSON, as they are, or for HTML.'),
	),
	flowTime: choice(
		['timestamp', 'datetime', 'none'],
		klaviyo('Time in a flow webhook', "Which variable holds the event's time."),
	),
	retryTimestamp: choice(
		['renewed', 'kept'],
		klaviyo(
			'Timestamp of a repeated delivery',
			'A new one, with a new signature, or the first one.',
		),
	),
	keyScopes: {
		...klaviyo("The key's scopes", 'One per line, such as "events:read". Empty: all.'),
		input: { kind: 'list', all: 'all' },
		schema: z.union([z.literal('all'), z.array(z.string())]),
	},
	goneMetrics: list(
		klaviyo('Metrics that are gone', 'One name per line. The account does not have them any more.'),
	),
	unknownMetrics: choice(
		['none', 'refused'],
		klaviyo(
			'Events of an unknown metric',
			'A filter by its id finds no events, or is refused with 400.',
		),
	),
	metricIdLists: toggle(
		klaviyo('Events by several metrics', 'Off: the filter on events accepts only one metric.'),
	),
	systemWebhooksAllowed: toggle(
		klaviyo('System webhooks allowed', 'Off: as in an account without Advanced KDP.'),
	),
	conversationsEnabled: toggle(
		klaviyo('Conversations API enabled', 'Off: replies can only go through a flow.'),
	),
	whatsAppWindow: choice(
		['shown', 'withoutEnd', 'hidden'],
		klaviyo(
			"WhatsApp's 24 hours on profiles",
			'Their end, only that a customer can be answered, or nothing.',
		),
	),
	afterWindow: choice(
		['refused', 'undelivered'],
		klaviyo('WhatsApp replies after 24 hours', 'Refused with 400, or accepted and not delivered.'),
	),
	rcsReceiver: choice(
		['name', 'number'],
		klaviyo('Receiver of RCS messages', "The name of the brand's agent, or its number."),
	),
	agentMetrics: choice(
		['short', 'long'],
		klaviyo(
			"The Customer Agent's metrics",
			"'Conversation Escalated', or 'Conversation with Customer Agent Escalated'.",
		),
	),
	agentChannels: toggle(
		klaviyo(
			"The Customer Agent's channels",
			"The Customer Agent's events say on which channel they were.",
		),
	),
	conversationShape: choice(
		['plural', 'singular'],
		klaviyo('Conversations are answered as', 'The plural list, or the older singular.'),
	),
} satisfies {
	[Name in keyof Omit<SandboxSwitches, 'faults'>]: Switch<SandboxSwitches[Name]>;
};

/** Faults, as rates from 0 to 1. */
export const faultTable = {
	tooManyRequests: rate(
		both('Too many requests', 'Answered with 429, half of them with Retry-After.'),
	),
	serverError: rate(both('Server errors', 'Answered with 500 or 503 before anything was done.')),
	lostAnswer: rate(
		both('Lost answers', 'The request is carried out, then the connection is dropped.'),
	),
	droppedConnection: rate(
		both('Dropped connections', 'The connection is dropped before anything was done.'),
	),
	timeOut: rate(both('Held answers', 'The request is carried out, and its answer never comes.')),
	tokenExpiry: rate(both('Tokens that end early', 'An OAuth token is no longer valid: 401.')),
	lateDelivery: rate(both('Late deliveries', 'A webhook arrives minutes late, after newer ones.')),
	duplicateDelivery: rate(both('Repeated deliveries', 'A webhook is delivered twice.')),
} satisfies {
	[Name in keyof SandboxSwitches['faults']]: Switch<SandboxSwitches['faults'][Name]>;
};

/** An object with names from the table and values that their switches accept; anything else is refused. */
function changesOf(table: Readonly<Record<string, Switch>>) {
	return z.record(z.unknown()).superRefine((changes, context) => {
		for (const [name, value] of Object.entries(changes)) {
			const known = Object.hasOwn(table, name) ? table[name] : undefined;
			if (known === undefined)
				context.addIssue({ code: 'unrecognized_keys', keys: [name], path: [] });
			else
				for (const issue of known.schema.safeParse(value).error?.issues ?? [])
					context.addIssue({ ...issue, path: [name, ...issue.path] });
		}
	});
}

/** Changes of switches, as `PATCH /switches` accepts them: `faults` beside the others. */
export const switchChanges = z
	.object({ faults: changesOf(faultTable).optional() })
	.passthrough()
	.transform(({ faults = {}, ...switches }) => ({ faults, switches }))
	.pipe(z.object({ faults: z.record(z.unknown()), switches: changesOf(switchTable) }));
