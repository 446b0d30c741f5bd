/**
 * Ids of an account's metrics about text messages. Klaviyo filters metrics by integration only, so names are looked
 * for here.
 */
import { NodeOperationError } from 'n8n-workflow';
import { processMemory } from '../../shared/processMemory';
import { asRefusal } from '../../shared/transport';
import { type Klaviyo, readAll } from './client';
import { forgetSingly } from './eventReader';
import { isNameOf, type MessageMetric } from './messageMetrics';
import { metricResource } from './wire';

/** All that fit, by the kind of event. What the account has nothing for is left out: that says nothing of its messages. */
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

/** By account: `GET /api/metrics` is worth a call. */
const known = processMemory<Known>();

/** Milliseconds. Klaviyo has renamed its metrics before, and may add one of another spelling. */
const GOOD_FOR = 3_600_000;
/** Milliseconds after which what was missing is looked for again. */
const MISSING_FOR = 30_000;

/**
 * @param notOlderThan milliseconds since the account was asked
 */
export async function messageMetricIds(
	klaviyo: Klaviyo,
	metrics: readonly MessageMetric[],
	notOlderThan = GOOD_FOR,
): Promise<MessageMetricIds> {
	const last = known.get(klaviyo.account);
	const age = last ? Date.now() - last.readAt : -1;
	if (last && age >= 0 && age < notOlderThan) {
		const ids = idsIn(last.metrics, metrics);
		if (ids.size === metrics.length || age < MISSING_FOR) return ids;
	}
	const own = await ownMetrics(klaviyo);
	known.set(klaviyo.account, { readAt: Date.now(), metrics: own });
	return idsIn(own, metrics);
}

const idsIn = (own: readonly OwnMetric[], metrics: readonly MessageMetric[]): MessageMetricIds =>
	new Map(
		metrics.flatMap((metric) => {
			const ids = own.filter(({ name }) => isNameOf(metric, name)).map(({ id }) => id);
			return ids.length > 0 ? [[metric, ids] as const] : [];
		}),
	);

/**
 * Does something with the ids. Should Klaviyo refuse them, they are looked up anew, and it is done once more if they
 * have changed: the account behind a credential may be another one by now.
 *
 * @throws NodeOperationError when the account has none of the metrics, and what `use` throws
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
		// That Klaviyo took no list of metrics was said of the old ones.
		forgetSingly(klaviyo);
		return await use(again);
	}
}

const asText = (ids: MessageMetricIds): string =>
	JSON.stringify([...ids].map(([{ name }, some]) => [name, some]));

/** Without any of the metrics nothing can be read, which is not to say that there is nothing. */
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

/** Klaviyo's own metrics, whatever they are about. */
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

/** Whether a metric is of Klaviyo's own integration; what does not say so was asked for as such. */
export const isKlaviyos = (
	integration:
		{ name?: string | null | undefined; key?: string | null | undefined } | null | undefined,
): boolean => (integration?.key ?? integration?.name ?? 'klaviyo').toLowerCase() === 'klaviyo';
