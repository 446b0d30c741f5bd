/** Shared by both operations of *Event*: records many events, each once, and returns the outcome of each. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import {
	eventFault,
	ignoredProperties,
	isDroppedSilently,
	type MetricEvent,
} from '../../../../domain/tracking/event';
import {
	type AttemptedEvents,
	trackingRules,
	trackMany,
	type TrackOptions,
	type TrackOutcome,
} from '../../../../domain/tracking/trackMany';
import {
	beforeGiven,
	isItemError,
	type ItemError,
	itemError,
	itemsLeft,
	linkResults,
} from '../../../shared/items';
import { sharedByTries } from '../../../shared/tries';
import { markCompleted } from '../../../shared/completedEvents';
import { klaviyoOf } from '../../api/client';
import { refusesAddress } from '../../api/errors';
import { eventLogOf } from '../../api/eventLog';
import type { TrackingOptions } from './trackingOptions';

/** An item's event, with the ids for its output; or the output of an item without an event. */
export type Draft =
	| {
			event: MetricEvent;
			ids: IDataObject;
			/** The key of the event that catch-up need not bring again once this one is recorded. */
			completes?: string | undefined;
	  }
	| { output: IDataObject };

/** Each item's event as the first try made it: one without a time of its own would be another event in each try. */
const drafted = sharedByTries(() => new Map<number, Draft>());

const attemptedBy = sharedByTries((): AttemptedEvents => new Set());

const trackOptionsAt = (context: IExecuteFunctions): TrackOptions => {
	const { confirm, timeout } = context.getNodeParameter('options', 0, {}) as TrackingOptions;
	return { confirm: confirm ?? true, retryForMs: (timeout ?? 120) * 1000 };
};

const ADDED: Partial<Record<string, IDataObject>> = {
	duplicate: { duplicate: true },
	unconfirmed: { confirmed: false },
};

function outputOf(
	event: MetricEvent,
	ids: IDataObject,
	outcome: TrackOutcome & string,
): IDataObject {
	const ignored = ignoredProperties(event.properties);
	return {
		tracked: true,
		...ADDED[outcome],
		metric: event.name,
		uniqueId: event.uniqueId,
		profile: { ...event.profile },
		...(ignored.length > 0 ? { ignoredProperties: ignored } : {}),
		...ids,
	};
}

const isRefusedAddress = ({ profile }: MetricEvent, outcome: TrackOutcome | undefined): boolean =>
	profile.email !== undefined && typeof outcome === 'object' && refusesAddress(outcome.error);

const refusedAddress = ({ profile }: MetricEvent, ids: IDataObject): IDataObject => ({
	tracked: false,
	reason: 'refusedAddress',
	message: `Klaviyo does not accept '${profile.email ?? ''}' as an email address.`,
	...ids,
});

/** @throws NodeOperationError if Klaviyo would refuse the event */
function checked(context: IExecuteFunctions, draft: Draft, itemIndex: number): Draft {
	if ('output' in draft) return draft;
	const { event, ids } = draft;
	if (isDroppedSilently(event.profile))
		return {
			output: {
				tracked: false,
				reason: 'reservedAddress',
				message: `Klaviyo records no events for addresses at example.com and test.com, such as ${event.profile.email}.`,
				...ids,
			},
		};
	const fault = eventFault(event, Date.now());
	if (fault === undefined) return draft;
	throw new NodeOperationError(context.getNode(), `'${event.name}' cannot be tracked`, {
		itemIndex,
		description: fault,
	});
}

/**
 * Records the events of all items. An event that fails does not keep others from being recorded. Without "continue on
 * fail" the node then ends with its error, and running it again does no harm.
 *
 * @param draftAt throws for an item that cannot be tracked
 */
export async function trackItems(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
	draftAt: (itemIndex: number) => Draft,
): Promise<INodeExecutionData[]> {
	const known = drafted(context);
	const drafts = new Map<number, Draft | ItemError>();
	for (const [itemIndex] of itemsLeft(context, items)) {
		try {
			const draft = known.get(itemIndex) ?? checked(context, draftAt(itemIndex), itemIndex);
			known.set(itemIndex, draft);
			drafts.set(itemIndex, draft);
		} catch (error) {
			drafts.set(itemIndex, itemError(context, error, itemIndex));
		}
	}
	const events = [...drafts.values()].flatMap((draft) => ('event' in draft ? draft.event : []));
	const outcomes = await outcomesOf(context, events);
	// A refused event was not recorded, so it may be sent for the same person under another identifier.
	const renamed = new Map(
		events
			.filter((event) => isRefusedAddress(event, outcomes.get(event)))
			.flatMap((event) =>
				event.fallbackProfile
					? [[event, { ...event, profile: event.fallbackProfile }] as const]
					: [],
			),
	);
	for (const [event, outcome] of await outcomesOf(context, [...renamed.values()]))
		outcomes.set(event, outcome);
	const resultOf = (draft: Draft, itemIndex: number): IDataObject | ItemError => {
		if ('output' in draft) return draft.output;
		const event = renamed.get(draft.event) ?? draft.event;
		const outcome = outcomes.get(event) ?? 'tracked';
		if (isRefusedAddress(event, outcome)) return refusedAddress(event, draft.ids);
		const isSure = outcome === 'tracked' || outcome === 'duplicate';
		if (isSure && draft.completes) markCompleted(context, draft.completes);
		return typeof outcome === 'string'
			? outputOf(event, draft.ids, outcome)
			: itemError(context, outcome.error, itemIndex);
	};
	const results = items.map((input, itemIndex) => {
		const draft = drafts.get(itemIndex);
		if (!draft || isItemError(draft)) return draft;
		const result = resultOf(draft, itemIndex);
		return isItemError(result) ? result : beforeGiven(result, input);
	});
	return linkResults(context, items, results);
}

/** An error that concerns all events (such as a wrong key) becomes the error of each. */
async function outcomesOf(
	context: IExecuteFunctions,
	events: MetricEvent[],
): Promise<Map<MetricEvent, TrackOutcome>> {
	if (events.length === 0) return new Map();
	try {
		const log = eventLogOf(await klaviyoOf(context));
		return await trackMany(
			events,
			log,
			trackOptionsAt(context),
			trackingRules,
			attemptedBy(context),
		);
	} catch (error) {
		return new Map(events.map((event) => [event, { error }]));
	}
}
