/** `npm run screenshots`: takes the documents' pictures from the real thing. */
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { screenshotConsole } from '../sandbox/console/scene';
import { setStage, type Stage } from './demo/stage';
import { projectRoot } from './n8n/paths';
import { openBrowser } from './screenshots/browser';
import { Canvas } from './screenshots/canvas';

const folder = join(projectRoot, 'docs', 'images');
/** Larger pictures would slow down a page of the documents. */
const LARGEST = 400_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Each template on n8n's canvas, as `template-<file>.png`. */
async function pictureTemplates({ n8n, templates }: Stage, browser: Browser): Promise<void> {
	const canvas = await Canvas.open(browser, n8n.url);
	for (const { id, file } of templates) {
		const { nodes } = await n8n.workflow(id);
		await canvas.show(id, nodes.length);
		await canvas.picture(join(folder, `template-${file.replace(/\.json$/, '.png')}`));
	}
	await canvas.close();
}

/** The sandbox's console, with a conversation that this n8n syncs. */
async function pictureConsole({ sandbox, n8n, workflow }: Stage, browser: Browser): Promise<void> {
	for (const phone of ['01', '02', '03']) await n8n.publish(workflow(phone).id);
	const page = await browser.newPage();
	await page.goto(sandbox.controlUrl);
	await screenshotConsole(page, folder);
	await page.close();
}

async function main(): Promise<void> {
	const browser = await openBrowser();
	let stage: Stage | undefined;
	try {
		await mkdir(folder, { recursive: true });
		for (const name of await readdir(folder))
			if (name.startsWith('template-')) await rm(join(folder, name));
		// n8n shows a card in front of a published workflow.
		stage = await setStage({ progress: say, publish: [] });
		await pictureTemplates(stage, browser);
		await pictureConsole(stage, browser);
	} finally {
		await browser.close();
		await stage?.close();
	}
	for (const name of (await readdir(folder)).sort()) {
		const { size } = await stat(join(folder, name));
		say(`docs/images/${name}  ${Math.round(size / 1000)} kB`);
		if (size > LARGEST) throw new Error(`docs/images/${name} is larger than ${LARGEST} bytes`);
	}
}

main().catch((error: unknown) => {
	process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
