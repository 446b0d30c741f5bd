/** Reads events of any one metric, with the profiles that Klaviyo includes. */
import type { MetricEvent } from '../../../domain/items';
import { toE164 } from '../../../domain/phone';
import { isShallowEnough } from '../../shared/nesting';
import type { Klaviyo } from './client';
import { eventPages, type EventSelection } from './eventReader';
import { eventTime } from './eventTime';
import { eventResource, profileResource } from './wire';

export type NamedMetric = MetricEvent['metric'];
type Profile = NonNullable<MetricEvent['profile']>;

export interface MetricEventPage {
	events: MetricEvent[];
	isLast: boolean;
}

/** What cannot be read is left out, with a warning in n8n's log. */
export async function* metricEventPages(
	klaviyo: Klaviyo,
	metric: NamedMetric,
	selection: EventSelection,
): AsyncGenerator<MetricEventPage> {
	const pages = eventPages(klaviyo, [metric.id], { ...selection, withProfiles: true });
	for await (const page of pages) {
		const profiles = profilesIn(page.included);
		const events = page.events.flatMap((raw) => metricEventOf(raw, metric, profiles) ?? []);
		const unreadable = page.events.length - events.length;
		if (unreadable > 0)
			klaviyo.context.logger.warn(
				`${klaviyo.context.getNode().name}: ${unreadable} of ${page.events.length} events of '${metric.name}' could not be read`,
			);
		yield { events, isLast: page.isLast };
	}
}

/** @returns undefined if the metric has none yet */
export async function newestMetricEvent(
	klaviyo: Klaviyo,
	metric: NamedMetric,
): Promise<MetricEvent | undefined> {
	const pages = metricEventPages(klaviyo, metric, { newestFirst: true, pageSize: 1 });
	for await (const { events } of pages) return events[0];
	return undefined;
}

/** @returns undefined if it is not an event with an id and a time, or is nested too deeply to be kept */
export function metricEventOf(
	raw: unknown,
	metric: NamedMetric,
	profiles: ReadonlyMap<string, Profile>,
): MetricEvent | undefined {
	const parsed = eventResource.safeParse(raw);
	if (!parsed.success || !isShallowEnough(raw)) return undefined;
	const { id, attributes, relationships } = parsed.data;
	const occurredAt = eventTime(attributes.datetime, attributes.timestamp);
	if (occurredAt === undefined) return undefined;
	const profileId = relationships?.profile?.data?.id ?? null;
	const properties = attributes.event_properties ?? {};
	return {
		metric,
		occurredAt,
		profile: profiles.get(profileId ?? '') ?? null,
		value: valueOf(properties.$value),
		properties,
		event: 'otherMetric',
		profileId,
		eventId: id,
		key: `metric:${id}`,
		catchUp: true,
		raw,
	};
}

/** A value that an integration tracked as text counts too. */
function valueOf(tracked: unknown): number | null {
	const isText = typeof tracked === 'string' && tracked.trim() !== '';
	const value = isText || typeof tracked === 'number' ? Number(tracked) : NaN;
	return Number.isFinite(value) ? value : null;
}

/** @returns by id */
function profilesIn(included: readonly unknown[]): Map<string, Profile> {
	return new Map(
		included.flatMap((resource) => {
			const { data } = profileResource.safeParse(resource);
			if (!data) return [];
			const { email, phone_number: phone, external_id, first_name, last_name } = data.attributes;
			const profile: Profile = {
				id: data.id,
				email: email || null,
				phone: phone ? (toE164(phone) ?? phone) : null,
				externalId: external_id || null,
				firstName: first_name || null,
				lastName: last_name || null,
			};
			return [[data.id, profile]];
		}),
	);
}
