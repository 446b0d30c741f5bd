import { z } from 'zod';
import { filterTime, holds, parseFilter, type FilterTerm } from './filter';
import type { Klaviyo } from './context';
import {
	eventResource,
	includeList,
	metricResource,
	pageOf,
	profileResource,
	sparse,
	type Resource,
} from './jsonApi';
import type { Event, Metric } from './model';
import { findProfile, isE164, makeProfile, writeProfile, type ProfileWrite } from './profiles';
import {
	bulkCreate,
	eventCreate,
	sparseFields,
	type EventProfileWrite,
	type EventWrite,
} from './schemas';
import { takenKey } from './store';
import { runMessageFlows } from './messageFlows';
import { invalid, notFound, refuse } from './wording';

const times = ['greater-than', 'greater-or-equal', 'less-than', 'less-or-equal'];
const allowed = {
	metric_id: ['equals'],
	profile_id: ['equals'],
	profile: ['has'],
	metric: ['has'],
	datetime: times,
	timestamp: times,
};
type Query = Record<string, string | number | undefined>;
const mostInBulk = 1000;
const mostBytes = 5_000_000;

/** Events: read the log, track one, track many. */
export function eventRoutes(klaviyo: Klaviyo): void {
	const { app, core, store } = klaviyo;

	const list = z
		.object({
			filter: z.string().optional(),
			sort: z.enum(['datetime', '-datetime', 'timestamp', '-timestamp']).optional(),
			include: z.string().optional(),
			'page[size]': z.coerce.number().int().min(1).max(1000).optional(),
			'page[cursor]': z.string().optional(),
			...sparseFields,
		})
		.strict();
	app.get('/api/events', { schema: { querystring: list } }, async (request) => {
		const terms = parseFilter(request.query.filter, allowed);
		const several = terms.some(({ field, values }) => field === 'metric_id' && values.length > 1);
		if (several && !core.switches.metricIdLists)
			throw invalid('metric_id takes one id.', { parameter: 'filter' });
		if (core.switches.unknownMetrics === 'refused' && asksForUnknown(klaviyo, terms))
			throw invalid('metric_id is not the id of a metric.', { parameter: 'filter' });
		const page = eventPage(klaviyo, terms, request.query);
		return {
			data: page.items.map((event) =>
				sparse(eventResource(klaviyo.baseUrl(), event), request.query),
			),
			...included(klaviyo, page.items, request.query),
			links: page.links,
		};
	});

	const one = z.object({ include: z.string().optional(), ...sparseFields }).strict();
	app.get(
		'/api/events/:id',
		{ schema: { params: z.object({ id: z.string() }), querystring: one } },
		async (request) => {
			const event = store.events.get(request.params.id);
			if (event === undefined)
				throw notFound(`An event with id ${request.params.id} does not exist.`);
			const data = eventResource(klaviyo.baseUrl(), event);
			return { data, ...included(klaviyo, [event], request.query), links: data.links };
		},
	);

	app.post('/api/events', { schema: { body: eventCreate } }, async (request, reply) => {
		const { profile, ...event } = request.body.data.attributes;
		checkProfile(profile.data);
		checkTime(event.time, core.clock.now());
		checkProperties(event.properties);
		track(klaviyo, profile.data, event);
		return reply.code(202).send();
	});

	app.post(
		'/api/event-bulk-create-jobs',
		{ schema: { body: bulkCreate } },
		async (request, reply) => {
			const groups = request.body.data.attributes['events-bulk-create'].data.map(
				({ attributes }) => ({
					profile: attributes.profile.data,
					events: attributes.events.data.map((event) => ({
						...event.attributes,
						backfill: attributes.backfill,
					})),
				}),
			);
			const total = groups.reduce((sum, { events }) => sum + events.length, 0);
			if (total > mostInBulk)
				throw invalid(`At most ${mostInBulk} events, not ${total}.`, {
					pointer: '/data/attributes/events-bulk-create',
				});
			if (Buffer.byteLength(request.rawBody) > mostBytes)
				throw refuse(413, 'payload_too_large', 'Payload too large.', 'At most 5 MB.');
			for (const { profile, events } of groups) {
				checkProfile(profile);
				for (const event of events) {
					checkTime(event.time, core.clock.now());
					checkProperties(event.properties);
				}
			}
			const repeats =
				groups.some(({ profile, events }) => holdsRepeat(klaviyo, profile, events)) ||
				repeatedInside(groups);
			if (repeats && core.switches.repeatedBulkId === 'refused')
				throw invalid(
					'The request holds a unique_id that was used before for this profile and metric.',
					{
						pointer: '/data/attributes/events-bulk-create',
					},
				);
			if (!repeats)
				for (const { profile, events } of groups)
					for (const event of events) track(klaviyo, profile, event);
			return reply.code(202).send();
		},
	);
}

