import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { ZendeskSync } from '../../nodes/ZendeskSync/ZendeskSync.node';
import { openConversation } from './support/conversation';
import { ask, HOUR, zendeskCredentials } from './support/desk';
import { runNode } from './support/engine';

const goOn = { onError: 'continueRegularOutput' } as const;

interface WireRule {
	id: number;
	title: string;
	active: boolean;
	conditions: { all: IDataObject[]; any: IDataObject[] };
	execution?: IDataObject;
}

describe('Zendesk Sync: Setup', () => {
	let sandbox: QuickSandbox;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
	});
	afterEach(async () => await sandbox.close());

	const run = async (
		operation: string,
		parameters: INodeParameters = {},
		setup = {},
		items = [{}],
	) =>
		await runNode(ZendeskSync, {
			credentials: zendeskCredentials(sandbox),
			parameters: { authentication: 'apiToken', resource: 'setup', operation, ...parameters },
			...setup,
			items,
		});
	const listed = async (kind: 'views' | 'automations'): Promise<WireRule[]> =>
		((await ask(sandbox, 'GET', `/api/v2/${kind}?page[size]=100`)) as Record<string, WireRule[]>)[
			kind
		] ?? [];

	describe('Create Conversation View', () => {
		const create = async (parameters: INodeParameters = {}, setup = {}, items = [{}]) =>
			await run('createConversationView', parameters, setup, items);

		it('creates a view of waiting conversations, and finds it from then on', async () => {
			const { json, items } = await create({}, {}, [{}, {}]);
			const [view, ...others] = await listed('views');
			expect(others).toEqual([]);
			expect(json).toEqual(
				['created', 'exists'].map((outcome) => ({
					outcome,
					viewId: String(view?.id),
					title: 'Conversations by SMS and WhatsApp',
					active: true,
					viewUrl: `${sandbox.zendesk.url}/agent/filters/${view?.id}`,
					warnings: [],
				})),
			);
			expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
			expect(view?.conditions.all).toEqual([
				{ field: 'status', operator: 'less_than', value: 'solved' },
				{ field: 'current_tags', operator: 'includes', value: 'sms whatsapp' },
			]);
			expect(view?.execution).toMatchObject({ columns: expect.any(Array), sort_by: 'updated' });
		});

		it('finds one with the same title, or with the same conditions, however many views there are', async () => {
			for (let index = 0; index < 120; index += 1)
				await ask(sandbox, 'POST', '/api/v2/views', {
					view: {
						title: `View ${index}`,
						all: [{ field: 'status', operator: 'is', value: 'open' }],
						active: index !== 119,
					},
				});
			expect((await create({ title: ' view 118 ' })).json).toMatchObject([
				{ outcome: 'exists', title: 'View 118', warnings: [] },
			]);
			expect((await create({ title: 'View 119' })).json).toMatchObject([
				{ outcome: 'exists', active: false, warnings: [expect.stringContaining('is inactive')] },
			]);
			await create({ title: 'Messages' });
			expect((await create({ title: 'Other name' })).json).toMatchObject([
				{ outcome: 'exists', title: 'Messages' },
			]);
			expect((await create({ title: 'Other tag', tags: 'Outlet' })).json).toMatchObject([
				{ outcome: 'created', title: 'Other tag' },
			]);
		});

		it('says what is forbidden and what is missing', async () => {
			expect((await create({ title: ' ' }, goOn)).json).toMatchObject([
				{ error: "'Title' is empty" },
			]);
			expect((await create({ tags: ' , ' }, goOn)).json).toMatchObject([
				{ error: "'Tags' is empty" },
			]);
			sandbox.switches.zendeskForbids = ['views'];
			expect((await create({}, goOn)).json).toMatchObject([
				{
					error: 'The view could not be created (status 403)',
					errorDescription: expect.stringContaining('administrator'),
				},
			]);
		});
	});

	describe('Create Closing Automation', () => {
		const create = async (parameters: INodeParameters = {}, setup = {}, items = [{}]) =>
			await run('createClosingAutomation', parameters, setup, items);
		/** The sandbox's account has the automation from the start. */
		const removeAll = async () => {
			for (const { id } of await listed('automations'))
				await ask(sandbox, 'DELETE', `/api/v2/automations/${id}`);
		};

		it('closes conversations a day after they were solved, and no others', async () => {
			await removeAll();
			const { json } = await create();
			expect(json).toMatchObject([
				{ outcome: 'created', hoursAfterSolved: 24, active: true, warnings: [] },
			]);
			const ticket = await openConversation(sandbox);
			const other = await openConversation(sandbox, { phone: '+12125550124', tags: ['mail'] });
			for (const { id } of [ticket, other]) sandbox.zendesk.agentUpdates(id, { status: 'solved' });
			await sandbox.clock.advance(22 * HOUR);
			expect(sandbox.zendesk.ticket(ticket.id).status).toBe('solved');
			// Also when runs were missed, since it looks at all that are older.
			await sandbox.clock.advance(30 * HOUR);
			expect(sandbox.zendesk.ticket(ticket.id).status).toBe('closed');
			expect(sandbox.zendesk.ticket(other.id).status).toBe('solved');
		});

		it('finds the existing one, under any title, and creates no second one at once', async () => {
			expect((await create()).json).toMatchObject([
				{ outcome: 'exists', title: 'Close messages 24 hours after solved', hoursAfterSolved: 24 },
			]);
			await removeAll();
			const runs = await Promise.all(
				[1, 2, 3].map(async (at) => await create({ title: `T${at}` })),
			);
			expect(runs.map(({ json }) => json[0]?.outcome).sort()).toEqual([
				'created',
				'exists',
				'exists',
			]);
			expect(await listed('automations')).toHaveLength(1);
		});

		it('says that the one with this title closes later than asked', async () => {
			expect(
				(await create({ title: 'Close ticket 4 days after solved', tags: 'x' })).json,
			).toMatchObject([
				{
					outcome: 'exists',
					hoursAfterSolved: 97,
					warnings: [expect.stringContaining('closes tickets after 97 hours, not 24')],
				},
			]);
		});

		it('warns of an automation that checks tickets in only one hour', async () => {
			await ask(sandbox, 'POST', '/api/v2/automations', {
				automation: {
					title: 'Close after exactly a day',
					conditions: {
						all: [
							{ field: 'status', operator: 'is', value: 'solved' },
							{ field: 'SOLVED', operator: 'is', value: '24' },
							{ field: 'current_tags', operator: 'includes', value: 'sms whatsapp' },
						],
					},
					actions: [{ field: 'status', value: 'closed' }],
				},
			});
			const warnings = [expect.stringContaining("'Close after exactly a day'")];
			expect((await create()).json).toMatchObject([{ outcome: 'exists', warnings }]);
			await removeAll();
		});

		it('says what is forbidden and what makes no sense', async () => {
			for (const hours of [0, 1, 2.5, 1000])
				expect((await create({ hours }, goOn)).json).toMatchObject([
					{ error: "'Hours After Solved' is not a whole number from 2 to 671" },
				]);
			await removeAll();
			sandbox.switches.zendeskForbids = ['automations'];
			expect((await create({}, goOn)).json).toMatchObject([
				{ error: 'The automation could not be created (status 403)' },
			]);
		});
	});
});
