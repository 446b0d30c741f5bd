import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { ZendeskSync } from '../../nodes/ZendeskSync/ZendeskSync.node';
import { openConversation } from './support/conversation';
import { ask, pathsOf, zendeskCredentials } from './support/desk';
import { type Credentials, runNode } from './support/engine';

describe('Zendesk Sync: Account: Check Setup', () => {
	let sandbox: QuickSandbox;

	beforeEach(async () => {
		sandbox = await startQuickSandbox({ limits: 1 });
	});
	afterEach(async () => await sandbox.close());

	const check = async (
		options: INodeParameters = {},
		credentials: Credentials = zendeskCredentials(sandbox),
	) => {
		const { items, error } = await runNode(ZendeskSync, {
			credentials,
			parameters: {
				authentication: 'apiToken',
				resource: 'account',
				operation: 'checkSetup',
				options,
			},
			items: [{}, {}],
		});
		expect(error).toBeUndefined();
		for (const { pairedItem } of items) expect(pairedItem).toEqual([{ item: 0 }, { item: 1 }]);
		return new Map(items.map(({ json }) => [json.capability as string, json]));
	};
	const okOf = (found: Map<string, IDataObject>) =>
		Object.fromEntries([...found].map(([name, { ok }]) => [name, ok]));

	it('finds everything in place in a full account, and says which user it is', async () => {
		const found = await check();
		expect(okOf(found)).toEqual({
			credential: true,
			// An API token ends in April 2027.
			tokenLife: false,
			readTickets: true,
			writeTickets: true,
			readHistory: true,
			findCustomers: true,
			customerIdentities: true,
			makeCustomers: true,
			searchExport: true,
			incrementalExport: true,
			manageWebhooks: true,
			registeredWebhooks: null,
			manageViews: true,
			manageAutomations: true,
			closingAutomation: true,
			rateLimit: true,
			brands: true,
			ticketFields: true,
			attachments: true,
			customStatuses: true,
		});
		const details = [...found.values()].map(({ capability, detail }) => `${capability}: ${detail}`);
		expect(details).toEqual(
			expect.arrayContaining([
				'credential: Integration (admin)',
				expect.stringContaining('30 April 2027'),
				expect.stringMatching(/^rateLimit: 700 calls a minute/),
				'brands: Acme, Acme Outlet',
				"closingAutomation: 'Close messages 24 hours after solved' closes tickets 24 hours after they are solved",
				'customStatuses: Only the standard statuses',
			]),
		);
		for (const item of found.values()) {
			expect(item.neededFor).toEqual(expect.stringMatching(/\w/));
			expect(item.howToFix === null).toBe(item.ok === true);
		}
	});

	it('says that attachments open only for signed-in users', async () => {
		sandbox.switches.secureDownloads = true;
		expect((await check()).get('attachments')).toMatchObject({
			ok: false,
			detail: 'Only people who are signed in to Zendesk can open them',
			howToFix: expect.stringContaining("Turn off 'Allow secure downloads'"),
		});
	});

	it('changes nothing, and makes each call once', async () => {
		const ticket = await openConversation(sandbox);
		const users = sandbox.zendesk.users();
		const before = pathsOf(sandbox).length;
		await check();
		const calls = pathsOf(sandbox).slice(before);
		process.stdout.write(`Check Setup: ${calls.length} Zendesk calls\n`);
		expect(calls.length).toBeLessThan(25);
		expect(sandbox.zendesk.tickets()).toEqual([ticket]);
		expect(sandbox.zendesk.users()).toEqual(users);
		const { views } = (await ask(sandbox, 'GET', '/api/v2/views')) as { views: unknown[] };
		expect(views).toEqual([]);
	});

	it.each([
		['audits', 'readHistory', "global scope 'read'"],
		['automations', 'manageAutomations', 'administrator'],
		['identities', 'customerIdentities', "scope 'read'"],
		['searchExport', 'searchExport', "scope 'read'"],
		['ticketReads', 'readTickets', "scope 'read'"],
		['ticketWrites', 'writeTickets', "scope 'write'"],
		['users', 'makeCustomers', 'manage end users'],
		['views', 'manageViews', 'create the view yourself'],
		['webhooks', 'manageWebhooks', 'manage webhooks'],
	] as const)('says that %s are forbidden, and how to fix it', async (right, capability, how) => {
		sandbox.switches.zendeskForbids = [right];
		const found = await check();
		expect(found.get(capability)).toMatchObject({
			ok: false,
			detail: expect.stringContaining('Zendesk says: '),
			howToFix: expect.stringContaining(how),
		});
		expect(found.get('credential')).toMatchObject({ ok: true });
		expect(found.size).toBe(20);
	});

	it('says what catch-up does if only an administrator may export', async () => {
		sandbox.switches.incrementalExportAllowed = false;
		expect((await check()).get('incrementalExport')).toMatchObject({
			ok: false,
			neededFor: expect.stringContaining('Without it they read lists and histories'),
		});
	});

	it('does not accept the anonymous user, and makes no more requests then', async () => {
		const credentials = zendeskCredentials(sandbox);
		const wrong = { zendeskSyncApi: { ...credentials.zendeskSyncApi, apiToken: 'wrong' } };
		const before = pathsOf(sandbox).length;
		const found = await check({}, wrong);
		expect(found.get('credential')).toMatchObject({
			ok: false,
			detail: 'Zendesk has no user with this credential',
		});
		expect(found.get('readTickets')).toMatchObject({
			ok: null,
			detail: 'Not checked: the credential was not accepted',
		});
		expect(pathsOf(sandbox).slice(before)).toEqual(['GET /api/v2/users/me']);
	});

	it('turns on a webhook of this package that was turned off, and no other', async () => {
		const webhook = async (name: string) =>
			await ask(sandbox, 'POST', '/api/v2/webhooks', {
				webhook: {
					name,
					status: 'inactive',
					endpoint: 'http://127.0.0.1:9/hook',
					http_method: 'POST',
					request_format: 'json',
					subscriptions: ['zen:event-type:ticket.created'],
				},
			});
		await webhook('n8n: workflow W1, node N1, at n8n.acme.example');
		await webhook('Somebody else’s n8n: workflow');
		const statuses = () => sandbox.zendesk.webhooks().map(({ status }) => status);
		expect((await check({ reEnableWebhooks: false })).get('registeredWebhooks')).toMatchObject({
			ok: false,
			detail: expect.stringContaining('1 turned off'),
		});
		expect(statuses()).toEqual(['inactive', 'inactive']);
		expect((await check()).get('registeredWebhooks')).toMatchObject({
			ok: true,
			detail: expect.stringContaining('were re-enabled'),
		});
		expect(statuses()).toEqual(['active', 'inactive']);
	});

	it('reports a missing closing automation; one that may miss tickets does not count', async () => {
		const { automations } = (await ask(sandbox, 'GET', '/api/v2/automations')) as {
			automations: Array<{ id: number }>;
		};
		for (const { id } of automations) await ask(sandbox, 'DELETE', `/api/v2/automations/${id}`);
		expect((await check({ tag: 'messages' })).get('closingAutomation')).toMatchObject({
			ok: false,
			detail: expect.stringContaining("tag 'messages'"),
			howToFix: expect.stringContaining('Setup: Create Closing Automation'),
		});
		await ask(sandbox, 'POST', '/api/v2/automations', {
			automation: {
				title: 'Exactly a day',
				conditions: {
					all: [
						{ field: 'status', operator: 'is', value: 'solved' },
						{ field: 'SOLVED', operator: 'is', value: '24' },
					],
				},
				actions: [{ field: 'status', value: 'closed' }],
			},
		});
		expect((await check()).get('closingAutomation')).toMatchObject({
			ok: false,
			detail: expect.stringContaining('may miss some'),
		});
	});

	it('names custom statuses, which the nodes treat by their category', async () => {
		sandbox.switches.customStatuses = true;
		expect((await check()).get('customStatuses')).toMatchObject({
			ok: true,
			detail: expect.stringContaining("'Waiting for the warehouse'"),
		});
	});

	it('says that it does not know when Zendesk is down', async () => {
		const credentials = zendeskCredentials(sandbox);
		const { zendeskSyncApi } = credentials;
		const found = await check(
			{},
			{ zendeskSyncApi: { ...zendeskSyncApi, zendeskUrl: 'http://127.0.0.1:9' } },
		);
		expect(found.get('credential')).toMatchObject({
			ok: null,
			detail: expect.stringContaining('Zendesk did not answer'),
		});
		expect(found.get('readTickets')).toMatchObject({
			ok: null,
			detail: 'Not checked: Zendesk did not answer',
		});
	});
});
