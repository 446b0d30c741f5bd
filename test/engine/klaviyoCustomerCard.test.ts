/** Profile: Get Customer Card. */
import type { IDataObject } from 'n8n-workflow';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CardPart, cardParts } from '../../domain/customerCard';
import { Klaviyo } from '../../nodes/Klaviyo/Klaviyo.node';
import { runNode } from './support/engine';
import { CUSTOMER, klaviyoCredentials, klaviyoRunner } from './support/klaviyoNode';
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';

const DAY = 86_400_000;
const goOn = { onError: 'continueRegularOutput' as const };

let sandbox: QuickSandbox;
beforeEach(async () => {
	sandbox = await startQuickSandbox();
});
afterEach(async () => await sandbox.close());

const run = klaviyoRunner(() => sandbox, 'profile', 'getCustomerCard');
const card = async (items: IDataObject[], parts: readonly CardPart[] = cardParts, more = {}) =>
	await run(items, { parts: [...parts] }, more);

/** Paths with what they ask for, each once, in order. */
const asked = (): string[] =>
	sandbox
		.calls()
		.filter(({ vendor }) => vendor === 'klaviyo')
		.map(({ path, query }) =>
			[path, query.include, query['additional-fields[profile]']].filter(Boolean).join(' '),
		);

/** A customer about whom marketing knows everything. */
function known(phone = CUSTOMER): string {
	const { klaviyo, clock } = sandbox;
	const { marketing } = klaviyo;
	const { id } = klaviyo.addProfile({ phone, email: `c${phone.slice(1)}@home.co` });
	const before = (days: number): number => clock.now() - days * DAY;
	marketing.setEmailConsent(id, true);
	marketing.predict(id, {
		historic_clv: 231.2,
		average_order_value: 57.8,
		historic_number_of_orders: 4,
		predicted_clv: 27.24,
		churn_probability: 0.12,
		expected_date_of_next_order: '2026-12-08T00:00:00+00:00',
	});
	for (const [n, days] of [100, 70, 40, 10].entries())
		marketing.order(id, {
			orderId: `#10${n}${phone.slice(-2)}`,
			value: 49.9 + n,
			currency: 'EUR',
			items: ['Blue mug', 'Tea', 'Pot', 'Tray'],
			at: before(days),
		});
	marketing.email(id, { kind: 'flow', name: 'Welcome 1', at: before(90) });
	marketing.email(id, { kind: 'campaign', name: 'Autumn sale', at: before(5) });
	klaviyo.brandWrites({ to: phone, body: 'Sale!', kind: 'campaign' });
	marketing.join('lists', 'Newsletter', id);
	marketing.join('segments', 'VIP', id);
	return id;
}

