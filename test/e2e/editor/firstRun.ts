/** The README's three nodes in a row, as a builder runs them for the first time: only their credentials are set. */
import { randomUUID } from 'node:crypto';
import type { INode, IConnections } from 'n8n-workflow';
import { packageName } from '../../../scripts/n8n/paths';
import { addCustomer } from '../support/stage';
import { Panel, type View, views } from './panel';
import type { Scene } from './scene';

const LAPTOP = { width: 1440, height: 900 };
const CUSTOMER = '+12125550161';
const KLAVIYO: INode['credentials'] = { klaviyoSyncApi: { id: null, name: 'Klaviyo account' } };
const ZENDESK: INode['credentials'] = {
	zendeskSyncOAuth2Api: { id: null, name: 'Zendesk Sync account' },
};

const nodeOf = (
	name: string,
	type: string,
	credentials: INode['credentials'],
	at: INode['position'],
): INode => ({
	// n8n finds an open node by how its id begins.
	...{ id: randomUUID(), name, type: `${packageName}.${type}`, typeVersion: 1, position: at },
	...{ parameters: {}, ...(credentials ? { credentials } : {}) },
	...(type.endsWith('Trigger') ? { webhookId: randomUUID() } : {}),
});
const nodes = [
	nodeOf('KlaviyoTrigger', 'klaviyoTrigger', KLAVIYO, [0, 0]),
	nodeOf('Klaviyo', 'klaviyo', KLAVIYO, [220, 0]),
	nodeOf('Zendesk Sync', 'zendeskSync', ZENDESK, [440, 0]),
	nodeOf('ZendeskSyncTrigger', 'zendeskSyncTrigger', ZENDESK, [0, 220]),
	nodeOf('Klaviyo Tool', 'klaviyoTool', KLAVIYO, [220, 220]),
	nodeOf('Zendesk Sync Tool', 'zendeskSyncTool', ZENDESK, [440, 220]),
];
const to = (node: string): IConnections[string] => ({
	main: [[{ node, type: 'main', index: 0 }]],
});

/** What each node's output begins with. */
const FOUND = [
	['KlaviyoTrigger', ['from', 'body', 'sentAt']],
	['Klaviyo', ['opensTicket', 'reason', 'customer']],
	['Zendesk Sync', ['outcome', 'ticketId']],
] as const;

export const describeFirstRun = ({ stage, canvas }: Scene): void =>
	describe('A first sync of three nodes, with nothing set but the credentials,', () => {
		let id: string;

		beforeAll(async () => {
			addCustomer(stage(), CUSTOMER, 'ana@home.co');
			stage().sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Where is my order?' });
			id = await stage().n8n.createWorkflow({
				name: 'First sync',
				// n8n reads it when a step is executed.
				pinData: {},
				nodes,
				connections: { KlaviyoTrigger: to('Klaviyo'), Klaviyo: to('Zendesk Sync') },
			});
		});

		const opened = async (): Promise<Panel> => {
			const panel = new Panel(canvas().page, stage().n8n.url);
			await panel.page.setViewportSize(LAPTOP);
			await panel.openWorkflow(id);
			return panel;
		};

		/** n8n does not execute the next node while a run goes on. Its toasts would stand in the next run's way. */
		const isOver = async ({ page }: Panel): Promise<void> => {
			await page.getByText('executed successfully').first().waitFor();
			const buttons = page.locator('.el-notification__closeBtn');
			await buttons.evaluateAll((all) => {
				for (const button of all) button.dispatchEvent(new Event('click'));
			});
			await page.locator('.el-notification').first().waitFor({ state: 'detached' });
		};

		/** The fields of these that are seen in the output without scrolling. */
		const seen = async (panel: Panel, view: View, fields: readonly string[]) => {
			await panel.showOutputAs(view);
			const output = panel.byTestId('output-panel');
			const frame = await output.boundingBox();
			const boxes = await Promise.all(
				fields.map(async (field) => {
					const name = output.getByText(new RegExp(`^\\s*"?${field}"?\\s*:?\\s*$`)).first();
					await name.waitFor();
					return { field, box: await name.boundingBox() };
				}),
			);
			return boxes
				.filter(
					({ box }) =>
						box &&
						frame &&
						box.x >= frame.x &&
						box.x + box.width <= Math.min(frame.x + frame.width, LAPTOP.width) &&
						box.y + box.height <= Math.min(frame.y + frame.height, LAPTOP.height),
				)
				.map(({ field }) => field);
		};

		it('shows what each node found at first sight, in each view, and no red undefined', async () => {
			const panel = await opened();
			for (const [name, fields] of FOUND) {
				await panel.openNode(name);
				await panel.execute();
				await isOver(panel);
				await panel.output();
				for (const view of views)
					expect([name, view, await seen(panel, view, fields)]).toEqual([name, view, fields]);
				expect(await panel.parameters()).not.toContain('undefined');
				await panel.closeNode();
			}
			expect(await canvas().issues()).toEqual([]);
		});

		it('says in words what each node does, how to get an event, and what a model fills in', async () => {
			const panel = await opened();
			const { page } = panel;
			for (const words of [
				'Customer Messaged',
				'Message: Screen',
				'Ticket: Create or Reopen From Message',
				'Agent Replied',
				'Profile: Get',
				'Ticket: Count Open',
			])
				await page.locator('.vue-flow__node').getByText(words, { exact: true }).waitFor();

			await panel.openNode('ZendeskSyncTrigger');
			const words = await panel.byTestId('ndv').innerText();
			expect(words).toContain('Bring in a real event from Zendesk');
			expect(words).toContain('What happens before the first publication is not delivered.');
			expect(words).toContain('At the poll times, n8n also looks for events');
			await page.getByText('When will this node trigger my flow?').click();
			await page.getByText('It brings the newest real event of each kind').waitFor();
			await panel.closeNode();

			await panel.openNode('Klaviyo Tool');
			expect(await panel.parameters()).toMatch(/Email\s+Defined automatically by the model/);
			await panel.closeNode();
			await panel.openNode('Zendesk Sync Tool');
			expect(await panel.parameters()).toMatch(
				/Customer Phone\s+Defined automatically by the model/,
			);
			await panel.closeNode();
		});
	});
