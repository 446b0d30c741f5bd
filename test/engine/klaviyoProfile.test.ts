/** Profile: Get, and Create or Update. */
import { get as profileGet } from '../../nodes/Klaviyo/actions/profile/get.operation';
import type { INodeParameters } from 'n8n-workflow';
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import { callsTo, CUSTOMER, klaviyoCredentials, klaviyoRunner } from './support/klaviyoNode';

let sandbox: QuickSandbox;
beforeEach(async () => {
	sandbox = await startQuickSandbox();
});
afterEach(async () => await sandbox.close());

const get = klaviyoRunner(() => sandbox, 'profile', 'get');
const upsert = klaviyoRunner(() => sandbox, 'profile', 'upsert');
const goOn = { onError: 'continueRegularOutput' as const };

describe('Profile: Get', () => {
	it('writes the last ticket, and leaves it as it is where none is known', async () => {
		const last = { lastTicketAt: '2026-11-22T10:00:00.000Z', lastTicketReason: 'Returns' };
		const write = async (openTickets: number, additionalFields: INodeParameters) =>
			await upsert([{ phone: CUSTOMER, openTickets }], { additionalFields });
		await write(1, last);
		await write(0, { lastTicketAt: '', lastTicketReason: '' });
		expect(sandbox.klaviyo.profiles()).toMatchObject([
			{
				properties: {
					'Open Ticket Count': 0,
					'Last Ticket At': last.lastTicketAt,
					'Last Ticket Reason': 'Returns',
				},
			},
		]);
	});

	it('tells in few fields who a message is from, with default settings', async () => {
		sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Hi' });
		const id = sandbox.klaviyo.profiles()[0]?.id ?? '';
		await upsert([{ profileId: id, openTickets: 2 }], {
			additionalFields: { firstName: 'Cy', lastName: 'Day' },
		});
		const { json, items } = await get([{ profileId: id }]);
		expect(json).toEqual([
			{
				profileId: id,
				email: null,
				phone: CUSTOMER,
				externalId: null,
				firstName: 'Cy',
				lastName: 'Day',
				openTicketCount: 2,
				canReceiveSmsMarketing: false,
				canReceiveSmsTransactional: false,
				conversationId: expect.any(String),
				whatsAppConversationId: null,
			},
		]);
		expect(items[0]?.pairedItem).toEqual({ item: 0 });
	});

	it.each([
		['email', 'CY@home.co'],
		['phone', '+1 212 555 0123'],
		['externalId', 'zd-1'],
	])('finds by %s', async (field, value) => {
		await upsert([{}], { email: 'cy@home.co', phone: CUSTOMER, externalId: 'zd-1' });
		const { json } = await get([{}], { [field]: value });
		expect(json).toMatchObject([{ email: 'cy@home.co', phone: CUSTOMER, externalId: 'zd-1' }]);
	});

	it('finds by number a customer whose profile ID was lost in a merge', async () => {
		const { id } = sandbox.klaviyo.addProfile({ phone: CUSTOMER });
		expect((await get([{ profileId: '01GONE', phone: CUSTOMER }])).json).toMatchObject([
			{ profileId: id },
		]);
	});

	it('reads a hundred with one call, and each with the item that it is for', async () => {
		const profiles = Array.from({ length: 150 }, (_, n) =>
			sandbox.klaviyo.addProfile({ email: `p${n}@home.co` }),
		);
		const { json, items } = await get(profiles.map(({ email }) => ({ email })));
		expect(json.map(({ profileId }) => profileId)).toEqual(profiles.map(({ id }) => id));
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
			profiles.map((_, item) => ({ item })),
		);
		expect(callsTo(sandbox, 'GET', '/api/profiles')).toHaveLength(2);
	});

	it("gives Klaviyo's own answer when it is not to be simplified", async () => {
		const { id } = sandbox.klaviyo.addProfile({ phone: CUSTOMER });
		const { json } = await get([{ profileId: id }], { output: 'raw' });
		expect(json).toMatchObject([
			{ type: 'profile', id, attributes: { phone_number: CUSTOMER, location: {} } },
		]);
	});

	it('returns only the selected fields, of which each can be one', async () => {
		const { id } = sandbox.klaviyo.addProfile({ phone: CUSTOMER });
		const only = async (selectedFields: string[]) =>
			(await get([{ profileId: id }], { output: 'selectedFields', selectedFields })).json;
		expect(await only(['phone'])).toEqual([{ phone: CUSTOMER }]);
		const [whole] = (await get([{ profileId: id }])).json;
		const offered = profileGet.properties.find(({ name }) => name === 'selectedFields');
		const names = (offered?.options ?? []).flatMap((one) =>
			'value' in one ? [String(one.value)] : [],
		);
		expect(await only(names)).toEqual([whole]);
	});

	it('does without the conversation when the key may not read it', async () => {
		sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Hi' });
		sandbox.switches.keyScopes = ['profiles:read'];
		expect((await get([{ phone: CUSTOMER }])).json).toMatchObject([
			{ phone: CUSTOMER, conversationId: null },
		]);
	});

	it('says who was not found and which identifiers are invalid, and returns the others', async () => {
		sandbox.klaviyo.addProfile({ phone: CUSTOMER });
		const { json } = await get(
			[{ profileId: '01GONE' }, { phone: 'ACME' }, {}, { phone: CUSTOMER }],
			{},
			goOn,
		);
		expect(json).toMatchObject([
			{ profileId: '01GONE', error: 'No profile was found' },
			{ phone: 'ACME', error: "'Phone' is not a valid phone number: 'ACME'" },
			{ error: 'No customer is specified' },
			{ phone: CUSTOMER, profileId: expect.any(String) },
		]);
		expect((await get([{ profileId: '01GONE' }])).error?.description).toContain('01GONE');
	});

	it('returns the others although Klaviyo refuses to look for one identifier', async () => {
		sandbox.switches.strangeIdentifiers = 'refused';
		sandbox.klaviyo.addProfile({ phone: CUSTOMER });
		const wanted = [{ profileId: 'odd' }, { profileId: 'odd', phone: CUSTOMER }];
		const { json } = await get([...wanted, { phone: CUSTOMER }], {}, goOn);
		expect(json).toMatchObject([
			{ profileId: 'odd', errorDescription: expect.stringContaining("'odd' is not a valid id") },
			{ phone: CUSTOMER },
			{ phone: CUSTOMER },
		]);
	});

	it('explains a missing scope and a wrong key on each item', async () => {
		sandbox.switches.keyScopes = [];
		const { json } = await get([{ phone: CUSTOMER }, { phone: CUSTOMER }], {}, goOn);
		for (const each of json) expect(each.errorDescription).toContain('profiles:read');
		const { klaviyoSyncApi } = klaviyoCredentials(sandbox);
		const credentials = { klaviyoSyncApi: { ...klaviyoSyncApi, apiKey: 'pk_wrong' } };
		const { error } = await get([{ phone: CUSTOMER }], {}, { credentials });
		expect(error?.message).toBe('The credential was not accepted');
	});
});

