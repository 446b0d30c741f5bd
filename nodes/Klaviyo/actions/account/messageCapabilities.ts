/** Checks the account's message metrics and topics, and the form of their events, which differ between accounts. */
import { z } from 'zod';
import {
	channelNames,
	type ConversationChannel,
	conversationChannels,
} from '../../../../domain/channel';
import { pageTrail } from '../../../shared/pageTrail';
import type { CheckResult } from '../../../shared/setupProbes';
import { ownPath } from '../../api/client';
import {
	type Capability,
	type CheckOptions,
	features,
	fromRead,
	type Probes,
	SYSTEM_WEBHOOK,
} from '../../api/probes';
import { isKlaviyos } from '../../api/messageMetricIds';
import {
	allMessageMetrics,
	isNameOf,
	isTopicOf,
	type MessageMetric,
	messageMetrics,
} from '../../api/messageMetrics';
import { withoutTopic } from '../../api/webhookTopics';
import { metricResource, page } from '../../api/wire';
import { conversationsApi } from './conversationsCapability';
import { textProperties } from './textProperties';

type Metric = z.infer<typeof metricResource>;

const neededOn = (channel: ConversationChannel): MessageMetric[] => {
	const { customerMessaged, delivered, failed } = messageMetrics[channel];
	return [customerMessaged, delivered, failed];
};

const list = (names: readonly string[]): string => (names.length > 0 ? names.join(', ') : 'none');
const namesOf = (metrics: readonly MessageMetric[]): string[] => metrics.map(({ name }) => name);

/** Reads all pages: a metric on a later page is not missing. */
async function klaviyoMetrics(probes: Probes): Promise<Metric[] | CheckResult> {
	const metrics: Metric[] = [];
	const follow = pageTrail('Metrics could not be read', probes.vendor);
	let answer = await probes.read('/api/metrics', { filter: 'equals(integration.name,"Klaviyo")' });
	for (;;) {
		const parsed = page(metricResource).safeParse(answer.body);
		if (!parsed.success) return { ...fromRead(answer), status: 'unknown' };
		metrics.push(...parsed.data.data);
		const next = follow(parsed.data.links?.next);
		if (!next) break;
		answer = await probes.read(ownPath(next));
	}
	return metrics.filter(({ attributes }) => isKlaviyos(attributes.integration));
}

const metricsIn = (metrics: readonly Metric[], metric: MessageMetric): Metric[] =>
	metrics.filter(({ attributes }) => isNameOf(metric, attributes.name));

const channelsUsed = ({ unusedFeatures }: CheckOptions): ConversationChannel[] =>
	conversationChannels.filter((channel) => !unusedFeatures.includes(features[channel]));

export const smsMetrics: Capability = {
	check: 'Message metrics',
	features: [features.sms],
	neededFor: 'Klaviyo Trigger, Message: Send Reply, Message: Get Many',
	howToFix:
		"Set up a sending number (Klaviyo > Settings > SMS), send it a message, and answer. If you use WhatsApp only, choose 'SMS' in 'Unused Features'. If Klaviyo shows the messages under names that are not listed here, update this package or report the names to its authors.",
	async find(probes) {
		const metrics = await klaviyoMetrics(probes);
		if (!Array.isArray(metrics)) return metrics;
		const found = Object.values(messageMetrics.sms).flatMap((metric) => metricsIn(metrics, metric));
		const missing = neededOn('sms').filter((metric) => metricsIn(metrics, metric).length === 0);
		return {
			status: missing.length === 0 ? 'ready' : 'missing',
			detail: `Found: ${list(found.map(({ attributes }) => attributes.name))}. Missing: ${list(namesOf(missing))}.`,
		};
	},
};

/** An account has each of WhatsApp's metrics from its first event on, so a missing one says nothing. */
export const whatsApp: Capability = {
	check: 'WhatsApp',
	features: [features.whatsapp],
	neededFor: 'Conversations by WhatsApp',
	howToFix:
		'Nothing to do without WhatsApp. Otherwise connect WhatsApp in Klaviyo, send it a message from a phone, and answer. Then run the check again.',
	async find(probes, options) {
		const metrics = await klaviyoMetrics(probes);
		if (!Array.isArray(metrics)) return metrics;
		const all = Object.values(messageMetrics.whatsapp);
		const found = all.filter((metric) => metricsIn(metrics, metric).length > 0);
		if (found.length === 0)
			return {
				status: 'notYet',
				detail:
					'No message by WhatsApp seen yet. Klaviyo shows WhatsApp from the first message on.',
			};
		const { customerMessaged, delivered } = messageMetrics.whatsapp;
		const unseen = neededOn('whatsapp').filter((metric) => !found.includes(metric));
		return {
			status: unseen.some((metric) => [customerMessaged, delivered].includes(metric))
				? 'notYet'
				: 'ready',
			detail: `Found: ${list(namesOf(found))}. Not seen yet: ${list(namesOf(unseen))}.${await replies(probes, options)}`,
		};
	},
};

