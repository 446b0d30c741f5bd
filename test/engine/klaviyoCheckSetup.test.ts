/** Account: Check Setup. */
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject } from 'n8n-workflow';
import { klaviyoClient, startOfWindow } from '../unit/sandbox/bench';
import { CUSTOMER, klaviyoCredentials, klaviyoRunner, recorded } from './support/klaviyoNode';

let sandbox: QuickSandbox;
beforeEach(async () => {
	sandbox = await startQuickSandbox();
});
afterEach(async () => await sandbox.close());

const run = klaviyoRunner(() => sandbox, 'account', 'checkSetup');
const checked = async (parameters = {}, setup = {}): Promise<Map<unknown, IDataObject>> => {
	const { json, error } = await run([{}], parameters, setup);
	expect(error).toBeUndefined();
	return new Map(json.map((each) => [each.check, each]));
};
type Found = Map<unknown, IDataObject>;
const SUMMARY = 'Klaviyo';
const named =
	(wanted: string) =>
	(found: Found): unknown[] =>
		[...found.values()]
			.filter(({ status, check }) => status === wanted && check !== SUMMARY)
			.map(({ check }) => check);
const missing = named('missing');
const unknown = named('unknown');

/** As Klaviyo Trigger registers it. */
async function register(name: string, enabled: boolean): Promise<void> {
	const client = klaviyoClient(sandbox);
	const { data } = await client.post('/api/webhooks', {
		data: {
			type: 'webhook',
			attributes: {
				name,
				endpoint_url: 'https://n8n.acme.example/webhook/1',
				secret_key: 'a secret of sixteen or more',
			},
			relationships: {
				'webhook-topics': { data: [{ type: 'webhook-topic', id: 'event:klaviyo.sent_sms' }] },
			},
		},
	});
	if (enabled) return;
	const { id } = data.data as { id: string };
	await client.patch(`/api/webhooks/${id}`, {
		data: { type: 'webhook', id, attributes: { enabled: false } },
	});
}
const OWN = 'n8n: workflow 1, node 2, at n8n.acme.example';

/** One message each way. */
function useWhatsApp(body = 'Hello by WhatsApp'): void {
	const channel = 'whatsapp';
	sandbox.klaviyo.customerWrites({ from: CUSTOMER, body, channel });
	sandbox.klaviyo.brandWrites({ to: CUSTOMER, body: 'Hello too', kind: 'inbox', channel });
}

