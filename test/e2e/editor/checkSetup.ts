/** What a builder sees who executes template 00. */
import { Panel } from './panel';
import type { Scene } from './scene';

const LAPTOP = { width: 1440, height: 900 };

export const describeCheckSetup = ({ stage, canvas }: Scene): void =>
	describe('Template 00, executed,', () => {
		afterEach(() => {
			stage().sandbox.switches.keyScopes = 'all';
		});

		const executed = async (): Promise<Panel> => {
			const panel = new Panel(canvas().page, stage().n8n.url);
			await panel.page.setViewportSize(LAPTOP);
			await panel.openWorkflow(stage().workflow('00').id);
			await panel.byTestId('execute-workflow-button').first().click();
			return panel;
		};
		const nodeThat = (panel: Panel, name: string, state: string) =>
			panel.page.locator(
				`[data-test-id="canvas-node"][data-node-name="${name}"] [data-test-id="${state}"]`,
			);

		it('is red if rights are missing, and says what to do', async () => {
			// That leaves eleven.
			stage().sandbox.switches.keyScopes = ['profiles:read'];
			const panel = await executed();
			expect(await panel.toast()).toMatch(
				/11 things are missing in Klaviyo: scopes accounts:read, .*\. Create a new private key .*: accounts:read, .*, webhooks:write\.$/,
			);
			expect(await canvas().issues()).toEqual(['Not ready']);
			expect(await nodeThat(panel, 'Ready', 'canvas-node-status-success').count()).toBe(0);

			await panel.openNode('Check Klaviyo');
			expect(await panel.output()).toMatch(/missing\s+Klaviyo\s+Create a new private key/);
			const output = await panel.byTestId('output-panel').boundingBox();
			const column = await panel
				.byTestId('output-panel')
				.locator('th', { hasText: 'howToFix' })
				.boundingBox();
			const rightOf = (box: typeof output): number => (box?.x ?? 0) + (box?.width ?? 0);
			expect(rightOf(column)).toBeGreaterThan(0);
			expect(rightOf(column)).toBeLessThan(rightOf(output));
			expect(rightOf(output)).toBeLessThanOrEqual(LAPTOP.width);
			await panel.closeNode();
		});

		it('is green if both accounts are ready', async () => {
			const panel = await executed();
			await nodeThat(panel, 'Ready', 'canvas-node-status-success').waitFor();
			expect(await canvas().issues()).toEqual([]);
			await panel.openNode('Check Klaviyo');
			expect(await panel.output()).toMatch(/ready\s+Klaviyo\s.*\s+Klaviyo is ready\./);
			await panel.closeNode();
		});
	});
