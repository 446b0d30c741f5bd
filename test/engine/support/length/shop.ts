/**
 * A shop's day, drawn from a seed: customers write, alone and in bursts that come in one webhook, a tenth of the day in
 * its busiest hour. Agents answer some of them minutes later, and solve some. Customers and agents go on for days; Zendesk's own
 * automation closes what was solved the day before.
 */
import type { Dice } from '../../../../sandbox/random';
import type { Sandbox } from '../../../../sandbox/types';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Share of a day's messages in each hour, from ten in the morning on: the second of them is the busiest, a tenth of all. */
const HOURS = [
	90, 100, 90, 75, 60, 60, 60, 60, 55, 50, 45, 35, 25, 20, 10, 5, 3, 2, 2, 3, 5, 10, 60, 75,
];
/** Of the bursts, so many are one message. Others have up to `MOST_AT_ONCE`. */
const ALONE = 0.6;
const MOST_AT_ONCE = 12;
const REPLIED_TO = 0.25;
/** Of the replies. */
const SOLVES = 0.3;
/** A minute without webhooks for about so many with them. */
const LOST_MINUTES = 0.02;
/** A customer writes so many messages a day on average. */
const MESSAGES_A_CUSTOMER = 4;

export interface Happening {
	/** Milliseconds since 1970. */
	at: number;
	/** @param isUp whether webhooks would arrive */
	does(isUp: boolean): void;
}

const AREAS = [212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228, 229, 231, 234, 239];

export class Shop {
	/** What has happened so far. */
	readonly count = { messages: 0, replies: 0, solved: 0 };

	private readonly customers: string[];

	/** What was planned on an earlier day, for a later one. */
	private later: Happening[] = [];

	constructor(
		private readonly sandbox: Sandbox,
		private readonly roll: Dice,
		private readonly messages: number,
	) {
		const customers = Math.max(10, Math.ceil(messages / MESSAGES_A_CUSTOMER));
		this.customers = Array.from({ length: customers }, (_, n) => {
			const area = AREAS[Math.floor(n / 10_000) % AREAS.length] ?? 212;
			return `+1${area}555${String(n % 10_000).padStart(4, '0')}`;
		});
		for (const phone of this.customers) sandbox.klaviyo.addProfile({ phone });
	}

	/**
	 * What happens on the day that begins then, in its order.
	 *
	 * @param length milliseconds of the day that are played
	 */
	day(begin: number, length = DAY): Happening[] {
		const end = begin + length;
		const all = [...this.later, ...this.lostMinutes(begin)];
		for (let left = this.messages; left > 0;) {
			const burst = this.burst(begin, left);
			left -= burst.count;
			all.push(...burst.happenings);
		}
		// What a day that is not played to its end would have brought is not made up for.
		this.later = length < DAY ? [] : all.filter(({ at }) => at >= end);
		return all.filter(({ at }) => at < end).sort((one, other) => one.at - other.at);
	}

	private burst(begin: number, most: number): { count: number; happenings: Happening[] } {
		const { roll, sandbox } = this;
		const at = begin + this.hour() * HOUR + roll() * HOUR;
		const asked = roll() < ALONE ? 1 : 2 + Math.floor(roll() * (MOST_AT_ONCE - 1));
		const from = Array.from(
			{ length: Math.min(asked, most) },
			() => this.customers[Math.floor(roll() * this.customers.length)] ?? '',
		);
		const writes = (): void => {
			sandbox.klaviyo.customersMessage(
				from.map((phone) => ({ from: phone, body: `Text ${++this.count.messages}` })),
			);
		};
		const answers = from.flatMap((phone): Happening[] => {
			if (roll() >= REPLIED_TO) return [];
			const solves = roll() < SOLVES;
			const does = (): void => this.answer(phone, solves);
			return [{ at: at + 2 * MINUTE + roll() * 40 * MINUTE, does }];
		});
		return { count: from.length, happenings: [{ at, does: writes }, ...answers] };
	}

	private hour(): number {
		let left = this.roll() * HOURS.reduce((sum, one) => sum + one, 0);
		return Math.max(
			0,
			HOURS.findIndex((share) => (left -= share) < 0),
		);
	}

	private answer(phone: string, solves: boolean): void {
		const { zendesk } = this.sandbox;
		const id = zendesk.newestOf(`klaviyo:sms:${phone}`);
		const status = id === undefined ? 'closed' : zendesk.ticket(id).status;
		if (id === undefined || status === 'closed') return;
		this.count.replies += 1;
		if (solves && status !== 'solved') this.count.solved += 1;
		zendesk.agentComments(id, `Reply ${this.count.replies}`, solves ? { status: 'solved' } : {});
	}

	private lostMinutes(begin: number): Happening[] {
		const { switches } = this.sandbox;
		const count = Math.round((DAY / MINUTE) * LOST_MINUTES);
		return Array.from({ length: count }, (): Happening[] => {
			const at = begin + this.roll() * (DAY - 2 * MINUTE);
			return [
				{ at, does: (): void => void (switches.webhooks = false) },
				{ at: at + MINUTE, does: (isUp) => void (switches.webhooks = isUp) },
			];
		}).flat();
	}
}
