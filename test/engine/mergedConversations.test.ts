/** A conversation that was merged into another ticket, with template 02: the other ticket says where replies go. */
import { MINUTE, HOUR, SECOND, World, type WorldOptions } from './support/world';

jest.setTimeout(120_000);

const NUMBER = '+12125550123';

let world: World;
const start = async (way: Partial<WorldOptions>): Promise<void> => {
	world = await World.start({ seed: 12, templates: ['02-agent-reply-to-customer.json'], ...way });
};
afterEach(async () => await world.close());

const open = (externalId?: string): string => {
	const { zendesk } = world.sandbox;
	const requesterId = zendesk.addUser({ name: 'Ana', email: `ana@home.co` }).id;
	const made = { subject: 'Where is my order?', body: 'Hi', requesterId };
	return zendesk.agentCreates({ ...made, ...(externalId ? { externalId } : {}) }).id;
};
const notesOn = (id: string): string[] =>
	world.sandbox.zendesk
		.ticket(id)
		.comments.filter((comment) => !comment.public && /was merged into/.test(comment.body))
		.map(({ body }) => body)
		.filter((body) => body.includes('conversation by text message'));

describe.each<[string, Partial<WorldOptions>]>([
	['by webhook and catch-up', {}],
	['by webhook alone', { polling: false }],
	['by catch-up alone', { webhooks: false }],
])('A merged conversation, %s', (_, way) => {
	beforeEach(async () => await start(way));

	it('is named once on the other ticket, also by the next process', async () => {
		const { zendesk } = world.sandbox;
		const source = open(`klaviyo:sms:${NUMBER}`);
		const requesterId = zendesk.ticket(source).requesterId;
		const target = zendesk.agentCreates({ subject: 'By mail', body: 'Hi', requesterId }).id;
		await world.pass(10 * MINUTE);
		zendesk.merge(source, target);
		await world.pass(30 * MINUTE);
		expect(notesOn(target)).toEqual([expect.stringContaining(`Ticket #${source}`)]);
		await world.down();
		world.up();
		await world.pass(2 * HOUR);
		await world.idle();
		expect(notesOn(target)).toHaveLength(1);
		expect(notesOn(source)).toEqual([]);
		expect(world.failures()).toEqual([]);
	});

	it('is not named on another conversation, and no other merge is', async () => {
		const { zendesk } = world.sandbox;
		const source = open(`klaviyo:sms:${NUMBER}`);
		const requesterId = zendesk.ticket(source).requesterId;
		const made = { subject: 'Hello', body: 'Hi', requesterId };
		const other = zendesk.agentCreates({ ...made, externalId: 'klaviyo:sms:+12125550177' }).id;
		const [mail, mailToo] = [zendesk.agentCreates(made).id, zendesk.agentCreates(made).id];
		await world.pass(10 * MINUTE);
		zendesk.merge(source, other);
		zendesk.merge(mail, mailToo);
		await world.pass(HOUR + SECOND);
		expect([other, mailToo].flatMap(notesOn)).toEqual([]);
		expect(world.failures()).toEqual([]);
	});
});
