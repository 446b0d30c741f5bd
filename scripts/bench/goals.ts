/** What the package should reach, and what it reached: ratios and counts of one run. */
import type { Grown } from './measures/growth';
import type { InQueueMode } from './measures/queueMode';
import type { Results } from './rounds';
import type { Figures } from './scene';
import type { Side } from './stage';

export interface Outcome {
	results: Results;
	conversations?: Grown[];
	threads?: Grown[];
	backfills?: Figures[];
	weight?: Figures;
	queueMode?: InQueueMode[];
}

export interface Goal {
	what: string;
	value: number;
	/** `least` is a floor, `most` a ceiling. */
	bound: { least: number } | { most: number };
	isMet: boolean;
}

/** The bounds on requests are for this many tickets. */
const TEN_THOUSAND = 10_000;

type Row = [what: string, value: number | undefined, bound: Goal['bound']];

const least = (value: number): Goal['bound'] => ({ least: value });
const most = (value: number): Goal['bound'] => ({ most: value });

const ratio = (one: number | undefined, other: number | undefined): number | undefined =>
	one === undefined || other === undefined ? undefined : one / other;

/** The worst size compared with the smallest: for a rate the largest drop, for calls the largest growth. */
function worst(grown: Grown[] | undefined, name: string): number | undefined {
	const values = (grown ?? []).map(({ figures }) => figures[name] ?? NaN);
	const [first] = values;
	if (first === undefined) return undefined;
	const isRate = name === 'messagesPerSecond';
	return Math.max(...values.map((value) => (isRate ? first / value : value / first)));
}

export function goalsOf(outcome: Outcome): Goal[] {
	const { results, conversations, threads, backfills = [], weight, queueMode = [] } = outcome;
	const ten = backfills.find(({ tickets }) => tickets === TEN_THOUSAND);
	// A few pages fit into the first minute of Zendesk's limit: the minimum is then zero, and there is no ratio.
	const bound = backfills.filter(({ exportLimitMinutes = 0 }) => exportLimitMinutes > 0).at(-1);
	const figure = (measure: string, side: Side, name: string): number | undefined =>
		results[measure]?.[side]?.[name];
	const rate = (measure: string, side: Side): number | undefined =>
		figure(measure, side, 'messagesPerSecond');
	const webhooks = (side: Side): number | undefined =>
		figure('oneAWebhook', side, 'webhooksPerSecond');
	const cost = (name: string): number | undefined => figure('calls', 'ours', name);
	const queueRate = (at: number, side: Side): number | undefined =>
		queueMode.find(({ processes }) => processes === at)?.results.oneAWebhook?.[side]
			?.messagesPerSecond;
	const rows: Row[] = [
		[
			'One message per webhook: webhooks per second, relative to the ceiling',
			ratio(webhooks('ours'), webhooks('ceiling')),
			least(0.8),
		],
		[
			'The same, with an execution for each message',
			ratio(webhooks('apart'), webhooks('ceiling')),
			least(0.6),
		],
		[
			'One message per webhook: messages per second, relative to the alternative',
			ratio(rate('oneAWebhook', 'ours'), rate('oneAWebhook', 'alternative')),
			least(1.8),
		],
		[
			'The same, with an execution for each message',
			ratio(rate('oneAWebhook', 'apart'), rate('oneAWebhook', 'alternative')),
			least(1.5),
		],
		[
			'1,000 messages per webhook, relative to our own one per webhook',
			ratio(rate('1000AWebhook', 'ours'), rate('oneAWebhook', 'ours')),
			least(5),
		],
		[
			'The same, relative to our own with an execution for each message',
			ratio(rate('1000AWebhook', 'ours'), rate('oneAWebhook', 'apart')),
			least(5),
		],
		[
			'1,000 messages per webhook, relative to the alternative',
			ratio(rate('1000AWebhook', 'ours'), rate('1000AWebhook', 'alternative')),
			least(1.5),
		],
		['Zendesk calls for a message, known conversation', cost('knownMessageZendesk'), most(2.1)],
		['Zendesk calls for a message, new conversation', cost('newMessageZendesk'), most(4)],
		['Zendesk calls for a reply', cost('replyZendesk'), most(3)],
		['Klaviyo calls for a reply', cost('replyKlaviyo'), most(2)],
		['Zendesk calls for a ticket event', cost('ticketEventZendesk'), most(3)],
		['Klaviyo calls for a ticket event', cost('ticketEventKlaviyo'), most(1)],
		[
			'Klaviyo profile reads per message, 1,000 per webhook',
			figure('1000AWebhook', 'ours', 'profileReadsPerMessage'),
			most(0.02),
		],
		['Bulk event requests, backfill of 10,000 tickets', ten?.bulkRequests, most(12)],
		['Export requests, backfill of 10,000 tickets', ten?.exportRequests, most(12)],
		[
			`Minutes of a backfill of ${bound?.tickets?.toLocaleString('en')} tickets, relative to the minimum under the export limit`,
			ratio(bound?.minutes, bound?.exportLimitMinutes),
			most(1.2),
		],
		[
			'To the ticket at ten messages a second, p50, relative to the alternative',
			ratio(figure('paced', 'ours', 'toTicketP50'), figure('paced', 'alternative', 'toTicketP50')),
			most(1.5),
		],
		[
			'To the ticket, one message alone, p50, relative to the alternative',
			ratio(figure('alone', 'ours', 'toTicketP50'), figure('alone', 'alternative', 'toTicketP50')),
			most(1.2),
		],
		[
			'Queue mode with two workers: messages per second, relative to one process',
			ratio(queueRate(2, 'ours'), rate('oneAWebhook', 'ours')),
			least(1.5),
		],
		...queueMode.map(({ processes }): Row => [
			`Queue mode with ${processes} workers: messages per second, relative to the alternative`,
			ratio(queueRate(processes, 'ours'), queueRate(processes, 'alternative')),
			least(1),
		]),
		[
			"p99 of the webhook's answer at ten messages a second, ms",
			figure('paced', 'ours', 'answerP99'),
			most(1000),
		],
		[
			'Growing conversations: time per message',
			worst(conversations, 'messagesPerSecond'),
			most(1.2),
		],
		[
			'Growing conversations: Zendesk calls per message',
			worst(conversations, 'zendeskCallsPerMessage'),
			most(1.2),
		],
		['Growing threads: time per message', worst(threads, 'messagesPerSecond'), most(1.2)],
		[
			'Growing threads: Zendesk calls per message',
			worst(threads, 'zendeskCallsPerMessage'),
			most(1.2),
		],
		['Tarball, KB', weight?.tarballKilobytes, most(330)],
		[
			"n8n's start: time for the package, relative to loading its code",
			ratio(weight?.startMilliseconds, weight?.startFromCodeMilliseconds),
			most(0.5),
		],
		[
			"n8n's start: time for the package, relative to n8n's two Zendesk nodes",
			ratio(weight?.startMilliseconds, weight?.startOfZendeskNodesMilliseconds),
			most(1.5),
		],
	];
	return rows.flatMap(([what, value, bound]) => {
		if (value === undefined || Number.isNaN(value)) return [];
		const isMet = 'least' in bound ? value >= bound.least : value <= bound.most;
		return [{ what, value, bound, isMet }];
	});
}
