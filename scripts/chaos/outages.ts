/** Each vendor is down for hours while people carry on. n8n is restarted in the middle, so that it also starts without that vendor. */
import type { SandboxSwitches } from '../../sandbox/types';
import type { N8nInstance } from '../n8n/instance';
import { SEEN_WITHIN } from '../judge';
import type { Passing } from './passing';

const HOUR = 3_600_000;

/** The last of the triggers' ages that still works after an outage of six hours. */
const LAST_AGE = 12 * HOUR;

type Vendor = SandboxSwitches['away'][number];

/** What happens at which share of the script. People carry on in between. */
const PLAN: ReadonlyArray<{ share: number; vendor: Vendor; isAway: boolean }> = [
	{ share: 0.2, vendor: 'zendesk', isAway: true },
	{ share: 0.4, vendor: 'zendesk', isAway: false },
	{ share: 0.6, vendor: 'klaviyo', isAway: true },
	{ share: 0.8, vendor: 'klaviyo', isAway: false },
];

export class Outages {
	/** Age at which catch-up brings what an outage left behind, milliseconds. */
	readonly lastAge: number;
	/** How late events may be seen. */
	readonly seenWithin: number;
	private readonly left: (typeof PLAN)[number][];

	/** @param hours for which each vendor is down; 0 for never */
	constructor(
		private readonly switches: SandboxSwitches,
		private readonly n8n: N8nInstance,
		private readonly passing: Passing,
		private readonly hours: number,
		private readonly say: (line: string) => void,
	) {
		this.left = hours > 0 ? [...PLAN] : [];
		this.lastAge = hours > 0 ? LAST_AGE : 0;
		this.seenWithin = hours > 0 ? LAST_AGE + HOUR : SEEN_WITHIN;
	}

	/** @param share of the script that is over, from 0 to 1 */
	async at(share: number): Promise<void> {
		for (;;) {
			const [next] = this.left;
			if (!next || share < next.share) return;
			this.left.shift();
			if (next.isAway) this.begins(next.vendor);
			else await this.ends(next.vendor);
		}
	}

	private begins(vendor: Vendor): void {
		this.say(`${vendor} is down for ${this.hours} hours`);
		this.switches.away = [vendor];
	}

	private async ends(vendor: Vendor): Promise<void> {
		await this.passing.pass((this.hours / 2) * HOUR);
		this.say('n8n is restarted');
		await this.n8n.restart();
		// The clocks rest meanwhile: n8n gives up on triggers that take too long to start.
		await this.n8n.triggersStarted();
		await this.passing.pass((this.hours / 2) * HOUR);
		this.switches.away = [];
		this.say(`${vendor} is back`);
	}
}
