import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { messageEvent } from '../../domain/items';
import type { NodeSetup } from './support/engine';
import {
	callsTo,
	credentialsOf,
	CUSTOMER,
	goesOn,
	OTHER,
	runMessage,
} from './support/klaviyoMessages';

const MINUTE = 60_000;

describe('Klaviyo: Message: Get Many', () => {
	let sandbox: QuickSandbox;
	let profileId: string;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
		profileId = sandbox.klaviyo.addProfile({ phone: CUSTOMER, smsMarketing: true }).id;
		const brandWrites = (body: string, kind: 'campaign' | 'flow' | 'inbox') => () =>
			sandbox.klaviyo.brandWrites({ to: CUSTOMER, body, kind });
		const customerWrites = (body: string) => () =>
			sandbox.klaviyo.customerWrites({ from: CUSTOMER, body });
		for (const happens of [
			customerWrites('Hello'),
			brandWrites('Spring sale!', 'campaign'),
			brandWrites('Welcome', 'flow'),
			brandWrites('Can I help?', 'inbox'),
			customerWrites('HELP'),
		]) {
			happens();
			await sandbox.clock.advance(MINUTE);
		}
		sandbox.switches.undeliverablePhones = [CUSTOMER];
		brandWrites('Are you there?', 'inbox')();
	});
	afterEach(async () => await sandbox.close());

	const HELP_ANSWER = expect.stringContaining('Acme support');
	const ALL = ['Hello', 'Spring sale!', 'Welcome', 'Can I help?', 'HELP', HELP_ANSWER, 'Are you there?']; // prettier-ignore

	const getMany = async (
		items: IDataObject[],
		parameters: INodeParameters = {},
		setup: NodeSetup = {},
	) => await runMessage(sandbox, 'getMany', items, parameters, setup);
	const bodies = async (item: IDataObject, parameters: INodeParameters = {}) =>
		(await getMany([item], parameters)).json.map(({ body }) => body);
	const filtered = async (filters: INodeParameters) => await bodies({ profileId }, { filters });
	const eventReads = () => callsTo(sandbox, '/api/events');

	it('returns the messages of one number of yours', async () => {
		const chosen = (mode: string, value: string) => ({
			sendingNumber: { __rl: true, mode, value },
		});
		expect(await filtered(chosen('list', sandbox.klaviyo.brandPhone))).toHaveLength(ALL.length);
		expect(await filtered(chosen('number', '+1 (202) 555-0100'))).toEqual(
			await filtered(chosen('list', sandbox.klaviyo.brandPhone)),
		);
		expect(await filtered(chosen('list', '+18335550190'))).toEqual([]);
		expect(await filtered(chosen('number', '12345'))).toEqual([]);
		expect(await filtered(chosen('list', ''))).toHaveLength(ALL.length);
		const { error } = await getMany([{ profileId }], { filters: chosen('number', '202 555 0100') });
		expect(error?.message).toContain("'Sending Number'");
	});

	it("returns a customer's messages, both ways, oldest first, with default settings", async () => {
		const { json, items } = await getMany([{ profileId, from: CUSTOMER }]);
		const inAnyOrder = (list: unknown[]) => expect.arrayContaining(list);
		expect(json.map(({ body }) => body).slice(0, 4)).toEqual(ALL.slice(0, 4));
		expect(json.map(({ body }) => body)).toEqual(inAnyOrder(ALL));
		expect(json).toHaveLength(ALL.length);
		const kinds = json.map(({ event, direction, kind }) => [event, direction, kind].join(' '));
		expect(kinds).toEqual(
			inAnyOrder([
				'customerMessaged inbound customer',
				'delivered outbound campaign',
				'delivered outbound flow',
				'delivered outbound conversation',
				'autoResponse outbound autoResponse',
				'failed outbound conversation',
			]),
		);
		expect(json.map(({ sentAt }) => sentAt)).toEqual(json.map(({ sentAt }) => sentAt).sort());
		for (const one of json) {
			expect(messageEvent.safeParse(one).success).toBe(true);
			expect(Object.keys(one)).not.toContain('raw');
		}
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(ALL.map(() => ({ item: 0 })));
	});

	it("also returns Klaviyo's own event if it is wanted", async () => {
		const { json } = await getMany([{ profileId }], { output: 'raw', limit: 1 });
		expect(json).toMatchObject([{ body: 'Are you there?', raw: { type: 'event' } }]);
	});

	it('returns only the selected fields', async () => {
		const parameters = { output: 'selectedFields', selectedFields: ['body', 'sentAt'], limit: 1 };
		const { json } = await getMany([{ profileId }], parameters);
		expect(json).toEqual([{ body: 'Are you there?', sentAt: expect.any(String) }]);
	});

	it.each<[string, (phone: string) => IDataObject]>([
		['a text of the customer', (phone) => ({ direction: 'inbound', from: phone, to: '+1' })],
		['a message to the customer', (phone) => ({ direction: 'outbound', from: '+1', to: phone })],
		['a claimed reply', (phone) => ({ profileId: null, phone })],
		["an event of a conversation's ticket", (phone) => ({ externalId: `klaviyo:sms:${phone}` })],
		['a profile that went in a merge', (phone) => ({ profileId: '01GONE', from: phone })],
	])('finds the customer of %s', async (_, itemOf) => {
		expect(await bodies(itemOf(CUSTOMER))).toHaveLength(ALL.length);
	});

	it('returns the newest up to the limit, or all', async () => {
		expect(await bodies({ profileId }, { limit: 1 })).toEqual(['Are you there?']);
		sandbox.switches.undeliverablePhones = [];
		sandbox.klaviyo.customersMessage(
			Array.from({ length: 1100 }, (_, n) => ({
				from: CUSTOMER,
				body: `n${n}`,
				at: sandbox.clock.now() + n * 1000,
			})),
		);
		expect(await bodies({ profileId })).toEqual(
			Array.from({ length: 50 }, (_, n) => `n${1050 + n}`),
		);
		expect(await bodies({ profileId }, { returnAll: true })).toHaveLength(ALL.length + 1100);
	});

	it.each<[string, INodeParameters, unknown[]]>([
		['one way', { direction: 'inbound' }, ['Hello', 'HELP']],
		['a kind', { kinds: ['campaign', 'flow'] }, ['Spring sale!', 'Welcome']],
		['an event', { events: ['failed'] }, ['Are you there?']],
		['automatic responses', { events: ['autoResponse'] }, [HELP_ANSWER]],
		['what can be both', { direction: 'outbound', kinds: ['customer'] }, []],
	])('returns only %s if that is wanted', async (_, filters, expected) => {
		expect(await filtered(filters)).toEqual(expected);
	});

	it('returns only a period if that is wanted', async () => {
		const { json } = await getMany([{ profileId }], { limit: 7 });
		const timeOf = (body: string) => json.find((one) => one.body === body)?.sentAt as string;
		const filters = { since: timeOf('Spring sale!'), until: timeOf('Can I help?') };
		expect(await filtered(filters)).toEqual(['Spring sale!', 'Welcome', 'Can I help?']);
		expect((await getMany([{ profileId }], { filters: { since: 'soon' } })).error?.message).toBe(
			"'Since' is not a valid date: 'soon'",
		);
	});

	it("reads a customer's messages once for several items, and nothing for metrics that are missing", async () => {
		sandbox.switches.metricsFromStart = false;
		sandbox.klaviyo.addProfile({ phone: OTHER });
		const { json, items } = await getMany([
			{ profileId },
			{ profileId, from: CUSTOMER },
			{ from: OTHER },
		]);
		expect(json).toHaveLength(2 * ALL.length);
		expect(new Set(items.map(({ pairedItem }) => JSON.stringify(pairedItem)))).toEqual(
			new Set(['{"item":0}', '{"item":1}']),
		);
		expect(eventReads()).toHaveLength(2 * 4);
		expect(callsTo(sandbox, '/api/profiles')).toHaveLength(2);
	});

	it('explains each item that names nobody, and does the others', async () => {
		const { json } = await getMany(
			[
				{},
				{ from: 'ACME' },
				{ profileId: '01GONE' },
				{ profileId: '01GONE', from: OTHER },
				{ profileId },
			],
			{ limit: 1 },
			goesOn,
		);
		expect(json).toMatchObject([
			{ error: 'No customer is specified' },
			{ from: 'ACME', error: "'Customer Phone' is not a valid phone number: 'ACME'" },
			{
				error: "Klaviyo has no profile '01GONE'",
				errorDescription: expect.stringContaining('merged'),
			},
			{ error: `Klaviyo has no profile '01GONE', and none with the phone number ${OTHER}` },
			{ body: 'Are you there?' },
		]);
	});

	it('says what the key may not do, that it has expired, or that Klaviyo does not answer', async () => {
		sandbox.switches.keyScopes = ['profiles:read', 'metrics:read'];
		const forbidden = await getMany([{ profileId }, { from: CUSTOMER }], {}, goesOn);
		expect(forbidden.json).toMatchObject([
			{ profileId, error: 'Messages could not be read (status 403)' },
			{ from: CUSTOMER, errorDescription: expect.stringContaining('events:read') },
		]);
		const { klaviyoSyncApi } = credentialsOf(sandbox);
		const run = async (more: IDataObject) =>
			(
				await getMany(
					[{ profileId }],
					{},
					{ credentials: { klaviyoSyncApi: { ...klaviyoSyncApi, ...more } } },
				)
			).error?.message;
		expect(await run({ apiKey: 'old' })).toBe('The credential was not accepted');
		expect(await run({ baseUrl: 'http://127.0.0.1:9' })).toBe('No answer from 127.0.0.1:9');
	});

	it('works for an agent that fills in its fields and nothing else', async () => {
		expect(await bodies({}, { customerPhone: CUSTOMER, limit: 1 })).toEqual(['Are you there?']);
	});
});
