/** `npm run screenshots`: takes the documents' pictures from the real thing. */
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { program } from 'commander';
import type { Browser } from 'playwright-core';
import { screenshotConsole } from '../sandbox/console/scene';
import { setStage, type Stage } from './demo/stage';
import { projectRoot } from './n8n/paths';
import { openBrowser } from './screenshots/browser';
import { Canvas } from './screenshots/canvas';
import { picturePanels } from './screenshots/panels';

program
	.name('npm run screenshots --')
	.description("Takes the documents' pictures from the real thing.")
	.option(
		'--panels <folder>',
		"instead, take a picture of every node's and credential's panel into this folder, to look at",
	)
	.parse();

const { panels } = program.opts<{ panels?: string }>();

const folder = join(projectRoot, 'docs', 'images');
/** Larger pictures would slow down a page of the documents. */
const LARGEST = 500_000;
/** The panels that the documents show. */
const SHOWN_PANELS = [
	'credential-klaviyo-sync-api',
	'zendesk-sync-ticket-create-or-reopen-from-message',
];

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

/** Each panel, to be looked at; or those that the documents show. */
async function picturePanelsInto(
	into: string,
	stage: Stage,
	browser: Browser,
	wanted?: readonly string[],
): Promise<void> {
	await mkdir(into, { recursive: true });
	const canvas = await Canvas.open(browser, stage.n8n.url);
	const taken = await picturePanels(stage, canvas, into, wanted);
	await canvas.close();
	const missing = wanted?.filter((name) => !taken.includes(name)) ?? [];
	if (missing.length > 0) throw new Error(`There is no panel ${missing.join(', ')}`);
	say(`${taken.length} panels in ${into}`);
}

async function main(): Promise<void> {
	const browser = await openBrowser();
	let stage: Stage | undefined;
	try {
		if (panels !== undefined) {
			stage = await setStage({ progress: say, publish: [] });
			return await picturePanelsInto(panels, stage, browser);
		}
		await mkdir(folder, { recursive: true });
		for (const name of await readdir(folder))
			if (name.startsWith('template-')) await rm(join(folder, name));
		const sandbox = { switches: { whatsAppFromStart: true } };
		// n8n shows a card in front of a published workflow.
		stage = await setStage({ progress: say, sandbox, publish: [] });
		await pictureTemplates(stage, browser);
		await picturePanelsInto(join(folder, 'panels'), stage, browser, SHOWN_PANELS);
		await pictureConsole(stage, browser);
	} finally {
		await browser.close();
		await stage?.close();
	}
	const files = await readdir(folder, { recursive: true });
	for (const name of files.filter((file) => file.includes('.')).sort()) {
		const { size } = await stat(join(folder, name));
		say(`docs/images/${name}  ${Math.round(size / 1000)} kB`);
		if (size > LARGEST) throw new Error(`docs/images/${name} is larger than ${LARGEST} bytes`);
	}
}

main().catch((error: unknown) => {
	process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