describe('The customer card', () => {
	it('says what marketing knows, in three calls for a customer', async () => {
		const id = known();
		const { json } = await card([{ phone: CUSTOMER, openTickets: 2 }]);
		expect(json[0]?.card).toBe(
			[
				'Customer card from Klaviyo',
				'Email marketing: can receive (subscribed)',
				'SMS marketing: can receive (subscribed), transactional messages: cannot receive (never subscribed)',
				'WhatsApp: Klaviyo does not show any consent',
				'Push marketing: cannot receive (never subscribed)',
				'Spent so far: 231.20, 57.80 an order (Klaviyo does not say in which currency)',
				'Predicted by Klaviyo: 27.24 in the next year (Klaviyo does not say in which currency), next order about 8 Dec 2026, 12 % likely not to order again',
				'Orders: 4',
				'- 4 Oct 2026, 52.90 EUR, order #10323, Blue mug, Tea, Pot and 1 more',
				'- 4 Sep 2026, 51.90 EUR, order #10223, Blue mug, Tea, Pot and 1 more',
				'- 5 Aug 2026, 50.90 EUR, order #10123, Blue mug, Tea, Pot and 1 more',
				'Lists: Newsletter',
				'Segments: VIP',
				'Last campaigns and flows:',
				'- 14 Oct 2026, campaign by text message: Spring sale',
				'- 9 Oct 2026, campaign by email: Autumn sale',
				'- 16 Jul 2026, flow by email: Welcome 1',
				'Open tickets: 2',
			].join('\n'),
		);
		expect(json[0]).toMatchObject({
			outcome: 'found',
			profileId: id,
			orders: { count: 4, isLeast: false },
			lists: ['Newsletter'],
			segments: ['VIP'],
			openTickets: 2,
			unknown: {},
			userFields: {
				klaviyo_email_marketing: 'klaviyo_email_marketing_yes',
				klaviyo_sms_marketing: 'klaviyo_sms_marketing_yes',
				klaviyo_whatsapp_marketing: null,
				klaviyo_order_count: 4,
				klaviyo_last_order: '2026-10-04',
				klaviyo_total_spent: 231.2,
				klaviyo_predicted_value: 27.24,
				klaviyo_lists: 'Newsletter',
				klaviyo_segments: 'VIP',
			},
		});
		// Which metrics an account has is asked for once an hour, and is about no customer.
		expect(asked().sort()).toEqual([
			'/api/events',
			'/api/metrics',
			'/api/profiles subscriptions,predictive_analytics',
			`/api/profiles/${id} lists,segments`,
		]);
		await card([{ phone: CUSTOMER }]);
		expect(asked().filter((path) => path === '/api/metrics')).toHaveLength(1);
	});

	it.each(cardParts)('with %s alone, nothing else is asked for or shown', async (part) => {
		known();
		const { json } = await card([{ phone: CUSTOMER }], [part]);
		const [own = {}] = json;
		expect(cardParts.filter((name) => name in own)).toEqual([part]);
		const words: Record<CardPart, RegExp> = {
			consent: /marketing:/,
			value: /Spent/,
			predictedValue: /Predicted/,
			orders: /Orders|order #/,
			lists: /Lists|Newsletter/,
			segments: /Segments|VIP/,
			messages: /campaigns|Autumn/,
			openTickets: /Open tickets/,
		};
		for (const name of cardParts)
			expect([name, words[name].test(String(own.card))]).toEqual([name, name === part]);
		const paths = asked().join('\n');
		expect(paths.includes('subscriptions')).toBe(part === 'consent');
		expect(paths.includes('predictive_analytics')).toBe(
			['value', 'predictedValue', 'orders'].includes(part),
		);
		expect(paths.includes('/api/events')).toBe(['orders', 'messages'].includes(part));
		expect(/ lists| segments/.test(paths)).toBe(['lists', 'segments'].includes(part));
	});

	it('reads many with shared requests, and each with the item that it is for', async () => {
		const phones = Array.from({ length: 30 }, (_, n) => `+12125550${String(100 + n)}`);
		const ids = phones.map((phone) => known(phone));
		sandbox.klaviyo.marketing.join('segments', 'At risk', ids[3] ?? '');
		const { json, items } = await card(phones.map((phone) => ({ phone })));
		expect(json.map(({ profileId }) => profileId)).toEqual(ids);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(ids.map((_, item) => ({ item })));
		expect(json.map(({ segments }) => segments)).toEqual(
			ids.map((_, n) => (n === 3 ? ['At risk', 'VIP'] : ['VIP'])),
		);
		// One for the profiles, one for the metrics, two for the names, three for the members, and one for each one's events.
		expect(asked()).toHaveLength(1 + 1 + 2 + 3 + 30);
	});

	it('asks for each profile by itself where that costs fewer calls', async () => {
		const phones = Array.from({ length: 16 }, (_, n) => `+12125550${String(100 + n)}`);
		const ids = phones.map((phone) => known(phone));
		for (let n = 0; n < 40; n++)
			sandbox.klaviyo.marketing.join('segments', `S${String(n).padStart(2, '0')}`, ids[0] ?? '');
		const { json } = await card(
			phones.map((phone) => ({ phone })),
			['segments'],
		);
		expect(json.map(({ segments }) => (segments as string[]).length)).toEqual(
			ids.map((_, n) => (n === 0 ? 41 : 1)),
		);
		expect(asked().filter((path) => path.endsWith(' segments'))).toHaveLength(16);
	});

	it('reads a customer of several items once', async () => {
		known();
		const { json } = await card([{ phone: CUSTOMER }, { phone: CUSTOMER }], ['orders']);
		expect(json).toHaveLength(2);
		expect(asked().filter((path) => path === '/api/events')).toHaveLength(1);
	});
});

