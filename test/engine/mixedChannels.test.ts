/**
 * What messages cost of the vendors' limits, by SMS alone and by all channels mixed: the same. The table is in
 * docs/guarantees.md. With TESTS=all, there are 10,000 messages.
 */
import type { IDataObject } from 'n8n-workflow';
import type { SandboxChannel } from '../../sandbox/types';
import { sizeOf } from '../support/size';
import { file, HOUR } from './support/desk';
import { runMessage } from './support/klaviyoMessages';
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';

const MESSAGES = sizeOf({ quick: 240, all: 10_000 });
/** Each conversation gets two at first, and two an hour later. */
const CONVERSATIONS = MESSAGES / 4;

/** The channels of two messages in each conversation of a customer. */
type Customer = ReadonlyArray<readonly [SandboxChannel, SandboxChannel]>;
const SMS: Customer = [['sms', 'sms']];
const kinds: Record<string, readonly Customer[]> = {
	'SMS alone': [SMS],
	'SMS, RCS and WhatsApp': [
		SMS,
		[['whatsapp', 'whatsapp']],
		[['rcs', 'sms']],
		[
			['sms', 'rcs'],
			['whatsapp', 'whatsapp'],
		],
	],
};

interface Cost {
	zendesk: number;
	klaviyo: number;
}

describe(`${MESSAGES} messages through Screen and Create or Reopen`, () => {
	let sandbox: QuickSandbox;
	afterEach(async () => await sandbox.close());

	/** Customers, until there are enough conversations. */
	const population = (customers: readonly Customer[]): Array<[string, Customer]> => {
		const people: Array<[string, Customer]> = [];
		for (let n = 0, conversations = 0; conversations < CONVERSATIONS; n++) {
			const customer = (customers[n % customers.length] ?? SMS).slice(
				0,
				CONVERSATIONS - conversations,
			);
			conversations += customer.length;
			people.push([`+1${2_125_000_000 + n}`, customer]);
		}
		return people;
	};

	/** As Klaviyo Trigger gives them. */
	const messagesOf = (people: Array<[string, Customer]>, hour: number): IDataObject[] =>
		people.flatMap(([from, customer]) =>
			customer.flat().map((channel, n) => {
				const body = `Message ${n} of hour ${hour}`;
				const event = sandbox.klaviyo.customerWrites({ from, body, channel });
				return {
					...{ key: `message:${event.id}`, eventId: event.id, event: 'customerMessaged' },
					...{ direction: 'inbound', channel, body, from, to: sandbox.klaviyo.brandPhone },
					...{ profileId: event.profileId, sentAt: event.at },
				};
			}),
		);

	const costOf = async (items: IDataObject[]): Promise<Cost> => {
		const before = sandbox.callCounts();
		const screened = await runMessage(sandbox, 'screen', items);
		const added = await file(sandbox, screened.json);
		expect(added.error).toBeUndefined();
		const after = sandbox.callCounts();
		return {
			zendesk: (after.zendesk - before.zendesk) / items.length,
			klaviyo: (after.klaviyo - before.klaviyo) / items.length,
		};
	};

	const costs = new Map<string, { first: Cost; later: Cost }>();

	it.each(Object.keys(kinds))(
		'are each in the ticket of their channel, by %s',
		async (kind) => {
			sandbox = await startQuickSandbox({ limits: 1000, keepCalls: false });
			const { zendesk, klaviyo } = sandbox;
			const people = population(kinds[kind] ?? []);
			for (const [phone] of people) klaviyo.addProfile({ phone, smsMarketing: true });
			const first = await costOf(messagesOf(people, 0));
			await sandbox.clock.advance(HOUR);
			const later = await costOf(messagesOf(people, 1));
			costs.set(kind, { first, later });
			const tickets = zendesk.tickets();
			expect(tickets).toHaveLength(CONVERSATIONS);
			expect(tickets.filter(({ comments }) => comments.length !== 4)).toEqual([]);
			expect(zendesk.users().filter(({ role }) => role === 'end-user')).toHaveLength(people.length);
		},
		1_200_000,
	);

	it('cost the same, whatever their channels', () => {
		const shown = (count: number): string => count.toFixed(2).replace(/\.?0+$/, '');
		const lines = [...costs].flatMap(([kind, { first, later }]) => [
			`| ${kind}: new conversations | ${shown(first.zendesk)} | ${shown(first.klaviyo)} |`,
			`| ${kind}: known conversations | ${shown(later.zendesk)} | ${shown(later.klaviyo)} |`,
		]);
		process.stdout.write(`| ${MESSAGES} messages | Zendesk | Klaviyo |\n${lines.join('\n')}\n`);
		const [alone, mixed] = Object.keys(kinds).map((kind) => costs.get(kind));
		for (const when of ['first', 'later'] as const)
			for (const vendor of ['zendesk', 'klaviyo'] as const)
				expect(mixed?.[when][vendor]).toBeLessThanOrEqual((alone?.[when][vendor] ?? 0) + 0.01);
	});
});
