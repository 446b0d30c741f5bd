/** Event: Track, and what Track Ticket has besides the fourteen properties. */
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import { LoadOptionsContext } from 'n8n-core';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { Klaviyo } from '../../nodes/Klaviyo/Klaviyo.node';
import { additionalDataOf, nodeOf, workflowOf } from './support/engine';
import {
	callsTo,
	CUSTOMER,
	klaviyoCredentials,
	klaviyoRunner,
	recorded,
	ticketItem,
} from './support/klaviyoNode';

let sandbox: QuickSandbox;
beforeEach(async () => {
	sandbox = await startQuickSandbox();
});
afterEach(async () => await sandbox.close());

const trackTicket = klaviyoRunner(() => sandbox, 'event', 'trackTicket');
const trackAny = klaviyoRunner(() => sandbox, 'event', 'track');
const named = (name: string): INodeParameters => ({
	metricName: { __rl: true, mode: 'name', value: name },
});
const track = async (items: IDataObject[], parameters: INodeParameters = {}, setup = {}) =>
	await trackAny(items, { ...named('Asked for Refund'), ...parameters }, setup);
const sentBodies = () =>
	callsTo(sandbox, 'POST', '/api/events').map(
		({ body }) => (body as { data: { attributes: IDataObject } }).data.attributes,
	);

