/** A sandbox with its console in a real browser; skipped if there is none. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../sandbox';
import { findBrowser, openBrowser } from '../../../scripts/screenshots/browser';
import { startTinySync } from './tinySync';

export const describeInBrowser = findBrowser() === undefined ? describe.skip : describe;

let browser: Browser | undefined;
const closers: Array<() => Promise<unknown>> = [];

export interface Stage {
	sandbox: Sandbox;
	page: Page;
	/** Errors that the page threw or wrote to its console. */
	complaints: string[];
}

/** Opens the console of a new sandbox. With `sync`, messages become tickets and answers messages. */
export async function openConsole(
	options: { sandbox?: SandboxOptions; sync?: boolean; browser?: BrowserContextOptions } = {},
): Promise<Stage> {
	browser ??= await openBrowser();
	const sandbox = await startSandbox({ limits: 1000, ...options.sandbox });
	closers.push(() => sandbox.close());
	if (options.sync) {
		const sync = await startTinySync(sandbox);
		closers.push(() => sync.close());
	}
	const context = await browser.newContext({
		viewport: { width: 1280, height: 800 },
		...options.browser,
	});
	closers.push(() => context.close());
	const page = await context.newPage();
	page.setDefaultTimeout(20_000);
	const complaints: string[] = [];
	page.on('pageerror', (error) => complaints.push(error.message));
	page.on('console', (message) => {
		if (message.type() === 'error') complaints.push(message.text());
	});
	await page.goto(sandbox.controlUrl);
	await page.getByRole('main').waitFor();
	return { sandbox, page, complaints };
}

/** Closes what the test opened, newest first. */
export async function closeStages(): Promise<void> {
	for (const close of closers.splice(0).reverse()) await close();
}

export async function closeBrowser(): Promise<void> {
	await browser?.close();
	browser = undefined;
}
