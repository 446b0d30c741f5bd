/** The Docker example cannot be run here. Its settings are checked against the n8n that the tests run. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import manifest from '../../package.json';
import { ensureN8n } from '../../scripts/n8n/install';
import { N8N_VERSION, projectRoot } from '../../scripts/n8n/paths';

const example = (file: string): string =>
	readFileSync(join(projectRoot, 'examples', 'docker', file), 'utf8');

/** Names in the block that follows `environment:` with this anchor. */
function settingsIn(compose: string, anchor: string): string[] {
	const [, block = ''] = compose.split(`environment: &${anchor}\n`);
	const lines = block.split('\n');
	const end = lines.findIndex((line) => !/^ {4}/.test(line));
	return lines.slice(0, end).flatMap((line) => /^ {4}([A-Z0-9_]+):/.exec(line)?.[1] ?? []);
}

describe('the Docker example', () => {
	it('sets only what n8n knows', async () => {
		const { script } = await ensureN8n();
		const config = join(dirname(script), '..', '..', '@n8n', 'config', 'dist');
		const code = readdirSync(config, { recursive: true, encoding: 'utf8' })
			.filter((file) => file.endsWith('.js'))
			.map((file) => readFileSync(join(config, file), 'utf8'))
			.join('\n');
		const settings = settingsIn(example('docker-compose.yml'), 'n8n-environment');
		expect(settings).toContain('N8N_ENCRYPTION_KEY');
		expect(settings.filter((name) => !code.includes(`Env)('${name}'`))).toEqual([]);
	});

	it('builds with the n8n that the tests run, and this version of the package', () => {
		const dockerfile = example('Dockerfile');
		expect(dockerfile).toContain(`N8N_VERSION=${N8N_VERSION}\n`);
		expect(dockerfile).toContain(`PACKAGE=${manifest.name}\n`);
		expect(dockerfile).toContain(`PACKAGE_VERSION=${manifest.version}\n`);
	});

	it('has everything it needs in .env.example', () => {
		const needed = [...example('docker-compose.yml').matchAll(/\$\{([A-Z0-9_]+)/g)];
		const asked = example('.env.example');
		expect(
			needed.map(([, name = '']) => name).filter((name) => !asked.includes(`${name}=`)),
		).toEqual([]);
	});
});