/** Whether agents can answer: on WhatsApp only in the conversation, not through a flow. */
async function replies(probes: Probes, { unusedFeatures }: CheckOptions): Promise<string> {
	if (unusedFeatures.includes(features.conversations)) return '';
	const see = `see '${conversationsApi.check}'.`;
	const { status } = await conversationsApi.find(probes);
	if (status === 'ready') return ' Replies can be sent.';
	return status === 'missing'
		? ` Replies cannot be sent: ${see}`
		: ` Whether replies can be sent is not known: ${see}`;
}

const topicPage = page(z.object({ id: z.string() }));

/**
 * The metrics whose events a webhook should bring: on WhatsApp those that have had one.
 * @returns a result if that cannot be known
 */
async function heard(
	probes: Probes,
	options: CheckOptions,
): Promise<MessageMetric[] | CheckResult> {
	const channels = channelsUsed(options);
	const used = allMessageMetrics.filter(({ channel }) => channels.includes(channel));
	if (!channels.includes('whatsapp')) return used;
	const metrics = await klaviyoMetrics(probes);
	if (!Array.isArray(metrics)) return metrics;
	return used.filter((metric) => metric.channel === 'sms' || metricsIn(metrics, metric).length > 0);
}

export const messageTopics: Capability = {
	check: 'Webhook topics',
	neededFor: SYSTEM_WEBHOOK,
	isOptional: true,
	features: [features.systemWebhooks],
	howToFix:
		'Polling brings events without a topic, within a minute or two. If Klaviyo lists a topic under another name, update this package or report the name to its authors.',
	async find(probes, options) {
		const answer = await probes.read('/api/webhook-topics');
		const parsed = topicPage.safeParse(answer.body);
		if (!parsed.success) return { ...fromRead(answer), status: 'unknown' };
		const topics = parsed.data.data.map(({ id }) => id);
		const found = topics.filter((topic) =>
			allMessageMetrics.some((metric) => isTopicOf(metric, topic)),
		);
		const wanted = await heard(probes, options);
		if (!Array.isArray(wanted)) return wanted;
		const missing = withoutTopic(wanted, topics);
		return {
			status: missing.length === 0 ? 'ready' : 'missing',
			detail: `Found: ${list(found)}. No topic for: ${list(namesOf(missing))}.`,
		};
	},
};

/** What to look at first. */
const WORST = ['missing', 'unknown', 'limited', 'notYet', 'ready'] as const;

/** @param which of each channel's metrics */
const messagesOf = (which: 'customerMessaged' | 'delivered', what: string): Capability => ({
	check: `Text of ${what}`,
	neededFor: 'Klaviyo Trigger, Message: Send Reply, Message: Get Many',
	howToFix:
		"Without such a message in the account this cannot be checked: send one and check again. If the text has another property name, please report the names listed here to the package's authors.",
	async find(probes, options) {
		const metrics = await klaviyoMetrics(probes);
		if (!Array.isArray(metrics)) return metrics;
		const channels = channelsUsed(options);
		const results: Array<CheckResult & { channel: ConversationChannel }> = [];
		for (const channel of channels) {
			const ids = metricsIn(metrics, messageMetrics[channel][which]).map(({ id }) => id);
			if (ids.length > 0) results.push({ channel, ...(await textProperties(probes, ids)) });
		}
		const [only, another] = results;
		if (!only) {
			const names = channels.map((channel) => `'${messageMetrics[channel][which].name}'`);
			return {
				status: 'notYet',
				detail: `The account has no metric ${names.join(' or ') || 'of messages'} yet.`,
			};
		}
		return {
			status: WORST.find((status) => results.some((one) => one.status === status)) ?? 'unknown',
			detail: another
				? results.map(({ channel, detail }) => `${channelNames[channel]}: ${detail}`).join(' ')
				: only.detail,
		};
	},
});

export const inboundMessages = messagesOf('customerMessaged', "customers' messages");
export const outboundMessages = messagesOf('delivered', 'messages to customers');
