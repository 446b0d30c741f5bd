/** What each scene in n8n's editor has: the stage, and a browser that is signed in. */
import type { Browser } from 'playwright-core';
import type { Stage } from '../../../scripts/demo/stage';
import { findBrowser, openBrowser } from '../../../scripts/screenshots/browser';
import { Canvas } from '../../../scripts/screenshots/canvas';

export interface Scene {
	stage: () => Stage;
	/** A window of its own for each test. */
	canvas: () => Canvas;
}

export const describeInBrowser = findBrowser() === undefined ? describe.skip : describe;

/** Opens a browser for the file's tests. */
export function useScene(stage: () => Stage): Scene {
	let browser: Browser;
	let canvas: Canvas;
	beforeAll(async () => {
		browser = await openBrowser();
	});
	beforeEach(async () => {
		canvas = await Canvas.open(browser, stage().n8n.url);
	});
	afterEach(async () => await canvas.close());
	afterAll(async () => await browser.close());
	return { stage, canvas: () => canvas };
}
