/** For `npm run length`, which starts it and reads what it prints. */
import { type DayFigures, playLength } from '../engine/support/length/play';
import { faultsOf } from '../engine/support/length/verdict';

const number = (name: string): number => Number(process.env[`LENGTH_${name}`]);

it(
	'plays days',
	async () => {
		const options = {
			days: number('DAYS'),
			hours: number('HOURS'),
			messages: number('MESSAGES'),
			seed: number('SEED'),
			limits: number('LIMITS'),
			restartEvery: number('RESTART_EVERY'),
			pollEvery: number('POLL_EVERY'),
			onDay: (day: DayFigures) => void process.stdout.write(`DAY ${JSON.stringify(day)}\n`),
		};
		const report = await playLength(options);
		const all = { ...report, faults: faultsOf(report, options) };
		process.stdout.write(`LENGTH ${JSON.stringify(all)}\n`);
	},
	2 ** 31 - 1,
);
