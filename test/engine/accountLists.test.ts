/** What a builder chooses instead of typing an id: lists of the account, with search and pages. */
import { LoadOptionsContext } from 'n8n-core';
import type { INodeListSearchResult, INodeParameters, INodeType } from 'n8n-workflow';
import { Klaviyo } from '../../nodes/Klaviyo/Klaviyo.node';
import { KlaviyoTrigger } from '../../nodes/Klaviyo/KlaviyoTrigger.node';
import { ZendeskSync } from '../../nodes/ZendeskSync/ZendeskSync.node';
import { ticketOperation, zendeskCredentials } from './support/desk';
import { additionalDataOf, nodeOf, workflowOf } from './support/engine';
import { klaviyoCredentials, klaviyoRunner } from './support/klaviyoNode';
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';

let sandbox: QuickSandbox;
beforeEach(async () => {
	sandbox = await startQuickSandbox();
});
afterEach(async () => await sandbox.close());

type Method = (
	this: LoadOptionsContext,
	filter?: string,
	paginationToken?: string,
) => Promise<INodeListSearchResult>;

/** The editor's request for a list. */
function searching(type: new () => INodeType, name: string, parameters: INodeParameters) {
	const credentials = { ...zendeskCredentials(sandbox), ...klaviyoCredentials(sandbox) };
	const node = nodeOf(type, { credentials, parameters });
	const workflow = workflowOf([{ node, type }], {});
	const data = additionalDataOf('workflow', 'manual', credentials);
	const context = new LoadOptionsContext(workflow, node, data, 'parameters.options');
	const method = new type().methods?.listSearch?.[name] as Method | undefined;
	if (!method) throw new Error(`no method ${name}`);
	return async (filter?: string, token?: string) => await method.call(context, filter, token);
}
const inZendesk = (name: string) => searching(ZendeskSync, name, ticketOperation('createOrReopen'));
const inKlaviyo = (name: string) =>
	searching(Klaviyo, name, { resource: 'message', operation: 'getMany' });
const namesIn = ({ results }: INodeListSearchResult) => results.map(({ name }) => name);

describe("Zendesk Sync's lists", () => {
	it.each(['searchBrands', 'searchCustomFields', 'searchForms', 'searchGroups'])(
		'%s finds names and ids of the account, by name',
		async (method) => {
			const search = inZendesk(method);
			const { results, paginationToken } = await search();
			expect(results).toHaveLength(2);
			expect(paginationToken).toBeUndefined();
			for (const { name, value } of results) {
				expect(name).toMatch(/[a-z]/i);
				expect(value).toMatch(/^\d+$/);
			}
			const names = namesIn({ results });
			expect(names).toEqual([...names].sort());
			const last = results.at(-1);
			expect(namesIn(await search(last?.name.toUpperCase()))).toEqual([last?.name]);
			expect(namesIn(await search(String(last?.value)))).toEqual([last?.name]);
			expect(namesIn(await search('nothing like it'))).toEqual([]);
		},
	);

	const tickets = (count: number, subject: (at: number) => string) => {
		const requester = sandbox.zendesk.addUser({ name: 'Ana' });
		return Array.from({ length: count }, (_, at) =>
			sandbox.zendesk.agentCreates({
				subject: subject(at),
				body: 'Hello',
				requesterId: requester.id,
			}),
		);
	};

	it('searchTickets lists tickets page by page, with their pages', async () => {
		const made = tickets(30, (at) => `Order ${at}`);
		const search = inZendesk('searchTickets');
		const first = await search();
		expect(first.results).toHaveLength(25);
		const second = await search('', String(first.paginationToken));
		expect(second.paginationToken).toBeUndefined();
		const all = [...first.results, ...second.results];
		expect(new Set(all.map(({ value }) => value))).toEqual(new Set(made.map(({ id }) => id)));
		expect(all).toContainEqual({
			name: `#${made[7]?.id} Order 7`,
			value: made[7]?.id,
			url: `${sandbox.zendesk.url}/agent/tickets/${made[7]?.id}`,
		});
	});

	it('searchTickets finds tickets by words, on several pages, and by number', async () => {
		const made = tickets(60, (at) => (at % 2 ? 'Refund' : 'Size'));
		const search = inZendesk('searchTickets');
		const first = await search('refund');
		expect(first.results).toHaveLength(25);
		const second = await search('refund', String(first.paginationToken));
		expect(second.results).toHaveLength(5);
		expect(second.paginationToken).toBeUndefined();
		expect(new Set(namesIn(second).map((name) => name.split(' ')[1]))).toEqual(new Set(['Refund']));
		const id = String(made[3]?.id);
		for (const typed of [id, `#${id}`])
			expect((await search(typed)).results[0]).toMatchObject({ value: id });
		expect((await search('404404')).results).toEqual([]);
	});

	it('say that they cannot be read', async () => {
		sandbox.switches.faults.serverError = 1;
		await expect(inZendesk('searchGroups')()).rejects.toMatchObject({
			message: expect.stringContaining('The groups could not be listed'),
		});
	});
});

describe("Klaviyo's lists", () => {
	it('searchSegments lists segments page by page, and searches all of them', async () => {
		const create = klaviyoRunner(() => sandbox, 'segment', 'createOpenTicket');
		for (let at = 0; at < 12; at++) await create([{}], { segmentName: `Segment ${at}` });
		const search = inKlaviyo('searchSegments');
		const first = await search();
		expect(first.results).toHaveLength(10);
		const second = await search('', String(first.paginationToken));
		expect(second.results).toHaveLength(2);
		expect(second.paginationToken).toBeUndefined();
		expect(new Set([...namesIn(first), ...namesIn(second)]).size).toBe(12);
		expect(namesIn(await search('SEGMENT 11'))).toEqual(['Segment 11']);
	});

	it('searchAllMetrics lists metrics by id', async () => {
		const search = searching(KlaviyoTrigger, 'searchAllMetrics', {});
		const { results } = await search('opened email');
		expect(results).toEqual([
			{ name: 'Opened Email (Klaviyo)', value: expect.stringMatching(/^\w{6}$/) },
		]);
		const [found] = results;
		expect((await search(String(found?.value))).results).toEqual(results);
	});

	it('searchSendingNumbers lists the numbers that the account sends from', async () => {
		const { results } = await inKlaviyo('searchSendingNumbers')();
		expect(results).toEqual([
			{ name: '+12025550100 (long code, US)', value: '+12025550100' },
			{ name: '+18335550190 (toll free, CA)', value: '+18335550190' },
			{ name: '+18335550190 (toll free, US)', value: '+18335550190' },
		]);
	});

	it('searchSendingNumbers says which scope it needs, and that a number can be entered', async () => {
		sandbox.switches.keyScopes = ['events:read'];
		await expect(inKlaviyo('searchSendingNumbers')()).rejects.toMatchObject({
			message: expect.stringMatching(/scope Sender config \(read\).*enter a number instead/),
		});
	});
});
