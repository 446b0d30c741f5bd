/** What npm is told to install for a version of n8n. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import manifest from './package/package.json';
import { N8N_VERSION, n8nPackage } from './paths';

/** Files of the folder that npm installs in, by name. */
export type PackageFiles = Record<'package.json' | '.npmrc', string> & {
	/** Only for the pinned version. Another one gets what a person gets who installs it today. */
	'package-lock.json'?: string;
};

/** Left out of the pinned n8n, and loaded by older ones when they start. */
const OTHERS_NEED = ['hono', 'swagger-ui-express'];

/** Older ones get it from another host than the registry, where not everybody can reach it. They load it late. */
const OTHERS_LACK = { xlsx: manifest.overrides['@e965/xlsx'] };

export async function filesOf(version: string): Promise<PackageFiles> {
	const read = async (name: string): Promise<string> =>
		await readFile(join(n8nPackage, name), 'utf8');
	const npmrc = await read('.npmrc');
	if (version === N8N_VERSION)
		return {
			'package.json': await read('package.json'),
			'package-lock.json': await read('package-lock.json'),
			'.npmrc': npmrc,
		};
	const left = Object.entries(manifest.overrides).filter(([name]) => !OTHERS_NEED.includes(name));
	const other = {
		...manifest,
		dependencies: { n8n: version },
		overrides: { ...Object.fromEntries(left), ...OTHERS_LACK },
	};
	return { 'package.json': JSON.stringify(other, null, '\t'), '.npmrc': npmrc };
}
