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

	it.each(['getBrands', 'getCustomFields', 'getForms', 'getGroups'] as const)(
		'%s returns names and ids from the account, by name',
		async (method) => {
			const credentials = zendeskCredentials(sandbox);
			const parameters = ticketOperation('createOrReopen');
			const node = nodeOf(ZendeskSync, { credentials, parameters });
			const workflow = workflowOf([{ node, type: ZendeskSync }], {});
			const data = additionalDataOf('workflow', 'manual', credentials);
			const context = new LoadOptionsContext(workflow, node, data, 'parameters.options');
			const options = await new ZendeskSync().methods.loadOptions[method].call(context);
			expect(options).toHaveLength(2);
			for (const { name, value } of options) {
				expect(name).toMatch(/[a-z]/i);
				expect(value).toMatch(/^\d+$/);
			}
			const names = options.map(({ name }) => name);
			expect(names).toEqual([...names].sort());
		},
	);
});
