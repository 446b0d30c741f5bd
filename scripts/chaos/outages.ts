/** Each vendor away for hours, while people go on: n8n is started anew in the middle, so that it starts without it, too. */
import type { SandboxSwitches } from '../../sandbox/types';
import type { N8nInstance } from '../n8n/instance';
import { SEEN_WITHIN } from '../judge';
import type { Passing } from './passing';

const HOUR = 3_600_000;

/** Of the triggers' ages, the last one that an outage of six hours leaves. */
const LAST_AGE = 12 * HOUR;

type Vendor = SandboxSwitches['away'][number];

/** What happens when so much of the script is over. People go on in between. */
const PLAN: ReadonlyArray<{ share: number; vendor: Vendor; isAway: boolean }> = [
	{ share: 0.2, vendor: 'zendesk', isAway: true },
	{ share: 0.4, vendor: 'zendesk', isAway: false },
	{ share: 0.6, vendor: 'klaviyo', isAway: true },
	{ share: 0.8, vendor: 'klaviyo', isAway: false },
];

export class Outages {
	/** Age at which catch-up brings what an outage has left, milliseconds. */
	readonly lastAge: number;
	/** How late things may be seen. */
	readonly seenWithin: number;
	private readonly left: (typeof PLAN)[number][];

	/** @param hours how long each is away; 0 for never */
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

	/** @param share how much of the script is over, from 0 to 1 */
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
		this.say(`${vendor} is away for ${this.hours} hours`);
		this.switches.away = [vendor];
	}

	private async ends(vendor: Vendor): Promise<void> {
		await this.passing.pass((this.hours / 2) * HOUR);
		this.say('n8n is started anew');
		await this.n8n.restart();
		// The clocks rest meanwhile: n8n gives up triggers that take too long to start.
		await this.n8n.triggersStarted();
		await this.passing.pass((this.hours / 2) * HOUR);
		this.switches.away = [];
		this.say(`${vendor} is back`);
	}
}
