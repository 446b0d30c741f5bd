import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** What the browser loads. */
export interface Bundle {
	html: string;
	script: string;
	style: string;
	/** Runs before the page is drawn, so that it never appears in the wrong colours. */
	theme: string;
}

const app = join(__dirname, 'app');
let made: Promise<Bundle> | undefined;

/** The page's files, bundled in memory when they are first requested. */
export function bundle(): Promise<Bundle> {
	made ??= make();
	return made;
}

async function make(): Promise<Bundle> {
	const { outputFiles } = await build({
		entryPoints: [join(app, 'main.tsx'), join(app, 'theme.ts')],
		outdir: app,
		bundle: true,
		write: false,
		minify: true,
		format: 'iife',
		target: 'es2022',
		jsx: 'automatic',
		jsxImportSource: 'preact',
		logLevel: 'error',
		// The page's own settings, whatever the project's are.
		tsconfigRaw: '{}',
	});
	const made = (name: string): string =>
		outputFiles.find(({ path }) => path.endsWith(name))?.text ?? '';
	return {
		html: readFileSync(join(app, 'index.html'), 'utf8'),
		script: made('main.js'),
		style: made('main.css'),
		theme: made('theme.js'),
	};
}
