/** For `npm run length`, which starts it and reads what it prints. */
import { type DayFigures, type LengthOptions, playLength } from '../engine/support/length/play';
import { faultsOf } from '../engine/support/length/verdict';

it(
	'plays days',
	async () => {
		const options = {
			...(JSON.parse(process.env.LENGTH ?? '{}') as Omit<LengthOptions, 'onDay'>),
			onDay: (day: DayFigures) => void process.stdout.write(`DAY ${JSON.stringify(day)}\n`),
		};
		const report = await playLength(options);
		const all = { ...report, faults: faultsOf(report, options) };
		process.stdout.write(`LENGTH ${JSON.stringify(all)}\n`);
	},
	2 ** 31 - 1,
);
