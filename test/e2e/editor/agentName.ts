/** What a builder types that n8n must not take for an expression. */
import { randomUUID } from 'node:crypto';
import type { INode } from 'n8n-workflow';
import { packageName } from '../../../scripts/n8n/paths';
import { Panel } from './panel';
import type { Scene } from './scene';

const claimReply: INode = {
	...{ id: randomUUID(), name: 'Claim reply', typeVersion: 1, position: [0, 0] },
	type: `${packageName}.zendeskSync`,
	parameters: { resource: 'ticket', operation: 'claimReply', options: { endWith: '' } },
};

export const describeAgentName = ({ stage, canvas }: Scene): void =>
	describe('The name of the agent at the end of a reply', () => {
		it('stays {{agent}} when it is typed', async () => {
			const { n8n } = stage();
			const id = await n8n.createWorkflow({
				name: 'End with the name',
				nodes: [claimReply],
				connections: {},
			});
			const panel = new Panel(canvas().page, n8n.url);
			await panel.openWorkflow(id);
			await panel.openNode(claimReply.name);
			const field = panel.byTestId('parameter-input-endWith').locator('input');
			await field.click();
			await panel.page.keyboard.type('– {{agent}}');
			expect(await field.inputValue()).toBe('– {{agent}}');
			await panel.closeNode();
			await panel.page.keyboard.press('Control+s');
			const saved = async () => (await n8n.workflow(id)).nodes[0]?.parameters.options;
			const since = Date.now();
			while (!JSON.stringify(await saved()).includes('agent') && Date.now() - since < 10_000)
				await panel.page.waitForTimeout(200);
			expect(await saved()).toEqual({ endWith: '– {{agent}}' });
		});
	});
