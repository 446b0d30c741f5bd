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
	return new Map(json.map((each) => [each.capability, each]));
};
const missing = (found: Map<unknown, IDataObject>) =>
	[...found.values()].filter(({ ok }) => ok === false).map(({ capability }) => capability);
const unknown = (found: Map<unknown, IDataObject>) =>
	[...found.values()].filter(({ ok }) => ok === null).map(({ capability }) => capability);

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

describe('Account: Check Setup', () => {
	it('finds everything in a full account, and changes nothing', async () => {
		sandbox.klaviyo.addProfile({ phone: CUSTOMER, smsMarketing: true });
		sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Hello there' });
		sandbox.klaviyo.brandWrites({ to: CUSTOMER, body: 'Hello yourself', kind: 'inbox' });
		await register(OWN, true);
		const events = recorded(sandbox).length;
		const found = await checked();
		expect(missing(found)).toEqual([]);
		expect(unknown(found)).toEqual([]);
		expect([...found.values()].every(({ howToFix }) => howToFix === null)).toBe(true);
		expect(found.get('credential')).toMatchObject({
			ok: true,
			detail: "Account 'Acme', time zone UTC",
		});
		expect(found.get('inboundMessages')?.detail).toMatch(
			/^The text is in 'Message Body'. Properties: .*From Number.*To Number/,
		);
		expect(found.get('outboundMessages')?.detail).toContain("'$extra' > 'Message Body'");
		expect(JSON.stringify([...found.values()])).not.toContain('Hello');
		expect(recorded(sandbox)).toHaveLength(events);
		expect(sandbox.klaviyo.profiles()).toHaveLength(1);
		expect(sandbox.klaviyo.phone(CUSTOMER)).toHaveLength(2);
		expect(sandbox.klaviyo.webhooks()).toHaveLength(1);
	});

	it('runs once for all items, with one output per capability', async () => {
		const { json, items } = await run([{}, {}]);
		expect(new Set(json.map(({ capability }) => capability)).size).toBe(json.length);
		expect(items[0]?.pairedItem).toEqual([{ item: 0 }, { item: 1 }]);
		for (const each of json)
			expect(each).toEqual({
				capability: expect.any(String),
				ok: each.ok,
				neededFor: expect.stringMatching(/\w/),
				detail: expect.stringMatching(/\w/),
				howToFix: each.ok === true ? null : expect.stringMatching(/\w/),
			});
	});

	it.each([
		['accounts:read', []],
		['metrics:read', []],
		['events:read', []],
		['events:write', []],
		['profiles:read', ['conversations:read']],
		['profiles:write', []],
		['conversations:read', []],
		['conversations:write', ['conversationsApi']],
		['segments:read', []],
		['segments:write', []],
		['webhooks:read', []],
		['webhooks:write', []],
	])('says that the scope %s is missing, and how to get it', async (scope, also) => {
		const all = [...(await checked()).keys()].map(String).filter((name) => name.includes(':'));
		sandbox.switches.keyScopes = all.filter((name) => name !== scope);
		const found = await checked();
		expect(missing(found).sort()).toEqual([scope, ...also].sort());
		expect(found.get(scope)?.howToFix).toContain(`'${scope}'`);
		expect(found.get(scope)?.detail).toContain('Klaviyo says');
	});

	it('says that system webhooks or replies are not for this account', async () => {
		sandbox.switches.systemWebhooksAllowed = false;
		sandbox.switches.conversationsEnabled = false;
		const found = await checked();
		expect(missing(found)).toEqual(
			expect.arrayContaining(['conversationsApi', 'systemWebhooks', 'webhooks:write']),
		);
		expect(found.get('systemWebhooks')?.howToFix).toContain('Polling Only');
		expect(found.get('conversationsApi')?.howToFix).toContain('enable the Conversations API');
		expect(found.get('conversations:write')).toMatchObject({ ok: true });
	});

	it('says which metrics and topics about messages the account has, whatever they are called', async () => {
		const today = await checked();
		expect(today.get('smsMetrics')?.detail).toMatch(/Found: .*Sent Text Message.*Missing: none\./);
		expect(today.get('smsTopics')).toMatchObject({
			ok: true,
			detail: expect.stringMatching(/klaviyo.sent_text_message, .*klaviyo.sent_sms.*for: none\./),
		});
		sandbox.switches.metricNames = 'older';
		const older = await checked();
		expect(missing(older)).toEqual([]);
		expect(older.get('smsMetrics')?.detail).toContain('Consented to Receive SMS');

		sandbox.switches.metricNames = 'renamed';
		const renamed = await checked();
		expect(missing(renamed)).toEqual(['smsMetrics', 'smsTopics']);
		expect(renamed.get('smsMetrics')).toMatchObject({
			detail: expect.stringMatching(/Found: none\. Missing: Sent Text Message, /),
			howToFix: expect.stringContaining('update this package'),
		});
		expect(renamed.get('inboundMessages')?.ok).toBeNull();
	});

	it('says which events come by polling because they have no topic', async () => {
		sandbox.switches.missingTopics = ['Sent Text Message'];
		const found = await checked();
		expect(missing(found)).toEqual(['smsTopics']);
		expect(found.get('smsTopics')).toMatchObject({
			detail: expect.stringContaining('No topic for: Sent Text Message.'),
			howToFix: expect.stringContaining('Polling'),
		});
	});

	it('turns on again what Klaviyo has turned off, and nothing else', async () => {
		await register(OWN, false);
		await register('Somebody else', false);
		const left = await checked({ options: { reEnableWebhooks: false } });
		expect(left.get('registeredWebhooks')).toMatchObject({ ok: false });
		const found = await checked();
		expect(found.get('registeredWebhooks')).toMatchObject({
			ok: true,
			detail: expect.stringContaining('were re-enabled'),
		});
		expect(sandbox.klaviyo.webhooks().map(({ name, enabled }) => [name, enabled])).toEqual([
			[OWN, true],
			['Somebody else', false],
		]);
	});

	it('says that a webhook secret is too short', async () => {
		const setup = { credentials: klaviyoCredentials(sandbox, 'short') };
		expect((await checked({}, setup)).get('webhookSecret')).toMatchObject({
			ok: false,
			detail: 'Has 5 characters',
		});
	});

	it('fails only the credential when the key is wrong, and reports the rest as unknown', async () => {
		const { klaviyoSyncApi } = klaviyoCredentials(sandbox);
		const credentials = { klaviyoSyncApi: { ...klaviyoSyncApi, apiKey: 'pk_wrong' } };
		const found = await checked({}, { credentials });
		expect(missing(found)).toEqual(['credential']);
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
		expect(unknown(found)).toEqual(['outboundMessages', 'webhooks:read', 'registeredWebhooks']);
		expect(found.get('webhooks:read')?.detail).toContain('Could not be checked now');
	});
});
