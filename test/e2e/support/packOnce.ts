import { packPackage } from '../../../scripts/n8n/pack';
import { TARBALL } from '../../../scripts/n8n/paths';

/** Builds and packs the package once for all files that start an n8n with it. */
export default async function packOnce(): Promise<void> {
	process.env[TARBALL] ??= await packPackage();
}
