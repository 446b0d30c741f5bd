import {
	eventFault,
	identityOf,
	ignoredProperties,
	isDroppedSilently,
	isSameProfile,
	type MetricEvent,
} from '../../domain/tracking/event';

const NOW = Date.UTC(2026, 10, 22);
const event = (more: Partial<MetricEvent> = {}): MetricEvent => ({
	name: 'Opened Ticket',
	uniqueId: 'opened:1',
	time: '2026-11-22T10:00:00.000Z',
	profile: { email: 'cy@home.co' },
	properties: {},
	...more,
});
const nested = (depth: number): object => (depth === 0 ? {} : { a: nested(depth - 1) });

describe('An event', () => {
	it.each<[string, Partial<MetricEvent>, string]>([
		[
			'too many properties',
			{ properties: Object.fromEntries(Array.from({ length: 401 }, (_, n) => [n, 1])) },
			'400',
		],
		['a list too long', { properties: { a: Array(4001).fill(1) } }, "'properties.a'"],
		['too deep a nesting', { properties: { a: nested(11) } }, 'nested'],
		[
			'a message too long, deep inside',
			{ properties: { a: { b: '한'.repeat(33_334) } } },
			"'properties.a.b'",
		],
		[
			'too many bytes',
			{
				properties: Object.fromEntries(
					Array.from({ length: 50 }, (_, n) => [n, 'x'.repeat(99_999)]),
				),
			},
			'bytes',
		],
		['a time before 2000', { time: '1999-12-31T00:00:00Z' }, '2000'],
		['a time that is none', { time: '' }, '2000'],
		['no name', { name: '' }, 'name'],
		['no unique ID', { uniqueId: '' }, 'unique ID'],
	])('with %s is not sent, and says why', (_name, more, words) => {
		expect(eventFault(event(more), NOW)).toContain(words);
	});

	it('at the limits is sent', () => {
		const properties = { text: '한'.repeat(33_333), list: Array(4000).fill(1), a: nested(9) };
		const more = { properties, name: 'x'.repeat(127), uniqueId: 'x'.repeat(255) };
		expect(eventFault(event({ ...more, time: '2027-11-01T00:00:00Z' }), NOW)).toBeUndefined();
	});

	it('names the properties that Klaviyo treats as never set', () => {
		const properties = { zero: 0, empty: '', nothing: null, no: false, list: [], text: '0' };
		expect(ignoredProperties(properties)).toEqual(['zero', 'empty', 'nothing']);
	});

	it('for a reserved address is recognized as one that Klaviyo drops', () => {
		expect(isDroppedSilently({ email: 'Cy@Example.com' })).toBe(true);
		expect(isDroppedSilently({ email: 'cy@myexample.com' })).toBe(false);
		expect(isDroppedSilently({ phone_number: '+12125550123' })).toBe(false);
	});

	it('belongs to another profile with another identifier, unless its unique ID is for all', () => {
		const other = { profile: { email: 'b@home.co' } };
		expect(identityOf(event())).toBe(identityOf(event({ profile: { email: 'CY@home.co' } })));
		expect(identityOf(event())).not.toBe(identityOf(event(other)));
		const forAll = { isUniqueForAll: true };
		expect(identityOf(event(forAll))).toBe(identityOf(event({ ...forAll, ...other })));
	});

	it('belongs to one profile by any identifier that both have', () => {
		const known = { id: 'P', email: 'cy@home.co', phone_number: '+12125550123' };
		expect(isSameProfile({ phone_number: '+12125550123' }, known)).toBe(true);
		expect(isSameProfile({ email: 'CY@home.co', external_id: 'x' }, known)).toBe(true);
		expect(isSameProfile({ external_id: 'x' }, known)).toBe(false);
	});
});
