/** Templates 01 and 12 beside Klaviyo's Customer Agent: nothing while it answers, and once what was said. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxTicket } from '../../sandbox/types';
import { MINUTE, SECOND, World } from './support/world';
import type { Template } from './support/worldTemplate';

const CUSTOMER = '+12125550123';
const MESSAGES = '01-inbound-message-to-ticket.json';
const ESCALATED = '12-escalated-conversation-to-ticket.json';

/** Template 01 as its builder sets it up for the Customer Agent. */
function withAgent(): Template {
	const file = join(__dirname, '../../templates', MESSAGES);
	const template = JSON.parse(readFileSync(file, 'utf8')) as Template;
	const screen = template.nodes.find(({ name }) => name === 'Screen message');
	if (!screen) throw new Error('Template 01 has no node that screens');
	screen.parameters.options = { leaveTo: 'customerAgent', openOnOptOutInMessage: true };
	return template;
}

let world: World;
let profileId: string;
const start = async (templates: Array<string | Template>): Promise<void> => {
	world = await World.start({ seed: 12, templates, pollEvery: 5 * MINUTE });
	profileId = world.sandbox.klaviyo.addProfile({ phone: CUSTOMER, smsMarketing: true }).id;
	await pass(20);
};
afterEach(async () => await world.close());

const pass = async (minutes: number) => {
	await world.pass(minutes * MINUTE);
	await world.idle();
};
const writes = async (body: string) => {
	world.sandbox.klaviyo.customerWrites({ from: CUSTOMER, body });
	await world.pass(5 * SECOND);
};
const agent = (what: 'started' | 'resolved' | 'escalated') =>
	world.sandbox.klaviyo.marketing.agent(profileId, what);
const tickets = (): SandboxTicket[] => world.sandbox.zendesk.tickets();
const saidOn = (ticket: SandboxTicket | undefined): string[] =>
	world.sandbox.zendesk
		.ticket(ticket?.id ?? '')
		.comments.filter(({ public: isPublic }) => isPublic)
		.map(({ body }) => body)
		.sort();

it('opens no ticket while it answers, nor once it has resolved the conversation', async () => {
	await start([withAgent(), ESCALATED]);
	await writes('Where is my order?');
	agent('started');
	await pass(3);
	await writes('And when does it come?');
	await pass(3);
	agent('resolved');
	await pass(4 * 60);
	expect(tickets()).toEqual([]);
});

it('opens one with all that the customer said, each once, as soon as it escalates', async () => {
	await start([withAgent(), ESCALATED]);
	await writes('Where is my order?');
	agent('started');
	await pass(2);
	await writes('That is not my order');
	await pass(2);
	expect(tickets()).toEqual([]);
	agent('escalated');
	await pass(7);
	expect(tickets()).toHaveLength(1);
	const said = ['That is not my order', 'Where is my order?'];
	expect(saidOn(tickets()[0])).toEqual(said);
	// What follows is for the person. Catch-up brings all of it again.
	await writes('Hello?');
	await pass(4 * 60);
	expect(tickets()).toHaveLength(1);
	expect(saidOn(tickets()[0])).toEqual(['Hello?', ...said]);
});

it('loses nothing if the escalation is never recorded, or template 12 is not published', async () => {
	await start([withAgent()]);
	await writes('Where is my order?');
	agent('started');
	await pass(4);
	expect(tickets()).toEqual([]);
	await pass(4 * 60);
	expect(tickets()).toHaveLength(1);
	expect(saidOn(tickets()[0])).toEqual(['Where is my order?']);
});

it('opens a ticket for who asks for a person, at once', async () => {
	await start([withAgent(), ESCALATED]);
	await writes('Where is my order?');
	agent('started');
	await pass(2);
	await writes('A human please');
	await pass(2);
	expect(tickets()).toHaveLength(1);
	expect(saidOn(tickets()[0])).toEqual(['A human please']);
});
