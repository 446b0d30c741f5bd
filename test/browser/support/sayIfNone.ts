import { findBrowser, HOW_TO_GET_ONE } from '../../../scripts/screenshots/browser';

/** Printed once for all browser tests. */
export default function sayIfNone(): void {
	if (findBrowser() === undefined)
		process.stderr.write(`Browser tests are skipped. ${HOW_TO_GET_ONE}\n`);
}
