/** Where the harness keeps things. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import manifest from '../../package.json';

export const projectRoot = join(__dirname, '..', '..');

/** The package's name, which is also the prefix of its node types: `<packageName>.klaviyoTrigger`. */
export const packageName = manifest.name;

/** The n8n that tests and the demo run. 2.41.3 cannot be installed: one of its dependencies is not published. */
export const N8N_VERSION = '2.41.1';

/** Outside the checkout, so that a fresh clone need not fetch 3 GB again. `scripts/with-node.mjs` uses the same. */
export const cacheFolder = () =>
	process.env.N8N_HARNESS_CACHE ?? join(homedir(), '.cache', 'n8n-nodes-zendesk-klaviyo');
