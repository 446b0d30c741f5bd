/** Whatever a metric's events hold, the item says it unchanged. */
import fc from 'fast-check';
import { metricEvent } from '../../domain/items';
import { metricEventOf } from '../../nodes/Klaviyo/api/metricEvent';
import { seed } from '../support/seed';

const METRIC = { id: 'UGkwJB', name: 'Submitted Rating' };
const profile = {
	id: '01K4PROFILE000000000000001',
	email: 'ana@home.co',
	phone: '+12025550143',
	externalId: null,
	firstName: 'Ana',
	lastName: null,
};

const properties = fc.dictionary(
	fc.oneof(fc.string(), fc.constantFrom('$value', '$event_id', '$extra', 'rating')),
	fc.jsonValue({ maxDepth: 4 }),
	{ noNullPrototype: true },
);
const eventWith = (event_properties: unknown, relationships: unknown = {}) => ({
	type: 'event',
	id: '7fxkUHF8g5Y',
	attributes: { timestamp: 1_789_464_605, datetime: '2026-09-15T09:30:05+00:00', event_properties },
	relationships,
});
const read = (raw: unknown) => metricEventOf(raw, METRIC, new Map([[profile.id, profile]]));

describe('An event of any metric', () => {
	it('keeps its properties, and is an item whatever they are', () => {
		fc.assert(
			fc.property(properties, (given) => {
				// As it arrives: JSON knows no -0.
				const sent = JSON.parse(JSON.stringify(given)) as Record<string, unknown>;
				const raw = eventWith(sent);
				const item = metricEvent.parse(read(raw));
				expect(item).toMatchObject({ key: 'metric:7fxkUHF8g5Y', occurredAt, raw });
				expect(item.properties).toEqual(sent);
				if (typeof sent.$value === 'number') expect(item.value).toBe(sent.$value);
			}),
			{ seed, numRuns: 500 },
		);
	});
	const occurredAt = '2026-09-15T09:30:05.000Z';

	it.each([
		[19.99, 19.99],
		[0, 0],
		['42.5', 42.5],
		['', null],
		['  ', null],
		['12 EUR', null],
		[null, null],
		[undefined, null],
		[true, null],
		[[3], null],
	])('has for the value %j the value %j', (tracked, value) => {
		expect(read(eventWith({ $value: tracked }))?.value).toBe(value);
	});

	it.each([[undefined], [null], [[]]])('has no properties where Klaviyo gives %j', (given) => {
		expect(read(eventWith(given))?.properties).toEqual({});
	});

	it('has its profile, as far as Klaviyo includes it', () => {
		const of = (id: string) => read(eventWith({}, { profile: { data: { type: 'profile', id } } }));
		expect(of(profile.id)).toMatchObject({ profileId: profile.id, profile });
		expect(of('another')).toMatchObject({ profileId: 'another', profile: null });
		expect(read(eventWith({}, null))).toMatchObject({ profileId: null, profile: null });
	});

	it.each([
		[{}],
		[{ id: 7 }],
		[{ id: 'x', attributes: { event_properties: {} } }],
		['text'],
		[null],
	])('is left out if it cannot be told or timed: %j', (raw) => {
		expect(read(raw)).toBeUndefined();
	});
});
