/** docs/security.md names the built-in libraries with their versions, for auditing. */
import crypto from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import manifest from '../../package.json';
import * as klaviyo from '../../nodes/Klaviyo/api/signature';
import * as zendesk from '../../nodes/ZendeskSync/api/signature';

const root = join(__dirname, '../..');
const document = readFileSync(join(root, 'docs/security.md'), 'utf8');

const { packages } = z
	.object({
		packages: z.record(
			z.object({ version: z.string().optional(), dependencies: z.record(z.string()).optional() }),
		),
	})
	.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));

const inTable = new Map(
	[...document.matchAll(/^\| `([\w-]+)`\s+\| ([\d.]+)\s+\|/gm)].map(([, name = '', version]) => [
		name,
		version,
	]),
);

/** A library and all that it needs. */
const withNeeds = (name: string): string[] => {
	const needs = Object.keys(packages[`node_modules/${name}`]?.dependencies ?? {});
	return [name, ...needs.flatMap(withNeeds)];
};

it('names every library that is built in, with its version', () => {
	// As gulpfile.js bundles them.
	const [, list = ''] =
		/const VENDORED = \[([^\]]+)\]/.exec(readFileSync(join(root, 'gulpfile.js'), 'utf8')) ?? [];
	const builtIn = [...list.matchAll(/'([\w-]+)/g)].flatMap(([, name = '']) => withNeeds(name));
	// Several may need the same.
	expect([...inTable].sort()).toEqual(
		[...new Set(builtIn)].map((name) => [name, packages[`node_modules/${name}`]?.version]).sort(),
	);
});

it('is right that the package has no other, and runs nothing when it is installed', () => {
	expect(manifest).not.toHaveProperty('dependencies');
	expect(Object.keys(manifest.peerDependencies)).toEqual(['n8n-workflow']);
	const hooks = ['preinstall', 'install', 'postinstall', 'prepare'];
	expect(Object.keys(manifest.scripts).filter((name) => hooks.includes(name))).toEqual([]);
});

it('is right that nodes read no environment variables and no files', () => {
	const sources = ['nodes', 'domain', 'credentials'].flatMap((folder) =>
		readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
			.filter((file) => file.endsWith('.ts'))
			.map((file) => readFileSync(join(root, folder, file), 'utf8')),
	);
	expect(sources.length).toBeGreaterThan(200);
	const reads = /process\.(?:env|cwd)|from '(?:node:)?(?:fs|child_process|os)|\brequire\(/;
	expect(sources.filter((source) => reads.test(source))).toEqual([]);
});

it('is right that signatures are compared in constant time', () => {
	const compared = jest.spyOn(crypto, 'timingSafeEqual');
	const bytes = Buffer.from('{}');
	expect(klaviyo.isSignedBy('secret', bytes, 'now', klaviyo.sign('secret', bytes, 'now'))).toBe(
		true,
	);
	expect(zendesk.isSignedBy('secret', bytes, 'now', zendesk.sign('secret', 'now', bytes))).toBe(
		true,
	);
	expect(klaviyo.isSignedBy('secret', bytes, 'now', '0'.repeat(64))).toBe(false);
	expect(zendesk.isSignedBy('secret', bytes, 'now', `${'0'.repeat(43)}=`)).toBe(false);
	expect(compared).toHaveBeenCalledTimes(4);
	compared.mockRestore();
});

it('has a command that audits these and no others', () => {
	const audited = [...document.matchAll(/ ([\w-]+)@([\d.]+)/g)].map(([, name, version]) => [
		name,
		version,
	]);
	const pinned: Record<string, string> = manifest.devDependencies;
	expect(audited).toHaveLength(6);
	for (const [name = '', version] of audited) expect(pinned[name]).toBe(version);
});
