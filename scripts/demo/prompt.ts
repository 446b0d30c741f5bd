/** The interactive demo: play customer and agent in the terminal, and see what happens. */
import { createInterface } from 'node:readline/promises';
import { addFollowUpFlow } from './followUp';
import type { Stage } from './stage';

const CUSTOMER = '+12125550101';
const HOUR = 60 * 60_000;

const HELP = `
  text WORDS            the customer texts your Klaviyo number
  whatsapp WORDS        the customer writes on WhatsApp
  reply WORDS           the agent replies to the newest ticket, publicly
  note WORDS            the agent writes an internal note
  solve | close         the agent solves the newest ticket; an automation closes it
  later HOURS           so much time passes. After 24, a reply on WhatsApp waits until the customer writes
  show                  tickets, the customer's phone, and the metrics on the profile
  quit
`;

export async function playAtTerminal({ sandbox }: Stage): Promise<void> {
	const { zendesk, klaviyo, clock } = sandbox;
	addFollowUpFlow(sandbox);
	const profile = klaviyo.addProfile({
		phone: CUSTOMER,
		email: 'ana@customer.test-shop.dev',
		firstName: 'Ana',
		smsMarketing: true,
	});
	const newest = () => {
		const ticket = zendesk.tickets().at(-1);
		if (!ticket) throw new Error('There is no ticket yet: text first');
		return ticket;
	};
	const show = (): void => {
		for (const { id, status, tags, comments } of zendesk.tickets()) {
			console.log(`  ticket ${id} (${[status, ...tags].join(', ')})`);
			for (const { body, public: isPublic } of comments)
				console.log(`    ${isPublic ? '' : '[note] '}${body}`);
		}
		for (const { direction, channel, body } of klaviyo.phone(CUSTOMER))
			console.log(`  ${channel} ${direction === 'in' ? '>' : '<'} ${body}`);
		for (const { metric, at } of klaviyo.timeline(profile.id))
			console.log(`  profile ${at} ${metric}`);
	};
	const later = async (hours: string): Promise<void> => {
		const isTime = /^\d+(\.\d+)?$/.test(hours);
		if (!isTime) throw new Error('Say how many hours: later 24');
		await clock.advance(Number(hours) * HOUR);
		console.log(
			`  it is ${new Date(clock.now()).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
		);
	};
	const commands: Record<string, (words: string) => void | Promise<void>> = {
		text: (body) => void klaviyo.customerWrites({ from: CUSTOMER, body }),
		whatsapp: (body) =>
			void klaviyo.customerWrites({
				from: CUSTOMER,
				body,
				channel: 'whatsapp',
				displayName: 'Ana',
			}),
		reply: (body) => void zendesk.agentComments(newest().id, body, { public: true }),
		note: (body) => void zendesk.agentComments(newest().id, body, { public: false }),
		solve: () => zendesk.agentUpdates(newest().id, { status: 'solved' }),
		close: () => zendesk.agentUpdates(newest().id, { status: 'closed' }, { via: 'automation' }),
		later,
		show,
		help: () => console.log(HELP),
	};
	console.log(HELP);
	const terminal = createInterface({
		input: process.stdin,
		output: process.stdout,
		prompt: 'demo> ',
	});
	terminal.prompt();
	for await (const line of terminal) {
		const [, name = '', words = ''] = /^\s*(\S*)\s*(.*)$/.exec(line) ?? [];
		if (name === 'quit') break;
		try {
			if (name) await (commands[name] ?? commands.help)?.(words);
		} catch (error) {
			console.log(`  ${error instanceof Error ? error.message : String(error)}`);
		}
		terminal.prompt();
	}
	terminal.close();
}
