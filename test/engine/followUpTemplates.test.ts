/** Templates 01, 02 and 07 together: a reply after WhatsApp's 24 hours, with webhooks, catch-up, kills and n8n away. */
import type { SandboxTicket } from '../../sandbox/types';
import { repliesThatWait } from './support/worldTemplate';
import { HOUR, MINUTE, SECOND, World, type WorldOptions } from './support/world';

const CUSTOMER = '+12125550123';
const TEMPLATE = 'Hi, may we go on?';
const MESSAGES = '01-inbound-message-to-ticket.json';
const REPLIES = '02-agent-reply-to-customer.json';
const ANSWERS = '07-follow-up-after-the-window.json';

let world: World;
const start = async (
	templates: WorldOptions['templates'],
	more: Partial<WorldOptions> = {},
): Promise<void> => {
	world = await World.start({ seed: 8, templates, pollEvery: 10 * MINUTE, ...more });
	world.sandbox.klaviyo.addProfile({ phone: CUSTOMER });
	world.sandbox.klaviyo.addMessageFlow({
		...{ metric: 'Asked to Continue on WhatsApp', body: TEMPLATE, channel: 'whatsapp' },
	});
	writes('Where is my order?');
	// Polls find the first message on a new channel, and later its webhook topic.
	await world.pass(70 * MINUTE);
	await world.idle();
	await world.down();
	await world.pass(25 * HOUR);
	world.up();
	await world.pass(20 * MINUTE);
	await world.idle();
};
afterEach(async () => await world.close());

const rest = async () => {
	await world.pass(20 * SECOND);
	await world.idle();
};
const writes = (body: string) =>
	world.sandbox.klaviyo.customerWrites({ from: CUSTOMER, body, channel: 'whatsapp' });
const ticket = (): SandboxTicket => {
	const [first] = world.sandbox.zendesk.tickets();
	if (!first) throw new Error('There is no ticket');
	return world.sandbox.zendesk.ticket(first.id);
};
const answers = async (body = 'It ships today.') => {
	world.sandbox.zendesk.agentComments(ticket().id, body);
	await rest();
};
const phone = () =>
	world.sandbox.klaviyo
		.phone(CUSTOMER)
		.filter(({ direction }) => direction === 'out')
		.map(({ body }) => body);
const told = () =>
	ticket()
		.comments.filter((comment) => !comment.public)
		.map(({ body }) => body)
		.filter((body) => !body.startsWith('This reply goes to'));

it('without a flow, the agent is told that the reply was not sent, and nothing else', async () => {
	await start([MESSAGES, REPLIES]);
	await answers();
	await world.pass(HOUR);
	expect(told()).toEqual([expect.stringMatching(/^This reply was not sent: .*24 hours ago/s)]);
	writes('Hello?');
	await world.pass(HOUR);
	expect(phone()).toEqual([]);
	expect(world.failures()).toEqual([]);
});

it('with a flow, the customer is asked once, and gets both replies when they answer', async () => {
	await start([MESSAGES, repliesThatWait(), ANSWERS]);
	await answers();
	await answers('And the invoice is on its way.');
	await world.pass(2 * HOUR);
	expect(told()).toEqual([
		expect.stringMatching(/^This reply waits: /),
		expect.stringMatching(/^This reply waits: /),
	]);
	expect(phone()).toEqual([TEMPLATE]);
	writes('Go on');
	await rest();
	const sent = [TEMPLATE, 'It ships today.', 'And the invoice is on its way.'].sort();
	expect(phone().sort()).toEqual(sent);
	await world.pass(2 * HOUR);
	expect(phone().sort()).toEqual(sent);
	expect(told()).toHaveLength(2);
	expect(world.failures()).toEqual([]);
});

it('an answer that came while n8n was away is caught up', async () => {
	await start([MESSAGES, repliesThatWait(), ANSWERS]);
	await answers();
	await world.down();
	writes('Go on');
	await world.pass(2 * HOUR);
	world.up();
	await world.pass(HOUR);
	expect(phone()).toEqual([TEMPLATE, 'It ships today.']);
});

it('by catch-up alone, the reply is sent too', async () => {
	await start([MESSAGES, repliesThatWait(), ANSWERS]);
	world.sandbox.switches.webhooks = false;
	world.sandbox.zendesk.agentComments(ticket().id, 'It ships today.');
	await world.pass(HOUR);
	writes('Go on');
	await world.pass(HOUR);
	expect(phone()).toEqual([TEMPLATE, 'It ships today.']);
});

it('stops looking at a message for which nothing waits', async () => {
	await start([MESSAGES, repliesThatWait(), ANSWERS]);
	writes('Hello?');
	await world.pass(2 * HOUR);
	const executions = () =>
		world.executions.filter(({ workflow }) => workflow.startsWith('07')).length;
	const before = executions();
	await world.pass(2 * HOUR);
	expect(executions() - before).toBe(0);
});
