/** What a builder chooses: by list, id or the address of a page. */
import { segmentLocator, metricLocator } from '../../nodes/Klaviyo/actions/locators';
import { idIn, type Locatable, listed, matching } from '../../nodes/shared/locator';
import {
	brandLocator,
	fieldLocator,
	formLocator,
	groupLocator,
	ticketLocator,
} from '../../nodes/ZendeskSync/actions/locators';

const ACME = 'https://acme.zendesk.com';

it.each<[Locatable, string, string]>([
	[ticketLocator, `${ACME}/agent/tickets/123`, '123'],
	[ticketLocator, `${ACME}/agent/tickets/123/events?brand=2#c4`, '123'],
	[ticketLocator, `${ACME}/agent/#/tickets/123`, '123'],
	[ticketLocator, `${ACME}/hc/en-us/requests/123`, '123'],
	[ticketLocator, `${ACME}/api/v2/tickets/123.json`, '123'],
	[ticketLocator, 'http://127.0.0.1:4010/agent/tickets/123', '123'],
	[groupLocator, `${ACME}/admin/people/team/groups/360002000001`, '360002000001'],
	[groupLocator, `${ACME}/api/v2/groups/7.json`, '7'],
	[brandLocator, `${ACME}/admin/account/brand_management/brands/360001000001/edit`, '360001000001'],
	[
		formLocator,
		`${ACME}/admin/objects-rules/tickets/ticket-forms/edit/360004000001`,
		'360004000001',
	],
	[formLocator, `${ACME}/agent/admin/ticket_forms/edit/5`, '5'],
	[fieldLocator, `${ACME}/admin/objects-rules/tickets/ticket-fields/360003000101`, '360003000101'],
	[fieldLocator, `${ACME}/agent/admin/ticket_fields/5`, '5'],
	[metricLocator, 'https://www.klaviyo.com/metric/UGkwJB/placed-order', 'UGkwJB'],
	[metricLocator, 'https://a.klaviyo.com/api/metrics/UGkwJB/', 'UGkwJB'],
	[segmentLocator, 'https://www.klaviyo.com/list/XwYz12/open', 'XwYz12'],
	[segmentLocator, 'https://www.klaviyo.com/segments/XwYz12', 'XwYz12'],
])('finds the id in an address', (what, address, id) => {
	expect(idIn(what, ` ${address}\n`)).toBe(id);
	expect(new RegExp(what.page?.pattern ?? '').exec(address)?.slice(1)).toEqual([id]);
});

it.each<[Locatable, string]>([
	[ticketLocator, `${ACME}/agent/users/123`],
	[ticketLocator, `${ACME}/agent/tickets/new`],
	[ticketLocator, 'https://elsewhere.example?to=https://acme.zendesk.com/agent/tickets/1'],
	[groupLocator, `${ACME}/agent/tickets/123`],
	[segmentLocator, 'https://www.klaviyo.com/metric/UGkwJB'],
])('takes no other page for one', (what, address) => {
	expect(idIn(what, address)).toBe(address);
});

it.each([
	ticketLocator,
	groupLocator,
	brandLocator,
	formLocator,
	fieldLocator,
	metricLocator,
	segmentLocator,
])('shows an address that it understands', (what) => {
	expect(idIn(what, what.page?.example ?? '')).toMatch(/^\w{5,}$/);
});

it('leaves an id as it is', () => {
	expect(idIn(ticketLocator, ' 12345 ')).toBe('12345');
	expect(idIn(ticketLocator, '')).toBe('');
});

it('searches names and ids, without regard to case', () => {
	const entries = [
		{ name: 'VIP', value: '12' },
		{ name: 'Returns', value: '120' },
	];
	expect(matching(entries, ' vi')).toEqual([entries[0]]);
	expect(matching(entries, '12')).toEqual([entries[0]]);
	expect(matching(entries, undefined)).toEqual(entries);
});

it('searches a list to its end, also one that never ends', async () => {
	let read = 0;
	const endless = async () => ({
		entries: [{ name: `A${++read}`, value: String(read) }],
		next: 'on',
	});
	expect((await listed(endless, 'a100', undefined)).results).toHaveLength(1);
	expect(read).toBe(100);
});
