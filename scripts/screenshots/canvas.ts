/** n8n's canvas in a browser, as a builder sees it. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { owner } from '../n8n/rest';

const WINDOW = { width: 1600, height: 1000 };

/** Pixels around a workflow in its picture. */
const MARGIN = 24;
/** Room for n8n's own menus and buttons around the canvas. */
const AROUND = { width: 400, height: 500 };
/** n8n's own controls, which say nothing about the workflow. */
const HIDDEN = `
	#sidebar, #header, [data-test-id="canvas-background"], [data-test-id="canvas-controls"], [data-test-id="canvas-minimap"],
	[data-test-id="canvas-node-toolbar"], [data-test-id="execute-workflow-button"],
	[data-test-id^="execute-workflow-button-"], [data-test-id="canvas-handle-plus-wrapper"],
	[data-test-id="logs-panel"], [data-test-id="node-creator-plus-button"],
	[data-test-id="command-bar-button"], [data-test-id="add-sticky-button"],
	[data-test-id="toggle-focus-panel-button"], [data-test-id="instance-ai-canvas-action-button"],
	 [data-test-id="ask-assistant-sidebar"], .el-notification
	{ visibility: hidden !important; }
`;

interface Box {
	x: number;
	y: number;
	width: number;
	height: number;
}

interface Edges {
	left: number;
	top: number;
	right: number;
	bottom: number;
}

/** Signed in as the owner. */
export class Canvas {
	private constructor(
		private readonly url: string,
		private readonly context: BrowserContext,
		readonly page: Page,
	) {}

	static async open(browser: Browser, url: string): Promise<Canvas> {
		const context = await browser.newContext({ viewport: WINDOW });
		const page = await context.newPage();
		page.setDefaultTimeout(60_000);
		await page.goto(`${url}/signin`);
		await page.locator('input[name="emailOrLdapLoginId"]').fill(owner.email);
		await page.locator('input[name="password"]').fill(owner.password);
		await page.locator('button:has-text("Sign in")').click();
		await page.waitForURL((address) => !address.pathname.startsWith('/signin'));
		return new Canvas(url, context, page);
	}

	/** Opens a workflow; resolves when all of its nodes are drawn. */
	async show(workflowId: string, nodes: number): Promise<void> {
		const { page } = this;
		await page.goto(`${this.url}/workflow/${workflowId}`);
		await page.addStyleTag({ content: HIDDEN });
		await page
			.locator('.vue-flow__node')
			.nth(nodes - 1)
			.waitFor();
		await this.drawn();
	}

	/** Names of the nodes that n8n marks with a warning. */
	async issues(): Promise<string[]> {
		const marks = this.page.locator('[data-test-id="canvas-node"]', {
			has: this.page.locator('[data-test-id="node-issues"]'),
		});
		return await marks.evaluateAll((nodes) =>
			nodes.map((node) => node.getAttribute('data-node-name') ?? ''),
		);
	}

	/** A picture of the whole workflow at full size, without anything around it. */
	async picture(path: string): Promise<void> {
		const { page } = this;
		// n8n's cards may open late and take room from the canvas: then try again in a larger window.
		for (let extra = 0; extra < 1000; extra += 200) {
			const { width, height } = await this.extent();
			const zoom = await this.zoom();
			await page.setViewportSize({
				width: Math.ceil(width / zoom) + AROUND.width + extra,
				height: Math.ceil(height / zoom) + AROUND.height + extra,
			});
			await page.locator('[data-test-id="canvas"]').focus();
			await page.keyboard.press('1');
			await this.drawn();
			if ((await this.zoom()) > 0.98) break;
		}
		const { x, y, ...size } = await this.extent();
		const clip = {
			x: x - MARGIN,
			y: y - MARGIN,
			width: size.width + 2 * MARGIN,
			height: size.height + 2 * MARGIN,
		};
		await page.screenshot({ path, clip });
	}

	async close(): Promise<void> {
		await this.context.close();
	}

	/** Where the nodes and their names are, in pixels of the window. */
	private async extent(): Promise<Box> {
		const parts = this.page.locator(
			'.vue-flow__node, .vue-flow__node [class*="description"], .vue-flow__edge-path',
		);
		const edges: Edges[] = await parts.evaluateAll((elements) =>
			elements.map((element) => {
				const { left, top, right, bottom } = element.getBoundingClientRect();
				return { left, top, right, bottom };
			}),
		);
		const x = Math.min(...edges.map(({ left }) => left));
		const y = Math.min(...edges.map(({ top }) => top));
		const width = Math.ceil(Math.max(...edges.map(({ right }) => right)) - x);
		const height = Math.ceil(Math.max(...edges.map(({ bottom }) => bottom)) - y);
		return { x, y, width, height };
	}

	/** 1 for full size. */
	private async zoom(): Promise<number> {
		const style = await this.page.locator('.vue-flow__transformationpane').getAttribute('style');
		return Number(/scale\(([\d.]+)\)/.exec(style ?? '')?.[1] ?? 1);
	}

	/** Resolves when nothing is moving. */
	private async drawn(): Promise<void> {
		let last = '';
		for (;;) {
			const now = JSON.stringify(await this.extent());
			if (now === last) return;
			last = now;
			await this.page.waitForTimeout(400);
		}
	}
}
