/** `npm run templates`: writes templates/ from scripts/templates/. A unit test fails if they differ. */
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { projectRoot } from '../n8n/paths';
import { templateFiles } from './index';

const folder = join(projectRoot, 'templates');

async function main(): Promise<void> {
	const files = templateFiles();
	for (const name of await readdir(folder)) {
		if (!files.has(name)) await rm(join(folder, name));
	}
	for (const [name, template] of files) {
		const path = join(folder, name);
		const options = { ...(await resolveConfig(path)), filepath: path };
		await writeFile(path, await format(JSON.stringify(template, null, 2), options));
		process.stdout.write(`templates/${name}\n`);
	}
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
