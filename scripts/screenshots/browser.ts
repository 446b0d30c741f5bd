/** A browser on this machine, for pictures and for tests of a page. */
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { type Browser, chromium } from 'playwright-core';

const PLACES = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/usr/bin/google-chrome-stable',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
];

export const HOW_TO_GET_ONE =
	'No browser was found. Install Chromium (Debian, Ubuntu: apt-get install chromium), or set CHROMIUM_PATH to one.';

/** Path of a Chromium or Chrome: CHROMIUM_PATH, or one in a usual place. */
export const findBrowser = (): string | undefined =>
	[process.env.CHROMIUM_PATH, ...PLACES].find((path) => path && existsSync(path));

/** @throws Error that says how to get a browser, if there is none */
export async function openBrowser(): Promise<Browser> {
	const executablePath = findBrowser();
	if (!executablePath) throw new Error(HOW_TO_GET_ONE);
	// Chromium refuses to run as root with its sandbox, as in a container.
	const args = userInfo().uid === 0 ? ['--no-sandbox'] : [];
	return await chromium.launch({ executablePath, args });
}
