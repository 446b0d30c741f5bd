/** What a builder chooses from lists of the account, instead of typing an id. */
import { randomUUID } from 'node:crypto';
import type { INode } from 'n8n-workflow';
import { packageName } from '../../../scripts/n8n/paths';
import { Panel } from './panel';
import type { Scene } from './scene';

const LAPTOP = { width: 1440, height: 900 };

const NOTHING = { __rl: true, mode: 'list', value: '' };
const node = (
	name: string,
	type: string,
	more: Pick<INode, 'parameters' | 'credentials'>,
): INode => ({
	...{ id: randomUUID(), name, typeVersion: 1, position: [0, 0] },
	type: `${packageName}.${type}`,
	...more,
});
const getTicket = node('Zendesk Sync', 'zendeskSync', {
	parameters: { resource: 'ticket', operation: 'get', ticketId: NOTHING },
	credentials: { zendeskSyncOAuth2Api: { id: null, name: 'Zendesk Sync account' } },
});
const getMessages = node('Klaviyo', 'klaviyo', {
	parameters: { resource: 'message', operation: 'getMany', filters: { sendingNumber: NOTHING } },
	credentials: { klaviyoSyncApi: { id: null, name: 'Klaviyo account' } },
});

export const describeLocators = ({ stage, canvas }: Scene): void =>
	describe('What is chosen from a list', () => {
		let ticketId: string;

		beforeAll(() => {
			const { zendesk } = stage().sandbox;
			const { id: requesterId } = zendesk.addUser({ name: 'Ana' });
			const created = ['Where is my parcel?', 'Do you gift-wrap?'].map((subject) =>
				zendesk.agentCreates({ subject, body: 'Hello', requesterId }),
			);
			ticketId = created[0]?.id ?? '';
		});
		afterEach(() => {
			stage().sandbox.switches.keyScopes = 'all';
		});

		/** A workflow of its own for each: n8n keeps one that was changed for the window that changed it. */
		const opened = async (node: INode): Promise<Panel> => {
			const name = `Choose in ${node.name}`;
			const id = await stage().n8n.createWorkflow({ name, nodes: [node], connections: {} });
			const panel = new Panel(canvas().page, stage().n8n.url);
			await panel.page.setViewportSize(LAPTOP);
			await panel.openWorkflow(id);
			await panel.openNode(node.name);
			return panel;
		};

		it('is found by a word, and has a link to its page', async () => {
			const panel = await opened(getTicket);
			await panel.openList('ticketId');
			await panel.searchList('parcel');
			const found = panel.byTestId('rlc-item').filter({ hasText: 'Where is my parcel?' });
			await found.waitFor();
			expect(await panel.byTestId('rlc-item').count()).toBe(1);
			await found.click();
			expect(await panel.locator('ticketId').locator('input').last().inputValue()).toBe(
				`#${ticketId} Where is my parcel?`,
			);
			await panel.execute();
			const output = panel.byTestId('output-panel');
			await output.getByText('Where is my parcel?').first().waitFor();
			await panel.closeNode();
		});

		it('says what is missing if the list cannot be read', async () => {
			stage().sandbox.switches.keyScopes = ['events:read', 'metrics:read', 'profiles:read'];
			const panel = await opened(getMessages);
			await panel.openList('sendingNumber');
			const error = panel.byTestId('rlc-error-container');
			await error.waitFor();
			expect(await error.innerText()).toContain('needs the scope Sender config (read)');
			await panel.closeNode();
		});
	});
