/** `npm run n8n`: installs the n8n of tests and demo, which their first run does otherwise. */
import { ensureN8n } from './install';

ensureN8n().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
