import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FOLDER } from '../../../scripts/n8n/pack';
import { TARBALL } from '../../../scripts/n8n/paths';

/** What packOnce made; a package that somebody else named stays. */
export default async function removePacked(): Promise<void> {
	const folder = dirname(process.env[TARBALL] ?? '');
	if (folder.startsWith(FOLDER)) await rm(folder, { recursive: true, force: true });
}
