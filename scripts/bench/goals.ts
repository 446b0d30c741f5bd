/** What the package has to reach, and what it reached: all of it ratios and counts of one run. */
import type { Grown } from './measures/growth';
import type { Results } from './rounds';
import type { Figures } from './scene';
import type { Side } from './stage';

export interface Outcome {
	results: Results;
	conversations?: Grown[];
	threads?: Grown[];
	backfills?: Figures[];
	weight?: Figures;
}

export interface Goal {
	what: string;
	value: number;
	/** `>= 0.6` is a floor, `<= 5` a ceiling. */
	bound: { least: number } | { most: number };
	isMet: boolean;
}

/** The bounds on requests are for so many. */
const TEN_THOUSAND = 10_000;

type Row = [what: string, value: number | undefined, bound: Goal['bound']];

const least = (value: number): Goal['bound'] => ({ least: value });
const most = (value: number): Goal['bound'] => ({ most: value });

const ratio = (one: number | undefined, other: number | undefined): number | undefined =>
	one === undefined || other === undefined ? undefined : one / other;

/** The worst of the sizes beside the smallest: of a rate the smallest share, of calls the largest. */
function worst(grown: Grown[] | undefined, name: string): number | undefined {
	const values = (grown ?? []).map(({ figures }) => figures[name] ?? NaN);
	const [first] = values;
	if (first === undefined) return undefined;
	const isRate = name === 'messagesPerSecond';
	return Math.max(...values.map((value) => (isRate ? first / value : value / first)));
}

export function goalsOf(outcome: Outcome): Goal[] {
	const { results, conversations, threads, backfills = [], weight } = outcome;
	const ten = backfills.find(({ tickets }) => tickets === TEN_THOUSAND);
	// Few pages fit into Zendesk's first minute: then its limit allows no time at all, and there is no ratio.
	const bound = backfills.filter(({ exportLimitMinutes = 0 }) => exportLimitMinutes > 0).at(-1);
	const figure = (measure: string, side: Side, name: string): number | undefined =>
		results[measure]?.[side]?.[name];
	const rate = (measure: string, side: Side): number | undefined =>
		figure(measure, side, 'messagesPerSecond');
	const webhooks = (side: Side): number | undefined =>
		figure('oneAWebhook', side, 'webhooksPerSecond');
	const cost = (name: string): number | undefined => figure('calls', 'ours', name);
	const rows: Row[] = [
		[
			"One text a webhook: webhooks done a second, of the ceiling's",
			ratio(webhooks('ours'), webhooks('ceiling')),
			least(0.6),
		],
		[
			'The same with an execution for each',
			ratio(webhooks('apart'), webhooks('ceiling')),
			least(0.6),
		],
		[
			'One text a webhook, of the alternative',
			ratio(rate('oneAWebhook', 'ours'), rate('oneAWebhook', 'alternative')),
			least(1.5),
		],
		[
			'The same with an execution for each message',
			ratio(rate('oneAWebhook', 'apart'), rate('oneAWebhook', 'alternative')),
			least(1.5),
		],
		[
			'1,000 messages a webhook, of our own one message a webhook',
			ratio(rate('1000AWebhook', 'ours'), rate('oneAWebhook', 'ours')),
			least(5),
		],
		[
			'The same of our own with an execution for each message',
			ratio(rate('1000AWebhook', 'ours'), rate('oneAWebhook', 'apart')),
			least(5),
		],
		[
			'1,000 messages a webhook, of the alternative',
			ratio(rate('1000AWebhook', 'ours'), rate('1000AWebhook', 'alternative')),
			least(1.5),
		],
		['Zendesk calls for a message, known conversation', cost('knownMessageZendesk'), most(2.1)],
		['Zendesk calls for a message, new conversation', cost('newMessageZendesk'), most(5)],
		['Zendesk calls for a reply', cost('replyZendesk'), most(3)],
		['Klaviyo calls for a reply', cost('replyKlaviyo'), most(2)],
		[
			'Klaviyo profile reads a message, 1,000 a webhook',
			figure('1000AWebhook', 'ours', 'profileReadsPerMessage'),
			most(0.02),
		],
		['Bulk event requests, backfill of 10,000 tickets', ten?.bulkRequests, most(12)],
		['Export requests, backfill of 10,000 tickets', ten?.exportRequests, most(12)],
		[
			`Minutes of a backfill of ${bound?.tickets?.toLocaleString('en')} tickets, of the least that the export limit allows`,
			ratio(bound?.minutes, bound?.exportLimitMinutes),
			most(1.2),
		],
		[
			"Webhook's answer p99 at ten messages a second, ms",
			figure('paced', 'ours', 'answerP99'),
			most(1000),
		],
		[
			'Growing conversations: time for a message',
			worst(conversations, 'messagesPerSecond'),
			most(1.2),
		],
		[
			'Growing conversations: Zendesk calls a message',
			worst(conversations, 'zendeskCallsPerMessage'),
			most(1.2),
		],
		['Growing threads: time for a message', worst(threads, 'messagesPerSecond'), most(1.2)],
		[
			'Growing threads: Zendesk calls a message',
			worst(threads, 'zendeskCallsPerMessage'),
			most(1.2),
		],
		['Tarball, KB', weight?.tarballKilobytes, most(300)],
		[
			"n8n's start: time for the package, of loading its code",
			ratio(weight?.loadMilliseconds, weight?.codeLoadMilliseconds),
			most(0.5),
		],
	];
	return rows.flatMap(([what, value, bound]) => {
		if (value === undefined || Number.isNaN(value)) return [];
		const isMet = 'least' in bound ? value >= bound.least : value <= bound.most;
		return [{ what, value, bound, isMet }];
	});
}