describe('What the card does not know is not said to be none:', () => {
	const textFor = async (parts: readonly CardPart[]): Promise<string> =>
		String((await card([{ phone: CUSTOMER }], parts)).json[0]?.card);

	it('what Klaviyo has not calculated, and a count that nobody has written', async () => {
		sandbox.klaviyo.addProfile({ phone: CUSTOMER });
		expect(await textFor(['value', 'predictedValue', 'openTickets'])).toBe(
			[
				'Customer card from Klaviyo',
				'Spent so far: not known. Klaviyo has not calculated it for this customer.',
				'Predicted by Klaviyo: not known. Klaviyo has not calculated it for this customer.',
				"Open tickets: not known. The profile has no property 'Open Ticket Count'.",
			].join('\n'),
		);
	});

	it('orders, where the account has no metric of orders', async () => {
		sandbox.klaviyo.addProfile({ phone: CUSTOMER });
		expect(await textFor(['orders'])).toContain(
			'Orders: not known. The account has no metric Placed Order.',
		);
		const { id } = sandbox.klaviyo.addProfile({ email: 'someone@home.co' });
		sandbox.klaviyo.marketing.order(id, { orderId: '1' });
		await sandbox.clock.advance(600_000);
		expect(await textFor(['orders'])).toContain('Orders: none in Klaviyo');
	});

	it.each(['textMessage', 'renamed'] as const)(
		'text messages, where their metric has a name that nobody knows (%s)',
		async (metricNames) => {
			sandbox.switches.metricNames = metricNames;
			sandbox.klaviyo.addProfile({ phone: CUSTOMER });
			expect(await textFor(['messages'])).toContain(
				metricNames === 'renamed'
					? 'Last campaigns and flows: none found; those by text message are not known'
					: 'Last campaigns and flows: none in Klaviyo',
			);
		},
	);

	it('a currency that the order does not name, and an amount that it does not have', async () => {
		const { id } = sandbox.klaviyo.addProfile({ phone: CUSTOMER });
		sandbox.klaviyo.marketing.order(id, { orderId: 'A', value: 1234.5, at: sandbox.clock.now() });
		sandbox.klaviyo.marketing.order(id, { orderId: 'B', at: sandbox.clock.now() - DAY });
		const text = await textFor(['orders']);
		expect(text).toContain('- 14 Oct 2026, 1,234.50, order A');
		expect(text).toContain('- 13 Oct 2026, order B');
		expect(text).not.toMatch(/[$€£]|USD/);
	});

	it('parts for which the key has no scope, and the others are shown', async () => {
		known();
		sandbox.switches.keyScopes = ['profiles:read'];
		const { json } = await card([{ phone: CUSTOMER }]);
		expect(json[0]).toMatchObject({
			outcome: 'found',
			messages: null,
			// As many as Klaviyo has counted itself: there may be a newer one.
			orders: { count: 4, isLeast: true, last: null },
			unknown: { messages: expect.stringContaining('403') },
		});
		expect(String(json[0]?.card)).toContain('Orders: at least 4; the last ones could not be read');
		expect(json[0]?.userFields).toMatchObject({ klaviyo_order_count: null });
	});

	it('lists of many customers, if the key may not read lists', async () => {
		const phones = Array.from({ length: 20 }, (_, n) => `+12125550${String(100 + n)}`);
		for (const phone of phones) known(phone);
		sandbox.switches.keyScopes = ['profiles:read', 'segments:read'];
		const { json } = await card(
			phones.map((phone) => ({ phone })),
			['lists', 'segments'],
		);
		for (const each of json)
			expect(each).toMatchObject({
				lists: null,
				segments: ['VIP'],
				unknown: { lists: expect.stringContaining('403') },
			});
	});

	it.each([true, false])(
		'nothing is left out if one metric is asked for at a time (lists: %s)',
		async (lists) => {
			sandbox.switches.metricIdLists = lists;
			known();
			const { json } = await card([{ phone: CUSTOMER }], ['orders', 'messages']);
			expect(json[0]).toMatchObject({ orders: { count: 4, isLeast: false } });
			expect((json[0]?.messages as IDataObject).last).toHaveLength(3);
		},
	);

	it('an order that two systems have recorded is one', async () => {
		const { id } = sandbox.klaviyo.addProfile({ phone: CUSTOMER });
		for (const by of ['API', 'Shopify'] as const)
			sandbox.klaviyo.marketing.order(id, { orderId: '#1', value: 5, by });
		expect((await card([{ phone: CUSTOMER }], ['orders'])).json[0]).toMatchObject({
			orders: { count: 1 },
		});
	});
});

