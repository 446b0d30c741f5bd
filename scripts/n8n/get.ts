/** `npm run n8n`: gets the n8n that tests and the demo run, which they would do by themselves at their first run. */
import { ensureN8n } from './install';

ensureN8n().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
