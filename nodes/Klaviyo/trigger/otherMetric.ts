/** Events of any metric of the account. They are always polled. See docs/decisions/0066. */
import type { INodeProperties } from 'n8n-workflow';
import type { MetricEvent } from '../../../domain/items';
import type { PartResult, UnreadWindow } from '../../shared/catchUpParts';
import type { Deadline } from '../../shared/pollBudget';
import type { Klaviyo } from '../api/client';
import { metricEventPages, newestMetricEvent } from '../api/metricEvent';
import { withMetric } from '../api/metrics';
import { locatorField } from '../../shared/locator';
import { metricLocator } from '../actions/locators';
import { ifOtherMetric } from './events';
import { type Cursor, readGroups } from './readGroups';

export const otherMetricField: INodeProperties = {
	...locatorField(metricLocator, {
		displayName: 'Metric',
		name: 'metricId',
		required: true,
		description:
			"The metric whose events start the workflow, for 'Other Metric'. It is recognized by its ID, so renaming it in Klaviyo changes nothing. Klaviyo lists a metric as soon as it has had an event.",
	}),
	displayOptions: ifOtherMetric,
};

/** @returns a reader of the metric's events */
export const metricReader =
	(
		klaviyo: Klaviyo,
		metricId: string,
		deadline: Deadline,
	): ((window: UnreadWindow<Cursor>) => Promise<PartResult<MetricEvent, Cursor>>) =>
	async (window) =>
		await withMetric(klaviyo, metricId, async (metric) => {
			const part = await readGroups(klaviyo, [[metric.id]], window, deadline, {
				pagesOf: (_ids, selection) => metricEventPages(klaviyo, metric, selection),
				timeOf: ({ occurredAt }) => occurredAt,
			});
			return part ?? { found: [] };
		});

/** @returns the newest event; undefined if the metric has none */
export const newestOfMetric = async (
	klaviyo: Klaviyo,
	metricId: string,
): Promise<MetricEvent | undefined> =>
	await withMetric(klaviyo, metricId, async (metric) => await newestMetricEvent(klaviyo, metric));
