/**
 * Waiting that takes no time: whoever sleeps moves the sandbox's clock, which `Date` follows and which stands still
 * otherwise, so that a rule which waits four seconds has waited them. To be imported before anything of n8n's.
 */
import { followClock } from './worldTime';
import { startSandbox } from '../../../sandbox';
import type { Sandbox, SandboxOptions } from '../../../sandbox/types';

export interface QuickSandbox extends Sandbox {
	/** Ends it, and the time that it made. */
	close(): Promise<void>;
}

/** The same moment in every run: limits count by the minutes of the clock, and jobs are done at full hours. */
const START = Date.UTC(2026, 9, 14, 9);

export async function startQuickSandbox(options: SandboxOptions = {}): Promise<QuickSandbox> {
	const sandbox = await startSandbox({
		limits: 1000,
		time: { speed: 0, start: START },
		...options,
	});
	const { clock } = sandbox;
	const stop = followClock({
		...clock,
		after: (milliseconds, work) => {
			void clock.advance(milliseconds).then(work);
		},
	});
	return {
		...sandbox,
		close: async () => {
			stop();
			await sandbox.close();
		},
	};
}
