/** Which SMS metrics the account has, and what their events look like: this differs between accounts. */
import type { z } from 'zod';
import { type Finding, fromRead, type Probes } from '../../api/probes';
import { quoted } from '../../api/profiles';
import { type TextMetric, textMetrics } from '../../api/textMetrics';
import { eventResource, metricPropertyResource, metricResource, page } from '../../api/wire';
import type { Capability } from './capabilities';

type Metric = z.infer<typeof metricResource>;

const NEEDED = [textMetrics.textedIn, textMetrics.delivered, textMetrics.failed];

async function klaviyoMetrics(probes: Probes): Promise<Metric[] | Finding> {
	const answer = await probes.read('/api/metrics', {
		filter: 'equals(integration.name,"Klaviyo")',
	});
	const parsed = page(metricResource).safeParse(answer.body);
	return parsed.success ? parsed.data.data : { ...fromRead(answer), ok: null };
}

function metricIn(
	metrics: readonly Metric[],
	{ name, olderNames }: TextMetric,
): Metric | undefined {
	const names = [name, ...olderNames].map((each) => each.toLowerCase());
	return metrics.find(({ attributes }) => names.includes(attributes.name.toLowerCase()));
}

export const smsMetrics: Capability = {
	capability: 'smsMetrics',
	neededFor: 'Klaviyo Trigger, Message: Send Reply and Get Many',
	howToMend:
		'Klaviyo makes these metrics once SMS is set up and used. Set up a sending number (Klaviyo > Settings > SMS), text it, and answer.',
	async check(probes) {
		const metrics = await klaviyoMetrics(probes);
		if (!Array.isArray(metrics)) return metrics;
		const found = NEEDED.flatMap((metric) => metricIn(metrics, metric) ?? []);
		const missing = NEEDED.filter((metric) => !metricIn(metrics, metric));
		const list = (names: string[]): string => (names.length > 0 ? names.join(', ') : 'none');
		return {
			ok: missing.length === 0,
			detail: `Found: ${list(found.map(({ attributes }) => attributes.name))}. Missing: ${list(missing.map(({ name }) => name))}.`,
		};
	},
};

const textsOf = (metric: TextMetric, capability: string, what: string): Capability => ({
	capability,
	neededFor: `The words of ${what}`,
	howToMend:
		"Without such a text in the account nothing can be told: send one and check again. If the words stand under another name, please tell the package's authors the names listed here.",
	async check(probes) {
		const metrics = await klaviyoMetrics(probes);
		if (!Array.isArray(metrics)) return metrics;
		const known = metricIn(metrics, metric);
		if (known === undefined)
			return { ok: null, detail: `The account has no metric '${metric.name}' yet.` };
		return await textProperties(probes, known.id);
	},
});

async function textProperties(probes: Probes, metricId: string): Promise<Finding> {
	const answer = await probes.read(
		`/api/metrics/${encodeURIComponent(metricId)}/metric-properties`,
	);
	const parsed = page(metricPropertyResource).safeParse(answer.body);
	const listed = parsed.success
		? parsed.data.data.flatMap(({ attributes }) => attributes.property ?? attributes.label ?? [])
		: [];
	const newest = await newestProperties(probes, metricId);
	const names = [...new Set([...listed, ...Object.keys(newest ?? {})])].sort();
	const place = placeOfBody(newest ?? Object.fromEntries(listed.map((name) => [name, null])));
	if (names.length === 0) return { ...fromRead(answer, 'No event to look at yet.'), ok: null };
	return {
		ok: place === undefined ? (newest === undefined ? null : false) : true,
		detail: `${place === undefined ? 'The words were not found.' : `The words stand in ${place}.`} Properties: ${names.join(', ')}.`,
	};
}

/** Names only are shown: what customers wrote stays where it is. */
async function newestProperties(
	probes: Probes,
	metricId: string,
): Promise<Record<string, unknown> | undefined> {
	const answer = await probes.read('/api/events', {
		filter: `equals(metric_id,${quoted(metricId)})`,
		sort: '-datetime',
		'page[size]': 1,
	});
	const parsed = page(eventResource).safeParse(answer.body);
	return (parsed.success && parsed.data.data[0]?.attributes.event_properties) || undefined;
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

export const inboundTexts = textsOf(textMetrics.textedIn, 'inboundTexts', "customers' texts");
export const outboundTexts = textsOf(textMetrics.delivered, 'outboundTexts', 'texts to customers');
