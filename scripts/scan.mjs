/**
 * Runs n8n's package scanner (`@n8n/scan-community-package`), which by itself scans only published packages, on the sources
 * and on the packed tarball; warnings count, too. `--built` uses dist/ as it is.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
	analyzePackage,
	buildScanConfig,
	SOURCE_FILE_PATTERNS,
} from '@n8n/scan-community-package/scanner/scanner.mjs';
import { ESLint } from 'eslint';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** As in the scanner's analyzePackageByName. */
const DIST_FILE_PATTERNS = ['**/*.js', 'package.json'];

/** Errors and warnings of one part, each printed as `leg: file:line rule message`. */
async function scan(leg, folder, patterns) {
	const eslint = new ESLint({
		cwd: folder,
		allowInlineConfig: false,
		overrideConfigFile: true,
		overrideConfig: await buildScanConfig(),
		errorOnUnmatchedPattern: false,
	});
	const results = await eslint.lintFiles(patterns);
	for (const { filePath, messages } of results) {
		for (const { line, ruleId, message, severity } of messages) {
			const kind = severity === 2 ? 'error' : 'warning';
			console.log(`${leg}: ${relative(folder, filePath)}:${line} ${kind} ${ruleId} ${message}`);
		}
	}
	const errors = results.reduce((sum, { errorCount }) => sum + errorCount, 0);
	const warnings = results.reduce((sum, { warningCount }) => sum + warningCount, 0);
	// The list above is for people; n8n relies on the scanner's own verdict.
	const verdict = await analyzePackage(folder, patterns);
	if (!verdict.passed && errors === 0) {
		console.log(`${leg}: ${verdict.message}\n${verdict.details ?? ''}`);
		return { errors: 1, warnings };
	}
	return { errors, warnings };
}

/** Packs the package as npm would publish it and unpacks it again. */
function unpacked(folder) {
	const npm = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
	const tarball = execFileSync('npm', npm, { cwd: root, encoding: 'utf8' }).trim();
	const into = join(folder, 'package');
	mkdirSync(into);
	execFileSync('tar', ['-xzf', join(folder, tarball), '-C', into, '--strip-components=1']);
	return into;
}

if (!process.argv.includes('--built')) {
	execFileSync(join(root, 'node_modules', '.bin', 'gulp'), ['build', '--silent'], {
		cwd: root,
		stdio: 'inherit',
	});
}
const folder = mkdtempSync(join(tmpdir(), 'scan-'));
try {
	const source = await scan('source', root, SOURCE_FILE_PATTERNS);
	const dist = await scan('dist', unpacked(folder), DIST_FILE_PATTERNS);
	const { errors, warnings } = dist;
	console.log(
		`scanner: source ${source.errors} errors, ${source.warnings} warnings; dist ${errors} errors, ${warnings} warnings`,
	);
	process.exitCode = source.errors + source.warnings + errors + warnings > 0 ? 1 : 0;
} finally {
	rmSync(folder, { recursive: true, force: true });
}
