/** The customers of a run, and the channels that they write on. */
import { type Dice, pick } from '../sandbox/random';
import type { SandboxChannel, SandboxKlaviyo } from '../sandbox/types';

const DAY = 24 * 60 * 60_000;

/** One after the other. Phones that can do RCS use SMS too. */
const WAYS: ReadonlyArray<readonly SandboxChannel[]> = [
	['sms'],
	['whatsapp'],
	['sms', 'whatsapp'],
	['sms', 'rcs'],
	['sms', 'rcs', 'whatsapp'],
];

const waysOf = (customer: number): readonly SandboxChannel[] => WAYS[customer % WAYS.length] ?? [];

export class Customers {
	readonly phones: string[];

	private readonly ways: Map<string, readonly SandboxChannel[]>;

	constructor(
		private readonly klaviyo: SandboxKlaviyo,
		private readonly roll: Dice,
		count: number,
	) {
		this.phones = Array.from({ length: count }, (_, n) => `+1212555${String(1000 + n)}`);
		this.ways = new Map(this.phones.map((phone, n) => [phone, waysOf(n)]));
		for (const [n, phone] of this.phones.entries())
			klaviyo.addProfile({
				phone,
				firstName: `Customer ${n}`,
				email: n % 3 === 0 ? `customer${n}@mail.example` : null,
				smsMarketing: this.uses(phone, 'sms'),
			});
	}

	/** Those who still write. */
	get writing(): string[] {
		return this.phones.filter((phone) => this.ways.get(phone)?.length !== 0);
	}

	/** The customer is on WhatsApp no more. */
	leavesWhatsApp(phone: string): void {
		const left = this.ways.get(phone)?.filter((channel) => channel !== 'whatsapp') ?? [];
		this.ways.set(phone, left);
	}

	/** The channel of the customer's next message. */
	wayOf(phone: string): SandboxChannel {
		return pick(this.roll, this.ways.get(phone) ?? []);
	}

	uses(phone: string, channel: SandboxChannel): boolean {
		return this.ways.get(phone)?.includes(channel) ?? false;
	}

	/** Whether the customer has written on WhatsApp, but not in the last 24 hours. */
	isSilent(phone: string, now: number): boolean {
		const last = this.klaviyo
			.phone(phone)
			.findLast(({ direction, channel }) => direction === 'in' && channel === 'whatsapp');
		return last !== undefined && Date.parse(last.at) < now - DAY;
	}

	subscribed(): string[] {
		return this.klaviyo
			.profiles()
			.flatMap(({ phone, smsMarketing }) => (phone !== null && smsMarketing ? phone : []));
	}

	/** Whom the brand can write to, and how: on WhatsApp by templates, to anybody there. */
	reachable(): Array<{ to: string; channel: 'sms' | 'whatsapp' }> {
		const subscribed = this.subscribed();
		return this.phones.flatMap((to) => [
			...(subscribed.includes(to) ? [{ to, channel: 'sms' as const }] : []),
			...(this.uses(to, 'whatsapp') ? [{ to, channel: 'whatsapp' as const }] : []),
		]);
	}
}
