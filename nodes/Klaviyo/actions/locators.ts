/** What of the account a builder can choose. */
import { type Locatable } from '../../shared/locator';

const ADDRESS = String.raw`^https?:\/\/[^/]+`;

/** For a metric whose events are read: it may be anybody's, and two integrations may have metrics of one name. */
export const metricLocator: Locatable = {
	list: 'searchAllMetrics',
	byName: {
		example: 'Conversation Escalated',
		hint: 'Looked for while the workflow runs: the metric need not exist yet',
	},
	byId: { example: 'UGkwJB', hint: "Klaviyo shows it in the address of the metric's page" },
	page: {
		example: 'https://www.klaviyo.com/metric/UGkwJB/placed-order',
		pattern: String.raw`${ADDRESS}\/(?:api\/)?metrics?\/(\w+)`,
	},
};

/** For a metric whose events are recorded. Klaviyo takes its name, and has no id for one that is new. */
export const trackedMetricLocator: Locatable = {
	list: 'searchMetrics',
	byName: { example: 'Requested Refund', hint: 'A new name creates a new metric' },
};

/** Klaviyo shows segments among lists. */
export const segmentLocator: Locatable = {
	list: 'searchSegments',
	byName: { example: 'Open Support Ticket' },
	byId: { example: 'XwYz12' },
	page: {
		example: 'https://www.klaviyo.com/list/XwYz12/open-support-ticket',
		pattern: String.raw`${ADDRESS}\/(?:api\/)?(?:lists?|segments?)\/(\w+)`,
	},
};

export const sendingNumberLocator: Locatable = {
	list: 'searchSendingNumbers',
	byNumber: { example: '+18005550123' },
};