const asksForUnknown = ({ store }: Klaviyo, terms: readonly FilterTerm[]): boolean =>
	terms.some(
		({ field, values }) =>
			field === 'metric_id' && values.some((id) => store.metricById(id) === undefined),
	);

const usualPage = 200;

function eventPage(
	{ store, baseUrl }: Klaviyo,
	terms: readonly FilterTerm[],
	query: Query,
): { items: Event[]; links: Record<string, string | null> } {
	const { 'page[cursor]': cursor, ...others } = query;
	const after =
		cursor === undefined
			? undefined
			: store.events.get(Buffer.from(String(cursor), 'base64url').toString());
	if (cursor !== undefined && after === undefined)
		throw invalid('The page cursor is not valid.', { parameter: 'page[cursor]' });
	const holdsFor = terms.map(condition);
	const valuesOf = (field: string): string[] | undefined =>
		terms.find((term) => term.field === field && term.operator === 'equals')?.values;
	const bounds = (operator: string): number[] =>
		terms.flatMap((term) => (term.operator.startsWith(operator) ? [filterTime(term)] : []));
	const found = store.events.read({
		metrics: valuesOf('metric_id')?.filter((id) => store.metricById(id)),
		profiles: valuesOf('profile_id'),
		from: Math.max(-Infinity, ...bounds('greater')),
		to: Math.min(Infinity, ...bounds('less')),
		descends: String(query.sort ?? '-datetime').startsWith('-'),
		after,
		isWanted: (event) => holdsFor.every((holdsIt) => holdsIt(event)),
		most: Number(query['page[size]'] ?? usualPage) + 1,
	});
	return pageOf(found, ({ id }) => id, others, usualPage, `${baseUrl()}/api/events`);
}

function condition(term: FilterTerm): (event: Event) => boolean {
	if (term.field === 'metric_id') return (event) => term.values.includes(event.metric.id);
	if (term.field === 'profile_id') return (event) => term.values.includes(event.profileId);
	if (term.operator === 'has') return () => true;
	const time = filterTime(term);
	return (event) => holds(term.operator, event.at, time);
}

function included(
	klaviyo: Klaviyo,
	events: readonly Event[],
	query: Record<string, string | number | undefined> & { include?: string | undefined },
): { included?: Resource[] } {
	const names = includeList(query.include, ['attributions', 'metric', 'profile']);
	if (names.length === 0) return {};
	const metrics = new Map<string, Metric>(events.map(({ metric }) => [metric.id, metric]));
	const profiles = new Set(events.map(({ profileId }) => profileId));
	return {
		included: [
			...(names.includes('metric')
				? [...metrics.values()].map((metric) => metricResource(klaviyo.baseUrl(), metric))
				: []),
			...(names.includes('profile')
				? [...profiles]
						.flatMap((id) => klaviyo.store.profiles.get(id) ?? [])
						.map((profile) => profileResource(klaviyo.baseUrl(), profile, {}))
				: []),
		].map((resource) => sparse(resource, query)),
	};
}

/** Records one tracked event; what Klaviyo silently drops is dropped here too. */
function track(
	klaviyo: Klaviyo,
	wanted: EventProfileWrite,
	event: EventWrite & { backfill?: boolean | null },
): void {
	const { core, store, messaging } = klaviyo;
	const { email, phone_number: phone, properties, ...others } = wanted.attributes;
	if (email && /@(example|test)\.com$/i.test(email)) return;
	const identifiers = {
		...others,
		email,
		phone_number: phone && isE164(phone) ? phone : undefined,
	};
	const known = findProfile(store, identifiers, wanted.id);
	const profile = known ?? makeProfile(core, store, identifiers);
	if (known) writeProfile(core, store, known, ownAttributes(klaviyo, known.id, identifiers));
	const made = store.makeEvent({
		metric: store.metric(event.metric.data.attributes.name, 'API'),
		profileId: profile.id,
		at: event.time ? Date.parse(event.time) : core.clock.now(),
		uniqueId: event.unique_id ?? undefined,
		properties: {
			...stored(event.properties),
			...(event.value ? { $value: event.value } : {}),
			...(event.value_currency ? { $currency_code: event.value_currency } : {}),
		},
	});
	const { eventProfiles } = core.switches;
	if (properties && (eventProfiles === 'all' || (eventProfiles === 'new' && made)))
		writeProfile(core, store, profile, { properties });
	core.changes.announce();
	if (made === undefined) return;
	messaging.show(made, core.switches.eventLag);
	if (!event.backfill) runMessageFlows(klaviyo, made);
}

