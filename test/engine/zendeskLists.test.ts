/** What a builder chooses from instead of typing an id. */
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import { LoadOptionsContext } from 'n8n-core';
import { ZendeskSync } from '../../nodes/ZendeskSync/ZendeskSync.node';
import { ticketOperation, zendeskCredentials } from './support/desk';
import { additionalDataOf, nodeOf, workflowOf } from './support/engine';

describe("Zendesk Sync's lists", () => {
	let sandbox: QuickSandbox;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
	});
	afterEach(async () => await sandbox.close());

	it.each([
		'getBrands',
		'getBrandOrNone',
		'getCustomFields',
		'getFormOrNone',
		'getGroupOrNone',
	] as const)('%s returns names and ids from the account, by name', async (method) => {
		const credentials = zendeskCredentials(sandbox);
		const parameters = ticketOperation('createOrReopen');
		const node = nodeOf(ZendeskSync, { credentials, parameters });
		const workflow = workflowOf([{ node, type: ZendeskSync }], {});
		const data = additionalDataOf('workflow', 'manual', credentials);
		const context = new LoadOptionsContext(workflow, node, data, 'parameters.options');
		const all = await new ZendeskSync().methods.loadOptions[method].call(context);
		// A field that may stay empty has an entry for that: n8n marks any other value as an error.
		const [first] = all;
		const isOptional = method.endsWith('OrNone');
		expect(first?.value === '').toBe(isOptional);
		const options = all.slice(isOptional ? 1 : 0);
		expect(options).toHaveLength(2);
		for (const { name, value } of options) {
			expect(name).toMatch(/[a-z]/i);
			expect(value).toMatch(/^\d+$/);
		}
		const names = options.map(({ name }) => name);
		expect(names).toEqual([...names].sort());
	});
});
