/** `npm run recorded`: reports for each shape of the vendors' answers whether product, recordings and sandbox agree on it. */
import { checkShapes } from '../test/recorded/check';

async function main(): Promise<void> {
	const verdicts = await checkShapes();
	for (const { shape, recorded, documented, played, faults, documentedOnly } of verdicts) {
		const forms = [
			...(recorded > 0 ? [`${recorded} recorded`] : []),
			...(documented > 0 ? [`${documented} from documents alone`] : []),
			played > 0 ? `sandbox asked ${played} times` : 'not played by the sandbox',
		];
		process.stdout.write(
			`${faults.length === 0 ? 'agrees   ' : 'DISAGREES'} ${shape} (${forms.join(', ')})\n`,
		);
		for (const fault of faults) process.stdout.write(`            ${fault}\n`);
		if (recorded > 0 && documentedOnly.length > 0)
			process.stdout.write(`            From documents alone: ${documentedOnly.join(', ')}\n`);
	}
	const disagree = verdicts.filter(({ faults }) => faults.length > 0).length;
	process.stdout.write(`${verdicts.length} shapes, ${disagree} disagree\n`);
	process.exitCode = disagree > 0 ? 1 : 0;
}

void main();
