import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FOLDER } from '../../../scripts/n8n/pack';
import { TARBALL } from '../../../scripts/n8n/paths';

/** The package that packOnce built; one that was named from outside stays. */
export default async function removePacked(): Promise<void> {
	const folder = dirname(process.env[TARBALL] ?? '');
	if (folder.startsWith(FOLDER)) await rm(folder, { recursive: true, force: true });
}