describe('Who the card is about', () => {
	it('is said if nobody is found, and what is wrong with an item, and the others have theirs', async () => {
		known();
		const { json } = await card(
			[
				{ phone: '+12125550199' },
				{},
				{ phone: 'ACME' },
				{ phone: CUSTOMER, openTickets: 'many' },
				{ phone: CUSTOMER },
			],
			['openTickets'],
			goOn,
		);
		expect(json).toMatchObject([
			{
				outcome: 'notFound',
				card: 'Klaviyo has no profile with +12125550199',
				cardKey: null,
				profileId: null,
			},
			{ error: 'No customer is specified' },
			{ error: "'Phone' is not a valid phone number: 'ACME'" },
			{ error: "'Open Ticket Count' is not a number of tickets: 'many'" },
			{ outcome: 'found' },
		]);
	});

	it.each([
		['email', 'C12125550123@home.co'],
		['phone', '+1 212 555 0123'],
		['profileId', undefined],
	])('is found by %s', async (field, value) => {
		const id = known();
		const { json } = await run([{}], { parts: ['consent'], [field]: value ?? id });
		expect(json).toMatchObject([{ outcome: 'found', profileId: id }]);
	});

	it('is not guessed if several profiles have the number', async () => {
		const profile = (id: string) => ({
			type: 'profile',
			id,
			attributes: { phone_number: CUSTOMER },
		});
		const klaviyo: Server = createServer((_request, response) => {
			response.writeHead(200, { 'content-type': 'application/vnd.api+json' });
			response.end(JSON.stringify({ data: [profile('P1'), profile('P2')] }));
		});
		await new Promise<void>((listening) => klaviyo.listen(0, '127.0.0.1', listening));
		const baseUrl = `http://127.0.0.1:${(klaviyo.address() as AddressInfo).port}`;
		try {
			const { json } = await runNode(Klaviyo, {
				credentials: { klaviyoSyncApi: { apiKey: 'pk_any', webhookSecret: '', baseUrl } },
				parameters: { resource: 'profile', operation: 'getCustomerCard', parts: ['consent'] },
				items: [{ phone: CUSTOMER }],
			});
			expect(json).toMatchObject([{ outcome: 'several', profileId: null, cardKey: null }]);
			expect(json[0]).not.toHaveProperty('consent');
		} finally {
			klaviyo.close();
		}
	});

	it('is not asked any further with a key that Klaviyo refuses', async () => {
		const { klaviyoSyncApi } = klaviyoCredentials(sandbox);
		const credentials = { klaviyoSyncApi: { ...klaviyoSyncApi, apiKey: 'pk_wrong' } };
		const { error } = await card([{ phone: CUSTOMER }], cardParts, { credentials });
		expect(error?.message).toBe('The credential was not accepted');
	});
});

describe('The key of a card', () => {
	const keyOf = async (): Promise<unknown> => (await card([{ phone: CUSTOMER }])).json[0]?.cardKey;

	it('stays the same when a message or a ticket comes, and changes with consent and orders', async () => {
		const id = known();
		const first = await keyOf();
		sandbox.klaviyo.marketing.email(id, { kind: 'campaign', name: 'Winter sale' });
		sandbox.klaviyo.marketing.join('segments', 'At risk', id);
		expect(await keyOf()).toBe(first);
		sandbox.klaviyo.setConsent(id, { marketing: false });
		const second = await keyOf();
		expect(second).not.toBe(first);
		sandbox.klaviyo.marketing.order(id, { orderId: '#new' });
		expect(await keyOf()).not.toBe(second);
	});
});
