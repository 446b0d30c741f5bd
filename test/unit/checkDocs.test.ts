/** The check of the documents sees each kind of fault. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { faultsIn, type Known } from '../../scripts/docs/faults';

describe('The check of the documents', () => {
	let root = '';

	beforeAll(() => {
		root = mkdtempSync(join(tmpdir(), 'docs-'));
		write('docs/there.md', '# What is there?\n\n## Twice\n\n## Twice\n');
		write('scripts/demo.ts', ".option('--once', 'x').option('--record <file>', 'y')");
		write('test/unit/phone.test.ts', `it("is 'left' as it is", () => {})`);
	});
	afterAll(() => rmSync(root, { recursive: true, force: true }));

	function write(file: string, text: string): void {
		mkdirSync(dirname(join(root, file)), { recursive: true });
		writeFileSync(join(root, file), text);
	}

	function faultsOf(text: string, file = 'README.md'): string[] {
		write(file, text);
		const known: Known = {
			root,
			scripts: { demo: 'tsx scripts/demo.ts', test: 'jest', 'test:unit': 'jest' },
			tests: ['test/unit/phone.test.ts'],
			names: new Set(['Klaviyo Trigger', 'Message: Screen']),
			source: "const reason = 'optOutInMessage'; ticket_id",
			folders: ['docs', 'scripts', 'test'],
		};
		return faultsIn(file, known).map(({ line, message }) => `${line}: ${message}`);
	}

	it('finds no fault in a correct document', () => {
		const text = [
			'# Read me',
			'See [there](docs/there.md), [its heading](docs/there.md#what-is-there), [the second](docs/there.md#twice-1),',
			'[above](#read-me) and [elsewhere](https://example.com/none).',
			'Open _Klaviyo Trigger_, look at `optOutInMessage` and `ticket_id`, in `docs/there.md`.',
			'`test/unit/phone.test.ts` "is \'left\' as it is"',
			'```bash',
			'npm ci && npm run demo -- --once --record traffic.jsonl',
			'SEED=7 npm run test:unit -- --testPathPatterns phone',
			'```',
			'```js',
			'npm run nothing // [not read](nowhere.md)',
			'```',
		].join('\n');
		expect(faultsOf(text)).toEqual([]);
	});

	it.each([
		['a file', '[x](docs/none.md)', 'leads to docs/none.md'],
		['a picture', '![x](docs/none.png)', 'leads to docs/none.png'],
		['a picture in HTML', '<img src="docs/none.png">', 'leads to docs/none.png'],
		['a heading', '[x](docs/there.md#none)', 'leads to a heading'],
		['a heading of its own', '[x](#none)', 'leads to a heading'],
		['a script', '```bash\nnpm run none\n```', "no script 'none'"],
		['a script in a sentence', 'Type `npm run none`.', "no script 'none'"],
		['a command of npm', '```sh\nnpm frobnicate\n```', "no command 'frobnicate'"],
		['an option', '`npm run demo -- --none`', 'no option --none'],
		['a file of tests', '`npm run test:unit -- --testPathPatterns none`', 'no test file has none'],
		['a path', '`scripts/none.ts`', 'scripts/none.ts is not there'],
		['a name on the canvas', 'Open _Klaviyo Thing_.', "nothing called 'Klaviyo Thing'"],
		['a reason', 'It says `optOutNowhere`.', "know no 'optOutNowhere'"],
		['a test', '`test/unit/phone.test.ts` "is right"', 'has no test "is right"'],
		['a test file', '`test/unit/none.test.ts` "is right"', 'test/unit/none.test.ts is not there'],
	])('sees %s that is not there', (_what, text, message) => {
		const faults = faultsOf(text);
		expect(faults.join('\n')).toContain(message);
	});

	it('leaves records of the past alone, except for their links', () => {
		const text = 'Once there was _Another Name_ and `anotherReason`. [x](none.md)';
		expect(faultsOf(text, 'docs/decisions/0001-old.md')).toEqual([
			"1: 'none.md' leads to docs/decisions/none.md, which is not there",
		]);
	});
});
