/** What strangers at the two triggers' webhooks cost: no credential, no call, no memory, and no execution. */
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { forgetProcess } from '../../nodes/shared/processMemory';
import { sign } from '../../nodes/Klaviyo/api/signature';
import { ZendeskSyncTrigger } from '../../nodes/ZendeskSync/ZendeskSyncTrigger.node';
import { KlaviyoTrigger } from '../../nodes/Klaviyo/KlaviyoTrigger.node';
import { openSilentVendor, type SilentVendor } from './support/silentVendor';
import { type ActiveTrigger, deliver, listen } from './support/trigger';

const SECRET = 'a secret of 16 letters or more';

const inTurn = async <T>(times: number, work: () => Promise<T>): Promise<T[]> =>
	await Promise.all(Array.from({ length: times }, work));

describe('Strangers at Klaviyo Trigger', () => {
	let trigger: ActiveTrigger;
	let reads: number;
	let secret: string | undefined;
	let now: number;

	/** n8n's store, which counts how often it is asked, and may not have the credential. */
	const store = {
		get klaviyoSyncApi(): ICredentialDataDecryptedObject {
			reads += 1;
			if (secret === undefined) throw new Error('Credential with ID "1" does not exist');
			return { apiKey: 'pk', webhookSecret: secret, baseUrl: 'http://127.0.0.1:1' };
		},
	};

	beforeEach(() => {
		forgetProcess();
		[reads, secret, now] = [0, SECRET, Date.now()];
		jest.spyOn(Date, 'now').mockImplementation(() => now);
	});
	afterEach(async () => {
		jest.restoreAllMocks();
		await trigger.close();
	});

	const open = async (source: string): Promise<void> => {
		trigger = await listen(KlaviyoTrigger, { credentials: store, parameters: { source } });
	};
	const statuses = async (headers: Record<string, string>, body = '{"data":[]}') => [
		...new Set(
			(await inTurn(100, async () => await deliver(trigger, body, headers))).map(
				({ status }) => status,
			),
		),
	];
	const timestamp = 'Thu, 04 Jan 2024 18:05:25 GMT';
	const signedBy = (by: string, body = '{"data":[]}') => ({
		'klaviyo-timestamp': timestamp,
		'klaviyo-signature': sign(by, Buffer.from(body), timestamp),
	});
	const withSecret = (sent: string) => ({ 'X-Klaviyo-Sync-Secret': sent });

	it.each<[string, string, Record<string, string>]>([
		['without a signature', 'systemWebhook', {}],
		['without a time', 'systemWebhook', { 'klaviyo-signature': 'a'.repeat(64) }],
		[
			'with a signature that cannot be one',
			'systemWebhook',
			{ 'klaviyo-timestamp': timestamp, 'klaviyo-signature': 'nonsense' },
		],
		['without the header', 'flowWebhook', {}],
		['with a secret that is too short', 'flowWebhook', withSecret('short')],
	])('cause no reading of the credential %s (%s)', async (_what, source, headers) => {
		await open(source);
		expect(await statuses(headers)).toEqual([401]);
		expect(reads).toBe(0);
		expect(trigger.executions).toEqual([]);
	});

	it.each([
		['systemWebhook', signedBy('another secret of 16 letters')],
		['flowWebhook', withSecret('another secret of 16 letters')],
	])(
		'cause one reading in five seconds when they guess (%s)',
		async (source, headers) => {
			await open(source);
			for (let second = 0; second < 20; second++) {
				expect(await statuses(headers)).toEqual([401]);
				now += 1000;
			}
			expect(reads).toBeLessThanOrEqual(4);
			expect(trigger.executions).toEqual([]);
		},
		120_000,
	);

	it.each([
		['systemWebhook', signedBy(SECRET)],
		['flowWebhook', withSecret(SECRET)],
	])(
		'and everyone else get 401 while the credential cannot be read, and no execution fails (%s)',
		async (source, headers) => {
			await open(source);
			secret = undefined;
			expect(await statuses(headers)).toEqual([401]);
			expect(reads).toBe(1);
			secret = SECRET;
			now += 5000;
			// Let in again: an empty post of a flow is refused for what it says.
			expect(await statuses(headers)).toEqual([source === 'flowWebhook' ? 400 : 200]);
			expect(trigger.executions).toEqual([]);
		},
	);
});

describe('Strangers at Zendesk Sync Trigger, while Zendesk does not answer,', () => {
	let silent: SilentVendor;
	let trigger: ActiveTrigger;

	beforeEach(async () => {
		forgetProcess();
		silent = await openSilentVendor();
		const { url: zendeskUrl } = silent;
		trigger = await listen(ZendeskSyncTrigger, {
			credentials: { zendeskSyncApi: { zendeskUrl, email: 'a@acme.example', apiToken: 't' } },
			parameters: { authentication: 'apiToken', events: ['opened'] },
		});
		trigger.staticData = {
			'node:ZendeskSyncTrigger': { webhookId: 'W', signingSecret: 'c2VjcmV0' },
		};
	});
	afterEach(async () => {
		await silent.close();
		await trigger.close();
	});

	const guess = {
		'x-zendesk-webhook-signature': `${'A'.repeat(43)}=`,
		'x-zendesk-webhook-signature-timestamp': '2026-11-22T10:00:01Z',
	};
	const status = async (body: string, headers: Record<string, string>): Promise<number> =>
		(await deliver(trigger, body, headers)).status;

	it.each([
		['without a signature', {}],
		['with a signature that cannot be one', { ...guess, 'x-zendesk-webhook-signature': 'AAAA' }],
		['without a timestamp', { ...guess, 'x-zendesk-webhook-signature-timestamp': '' }],
	])('are refused at once, and Zendesk gets no request, %s', async (_what, headers) => {
		expect(await status('{}', headers)).toBe(401);
		expect(silent.calls()).toBe(0);
	});

	it('wait when they guess: one at a time, which asks Zendesk once; the others keep none of n8n’s memory', async () => {
		const large = JSON.stringify({ words: 'x'.repeat(990_000) });
		// It waits for five seconds in real time. All others, for which it leaves no room, are through by then on any machine.
		const small = JSON.stringify({ words: 'x'.repeat(20_000) });
		const asked = silent.asked();
		const first = status(large, guess);
		await asked;
		let isOver = false;
		void first.then(() => (isOver = true));
		expect(await inTurn(19, async () => await status(small, guess))).toEqual(Array(19).fill(401));
		// They were gone before the one that waits.
		expect(isOver).toBe(false);
		// After five seconds.
		expect(await first).toBe(401);
		expect(silent.calls()).toBe(1);
	});
});
