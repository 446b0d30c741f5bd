/** Who publishes runs nothing else: a bad development dependency must not get the right to publish. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const workflow = (name: string): string =>
	readFileSync(join(__dirname, '../../.github/workflows', name), 'utf8');

/** Each job's lines, by name; '' has what stands before the jobs. */
function jobsOf(text: string): Map<string, string> {
	const [head = '', ...parts] = text.split(/^ {2}(?=[a-z]+:\n)/m);
	return new Map([
		['', head],
		...parts.map((part): [string, string] => [part.split(':')[0] ?? '', part]),
	]);
}

describe('Publishing', () => {
	const jobs = jobsOf(workflow('publish.yml'));
	const publishing = [...jobs].filter(([, text]) => text.includes('id-token: write'));

	it('is allowed to one job only', () => {
		expect(publishing.map(([name]) => name)).toEqual(['publish']);
	});

	it('installs, builds and tests nothing there, and uses what was checked', () => {
		const [[, text = ''] = []] = publishing;
		expect(text).not.toMatch(
			/npm (ci|install|i|run|test|exec)\b|npx|node_modules|actions\/checkout/,
		);
		expect(text).toContain('npm publish ./*.tgz --provenance --access public --ignore-scripts');
		expect(text).toContain('needs: check');
		expect(jobs.get('check')).toMatch(/npm run check/);
	});

	it('publishes what is on main, under the version of the tag', () => {
		expect(jobs.get('check')).toContain('git merge-base --is-ancestor "$GITHUB_SHA" origin/main');
		expect(jobs.get('check')).toContain('"$GITHUB_REF_NAME"');
	});

	it.each(['publish.yml', 'ci.yml'])(
		'pins actions by commit, not by a name that can be moved (%s)',
		(name) => {
			const used = [...workflow(name).matchAll(/uses: (\S+)(.*)/g)];
			expect(used.length).toBeGreaterThan(1);
			for (const [, action, comment] of used) {
				expect(action).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/);
				expect(comment).toMatch(/^ # v\d+\.\d+\.\d+$/);
			}
		},
	);

	it('and nothing else may write', () => {
		for (const name of ['publish.yml', 'ci.yml'])
			expect(workflow(name)).toMatch(/^permissions:\n {2}contents: read\n\n/m);
		expect(workflow('ci.yml')).not.toContain('write');
	});
});
