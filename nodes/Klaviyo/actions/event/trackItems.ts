/** What both operations of *Event* do with their items: record many events, each once, and say so of each. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import {
	eventFault,
	ignoredProperties,
	isDroppedSilently,
	type MetricEvent,
} from '../../../../domain/tracking/event';
import {
	trackMany,
	type TrackOptions,
	type TrackOutcome,
} from '../../../../domain/tracking/trackMany';
import { itemError, linkResults } from '../../../shared/items';
import { markCompleted } from '../../../shared/completedEvents';
import { klaviyoOf } from '../../api/client';
import { refusesAddress } from '../../api/errors';
import { eventLogOf } from '../../api/eventLog';
import type { TrackingOptions } from './trackingOptions';

/** An item's event, with what its output says of it; or the output of an item that is no event. */
export type Draft =
	| {
			event: MetricEvent;
			about: IDataObject;
			/** Key of an event that catch-up need not bring again once this is recorded. */
			settles?: string | undefined;
	  }
	| { output: IDataObject };

const optionsOf = (context: IExecuteFunctions): TrackOptions => {
	const { confirm, timeout } = context.getNodeParameter('options', 0, {}) as TrackingOptions;
	return { confirm: confirm ?? true, retryForMs: (timeout ?? 120) * 1000 };
};

const ADDED: Partial<Record<string, IDataObject>> = {
	duplicate: { duplicate: true },
	unconfirmed: { confirmed: false },
};

function outputOf(
	event: MetricEvent,
	about: IDataObject,
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
		...about,
	};
}

const isRefusedAddress = ({ profile }: MetricEvent, outcome: TrackOutcome | undefined): boolean =>
	profile.email !== undefined && typeof outcome === 'object' && refusesAddress(outcome.error);

const refusedAddress = ({ profile }: MetricEvent, about: IDataObject): IDataObject => ({
	tracked: false,
	reason: 'refusedAddress',
	message: `Klaviyo does not take '${profile.email ?? ''}' for an email address.`,
	...about,
});

/** @throws NodeOperationError when Klaviyo would not take the event */
function checked(context: IExecuteFunctions, draft: Draft, itemIndex: number): Draft {
	if ('output' in draft) return draft;
	const { event, about } = draft;
	if (isDroppedSilently(event.profile))
		return {
			output: {
				tracked: false,
				reason: 'reservedAddress',
				message: `Klaviyo records nothing for addresses of example.com and test.com, such as ${event.profile.email}.`,
				...about,
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
 * Records the events of all items. One that fails keeps no other from being recorded; without "continue on fail" the
 * node then ends with its error, and running it again does no harm.
 *
 * @param draftOf throws for an item that cannot be tracked
 */
export async function trackItems(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
	draftOf: (itemIndex: number) => Draft,
): Promise<INodeExecutionData[]> {
	const drafts = items.map((_input, itemIndex) => {
		try {
			return checked(context, draftOf(itemIndex), itemIndex);
		} catch (error) {
			return itemError(context, error, itemIndex);
		}
	});
	const events = drafts.flatMap((draft) => ('event' in draft ? draft.event : []));
	const outcomes = await outcomesOf(context, events);
	// What was refused was not recorded, so that it may go to the same person under another name.
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
	const results = drafts.map((draft, itemIndex) => {
		if (draft instanceof Error) return draft;
		if ('output' in draft) return draft.output;
		const event = renamed.get(draft.event) ?? draft.event;
		const outcome = outcomes.get(event) ?? 'tracked';
		if (isRefusedAddress(event, outcome)) return refusedAddress(event, draft.about);
		const isSure = outcome === 'tracked' || outcome === 'duplicate';
		if (isSure && draft.settles) markCompleted(context, draft.settles);
		return typeof outcome === 'string'
			? outputOf(event, draft.about, outcome)
			: itemError(context, outcome.error, itemIndex);
	});
	return linkResults(context, items, results);
}

/** What keeps all of them from being sent (a wrong key, say) is each one's error. */
async function outcomesOf(
	context: IExecuteFunctions,
	events: MetricEvent[],
): Promise<Map<MetricEvent, TrackOutcome>> {
	if (events.length === 0) return new Map();
	try {
		const log = eventLogOf(await klaviyoOf(context));
		return await trackMany(events, log, optionsOf(context));
	} catch (error) {
		return new Map(events.map((event) => [event, { error }]));
	}
}
