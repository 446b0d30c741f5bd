/** Checks the account's message metrics and topics, and the form of their events, which differ between accounts. */
import { z } from 'zod';
import { pageTrail } from '../../../shared/pageTrail';
import type { CheckResult } from '../../../shared/setupProbes';
import { ownPath } from '../../api/client';
import { ofMetrics } from '../../api/filter';
import { type Capability, features, fromRead, type Probes, SYSTEM_WEBHOOK } from '../../api/probes';
import { isKlaviyos } from '../../api/messageMetricIds';
import { isNameOf, isTopicOf, type MessageMetric, messageMetrics } from '../../api/messageMetrics';
import { eventResource, metricPropertyResource, metricResource, page } from '../../api/wire';

type Metric = z.infer<typeof metricResource>;

const NEEDED = [
	messageMetrics.sms.customerMessaged,
	messageMetrics.sms.delivered,
	messageMetrics.sms.failed,
];
const ALL: readonly MessageMetric[] = Object.values(messageMetrics.sms);

const list = (names: readonly string[]): string => (names.length > 0 ? names.join(', ') : 'none');

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

export const smsMetrics: Capability = {
	check: 'Message metrics',
	neededFor: 'Klaviyo Trigger, Message: Send Reply, Message: Get Many',
	howToFix:
		'Set up a sending number (Klaviyo > Settings > SMS), send it a message, and answer. If Klaviyo shows the messages under names that are not listed here, update this package or report the names to its authors.',
	async find(probes) {
		const metrics = await klaviyoMetrics(probes);
		if (!Array.isArray(metrics)) return metrics;
		const found = ALL.flatMap((metric) => metricsIn(metrics, metric));
		const missing = NEEDED.filter((metric) => metricsIn(metrics, metric).length === 0);
		return {
			status: missing.length === 0 ? 'ready' : 'missing',
			detail: `Found: ${list(found.map(({ attributes }) => attributes.name))}. Missing: ${list(missing.map(({ name }) => name))}.`,
		};
	},
};

const topicPage = page(z.object({ id: z.string() }));

export const smsTopics: Capability = {
	check: 'Webhook topics',
	neededFor: SYSTEM_WEBHOOK,
	isOptional: true,
	features: [features.systemWebhooks],
	howToFix:
		'Polling brings events without a topic, a few minutes later. If Klaviyo lists a topic under another name, update this package or report the name to its authors.',
	async find(probes) {
		const answer = await probes.read('/api/webhook-topics');
		const parsed = topicPage.safeParse(answer.body);
		if (!parsed.success) return { ...fromRead(answer), status: 'unknown' };
		const topics = parsed.data.data.map(({ id }) => id);
		const found = topics.filter((topic) => ALL.some((metric) => isTopicOf(metric, topic)));
		const missing = ALL.filter((metric) => !found.some((topic) => isTopicOf(metric, topic)));
		return {
			status: missing.length === 0 ? 'ready' : 'missing',
			detail: `Found: ${list(found)}. No topic for: ${list(missing.map(({ name }) => name))}.`,
		};
	},
};

const messagesOf = (metric: MessageMetric, what: string): Capability => ({
	check: `Text of ${what}`,
	neededFor: 'Klaviyo Trigger, Message: Send Reply, Message: Get Many',
	howToFix:
		"Without such a message in the account this cannot be checked: send one and check again. If the text has another property name, please report the names listed here to the package's authors.",
	async find(probes) {
		const metrics = await klaviyoMetrics(probes);
		if (!Array.isArray(metrics)) return metrics;
		const known = metricsIn(metrics, metric).map(({ id }) => id);
		if (known.length === 0)
			return { status: 'notYet', detail: `The account has no metric '${metric.name}' yet.` };
		return await textProperties(probes, known);
	},
});

async function textProperties(probes: Probes, metricIds: readonly string[]): Promise<CheckResult> {
	const answers = await Promise.all(
		metricIds.map(
			async (id) => await probes.read(`/api/metrics/${encodeURIComponent(id)}/metric-properties`),
		),
	);
	const listed = answers.flatMap(({ body }) =>
		(page(metricPropertyResource).safeParse(body).data?.data ?? []).flatMap(
			({ attributes }) => attributes.property ?? attributes.label ?? [],
		),
	);
	const newest = await newestProperties(probes, metricIds);
	const names = [...new Set([...listed, ...Object.keys(newest ?? {})])].sort();
	const place = placeOfBody(newest ?? Object.fromEntries(listed.map((name) => [name, null])));
	const [first] = answers;
	if (names.length === 0 && first) {
		const read = fromRead(first, 'No event to look at yet.');
		return { ...read, status: read.status === 'ready' ? 'notYet' : 'unknown' };
	}
	const otherwise = newest === undefined ? 'notYet' : 'missing';
	return {
		status: place === undefined ? otherwise : 'ready',
		detail: `${place === undefined ? 'The text was not found.' : `The text is in ${place}.`} Properties: ${names.join(', ')}.`,
	};
}

/** Only property names are shown, never what customers wrote. */
async function newestProperties(
	probes: Probes,
	metricIds: readonly string[],
): Promise<Record<string, unknown> | undefined> {
	const events = await Promise.all(
		metricIds.map(async (id) => {
			const { body } = await probes.read('/api/events', {
				filter: ofMetrics([id]),
				sort: '-datetime',
				'page[size]': 1,
			});
			return page(eventResource).safeParse(body).data?.data ?? [];
		}),
	);
	const newest = events
		.flat()
		.sort((one, other) => (other.attributes.timestamp ?? 0) - (one.attributes.timestamp ?? 0));
	return newest[0]?.attributes.event_properties ?? undefined;
}

const BODY = 'message body';

function placeOfBody(properties: Record<string, unknown>): string | undefined {
	const nameIn = (value: unknown): string | undefined =>
		Object.keys(Object(value)).find((name) => name.toLowerCase() === BODY);
	const top = nameIn(properties);
	if (top !== undefined) return `'${top}'`;
	const inner = nameIn(properties.$extra);
	return inner === undefined ? undefined : `'$extra' > '${inner}'`;
}

export const inboundMessages = messagesOf(
	messageMetrics.sms.customerMessaged,
	"customers' messages",
);
export const outboundMessages = messagesOf(messageMetrics.sms.delivered, 'messages to customers');
