/**
 * Klaviyo's own metrics under all the names that they have had. Klaviyo renamed those about messages on 2026-07-01, in
 * place: ids and events stayed.
 */
import type { SandboxSwitches } from '../types';

type Spelling = SandboxSwitches['metricNames'];

interface Names {
	/** Until June 2026. */
	sms?: string;
	/** Before 2023, if different. */
	older?: string;
	/** A possible future name, which nobody can know today. */
	renamed?: string;
}

/** By today's name. */
const klaviyoMetrics = {
	'Sent Text Message': { sms: 'Sent SMS', renamed: 'Mobile Reply From Customer' },
	'Received Text Message': { sms: 'Received SMS', renamed: 'Mobile Delivery' },
	'Relayed Text Message': { sms: 'Relayed SMS', renamed: 'Mobile Relay' },
	'Failed to Deliver Text Message': { sms: 'Failed to Deliver SMS', renamed: 'Mobile Failure' },
	'Received Automated Response Text Message': {
		sms: 'Received Automated Response SMS',
		renamed: 'Mobile Answer',
	},
	'Failed to Deliver Automated Response Text Message': {
		sms: 'Failed to Deliver Automated Response SMS',
		older: 'Failed to deliver Automated Response SMS',
		renamed: 'Mobile Answer Failure',
	},
	'Clicked Text Message': { sms: 'Clicked SMS', renamed: 'Mobile Click' },
	'Opened Text': {},
	'Subscribed to Text Messaging Marketing': {
		sms: 'Subscribed to SMS Marketing',
		older: 'Consented to Receive SMS',
		renamed: 'Mobile Opt-In',
	},
	'Unsubscribed from Text Messaging Marketing': {
		sms: 'Unsubscribed from SMS Marketing',
		older: 'Unsubscribed from SMS',
		renamed: 'Mobile Opt-Out',
	},
	'Received Email': {},
	'Opened Email': {},
	'Merged Profile': {},
	'Skipped Send': {},
} as const satisfies Record<string, Names>;

/** An account has each of these, and its topic, from its first event on, or by a switch. They were not renamed. */
const whatsAppMetrics = {
	'Sent WhatsApp': {},
	'Received WhatsApp': {},
	'Failed to Deliver WhatsApp': {},
	'Received Automated Response WhatsApp': {},
	'Failed to Deliver Automated Response WhatsApp': {},
	'Subscribed to WhatsApp Marketing': {},
	'Unsubscribed from WhatsApp Marketing': {},
} as const satisfies Record<string, Names>;

const metrics = { ...klaviyoMetrics, ...whatsAppMetrics };
export type KlaviyoMetric = keyof typeof metrics;

/** Those that an account has from the start. */
export const klaviyoMetricNames = Object.keys(klaviyoMetrics) as KlaviyoMetric[];
export const whatsAppMetricNames = Object.keys(whatsAppMetrics) as KlaviyoMetric[];
const allNames = Object.keys(metrics) as KlaviyoMetric[];

const namesOf = (metric: KlaviyoMetric): Names => metrics[metric];

/** The metric's name in the account, under a spelling. */
export function spelledName(metric: KlaviyoMetric, spelling: Spelling): string {
	const { sms = metric, older = sms, renamed = metric } = namesOf(metric);
	return { textMessage: metric, sms, older, renamed }[spelling];
}

/** The metric with any of its names. */
export const klaviyoMetric = (name: string): KlaviyoMetric | undefined =>
	allNames.find((metric) => metric === name || Object.values(namesOf(metric)).includes(name));

const slugOf = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]+/g, '_');
const topicOf = (name: string): string => `event:klaviyo.${slugOf(name)}`;

/**
 * Topics of one of Klaviyo's own metrics, without those that the account should lack. Today's accounts list both
 * spellings of an event.
 */
export function topicsListed(
	metric: KlaviyoMetric,
	{ metricNames, topicNames, missingTopics }: SandboxSwitches,
): string[] {
	const hasNone = missingTopics.some((name) => klaviyoMetric(name) === metric);
	if (hasNone) return [];
	const spellings: readonly Spelling[] =
		metricNames === 'older' || metricNames === 'renamed'
			? [metricNames]
			: topicNames === 'both'
				? ['textMessage', 'sms']
				: [topicNames];
	return [...new Set(spellings.map((spelling) => topicOf(spelledName(metric, spelling))))];
}

/** The listed topics under which an event is sent. */
export function topicsSent(metric: KlaviyoMetric, switches: SandboxSwitches): string[] {
	const listed = topicsListed(metric, switches);
	const { topicSent } = switches;
	const sent = listed.filter(
		(topic) => topicSent === 'both' || topic === topicOf(spelledName(metric, topicSent)),
	);
	return sent.length > 0 ? sent : listed.slice(0, 1);
}

/** The topic of a metric created by API. */
export const apiTopicOf = (name: string): string => `event:api.${slugOf(name)}`;
