/**
 * Anyone who signs in to n8n can run code, and n8n does not check the Host header: a page in a browser on the same machine
 * could sign in to the demo's n8n if its password were always the same.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const PRINT = `
	const { owner } = require('./scripts/n8n/rest.ts');
	const { commonSettings } = require('./scripts/n8n/settings.ts');
	const { N8N_ENCRYPTION_KEY } = commonSettings({ nodeFolder: '' });
	console.log(JSON.stringify([owner.password, N8N_ENCRYPTION_KEY]));
`;

/** In a process of its own, as each run of the demo is. */
function secretsOfRun(): string[] {
	const run = spawnSync(process.execPath, ['--require', 'tsx/cjs', '--eval', PRINT], {
		cwd: root,
		encoding: 'utf8',
	});
	expect(run.stderr).toBe('');
	return JSON.parse(run.stdout) as string[];
}

it("The demo's n8n has a password and an encryption key of its own in each run, hard to guess", () => {
	const secrets = [secretsOfRun(), secretsOfRun()].flat();
	expect(new Set(secrets).size).toBe(4);
	for (const secret of secrets) expect(secret.length).toBeGreaterThanOrEqual(20);
});

it('The address that the demo shows its password for is of this machine alone', async () => {
	const { commonSettings } = await import('../../scripts/n8n/settings');
	expect(commonSettings({ nodeFolder: '' } as never).N8N_LISTEN_ADDRESS).toBe('127.0.0.1');
});
