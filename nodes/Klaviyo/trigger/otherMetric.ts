/** Events of any metric of the account. They are always polled. See docs/decisions/0066. */
import type { INodeProperties } from 'n8n-workflow';
import type { MetricEvent } from '../../../domain/items';
import type { PartResult, UnreadWindow } from '../../shared/catchUpParts';
import type { Deadline } from '../../shared/pollBudget';
import type { Klaviyo } from '../api/client';
import { metricEventPages, newestMetricEvent } from '../api/metricEvent';
import { isSameMetric } from '../api/automation';
import { metricIdNamed, withMetric } from '../api/metrics';
import { locatorField } from '../../shared/locator';
import { metricLocator } from '../actions/locators';
import { type ChosenMetric, ifOtherMetric } from './events';
import { type Cursor, readGroups } from './readGroups';

export const otherMetricField: INodeProperties = {
	...locatorField(metricLocator, {
		displayName: 'Metric',
		name: 'metricId',
		required: true,
		description:
			"The metric whose events start the workflow, for 'Other Metric'. It is recognized by its ID, so renaming it in Klaviyo changes nothing, unless it is given by name. Klaviyo lists a metric as soon as it has had an event.",
	}),
	default: { mode: 'list', value: '' },
	displayOptions: ifOtherMetric,
};

/** @returns undefined if the account has no metric of the name, which comes with its first event */
const idOf = async (klaviyo: Klaviyo, chosen: ChosenMetric): Promise<string | undefined> =>
	'id' in chosen ? chosen.id : await metricIdNamed(klaviyo, chosen.name, isSameMetric);

/** @returns a reader of the metric's events */
export const metricReader =
	(
		klaviyo: Klaviyo,
		chosen: ChosenMetric,
		deadline: Deadline,
	): ((window: UnreadWindow<Cursor>) => Promise<PartResult<MetricEvent, Cursor>>) =>
	async (window) => {
		const id = await idOf(klaviyo, chosen);
		if (id === undefined) return { found: [] };
		return await withMetric(klaviyo, id, async (metric) => {
			const part = await readGroups(klaviyo, [[metric.id]], window, deadline, {
				pagesOf: (_ids, selection) => metricEventPages(klaviyo, metric, selection),
				timeOf: ({ occurredAt }) => occurredAt,
			});
			return part ?? { found: [] };
		});
	};

/** @returns the newest event; undefined if the metric has none */
export const newestOfMetric = async (
	klaviyo: Klaviyo,
	chosen: ChosenMetric,
): Promise<MetricEvent | undefined> => {
	const id = await idOf(klaviyo, chosen);
	if (id === undefined) return undefined;
	return await withMetric(klaviyo, id, async (metric) => await newestMetricEvent(klaviyo, metric));
};
