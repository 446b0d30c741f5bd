/** Customers who have a conversation or are about to start one. */
import type { Sandbox } from '../../sandbox/types';

export interface Customer {
	phone: string;
	profileId: string;
	/** Of their conversation, if they have one. */
	ticketId: string | null;
}

/** After this time a conversation is at rest for the package's rules: stamps settle in 4 s, clocks may be 60 s apart. */
const REST = 90_000;
const HISTORY = 2 * 60 * 60_000;

/** Area codes; the numbers after them are fictional in each. */
const AREAS = [212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228, 229, 231, 234, 239];
const PER_AREA = 8000;

let made = 0;
function nextPhone(): string {
	const area = AREAS[Math.floor(made / PER_AREA) % AREAS.length] ?? 212;
	const number = 1000 + (made % PER_AREA);
	made += 1;
	return `+1${area}555${number}`;
}

export function newCustomer({ klaviyo }: Sandbox): Customer {
	const phone = nextPhone();
	const { id } = klaviyo.addProfile({ phone, firstName: 'Ana' });
	return { phone, profileId: id, ticketId: null };
}

/** A customer whose conversation has an open ticket with this many comments. */
export function customerWithTicket(sandbox: Sandbox, comments = 1): Customer {
	const { zendesk } = sandbox;
	const customer = newCustomer(sandbox);
	const { phone } = customer;
	const { id: requesterId } = zendesk.addUser({ name: `Ana ${phone}`, phone });
	const ticket = zendesk.agentCreates({
		subject: `SMS from ${phone}`,
		body: 'Where is my order?',
		requesterId,
		externalId: `klaviyo:sms:${phone}`,
		tags: ['sms'],
	});
	for (let more = 1; more < comments; more++)
		zendesk.agentComments(ticket.id, `We are looking into it (${more})`, { public: false });
	return { ...customer, ticketId: ticket.id };
}

/** Idle conversations, to make the account large. They have no profile, because profiles are looked up by id. */
export function addQuietConversations({ zendesk }: Sandbox, count: number): void {
	for (let n = 0; n < count; n++) {
		const { id: requesterId } = zendesk.addUser({ name: 'Somebody' });
		zendesk.agentCreates({
			subject: 'SMS',
			body: 'Hello',
			requesterId,
			externalId: `klaviyo:sms:${nextPhone()}`,
			tags: ['sms'],
		});
	}
}

/** Start options of a sandbox whose tickets can be two hours old without its clock being ahead. */
export const twoHoursAgo = (): { start: number } => ({ start: Date.now() - HISTORY });
export const untilNow = async ({ clock }: Sandbox): Promise<void> => await clock.advance(HISTORY);

/** Customers with a conversation, handed out in turn once their tickets have been at rest for a while. */
export class Pool {
	private next = 0;

	constructor(
		private readonly sandbox: Sandbox,
		private readonly customers: Customer[],
	) {}

	static withTickets(sandbox: Sandbox, count: number, comments = 1): Pool {
		const customers = Array.from({ length: count }, () => customerWithTicket(sandbox, comments));
		return new Pool(sandbox, customers);
	}

	async take(count: number): Promise<Customer[]> {
		if (count > this.customers.length)
			throw new Error(`There are ${this.customers.length} customers, not ${count}`);
		const taken: Customer[] = [];
		for (let n = 0; n < count; n++) {
			const customer = this.customers[this.next % this.customers.length];
			if (customer) taken.push(customer);
			this.next += 1;
		}
		const { clock } = this.sandbox;
		const changed = Math.max(...taken.map((one) => this.changedAt(one)));
		const wait = changed + REST - clock.now();
		if (wait > 0) await clock.advance(wait);
		return taken;
	}

	private changedAt({ ticketId }: Customer): number {
		return ticketId === null ? 0 : Date.parse(this.sandbox.zendesk.ticket(ticketId).updatedAt);
	}
}
