/** The README's steps, as `npm run readme` follows them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultOf } from '../../scripts/readme/rules';
import { readInstructions } from '../../scripts/readme/steps';

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8');

const faultsIn = (readme: string): string[] =>
	readInstructions(readme).steps.flatMap((step) => faultOf(step) ?? []);

test('the README has commands to try it, something to type, and steps that are all known', () => {
	const { tryIt, typed, steps } = readInstructions(README);
	expect(tryIt).toEqual(['npm ci', 'npm run demo']);
	expect(typed[0]).toMatch(/^text /);
	expect(typed.at(-1)).toBe('quit');
	expect(steps.length).toBeGreaterThan(5);
	expect(faultsIn(README)).toEqual([]);
});

test('its commands are read with the step that they belong to', () => {
	const { steps } = readInstructions(README);
	const withCommands = steps.filter(({ commands }) => commands.length > 0);
	expect(withCommands.map(({ words }) => /\*\*(.*?)\*\*/.exec(words)?.[1])).toEqual([
		'Install the package.',
		'Import the templates.',
	]);
	expect(withCommands[1]?.commands).toEqual([expect.stringMatching(/^n8n import:workflow /)]);
});

test.each([
	['a step of another kind', '8. **Clap** your hands.\n', /^Step 8/],
	[
		'another template',
		'8. Open _06 Backfill past tickets_ and look at it.\n   Reply in Zendesk.\n',
		/^'06 Backfill past tickets' in step 8/,
	],
])('%s is not passed over', (_what, step, fault) => {
	const changed = README.replace(/^(7\. .*\n)/m, `$1${step}`);
	expect(faultsIn(changed)).toEqual([expect.stringMatching(fault)]);
});