describe('Account: Check Setup', () => {
	it('finds everything in a full account, and changes nothing', async () => {
		sandbox.klaviyo.addProfile({ phone: CUSTOMER, smsMarketing: true });
		sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Hello there' });
		sandbox.klaviyo.brandWrites({ to: CUSTOMER, body: 'Hello yourself', kind: 'inbox' });
		useWhatsApp();
		await register(OWN, true);
		const events = recorded(sandbox).length;
		const found = await checked();
		expect(missing(found)).toEqual([]);
		expect(unknown(found)).toEqual([]);
		expect([...found.values()].every(({ howToFix }) => howToFix === null)).toBe(true);
		expect([...found.values()].every(({ status }) => status === 'ready')).toBe(true);
		expect(found.get(SUMMARY)).toMatchObject({ status: 'ready', detail: 'Klaviyo is ready.' });
		expect(found.get('Credential')).toMatchObject({
			status: 'ready',
			detail: "Account 'Acme', time zone UTC",
		});
		expect(found.get("Text of customers' messages")?.detail).toMatch(
			/^SMS: The text is in 'Message Body'\. Properties: .*From Number.*To Number.* WhatsApp: The text is in 'Message Body'\./,
		);
		expect(found.get('Text of messages to customers')?.detail).toContain(
			"'$extra' > 'Message Body'",
		);
		expect(found.get('WhatsApp')).toMatchObject({
			status: 'ready',
			detail:
				'Found: Sent WhatsApp, Received WhatsApp. Not seen yet: Failed to Deliver WhatsApp. Replies can be sent.',
		});
		expect(JSON.stringify([...found.values()])).not.toContain('Hello');
		expect(recorded(sandbox)).toHaveLength(events);
		expect(sandbox.klaviyo.profiles()).toHaveLength(1);
		expect(sandbox.klaviyo.phone(CUSTOMER)).toHaveLength(4);
		expect(sandbox.klaviyo.webhooks()).toHaveLength(1);
	});

	it('runs once for all items, with one output per capability', async () => {
		const { json, items } = await run([{}, {}]);
		expect(new Set(json.map(({ check }) => check)).size).toBe(json.length);
		expect(items[0]?.pairedItem).toEqual([{ item: 0 }, { item: 1 }]);
		for (const each of json) {
			expect(each).toEqual({
				status: each.status,
				check: expect.any(String),
				howToFix: each.status === 'ready' ? null : expect.stringMatching(/\w/),
				neededFor: expect.stringMatching(/\w/),
				detail: expect.stringMatching(/\w/),
			});
			// n8n's Table cuts off what stands in the last columns.
			expect(Object.keys(each)).toEqual(['status', 'check', 'howToFix', 'neededFor', 'detail']);
		}
	});

	it('says first whether the account is ready, then what is missing', async () => {
		sandbox.switches.keyScopes = ['profiles:read'];
		const found = [...(await checked()).values()];
		expect(found[0]).toEqual({
			status: 'missing',
			check: 'Klaviyo',
			howToFix: expect.stringMatching(
				/^Create a new private key in Klaviyo \(Settings > API keys\) with these scopes, .* cannot be changed: accounts:read, metrics:read, events:read, events:write, profiles:read, profiles:write, conversations:read, conversations:write, segments:read, segments:write, webhooks:read, webhooks:write\./,
			),
			neededFor: 'Everything',
			detail: expect.stringMatching(
				/^11 things are missing in Klaviyo: scopes accounts:read, metrics:read, .*, webhooks:write\.$/,
			),
		});
		const statuses = found.slice(1).map(({ status }) => String(status));
		const order = ['missing', 'unknown', 'limited', 'notYet', 'ready'];
		expect(statuses).toEqual(
			[...statuses].sort((one, other) => order.indexOf(one) - order.indexOf(other)),
		);
		const howTo = found.slice(1).flatMap(({ howToFix }) => howToFix ?? []);
		expect(howTo.join(' ')).not.toMatch(/private key in Klaviyo/);
	});

	it('does not check what is not used', async () => {
		sandbox.switches.systemWebhooksAllowed = false;
		sandbox.switches.conversationsEnabled = false;
		expect((await checked()).get(SUMMARY)).toMatchObject({ status: 'missing' });
		const unusedFeatures = ['Conversations API', 'Flow Webhooks', 'Segments', 'System Webhooks'];
		const found = await checked({ options: { unusedFeatures } });
		expect(found.get(SUMMARY)).toMatchObject({ status: 'ready', howToFix: null });
		const left = [...found.keys()].join(' ');
		expect(left).not.toMatch(/webhook|segment|conversations/i);
		const poller = await checked({ options: { unusedFeatures: ['System Webhooks'] } });
		expect(poller.get('Webhook secret')).toMatchObject({ status: 'ready' });
	});

	it.each([
		['accounts:read', []],
		['metrics:read', []],
		['events:read', []],
		['events:write', []],
		['profiles:read', ['Scope conversations:read']],
		['profiles:write', []],
		['conversations:read', []],
		['conversations:write', []],
		['segments:read', []],
		['segments:write', []],
		['webhooks:read', []],
		['webhooks:write', []],
	])('says that the scope %s is missing, and how to get it', async (scope, also) => {
		const all = [...(await checked()).keys()].flatMap(
			(name) => /^Scope (\S+:\S+)$/.exec(String(name))?.[1] ?? [],
		);
		sandbox.switches.keyScopes = all.filter((name) => name !== scope);
		const found = await checked();
		expect(missing(found).sort()).toEqual([`Scope ${scope}`, ...also].sort());
		expect(found.get(SUMMARY)?.howToFix).toContain(scope);
		expect(found.get(`Scope ${scope}`)?.howToFix).toContain("See the first item, 'Klaviyo'");
		expect(found.get(`Scope ${scope}`)?.detail).toContain('Klaviyo says');
	});

	it('says that system webhooks or replies are not for this account', async () => {
		sandbox.switches.systemWebhooksAllowed = false;
		sandbox.switches.conversationsEnabled = false;
		const found = await checked();
		expect(missing(found)).toEqual(['Conversations API', 'System webhooks']);
		expect(found.get('System webhooks')?.howToFix).toContain('Polling Only');
		expect(found.get('Conversations API')?.howToFix).toContain('enable the Conversations API');
		expect(found.get('Scope conversations:write')).toMatchObject({ status: 'ready' });
	});

	it('says which metrics and topics about messages the account has, whatever they are called', async () => {
		const today = await checked();
		expect(today.get('Message metrics')?.detail).toMatch(
			/Found: .*Sent Text Message.*Missing: none\./,
		);
		expect(today.get('Webhook topics')).toMatchObject({
			status: 'ready',
			detail: expect.stringMatching(/klaviyo.sent_text_message, .*klaviyo.sent_sms.*for: none\./),
		});
		sandbox.switches.metricNames = 'older';
		const older = await checked();
		expect(missing(older)).toEqual([]);
		expect(older.get('Message metrics')?.detail).toContain('Consented to Receive SMS');

		sandbox.switches.metricNames = 'renamed';
		const renamed = await checked();
		expect(missing(renamed)).toEqual(['Message metrics']);
		expect(renamed.get('Message metrics')).toMatchObject({
			detail: expect.stringMatching(/Found: none\. Missing: Sent Text Message, /),
			howToFix: expect.stringContaining('update this package'),
		});
		expect(renamed.get("Text of customers' messages")?.status).toBe('notYet');
	});

	it('says which events come by polling because they have no topic', async () => {
		sandbox.switches.missingTopics = ['Sent Text Message'];
		const found = await checked();
		expect(missing(found)).toEqual([]);
		expect(found.get('Webhook topics')).toMatchObject({
			status: 'limited',
			detail: expect.stringContaining('No topic for: Sent Text Message.'),
			howToFix: expect.stringContaining('Polling'),
		});
	});

	describe('with WhatsApp', () => {
		const aboutWhatsApp = (found: Found): IDataObject[] =>
			[...found.values()].filter((item) => /whatsapp/i.test(`${item.check} ${item.detail}`));

		it('says in one quiet line that an account has shown none, which is not to say that it has none', async () => {
			const found = await checked();
			expect(found.get(SUMMARY)).toMatchObject({ status: 'ready' });
			expect(aboutWhatsApp(found)).toEqual([
				{
					status: 'notYet',
					check: 'WhatsApp',
					howToFix: expect.stringMatching(/^Nothing to do without WhatsApp\. /),
					neededFor: expect.any(String),
					detail:
						'No message by WhatsApp seen yet. Klaviyo shows WhatsApp from the first message on.',
				},
			]);
			const unusedFeatures = ['WhatsApp'];
			expect(aboutWhatsApp(await checked({ options: { unusedFeatures } }))).toEqual([]);
		});

		it('says what the webhook brings, and what polling brings', async () => {
			useWhatsApp();
			expect((await checked()).get('Webhook topics')).toMatchObject({
				status: 'ready',
				detail: expect.stringMatching(/klaviyo\.sent_whatsapp.*No topic for: none\.$/),
			});
			sandbox.switches.missingTopics = ['Sent WhatsApp'];
			expect((await checked()).get('Webhook topics')).toMatchObject({
				status: 'limited',
				detail: expect.stringMatching(/No topic for: Sent WhatsApp\.$/),
				howToFix: expect.stringMatching(/^Polling brings events without a topic/),
			});
			sandbox.switches.missingTopics = ['Sent WhatsApp', 'Received WhatsApp'];
			expect((await checked()).get('Webhook topics')?.detail).toMatch(
				/No topic for: Sent WhatsApp, Received WhatsApp\.$/,
			);
		});

		it('finds the text although the newest message is a picture without words', async () => {
			useWhatsApp();
			useWhatsApp('');
			const found = await checked();
			expect(missing(found)).toEqual([]);
			expect(found.get("Text of customers' messages")?.detail).toContain(
				"WhatsApp: The text is in 'Message Body'.",
			);
		});

		it('says whether conversations can be answered', async () => {
			useWhatsApp();
			const unusedFeatures = ['Conversations API'];
			expect(
				(await checked({ options: { unusedFeatures } })).get('WhatsApp')?.detail,
			).not.toContain('eplies');
			sandbox.switches.conversationsEnabled = false;
			const found = await checked();
			expect(found.get('WhatsApp')?.detail).toMatch(
				/ Replies cannot be sent: see 'Conversations API'\.$/,
			);
			expect(found.get('Conversations API')?.howToFix).toContain('by SMS only');
			sandbox.switches.keyScopes = ['metrics:read', 'conversations:read'];
			expect((await checked()).get('WhatsApp')?.detail).toMatch(
				/ Whether replies can be sent is not known: see 'Conversations API'\.$/,
			);
		});

		it('does not know if metrics cannot be read', async () => {
			sandbox.switches.keyScopes = ['accounts:read', 'webhooks:read'];
			sandbox.switches.missingTopics = ['Sent WhatsApp'];
			const found = await checked();
			expect(found.get('WhatsApp')).toMatchObject({ status: 'unknown' });
			expect(found.get('Webhook topics')).toMatchObject({ status: 'unknown' });
			const smsAlone = await checked({ options: { unusedFeatures: ['WhatsApp'] } });
			expect(smsAlone.get('Webhook topics')).toMatchObject({ status: 'ready' });
		});

		it('is ready without SMS if the builder says so: it may also be that Klaviyo has renamed it', async () => {
			useWhatsApp();
			sandbox.switches.metricNames = 'renamed';
			const both = await checked();
			expect(missing(both)).toEqual(['Message metrics']);
			expect(both.get('Message metrics')?.howToFix).toContain("choose 'SMS' in 'Unused Features'");
			const found = await checked({ options: { unusedFeatures: ['SMS'] } });
			expect(found.get(SUMMARY)).toMatchObject({ status: 'ready' });
			expect([...found.keys()]).not.toContain('Message metrics');
			expect(found.get("Text of customers' messages")?.detail).toMatch(/^The text is in/);
			expect(found.get('Webhook topics')?.detail).toMatch(/No topic for: none\.$/);
		});
	});

	it('turns on again what Klaviyo has turned off, and nothing else', async () => {
		await register(OWN, false);
		await register('Somebody else', false);
		const left = await checked({ options: { reEnableWebhooks: false } });
		expect(left.get('Registered webhooks')).toMatchObject({ status: 'missing' });
		const found = await checked();
		expect(found.get('Registered webhooks')).toMatchObject({
			status: 'ready',
			detail: expect.stringContaining('were re-enabled'),
		});
		expect(sandbox.klaviyo.webhooks().map(({ name, enabled }) => [name, enabled])).toEqual([
			[OWN, true],
			['Somebody else', false],
		]);
	});

	it('says that a webhook secret is too short', async () => {
		const setup = { credentials: klaviyoCredentials(sandbox, 'short') };
		expect((await checked({}, setup)).get('Webhook secret')).toMatchObject({
			status: 'missing',
			detail: 'Has 5 characters',
		});
	});

	it('fails only the credential when the key is wrong, and reports the rest as unknown', async () => {
		const { klaviyoSyncApi } = klaviyoCredentials(sandbox);
		const credentials = { klaviyoSyncApi: { ...klaviyoSyncApi, apiKey: 'pk_wrong' } };
		const found = await checked({}, { credentials });
		expect(missing(found)).toEqual(['Credential']);
		expect(found.get(SUMMARY)).toMatchObject({
			status: 'missing',
			detail: expect.stringMatching(/^Klaviyo did not accept the credential\./),
		});
	});

	it("stays within Klaviyo's limits, and says what they keep it from checking now", async () => {
		await sandbox.close();
		sandbox = await startQuickSandbox({ limits: 1 });
		sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Hello there' });
		await startOfWindow(sandbox);
		for (let n = 0; n < 15; n++) {
			await klaviyoClient(sandbox).get('/api/webhooks');
			await sandbox.clock.advance(1000);
		}
		const found = await checked();
		expect(missing(found)).toEqual([]);
		expect(unknown(found)).toEqual(['Scope webhooks:read', 'Registered webhooks']);
		expect(found.get('Scope webhooks:read')?.detail).toContain('Could not be checked now');
	});
});
