/** `npm run n8n`: installs the n8n of tests and demo, which their first run does otherwise. See --help. */
import { program } from 'commander';
import { ensureN8n } from './install';
import { N8N_VERSION } from './paths';

program
	.name('npm run n8n --')
	.description('Installs n8n for tests and demo into a cache folder.')
	.option('--version <version>', 'another version of n8n', N8N_VERSION)
	.parse();

ensureN8n(undefined, program.opts<{ version: string }>().version).catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
