/**
 * Ids of an account's metrics about messages. Klaviyo filters metrics by integration only, so their names are
 * compared here.
 */
import { NodeOperationError } from 'n8n-workflow';
import { processMemory } from '../../shared/processMemory';
import { asRefusal } from '../../shared/transport';
import { type Klaviyo, readAll } from './client';
import { forgetSingly } from './eventReader';
import { allMessageMetrics, isNameOf, type MessageMetric } from './messageMetrics';
import { metricResource } from './wire';

/**
 * All matching ids, by metric. A metric that the account lacks is left out, which does not mean that it has no such
 * messages.
 */
export type MessageMetricIds = ReadonlyMap<MessageMetric, readonly string[]>;

interface OwnMetric {
	id: string;
	name: string;
}

interface Known {
	/** Milliseconds since 1970. */
	readAt: number;
	metrics: readonly OwnMetric[];
}

/** By account, so that not every read needs `GET /api/metrics`. */
const known = processMemory<Known>();

/** Milliseconds. Klaviyo has renamed its metrics before, and may add one with another spelling. */
const GOOD_FOR = 3_600_000;
/** Milliseconds after which a missing metric is looked for again. */
const MISSING_FOR = 30_000;
/**
 * The same if the account has metrics of another channel only: most never use WhatsApp. Catch-up brings the first
 * messages of one that begins to.
 */
const CHANNEL_MISSING_FOR = 300_000;

/** @param notOlderThan the greatest age of the account's answer, in milliseconds */
export async function messageMetricIds(
	klaviyo: Klaviyo,
	metrics: readonly MessageMetric[],
	notOlderThan = GOOD_FOR,
): Promise<MessageMetricIds> {
	if (metrics.length === 0) return new Map();
	const last = known.get(klaviyo.account);
	const age = last ? Date.now() - last.readAt : -1;
	if (last && age >= 0 && age < notOlderThan) {
		const ids = idsIn(last.metrics, metrics);
		if (age < goodFor(last.metrics, metrics, ids)) return ids;
	}
	const own = await ownMetrics(klaviyo);
	known.set(klaviyo.account, { readAt: Date.now(), metrics: own });
	return idsIn(own, metrics);
}

function goodFor(
	own: readonly OwnMetric[],
	wanted: readonly MessageMetric[],
	ids: MessageMetricIds,
): number {
	const missing = wanted.filter((metric) => !ids.has(metric));
	if (missing.length === 0) return GOOD_FOR;
	const hasChannel = ({ channel }: MessageMetric): boolean =>
		allMessageMetrics.some(
			(metric) => metric.channel === channel && own.some(({ name }) => isNameOf(metric, name)),
		);
	const hasAny = allMessageMetrics.some(hasChannel);
	return hasAny && !missing.some(hasChannel) ? CHANNEL_MISSING_FOR : MISSING_FOR;
}

const idsIn = (own: readonly OwnMetric[], metrics: readonly MessageMetric[]): MessageMetricIds =>
	new Map(
		metrics.flatMap((metric) => {
			const ids = own.filter(({ name }) => isNameOf(metric, name)).map(({ id }) => id);
			return ids.length > 0 ? [[metric, ids] as const] : [];
		}),
	);

/**
 * Calls `use` with the ids. If Klaviyo refuses them, they are looked up again, and `use` is called once more if they
 * have changed: the credential may belong to another account now.
 *
 * @throws NodeOperationError if the account has none of the metrics; and whatever `use` throws
 */
export async function withMessageMetricIds<T>(
	klaviyo: Klaviyo,
	metrics: readonly MessageMetric[],
	use: (ids: MessageMetricIds) => Promise<T>,
): Promise<T> {
	const ids = await mustHave(klaviyo, metrics);
	try {
		return await use(ids);
	} catch (error) {
		const refusal = asRefusal(klaviyo, error);
		if (refusal.httpCode !== '400' && refusal.httpCode !== '404') throw refusal;
		known.delete(klaviyo.account);
		const again = await mustHave(klaviyo, metrics);
		if (asText(again) === asText(ids)) throw refusal;
		// That Klaviyo refused a list of metrics was about the old ids.
		forgetSingly(klaviyo);
		return await use(again);
	}
}

const asText = (ids: MessageMetricIds): string =>
	JSON.stringify([...ids].map(([{ name }, some]) => [name, some]));

/** Without any of the metrics nothing can be read, which does not mean that there are no messages. */
async function mustHave(
	klaviyo: Klaviyo,
	metrics: readonly MessageMetric[],
): Promise<MessageMetricIds> {
	const ids = await messageMetricIds(klaviyo, metrics);
	if (ids.size > 0 || metrics.length === 0) return ids;
	throw new NodeOperationError(
		klaviyo.context.getNode(),
		'This Klaviyo account has no metric for these messages',
		{
			description: `Looked for: ${metrics.map(({ name }) => `'${name}'`).join(', ')}, or an earlier name of the same metric. Set up a sending number in Klaviyo if there is none. If Klaviyo shows messages under other names, update this package or report the names to its authors: Account > Check Setup lists them.`,
		},
	);
}

/** All of Klaviyo's own metrics. */
async function ownMetrics(klaviyo: Klaviyo): Promise<OwnMetric[]> {
	const { data } = await readAll(
		klaviyo,
		'Metrics could not be read',
		metricResource,
		'/api/metrics',
		{ filter: 'equals(integration.name,"Klaviyo")' },
	);
	return data
		.filter(({ attributes }) => isKlaviyos(attributes.integration))
		.map(({ id, attributes: { name } }) => ({ id, name }));
}

/**
 * Whether a metric belongs to Klaviyo's own integration. If it does not say, it does, because only such metrics were
 * asked for.
 */
export const isKlaviyos = (
	integration:
		{ name?: string | null | undefined; key?: string | null | undefined } | null | undefined,
): boolean => (integration?.key ?? integration?.name ?? 'klaviyo').toLowerCase() === 'klaviyo';
