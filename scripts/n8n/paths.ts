/** Where the harness keeps things. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import manifest from '../../package.json';
import n8nManifest from './package/package.json';

export const projectRoot = join(__dirname, '..', '..');

/** The package's name, which is also the prefix of its node types: `<packageName>.klaviyoTrigger`. */
export const packageName = manifest.name;

/** The n8n that tests and the demo run, without what they never load; its README says how the list was made. */
export const n8nPackage = join(__dirname, 'package');
export const N8N_VERSION = n8nManifest.dependencies.n8n;

/** Path of the packed package, for starting many n8n with it; otherwise each start builds and packs it. */
export const TARBALL = 'N8N_HARNESS_TARBALL';

/** Outside the checkout, so that a fresh clone need not download n8n again. `scripts/with-node.mjs` uses the same folder. */
export const cacheFolder = () =>
	process.env.N8N_HARNESS_CACHE ?? join(homedir(), '.cache', 'n8n-nodes-zendesk-klaviyo');
