/** Template 01 beside 04: the last campaign or flow that the customer was sent, on a new ticket. */
import { HOUR, MINUTE, SECOND, World } from './support/world';

const CUSTOMER = '+12125550123';
const DAY = 24 * HOUR;

describe('The last campaign or flow before a new ticket', () => {
	let world: World;

	beforeEach(async () => {
		world = await World.start({
			...{ seed: 12, pollEvery: 2 * HOUR, keepCalls: true },
			templates: ['01-inbound-message-to-ticket.json', '04-messages-from-klaviyo-to-ticket.json'],
		});
		world.sandbox.klaviyo.addProfile({ phone: CUSTOMER, smsMarketing: true });
		await world.pass(MINUTE);
	});
	afterEach(async () => await world.close());

	const rest = async (milliseconds = 20 * SECOND) => {
		await world.pass(milliseconds);
		await world.idle();
	};
	const sends = (body: string, kind: 'campaign' | 'flow' | 'inbox' = 'campaign') =>
		world.sandbox.klaviyo.brandWrites({ to: CUSTOMER, body, kind });
	const writes = async (body = 'Is it still on?') => {
		world.sandbox.klaviyo.customerWrites({ from: CUSTOMER, body });
		await rest();
	};
	const notes = () =>
		world.sandbox.zendesk
			.tickets()
			.flatMap(({ id }) => world.sandbox.zendesk.ticket(id).comments)
			.filter((comment) => !comment.public)
			.map(({ body }) => body);

	it('is noted once: the newest, by its name, words and time', async () => {
		sends('Old sale');
		await rest(HOUR);
		sends('Spring sale: 20 % off');
		await rest(MINUTE);
		sends('We answer soon', 'inbox');
		await rest(DAY);
		await writes();
		expect(notes()).toEqual([
			expect.stringMatching(/^Campaign '.+', sent \d{4}-.* UTC:\s+Spring sale: 20 % off$/),
		]);
		// Neither the next message nor catch-up, here or in template 04, notes it again.
		await writes('Hello?');
		await rest(3 * HOUR);
		expect(notes()).toHaveLength(1);
		expect(world.failures()).toEqual([]);
	});

	it('is noted once if template 04 brings it, too', async () => {
		sends('You left something', 'flow');
		await rest(MINUTE);
		await writes();
		await rest(3 * HOUR);
		expect(notes()).toEqual([expect.stringContaining('You left something')]);
	});

	it('is not noted again on the next ticket', async () => {
		sends('Spring sale');
		await rest(DAY);
		await writes();
		const [first] = world.sandbox.zendesk.tickets();
		world.sandbox.zendesk.agentUpdates(first?.id ?? '', { status: 'closed' });
		await rest(HOUR);
		await writes('Hello?');
		await rest(HOUR);
		expect(world.sandbox.zendesk.tickets()).toHaveLength(2);
		expect(notes()).toEqual([expect.stringContaining('Spring sale')]);
	});

	it.each<[string, () => Promise<void> | void]>([
		['none was sent', () => undefined],
		['only people wrote', () => void sends('Hi', 'inbox')],
		[
			'it is more than a week old',
			async () => {
				sends('Old sale');
				await rest(8 * DAY);
			},
		],
	])('is left out if %s, without a word', async (_, happens) => {
		await happens();
		await rest(DAY);
		await writes();
		await rest(HOUR);
		expect(world.sandbox.zendesk.tickets()).toHaveLength(1);
		expect(notes()).toEqual([]);
		expect(world.failures()).toEqual([]);
	});

	it('costs an added message nothing if Klaviyo does not show it', async () => {
		sends('Spring sale');
		await rest(DAY);
		world.sandbox.switches.keyScopes = ['profiles:read'];
		await writes();
		expect(world.sandbox.zendesk.tickets()).toHaveLength(1);
		expect(notes()).toEqual([]);
		expect(world.failures()).toEqual([]);
	});
});