/** Identifiers that belong to another profile are left out: the API merges later and does not refuse. */
function ownAttributes(
	klaviyo: Klaviyo,
	profileId: string,
	attributes: ProfileWrite,
): ProfileWrite {
	const isOwn = (identifier: ProfileWrite): boolean => {
		const owner = findProfile(klaviyo.store, identifier);
		return owner === undefined || owner.id === profileId;
	};
	const { email, phone_number, external_id, ...rest } = attributes;
	return {
		...rest,
		...(isOwn({ email }) ? { email } : {}),
		...(isOwn({ phone_number }) ? { phone_number } : {}),
		...(isOwn({ external_id }) ? { external_id } : {}),
	};
}

/** 0, null and empty text count as never set. */
function stored(properties: Record<string, unknown>): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(properties).filter(([, value]) => value !== 0 && value !== null && value !== ''),
	);
}

function checkProfile({ id, attributes }: EventProfileWrite): void {
	const {
		email,
		phone_number: phone,
		external_id: externalId,
		anonymous_id: anonymousId,
		_kx,
	} = attributes;
	if (!id && !email && !phone && !externalId && !anonymousId && !_kx)
		throw invalid('A profile needs at least one identifier.', {
			pointer: '/data/attributes/profile/data/attributes',
		});
	if (phone && !isE164(phone) && !id && !email && !externalId)
		throw invalid('Invalid phone number format (Example of a valid format: +12345678901)', {
			pointer: '/data/attributes/profile/data/attributes/phone_number',
		});
}

function checkTime(time: string | null | undefined, now: number): void {
	if (!time) return;
	const at = Date.parse(time);
	if (at < Date.parse('2000-01-01') || at > now + 366 * 86_400_000)
		throw invalid('time must be after 2000 and at most a year ahead.', {
			pointer: '/data/attributes/time',
		});
}

/** At most 400 properties, and 100 KB per string. */
function checkProperties(properties: Record<string, unknown>): void {
	const pointer = '/data/attributes/properties';
	const count = Object.keys(properties).length;
	if (count > 400) throw invalid(`At most 400 properties, not ${count}.`, { pointer });
	for (const [name, value] of Object.entries(properties))
		if (typeof value === 'string' && Buffer.byteLength(value) > 102_400)
			throw invalid('A single string cannot exceed 100KB.', { pointer: `${pointer}/${name}` });
}

function holdsRepeat(
	klaviyo: Klaviyo,
	wanted: EventProfileWrite,
	events: readonly EventWrite[],
): boolean {
	const profile = findProfile(klaviyo.store, wanted.attributes, wanted.id);
	if (profile === undefined) return false;
	return events.some(({ unique_id: uniqueId, metric }) => {
		const known = [...klaviyo.store.metrics.values()].find(
			({ name, integration }) => integration === 'API' && name === metric.data.attributes.name,
		);
		return (
			!!uniqueId &&
			known !== undefined &&
			klaviyo.store.taken.has(takenKey(profile.id, known.id, uniqueId))
		);
	});
}

function repeatedInside(
	groups: ReadonlyArray<{ profile: EventProfileWrite; events: EventWrite[] }>,
): boolean {
	const seen = new Set<string>();
	for (const { profile, events } of groups) {
		const { email, phone_number: phone, external_id: externalId } = profile.attributes;
		for (const { unique_id: uniqueId, metric } of events) {
			if (!uniqueId) continue;
			const key = [
				profile.id ?? externalId ?? email ?? phone,
				metric.data.attributes.name,
				uniqueId,
			].join('\n');
			if (seen.has(key)) return true;
			seen.add(key);
		}
	}
	return false;
}
