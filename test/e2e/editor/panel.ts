/** What a builder does in n8n's editor: opens a workflow or a node, reads what its panel says, publishes. */
import type { Locator, Page } from 'playwright-core';

/** n8n tries five times to register a trigger, which takes 20 seconds. */
const PUBLISHED_WITHIN = 150_000;

/** The ways in which n8n shows an output. */
export const views = ['schema', 'table', 'json'] as const;
export type View = (typeof views)[number];

export class Panel {
	/**
	 * @param page signed in to n8n, such as a `Canvas` has
	 * @param url n8n's address
	 */
	constructor(
		readonly page: Page,
		private readonly url: string,
	) {}

	byTestId(id: string): Locator {
		return this.page.locator(`[data-test-id="${id}"]`);
	}

	async openWorkflow(id: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${id}`);
		await this.page.locator('.vue-flow__node').first().waitFor();
	}

	/** Opens a node of the open workflow. `closeNode` before opening another. */
	async openNode(name: string): Promise<void> {
		await this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).dblclick();
		await this.byTestId('node-parameters').waitFor();
	}

	async closeNode(): Promise<void> {
		await this.byTestId('ndv-close-button').click();
		await this.byTestId('ndv').waitFor({ state: 'detached' });
	}

	/** A parameter of the open node that is chosen from a list, or by another of its modes. */
	locator(parameter: string): Locator {
		return this.byTestId(`resource-locator-${parameter}`);
	}

	async openList(parameter: string): Promise<void> {
		await this.locator(parameter).locator('[data-test-id="rlc-input"]').click();
	}

	/** Searches the open list. */
	async searchList(words: string): Promise<void> {
		await this.byTestId('rlc-search').fill(words);
	}

	/** The open node's own button: Execute step, or Fetch Test Event of a trigger. */
	async execute(): Promise<void> {
		await this.byTestId('node-execute-button').click();
	}

	/** The open node's parameters, as one reads them. */
	async parameters(): Promise<string> {
		return await this.byTestId('node-parameters').innerText();
	}

	/** The open node's output, once it has some: in the view that n8n shows. */
	async output(): Promise<string> {
		const output = this.byTestId('output-panel');
		await output.locator('[data-test-id="ndv-items-count"]').waitFor();
		return await output.innerText();
	}

	/** The open node's output is shown this way from now on. */
	async showOutputAs(view: View): Promise<void> {
		await this.byTestId('output-panel').locator(`[data-test-id="radio-button-${view}"]`).click();
	}

	/**
	 * Publishes the open workflow by n8n's buttons.
	 * @returns `Published`, or the toast that says why not
	 */
	async publish(): Promise<string> {
		const button = this.byTestId('workflow-open-publish-modal-button');
		await button.click();
		await this.byTestId('workflow-publish-button').click();
		const published = button.filter({ hasText: /^\s*Published\s*$/ });
		await published.or(this.newestToast()).first().waitFor({ timeout: PUBLISHED_WITHIN });
		return (await published.count()) > 0 ? 'Published' : await this.toast();
	}

	/** The newest toast, once there is one, with its title. It is closed. */
	async toast(): Promise<string> {
		const toast = this.newestToast();
		await toast.waitFor();
		const words = await toast.innerText();
		await toast.locator('.el-notification__closeBtn').click();
		await toast.waitFor({ state: 'detached' });
		return words.replace(/\s+/g, ' ').trim();
	}

	private newestToast(): Locator {
		return this.page.locator('.el-notification').last();
	}

	/** What the list of workflows shows beside one: `Published`, `Failed publish`; '' for nothing. */
	async listedAs(workflowName: string): Promise<string> {
		await this.page.goto(`${this.url}/home/workflows`);
		const card = this.page
			.locator('[data-test-id="resources-list-item-workflow"]')
			.filter({ has: this.page.getByText(workflowName, { exact: true }) });
		await card.waitFor();
		const state = card.locator('[data-test-id="workflow-card-publish-indicator"]');
		return (await state.count()) === 0 ? '' : await state.innerText();
	}
}