describe('Event: Track', () => {
	it('records a message as an event with only the metric set', async () => {
		const { id } = sandbox.klaviyo.addProfile({ phone: CUSTOMER });
		const message = { key: 'message:E1', profileId: id, sentAt: '2026-01-10T10:00:00.000Z' };
		const { json, items } = await track([message]);
		expect(json).toEqual([
			{
				tracked: true,
				metric: 'Asked for Refund',
				uniqueId: 'message:E1',
				profile: { id },
				time: '2026-01-10T10:00:00.000Z',
				...message,
			},
		]);
		expect(items[0]?.pairedItem).toEqual({ item: 0 });
		expect(sandbox.klaviyo.timeline(id)).toMatchObject([
			{ metric: 'Asked for Refund', at: '2026-01-10T10:00:00.000Z', uniqueId: 'message:E1' },
		]);
	});

	it.each([
		['email', { email: 'cy@home.co' }, { email: 'cy@home.co' }],
		['phone', { phone: '+1 (212) 555-0123' }, { phone_number: CUSTOMER }],
		['externalId', { externalId: 'zd-1' }, { external_id: 'zd-1' }],
	])('names the customer by %s alone when only that is given', async (_, given, sent) => {
		const { json } = await track([{}], given);
		expect(json).toMatchObject([{ tracked: true, profile: sent }]);
		expect(sentBodies()[0]?.profile).toEqual({ data: { type: 'profile', attributes: sent } });
	});

	it('gives own properties, value and currency, and says which ones Klaviyo ignores', async () => {
		const property = [
			{ name: 'Order', value: '1001' },
			{ name: 'Count', value: '={{ 0 }}' },
		];
		const options = { value: 12.5, valueCurrency: 'USD', backfill: true };
		const email = 'cy@home.co';
		const { json } = await track([{ key: 'k' }], { email, properties: { property }, options });
		expect(json).toMatchObject([{ tracked: true, ignoredProperties: ['Count'] }]);
		expect(sentBodies()).toMatchObject([
			{ properties: { Order: '1001' }, value: 12.5, value_currency: 'USD', backfill: true },
		]);
		const asJson = { specifyProperties: 'json', propertiesJson: '{ "Sizes": ["M", "L"] }' };
		await track([{ key: 'k2' }], { email, ...asJson });
		expect(sentBodies()[1]).toMatchObject({ properties: { Sizes: ['M', 'L'] } });
	});

	it('keeps two people apart who have the same unique ID, and takes a repeat for one', async () => {
		const parameters = { email: '={{ $json.email }}', uniqueId: 'welcome' };
		const people = [{ email: 'a@home.co' }, { email: 'b@home.co' }, { email: 'A@home.co' }];
		const { json } = await track(people, parameters);
		expect(json.map(({ duplicate }) => duplicate ?? false)).toEqual([false, false, true]);
		expect(recorded(sandbox)).toHaveLength(2);
	});

	it('makes no second event of the same item without a unique ID, if it has a time', async () => {
		const item = { email: 'cy@home.co', occurredAt: '2026-01-10T10:00:00Z' };
		await track([item, { ...item, occurredAt: '2026-01-10T10:00:05Z' }]);
		await track([item]);
		expect(recorded(sandbox)).toHaveLength(2);
		await track([{ email: 'cy@home.co' }, { email: 'cy@home.co' }]);
		expect(recorded(sandbox)).toHaveLength(4);
	});

	it('keeps same-named events of several hundred people apart in bulk', async () => {
		const people = Array.from({ length: 320 }, (_, n) => ({ email: `p${n}@home.co` }));
		const parameters = {
			uniqueId: 'welcome',
			time: '2026-01-10T10:00:00Z',
			email: '={{ $json.email }}',
		};
		await track(people.slice(0, 5), parameters);
		const { json } = await track(people, parameters);
		expect(json.filter(({ duplicate }) => duplicate)).toHaveLength(5);
		expect(recorded(sandbox)).toHaveLength(320);
		expect(callsTo(sandbox, 'POST', '/api/event-bulk-create-jobs')).toHaveLength(1);
	});

	it('reads a time without a zone in the workflow’s', async () => {
		const { json } = await track([{ key: 'k' }], {
			email: 'cy@home.co',
			time: '2026-01-10 10:00:00',
		});
		// The engine's is New York.
		expect(json).toMatchObject([{ time: '2026-01-10T15:00:00.000Z' }]);
	});

	it.each(['cy@home', 'mailer-daemon@localhost', 'cy@münchen.de'])(
		'says that Klaviyo does not take the address %s',
		async (email) => {
			const { json, error } = await track([{ key: 'k' }], { email });
			expect(error).toBeUndefined();
			expect(json).toMatchObject([
				{ tracked: false, reason: 'refusedAddress', message: expect.stringContaining(email) },
			]);
		},
	);

	it('says that Klaviyo records nothing for reserved addresses', async () => {
		const { json } = await track([{ email: 'cy@example.com' }]);
		expect(json).toMatchObject([{ tracked: false, reason: 'reservedAddress' }]);
		expect(sandbox.calls()).toEqual([]);
	});

	it.each<[string, INodeParameters, string]>([
		['no customer', { email: '' }, 'No customer is specified'],
		['a number that is none', { phone: 'ACME' }, "'Phone' is not a valid phone number: 'ACME'"],
		['an address that is none', { email: 'cy' }, "'Email' is not a valid email address: 'cy'"],
		['no metric', named(' '), "'Metric' is empty"],
		['a metric with too long a name', named('x'.repeat(128)), 'cannot be tracked'],
		['a unique ID that is too long', { uniqueId: 'x'.repeat(256) }, 'cannot be tracked'],
		['a time that is none', { time: 'yesterday' }, "'Time' is not a valid date: 'yesterday'"],
		['a time far ahead', { time: '2099-01-01' }, 'cannot be tracked'],
		[
			'a message that is too long',
			{ properties: { property: [{ name: 'a', value: 'x'.repeat(100_001) }] } },
			'cannot be tracked',
		],
		[
			'JSON that is none',
			{ specifyProperties: 'json', propertiesJson: '{' },
			"'Properties' is not valid JSON: ",
		],
		[
			'a list in place of an object',
			{ specifyProperties: 'json', propertiesJson: '[1]' },
			"'Properties' is not a JSON object",
		],
	])('explains %s, and records nothing', async (_name, parameters, message) => {
		const { error } = await track([{ key: 'k' }], { email: 'cy@home.co', ...parameters });
		expect(error?.message).toContain(message);
		expect(error?.description).toEqual(expect.stringMatching(/\w/));
		expect(recorded(sandbox)).toEqual([]);
	});

	it('records the others when an item cannot be, and says which one', async () => {
		const items = [{ email: 'nobody' }, { email: 'cy@home.co' }, { email: 'b@home.co' }];
		expect((await track(items)).error).toMatchObject({ context: { itemIndex: 0 } });
		const { json } = await track(items, {}, { onError: 'continueRegularOutput' });
		expect(json).toMatchObject([
			{ email: 'nobody', error: "'Email' is not a valid email address: 'nobody'" },
			{ tracked: true },
			{ tracked: true },
		]);
	});

	it('keeps the item and says why when the key is wrong or Klaviyo is down', async () => {
		const { klaviyoSyncApi } = klaviyoCredentials(sandbox);
		const credentials = { klaviyoSyncApi: { ...klaviyoSyncApi, apiKey: 'pk_wrong' } };
		const item = { key: 'k', email: 'cy@home.co' };
		const onError = 'continueRegularOutput' as const;
		expect((await track([item], {}, { credentials, onError })).json).toMatchObject([
			{ ...item, error: 'The credential was not accepted' },
		]);
		sandbox.switches.faults.serverError = 1;
		const { json } = await track([item], {}, { onError });
		expect(json).toMatchObject([
			{ ...item, error: expect.stringContaining('could not be tracked') },
		]);
	});

	it("lists the account's own metrics to choose from", async () => {
		await track([{ key: 'k', email: 'cy@home.co' }]);
		const credentials = klaviyoCredentials(sandbox);
		const node = nodeOf(Klaviyo, {
			credentials,
			parameters: { resource: 'event', operation: 'track' },
		});
		const workflow = workflowOf([{ node, type: Klaviyo }], {});
		const data = additionalDataOf('workflow', 'manual', credentials);
		const context = new LoadOptionsContext(workflow, node, data, 'parameters.metricName');
		const { searchMetrics } = new Klaviyo().methods.listSearch;
		expect((await searchMetrics.call(context)).results).toEqual([
			{ name: 'Asked for Refund', value: 'Asked for Refund' },
		]);
		expect((await searchMetrics.call(context, 'sms')).results).toEqual([]);
	});
});

