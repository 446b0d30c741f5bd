/** What a builder chooses from lists of the account, instead of typing an id. */
import { randomUUID } from 'node:crypto';
import type { INode } from 'n8n-workflow';
import { packageName } from '../../../scripts/n8n/paths';
import { Panel } from './panel';
import type { Scene } from './scene';

const LAPTOP = { width: 1440, height: 900 };

const node = (name: string, more: Pick<INode, 'parameters' | 'credentials'>): INode => ({
	...{ id: randomUUID(), name, typeVersion: 1, position: name === 'Klaviyo' ? [0, 200] : [0, 0] },
	type: `${packageName}.${name === 'Klaviyo' ? 'klaviyo' : 'zendeskSync'}`,
	...more,
});

export const describeLocators = ({ stage, canvas }: Scene): void =>
	describe('What is chosen from a list', () => {
		let id: string;
		let ticketId: string;

		beforeAll(async () => {
			const { n8n, sandbox } = stage();
			const { id: requesterId } = sandbox.zendesk.addUser({ name: 'Ana' });
			const created = ['Where is my parcel?', 'Do you gift-wrap?'].map((subject) =>
				sandbox.zendesk.agentCreates({ subject, body: 'Hello', requesterId }),
			);
			ticketId = created[0]?.id ?? '';
			id = await n8n.createWorkflow({
				name: 'Choose from lists',
				nodes: [
					node('Zendesk Sync', {
						parameters: {
							resource: 'ticket',
							operation: 'get',
							ticketId: { __rl: true, mode: 'list', value: '' },
						},
						credentials: { zendeskSyncOAuth2Api: { id: null, name: 'Zendesk Sync account' } },
					}),
					node('Klaviyo', {
						parameters: {
							resource: 'message',
							operation: 'getMany',
							filters: { sendingNumber: { __rl: true, mode: 'list', value: '' } },
						},
						credentials: { klaviyoSyncApi: { id: null, name: 'Klaviyo account' } },
					}),
				],
				connections: {},
			});
		});
		afterEach(() => {
			stage().sandbox.switches.keyScopes = 'all';
		});

		const opened = async (name: string): Promise<Panel> => {
			const panel = new Panel(canvas().page, stage().n8n.url);
			await panel.page.setViewportSize(LAPTOP);
			await panel.openWorkflow(id);
			await panel.openNode(name);
			return panel;
		};

		it('is found by a word, and has a link to its page', async () => {
			const panel = await opened('Zendesk Sync');
			await panel.openList('ticketId');
			await panel.searchList('parcel');
			if (process.env.SHOTS) await panel.page.screenshot({ path: '/tmp/lists-1.png' });
			const found = panel.byTestId('rlc-item').filter({ hasText: 'Where is my parcel?' });
			await found.waitFor();
			expect(await panel.byTestId('rlc-item').count()).toBe(1);
			await found.click();
			expect(await panel.locator('ticketId').locator('input').last().inputValue()).toBe(
				`#${ticketId} Where is my parcel?`,
			);
			await panel.execute();
			expect(await panel.output()).toContain('Where is my parcel?');
			await panel.closeNode();
		});

		it('says what is missing if the list cannot be read', async () => {
			stage().sandbox.switches.keyScopes = ['events:read', 'metrics:read', 'profiles:read'];
			const panel = await opened('Klaviyo');
			await panel.openList('sendingNumber');
			const error = panel.byTestId('rlc-error-container');
			await error.waitFor();
			expect(await error.innerText()).toContain("'sender-config:read'");
			if (process.env.SHOTS) await panel.page.screenshot({ path: '/tmp/lists-2.png' });
			await panel.chooseMode('sendingNumber', 'By Number');
			await panel.closeNode();
		});
	});
