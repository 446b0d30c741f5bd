import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { Page } from 'playwright-core';
import { z } from 'zod';

/** The functions of `page/seen.ts`, which are types of the browser's and so apart from the tests. */
const script = buildSync({
	entryPoints: [join(__dirname, '../page/seen.ts')],
	bundle: true,
	write: false,
	format: 'iife',
	globalName: 'seen',
	tsconfigRaw: '{}',
}).outputFiles[0]?.text;

type ListName = 'contrastFaults' | 'namelessControls' | 'overlaps' | 'sideways' | 'smallTargets';

async function ask(page: Page, call: string): Promise<unknown> {
	return await page.evaluate(`(() => { ${script}; return seen.${call}; })()`);
}

export const seenList = async (page: Page, name: ListName): Promise<string[]> =>
	z.array(z.string()).parse(await ask(page, `${name}()`));
export const showsFocus = async (page: Page): Promise<boolean> =>
	z.boolean().parse(await ask(page, 'showsFocus()'));
export const focused = async (page: Page): Promise<string> =>
	z.string().parse(await ask(page, 'focused()'));
export const overflows = async (page: Page): Promise<boolean> =>
	z.boolean().parse(await ask(page, 'overflows()'));
export const background = async (page: Page, selector: string): Promise<string> =>
	z.string().parse(await ask(page, `background(${JSON.stringify(selector)})`));