describe('Profile: Create or Update', () => {
	it('accepts what Count Open of Zendesk Sync returns, with default settings', async () => {
		const counted = {
			openTickets: 3,
			phone: CUSTOMER,
			email: 'cy@home.co',
			externalId: 'klaviyo:x',
		};
		const { json, items } = await upsert([counted]);
		expect(json).toEqual([
			{
				outcome: 'created',
				profileId: expect.any(String),
				email: null,
				phone: CUSTOMER,
				externalId: null,
				firstName: null,
				lastName: null,
				openTicketCount: 3,
			},
		]);
		expect(items[0]?.pairedItem).toEqual({ item: 0 });
		expect((await upsert([{ ...counted, openTickets: 0 }])).json).toMatchObject([
			{ outcome: 'updated', openTicketCount: 0 },
		]);
	});

	it('leaves other values alone, and writes custom properties', async () => {
		await upsert([{ phone: CUSTOMER, openTickets: 1 }]);
		const property = [{ name: 'Store', value: 'Berlin' }];
		const { json } = await upsert([{ phone: CUSTOMER }], {
			properties: { property },
			output: 'raw',
		});
		expect(json).toMatchObject([
			{ attributes: { properties: { Store: 'Berlin', 'Open Ticket Count': 1 } } },
		]);
	});

	it('writes by number for a customer whose profile ID was lost in a merge', async () => {
		const { id } = sandbox.klaviyo.addProfile({ phone: CUSTOMER });
		const { json } = await upsert([{ profileId: '01GONE', phone: CUSTOMER, openTickets: 1 }]);
		expect(json).toMatchObject([{ outcome: 'updated', profileId: id }]);
		const { error } = await upsert([{ profileId: '01GONE', openTickets: 1 }]);
		expect(error?.message).toContain('could not be written');
	});

	it("lets the last of a customer's items count", async () => {
		const items = Array.from({ length: 30 }, (_, n) => ({ phone: CUSTOMER, openTickets: n }));
		await upsert(items);
		expect((await get([{ phone: CUSTOMER }])).json).toMatchObject([{ openTicketCount: 29 }]);
	});

	it('reports invalid numbers before anything is sent, and writes the others', async () => {
		const items = [
			{ phone: '555', openTickets: 1 },
			{ phone: CUSTOMER, openTickets: 'many' },
			{ phone: CUSTOMER, openTickets: 2 },
			{ email: 'big@home.co', big: 'x'.repeat(100_000) },
		];
		const parameters = { properties: { property: [{ name: 'Big', value: '={{ $json.big }}' }] } };
		const { json } = await upsert(items, parameters, goOn);
		expect(json).toMatchObject([
			{ phone: '555', error: "'Phone' is not a valid phone number: '555'" },
			{ error: "'Open Ticket Count' is not a number of tickets: 'many'" },
			{ outcome: 'created', openTicketCount: 2 },
			{ error: 'The profile is too large' },
		]);
		expect(callsTo(sandbox, 'POST', '/api/profile-import')).toHaveLength(1);
	});

	it("writes the same count to the customer's other profiles, and creates none", async () => {
		sandbox.klaviyo.addProfile({ email: 'cy@home.co' });
		const alsoKnownAs = ['Cy@home.co', '+12125550199', 'odd'];
		const items = [
			{ phone: CUSTOMER, alsoKnownAs, openTickets: 2 },
			{ phone: CUSTOMER, alsoKnownAs: 'cy@home.co', openTickets: 1 },
		];
		await upsert(items);
		const read = await get([{ phone: CUSTOMER }, { email: 'cy@home.co' }]);
		expect(read.json).toMatchObject([{ openTicketCount: 1 }, { openTicketCount: 1 }]);
		expect(sandbox.klaviyo.profiles()).toHaveLength(2);
		const before = callsTo(sandbox, 'POST', '/api/profile-import').length;
		await upsert(items.slice(1));
		expect(callsTo(sandbox, 'POST', '/api/profile-import').length - before).toBe(1);
	});

	it('writes the others although Klaviyo refuses to look for one identifier', async () => {
		sandbox.switches.strangeIdentifiers = 'refused';
		sandbox.klaviyo.addProfile({ email: 'cy@home.co' });
		const alsoKnownAs = ['+00000', '+999999999999', 'cy@home.co'];
		expect(
			(await upsert([{ phone: CUSTOMER, alsoKnownAs, openTickets: 3 }])).error,
		).toBeUndefined();
		expect((await get([{ email: 'cy@home.co' }])).json).toMatchObject([{ openTicketCount: 3 }]);
	});

	it('explains an address that is one person’s and a number that is another’s', async () => {
		sandbox.klaviyo.addProfile({ phone: CUSTOMER });
		sandbox.klaviyo.addProfile({ email: 'cy@home.co' });
		const { error } = await upsert([{}], { phone: CUSTOMER, email: 'cy@home.co' });
		expect(error?.message).toContain('status 409');
		expect(error?.description).toContain('already');
	});
});