const person = (email: string | null, phone: string | null = null) => ({
	id: '5',
	name: 'Cy',
	email,
	phone,
});

describe('Event: Track Ticket', () => {
	it('adds own properties to the fourteen', async () => {
		const property = [{ name: 'store', value: 'Berlin' }];
		await trackTicket([ticketItem(1)], { properties: { property } });
		const names = Object.keys(recorded(sandbox)[0]?.properties ?? {});
		expect(names.filter((name) => !name.startsWith('$'))).toHaveLength(15);
		expect(recorded(sandbox)[0]?.properties).toMatchObject({ store: 'Berlin', ticket_id: '1' });
	});

	it('brings the open ticket count and the last ticket to the profile, and is not more events for it', async () => {
		const counted = { ...ticketItem(1), openTickets: 0, alsoKnownAs: [] };
		const options = {
			lastTicketAt: '2026-01-10T10:00:00.000Z',
			lastTicketReason: 'Where is my order?',
		};
		const { json } = await trackTicket([counted], { options });
		expect(json).toMatchObject([{ tracked: true, openTickets: 0, ticketId: '1' }]);
		const [profile] = sandbox.klaviyo.profiles();
		expect(profile?.properties).toEqual({
			'Open Ticket Count': 0,
			'Last Ticket At': options.lastTicketAt,
			'Last Ticket Reason': options.lastTicketReason,
		});
		expect(recorded(sandbox)).toHaveLength(1);
		expect(sentBodies()).toHaveLength(1);
	});

	it('leaves the profile as it is without a count, and refuses what is not one', async () => {
		await trackTicket([ticketItem(1)]);
		expect(sandbox.klaviyo.profiles()[0]?.properties).toEqual({});
		const { error } = await trackTicket([ticketItem(2)], { openTicketCount: 'two' });
		expect(error?.message).toBe("'Open Ticket Count' is not a number of tickets: 'two'");
		expect(recorded(sandbox)).toHaveLength(1);
	});

	it('accepts a ticket as a parameter without an item, as from an AI agent', async () => {
		const { json } = await trackTicket([{}], { ticket: JSON.stringify(ticketItem(1)) });
		expect(json).toMatchObject([{ tracked: true, metric: 'Opened Ticket' }]);
	});

	it.each(['cy@home', 'mailer-daemon@localhost', 'cy@münchen.de'])(
		'goes to the requester’s number when Klaviyo does not take their address (%s)',
		async (email) => {
			const requester = { id: '5', name: 'Cy', email, phone: '+12125550177' };
			const mail = { externalId: null, requester };
			const nobody = { externalId: null, requester: { ...requester, phone: null } };
			const { json, error } = await trackTicket([
				ticketItem(1, mail),
				ticketItem(2, nobody),
				ticketItem(3),
			]);
			expect(error).toBeUndefined();
			expect(json).toMatchObject([
				{ tracked: true, ticketId: '1', profile: { phone_number: '+12125550177' } },
				{ tracked: false, ticketId: '2', reason: 'refusedAddress' },
				{ tracked: true, ticketId: '3' },
			]);
			const [profile] = sandbox.klaviyo.profiles().filter(({ phone }) => phone === '+12125550177');
			expect(sandbox.klaviyo.timeline(profile?.id ?? '')).toMatchObject([
				{ metric: 'Opened Ticket', uniqueId: 'opened:1:acme.zendesk.com' },
			]);
		},
	);

	it('starts no flows as a backfill', async () => {
		await trackTicket([ticketItem(1)], { options: { backfill: true } });
		expect(sentBodies()).toMatchObject([{ backfill: true }]);
	});

	it('is one event if two items name its person in two ways', async () => {
		const other = ticketItem(1, { externalId: null });
		const { json } = await trackTicket([ticketItem(1), other]);
		expect(json).toMatchObject([{ tracked: true }, { tracked: true, duplicate: true }]);
		expect(recorded(sandbox)).toHaveLength(1);
	});

	it.each([
		['requester was corrected', { externalId: null, requester: person('right@home.co') }, null],
		['conversation was set', {}, { externalId: null, requester: person('wrong@home.co') }],
		['requester got an address', { externalId: null, requester: person('a@home.co') }, undefined],
	])('is one event although the %s before catch-up brings it', async (_what, now, before) => {
		const first = before ?? {
			externalId: null,
			requester: before === null ? person('wrong@home.co') : person(null, '+12125550199'),
		};
		const occurredAt = new Date(sandbox.clock.now()).toISOString();
		await trackTicket([ticketItem(1, { ...first, occurredAt })]);
		await sandbox.clock.advance(300_000);
		const { json } = await trackTicket([
			ticketItem(1, { ...now, occurredAt, catchUp: true }),
			ticketItem(2, { ...now, occurredAt, catchUp: true }),
		]);
		expect(json).toMatchObject([{ tracked: true, duplicate: true }, { tracked: true }]);
		expect(json[1]).not.toHaveProperty('duplicate');
		expect(recorded(sandbox).map(({ uniqueId }) => uniqueId)).toEqual([
			'opened:1:acme.zendesk.com',
			'opened:2:acme.zendesk.com',
		]);
	});

	it('asks for nothing first when a webhook has just brought it', async () => {
		const occurredAt = new Date(sandbox.clock.now()).toISOString();
		await trackTicket([ticketItem(1, { occurredAt })]);
		expect(sandbox.calls().map(({ method }) => method)).toEqual(['POST']);
	});

	it('is recorded by catch-up where the log may not be read', async () => {
		sandbox.switches.keyScopes = ['events:write'];
		const { json } = await trackTicket([ticketItem(1, { catchUp: true })]);
		expect(json).toMatchObject([{ tracked: true }]);
		expect(recorded(sandbox)).toHaveLength(1);
	});

	it('is one event for each Zendesk account', async () => {
		const second = ticketItem(1, { zendeskUrl: 'https://second.zendesk.com/agent/tickets/1' });
		await trackTicket([ticketItem(1), second]);
		await trackTicket([second]);
		expect(recorded(sandbox)).toHaveLength(2);
	});

	it('records the others when one item is not a ticket event', async () => {
		const { error } = await trackTicket([{ hello: 1 }, ticketItem(1)]);
		expect(error?.message).toContain('not a ticket event');
		expect(recorded(sandbox)).toHaveLength(1);
	});
});
