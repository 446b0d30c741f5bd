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
		return new Map(items.map(({ json }) => [json.check as string, json]));
	};
	const statusOf = (found: Map<string, IDataObject>) =>
		Object.fromEntries([...found].map(([name, { status }]) => [name, status]));

	it('finds everything in place in a full account, and says which user it is', async () => {
		const found = await check();
		expect([...found.values()][0]).toEqual({
			status: 'ready',
			check: 'Zendesk',
			howToFix: null,
			neededFor: 'Everything',
			detail: 'Zendesk is ready.',
		});
		expect(statusOf(found)).toEqual({
			Zendesk: 'ready',
			Credential: 'ready',
			// An API token ends in April 2027.
			Token: 'limited',
			'Read tickets': 'ready',
			'Change tickets': 'ready',
			'Read ticket histories': 'ready',
			'Find customers': 'ready',
			"Read customers' identities": 'ready',
			'Create customers': 'ready',
			'Satisfaction ratings': 'ready',
			'Search export': 'ready',
			'Incremental export': 'ready',
			'Manage webhooks': 'ready',
			'Registered webhooks': 'notYet',
			'Manage views': 'ready',
			// Setup: Create Conversation View has not run.
			'Conversation view': 'limited',
			'Manage automations': 'ready',
			'Closing automation': 'ready',
			'Rate limit': 'ready',
			Brands: 'ready',
			'Ticket fields': 'ready',
			Attachments: 'ready',
			'Custom statuses': 'ready',
		});
		const details = [...found.values()].map((item) => `${item.check}: ${item.detail}`);
		expect(details).toEqual(
			expect.arrayContaining([
				'Credential: Integration (admin)',
				expect.stringContaining('30 April 2027'),
				expect.stringMatching(/^Rate limit: 700 calls a minute/),
				'Brands: Acme, Acme Outlet',
				"Closing automation: 'Close messages 24 hours after solved' closes tickets 24 hours after they are solved",
				'Custom statuses: Only the standard statuses',
			]),
		);
		for (const item of found.values()) {
			expect(item.neededFor).toEqual(expect.stringMatching(/\w/));
			expect(item.howToFix === null).toBe(item.status === 'ready');
		}
	});

	it('says that attachments open only for signed-in users', async () => {
		sandbox.switches.secureDownloads = true;
		expect((await check()).get('Attachments')).toMatchObject({
			status: 'limited',
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
		['audits', 'Read ticket histories', "'tickets:read' is not enough"],
		['automations', 'Manage automations', 'administrator'],
		['ticketReads', 'Read tickets', 'first item'],
		['ticketWrites', 'Change tickets', 'first item'],
		['users', 'Create customers', 'manage end users'],
		['views', 'Manage views', 'create the view yourself'],
		['webhooks', 'Manage webhooks', 'manage webhooks'],
	] as const)('says that %s are forbidden, and how to fix it', async (right, name, how) => {
		sandbox.switches.zendeskForbids = [right];
		const found = await check();
		expect(found.get(name)).toMatchObject({
			status: 'missing',
			detail: expect.stringContaining('Zendesk says: '),
			howToFix: expect.stringContaining(how),
		});
		expect(found.get('Credential')).toMatchObject({ status: 'ready' });
		expect(found.get('Zendesk')).toMatchObject({
			status: 'missing',
			howToFix: expect.stringContaining('Connect an administrator'),
			detail: expect.stringMatching(new RegExp(`missing in Zendesk: .*${name}`)),
		});
		expect(found.size).toBe(23);
	});

	it.each([
		['identities', "Read customers' identities"],
		['searchExport', 'Search export'],
	] as const)('is ready without %s, and says what the limit is', async (right, name) => {
		sandbox.switches.zendeskForbids = [right];
		const found = await check();
		expect(found.get(name)).toMatchObject({
			status: 'limited',
			howToFix: expect.stringContaining('Connect an administrator'),
		});
		expect(found.get('Zendesk')).toMatchObject({ status: 'ready', howToFix: null });
	});

	it('does not check what is not used', async () => {
		sandbox.switches.zendeskForbids = ['automations', 'views'];
		expect((await check()).get('Zendesk')).toMatchObject({
			detail: '2 things are missing in Zendesk: Manage views, Manage automations.',
		});
		const found = await check({ unusedFeatures: ['Closing Automation', 'Conversation View'] });
		expect(found.get('Zendesk')).toMatchObject({ status: 'ready' });
		expect([...found.keys()]).toHaveLength(19);
	});

	it('says what catch-up does if only an administrator may export', async () => {
		sandbox.switches.incrementalExportAllowed = false;
		expect((await check()).get('Incremental export')).toMatchObject({
			status: 'limited',
			neededFor: expect.stringContaining('Without it they read lists and histories'),
		});
	});

	it('does not accept the anonymous user, and makes no more requests then', async () => {
		const credentials = zendeskCredentials(sandbox);
		const wrong = { zendeskSyncApi: { ...credentials.zendeskSyncApi, apiToken: 'wrong' } };
		const before = pathsOf(sandbox).length;
		const found = await check({}, wrong);
		expect(found.get('Zendesk')).toMatchObject({
			status: 'missing',
			detail: 'Zendesk did not accept the credential. Zendesk has no user with this credential',
			howToFix: expect.stringContaining('Open the credential'),
		});
		expect(found.get('Credential')).toMatchObject({
			status: 'missing',
			detail: 'Zendesk has no user with this credential',
		});
		expect(found.get('Read tickets')).toMatchObject({
			status: 'unknown',
			howToFix: 'Fix what is missing, then run the check again.',
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
		expect((await check({ reEnableWebhooks: false })).get('Registered webhooks')).toMatchObject({
			status: 'missing',
			detail: expect.stringContaining('1 turned off'),
		});
		expect(statuses()).toEqual(['inactive', 'inactive']);
		expect((await check()).get('Registered webhooks')).toMatchObject({
			status: 'ready',
			detail: expect.stringContaining('were re-enabled'),
		});
		expect(statuses()).toEqual(['active', 'inactive']);
	});

	describe('looks after every channel:', () => {
		const closing = async (title: string, value: string, operator = 'greater_than') =>
			await ask(sandbox, 'POST', '/api/v2/automations', {
				automation: {
					title,
					conditions: {
						all: [
							{ field: 'status', operator: 'is', value: 'solved' },
							{ field: 'SOLVED', operator, value: '23' },
							{ field: 'current_tags', operator: 'includes', value },
						],
					},
					actions: [{ field: 'status', value: 'closed' }],
				},
			});
		const view = async (title: string, value: string, more: IDataObject[] = []) =>
			await ask(sandbox, 'POST', '/api/v2/views', {
				view: {
					title,
					all: [
						{ field: 'status', operator: 'less_than', value: 'solved' },
						{ field: 'current_tags', operator: 'includes', value },
						...more,
					],
				},
			});
		const found = async (name: string, options: INodeParameters = {}) =>
			(await check(options)).get(name);

		beforeEach(async () => {
			const { automations } = (await ask(sandbox, 'GET', '/api/v2/automations')) as {
				automations: Array<{ id: number }>;
			};
			for (const { id } of automations) await ask(sandbox, 'DELETE', `/api/v2/automations/${id}`);
		});

		it('a missing closing automation; one that may miss tickets does not count', async () => {
			expect(await found('Closing automation', { tags: 'messages' })).toMatchObject({
				status: 'limited',
				detail: expect.stringContaining("tag 'messages'"),
				howToFix: expect.stringContaining('Setup: Create Closing Automation'),
			});
			await closing('Exactly a day', 'sms whatsapp', 'is');
			expect(await found('Closing automation')).toMatchObject({
				status: 'limited',
				detail: expect.stringContaining('may miss some'),
			});
		});

		it('an automation that closes one channel only', async () => {
			await closing('Close SMS', 'sms');
			expect(await found('Closing automation')).toMatchObject({
				status: 'limited',
				detail:
					"No automation certainly closes solved tickets with the tag 'whatsapp'. Zendesk itself closes them after 28 days. 'Close SMS' closes tickets with the tag 'sms' 24 hours after they are solved",
				howToFix: expect.stringContaining("'Tags'"),
			});
			expect(await found('Closing automation', { tags: 'sms' })).toMatchObject({ status: 'ready' });
			await closing('Close WhatsApp', 'whatsapp');
			expect(await found('Closing automation')).toMatchObject({
				status: 'ready',
				detail:
					"'Close SMS' closes tickets with the tag 'sms' 24 hours after they are solved; 'Close WhatsApp' closes tickets with the tag 'whatsapp' 24 hours after they are solved",
			});
		});

		it('a view that shows one channel only, or not all of a channel', async () => {
			await view('My SMS', 'sms', [{ field: 'priority', operator: 'is', value: 'urgent' }]);
			expect(await found('Conversation view')).toMatchObject({
				status: 'limited',
				detail:
					"No view certainly shows all unsolved tickets with the tag 'sms', and none those with the tag 'whatsapp'",
				howToFix: expect.stringContaining('Setup: Create Conversation View'),
			});
			await view('SMS', 'sms');
			expect(await found('Conversation view')).toMatchObject({
				status: 'limited',
				detail: "No view certainly shows all unsolved tickets with the tag 'whatsapp'",
			});
			await view('Both', 'whatsapp sms');
			expect(await found('Conversation view')).toMatchObject({
				status: 'ready',
				detail: "'SMS', 'Both'",
			});
		});
	});

	it('names custom statuses, which the nodes treat by their category', async () => {
		sandbox.switches.customStatuses = true;
		expect((await check()).get('Custom statuses')).toMatchObject({
			status: 'ready',
			detail: expect.stringContaining("'Waiting for the warehouse'"),
		});
	});

	it.each([
		[{ ratings: 'older' }, 'ready', 'surveys cannot'],
		[{ ratings: 'surveys' }, 'ready', 'Surveys can be read'],
		[{ ratings: 'none' }, 'limited', 'You do not have access'],
	] as const)('says whether ratings can be read (%j)', async (switches, status, detail) => {
		Object.assign(sandbox.switches, switches);
		expect((await check()).get('Satisfaction ratings')).toMatchObject({
			status,
			detail: expect.stringContaining(detail),
		});
	});

	it('says that it does not know when Zendesk is down', async () => {
		const credentials = zendeskCredentials(sandbox);
		const { zendeskSyncApi } = credentials;
		const found = await check(
			{},
			{ zendeskSyncApi: { ...zendeskSyncApi, zendeskUrl: 'http://127.0.0.1:9' } },
		);
		expect(found.get('Zendesk')).toMatchObject({
			status: 'unknown',
			howToFix: 'Run the check again in a minute.',
			detail: expect.stringMatching(/^Zendesk was not checked\..*Zendesk did not answer/),
		});
		expect(found.get('Read tickets')).toMatchObject({
			status: 'unknown',
			howToFix: 'Run the check again in a minute.',
			detail: 'Not checked: Zendesk did not answer',
		});
	});
});
