/** Builds the package and packs it as npm would publish it. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import manifest from '../../package.json';
import { projectRoot } from './paths';

const run = promisify(execFile);

/** npm publishes these whatever `files` says. */
const ALWAYS = ['package.json', 'LICENSE', 'README.md'];

/** The beginning of the name of a new folder for a tarball. */
export const FOLDER = join(tmpdir(), 'n8n-package-');

/**
 * Builds the package, and has `use` look at it before it goes. Not in the checkout's dist/, which other tests read
 * meanwhile; but below its node_modules, since the build loads what it built.
 */
export async function withBuild<T>(use: (folder: string) => Promise<T>): Promise<T> {
	const caches = join(projectRoot, 'node_modules', '.cache');
	await mkdir(caches, { recursive: true });
	const stage = await mkdtemp(join(caches, 'build-'));
	try {
		const env = { ...process.env, BUILD_DIR: stage };
		const gulp = join(projectRoot, 'node_modules', '.bin', 'gulp');
		await run(gulp, ['build', '--silent'], { cwd: projectRoot, env });
		return await use(stage);
	} finally {
		await rm(stage, { recursive: true, force: true });
	}
}

/**
 * @param into folder for the tarball; a new temporary one by default
 * @returns path of the tarball
 */
export async function packPackage(into?: string): Promise<string> {
	const target = into ?? (await mkdtemp(FOLDER));
	return await withBuild(async (stage) => {
		const files = [...ALWAYS, ...manifest.files].filter((file) => file !== 'dist');
		await Promise.all(
			files.map((file) =>
				cp(join(projectRoot, file), join(stage, file), { recursive: true }).catch((error) => {
					if (error.code !== 'ENOENT') throw error;
				}),
			),
		);
		const npm = ['pack', '--ignore-scripts', '--silent', '--pack-destination', target];
		const { stdout } = await run('npm', npm, { cwd: stage });
		return join(target, stdout.trim());
	});
}
