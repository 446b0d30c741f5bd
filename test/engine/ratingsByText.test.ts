/** Templates 10, 01 and 03 together: a customer is asked by text to rate a solved ticket, and answers. */
import type { SandboxTicket } from '../../sandbox/types';
import { HOUR, MINUTE, SECOND, World, type WorldOptions } from './support/world';
import { messagesWithRatings } from './support/worldTemplate';

const CUSTOMER = '+12125550123';
const QUESTION = 'How did we do? Answer 1 (bad) to 5 (great).';
const MESSAGES = '01-inbound-message-to-ticket.json';
const METRICS = '03-ticket-metrics-to-klaviyo.json';
const ASK = '10-ask-for-a-rating-by-text.json';

let world: World;
/** A customer whose ticket was solved, and who was asked. */
const asked = async (
	templates: WorldOptions['templates'] = [messagesWithRatings(), METRICS, ASK],
	more: Partial<WorldOptions> = {},
): Promise<void> => {
	world = await World.start({ seed: 8, templates, pollEvery: 5 * MINUTE, ...more });
	const { klaviyo } = world.sandbox;
	klaviyo.addProfile({ phone: CUSTOMER });
	klaviyo.addMessageFlow({ metric: 'Rating Requested', body: QUESTION });
	await writes('Where is my order?');
	await solves();
};
afterEach(async () => await world.close());

const rest = async (time = MINUTE) => {
	await world.pass(time);
	await world.idle();
};
const writes = async (body: string) => {
	world.sandbox.klaviyo.customerWrites({ from: CUSTOMER, body });
	await rest();
};
const ticket = (): SandboxTicket => {
	const { zendesk } = world.sandbox;
	const all = zendesk.tickets();
	expect(all).toHaveLength(1);
	return zendesk.ticket(all[0]?.id ?? '');
};
const solves = async () => {
	const { zendesk } = world.sandbox;
	const { id } = ticket();
	zendesk.agentComments(id, 'It ships today.', { status: 'solved' });
	zendesk.agentUpdates(id, { assigneeId: zendesk.agent.id });
	await rest();
};
/** How often the customer was asked. */
const questions = () =>
	world.sandbox.klaviyo.phone(CUSTOMER).filter(({ body }) => body === QUESTION).length;
const bodies = (isPublic: boolean) =>
	ticket()
		.comments.filter((comment) => comment.public === isPublic)
		.map(({ plainBody }) => plainBody);
const ratings = () => bodies(false).filter((body) => body.startsWith('Rated by text message'));
/** What Klaviyo knows, once catch-up has brought it. */
const known = async () => {
	await rest(15 * MINUTE);
	const { klaviyo } = world.sandbox;
	const [profile] = klaviyo.profiles();
	return {
		rated: klaviyo
			.timeline(profile?.id ?? '')
			.filter(({ metric }) => metric === 'Rated Ticket')
			.map(({ properties }) => properties),
		last: profile?.properties['Last Rating'],
	};
};

it('is asked once, and an answer is on the ticket, which stays solved, and on the profile', async () => {
	await asked();
	expect(questions()).toBe(1);
	await writes('4');
	await writes('5 stars, thanks');
	expect(ticket()).toMatchObject({ status: 'solved', tags: ['sms', 'rated_good'] });
	expect(ratings()).toEqual([
		expect.stringMatching(/^Rated by text message: good, 4 of 5\.\s+4$/),
		expect.stringMatching(/^Rated by text message: good, 5 of 5\.\s+5 stars, thanks$/),
	]);
	expect(bodies(true)).toHaveLength(2);
	expect(await known()).toMatchObject({
		rated: [
			{ score: 'good', stars: 4, comment: 'none', agent: 'Mia' },
			{ score: 'good', stars: 5, comment: '5 stars, thanks', agent: 'Mia' },
		],
		last: 'good',
	});
	await rest(3 * HOUR);
	expect(ratings()).toHaveLength(2);
	expect(ticket().status).toBe('solved');
});

it.each(['5 but the box was torn', 'Thanks', 'When does it ship?'])(
	'who writes something else has an ordinary message: %s',
	async (body) => {
		await asked();
		await writes(body);
		expect(ticket().status).toBe('open');
		expect(bodies(true).at(-1)).toBe(body);
		expect(ratings()).toEqual([]);
		expect((await known()).rated).toEqual([]);
	},
);

it.each([
	[
		'after an agent wrote again',
		async () => void world.sandbox.zendesk.agentComments(ticket().id, 'How many do you want?'),
	],
	[
		'after it was reopened',
		async () => world.sandbox.zendesk.agentUpdates(ticket().id, { status: 'open' }),
	],
	['two days later', async () => await rest(49 * HOUR)],
])('who writes "5" %s has an ordinary message', async (_, happens) => {
	await asked(undefined, { polling: false });
	await rest(MINUTE);
	await happens();
	await rest(MINUTE);
	await writes('5');
	const comments = world.sandbox.zendesk.tickets().flatMap((one) => one.comments);
	// On a new ticket, a note of what was sent last may follow it.
	expect(comments.findLast((one) => one.public)).toMatchObject({ plainBody: '5' });
	expect(['new', 'open']).toContain(world.sandbox.zendesk.tickets().at(-1)?.status);
	expect(comments.map(({ body }) => body)).not.toContainEqual(expect.stringMatching(/^Rated/));
});

it('who was not asked has an ordinary message', async () => {
	await asked([messagesWithRatings()]);
	await writes('5');
	expect(ticket().status).toBe('open');
	expect(bodies(true).at(-1)).toBe('5');
});

it('whose answer nobody files reopens the ticket: it is not lost', async () => {
	await asked([MESSAGES, ASK]);
	await writes('5');
	expect(ticket().status).toBe('open');
	expect(bodies(true).at(-1)).toBe('5');
});

it('is not asked again when the ticket is reopened and solved again', async () => {
	await asked();
	await writes('One more thing');
	await solves();
	expect(questions()).toBe(1);
	await writes('5');
	// Something was said since the only question.
	expect(ticket().status).toBe('open');
	expect(bodies(true).at(-1)).toBe('5');
});

it('whose answer comes twice, and while Zendesk fails, has one rating', async () => {
	await asked();
	const { switches } = world.sandbox;
	Object.assign(switches.faults, { duplicateDelivery: 1, lostAnswer: 0.3, serverError: 0.2 });
	await writes('2');
	await rest(20 * SECOND);
	Object.assign(switches.faults, { duplicateDelivery: 0, lostAnswer: 0, serverError: 0 });
	await rest(2 * HOUR);
	expect(ratings()).toEqual([expect.stringContaining('bad, 2 of 5')]);
	expect(bodies(true)).not.toContain('2');
	expect(ticket()).toMatchObject({ status: 'solved', tags: ['sms', 'rated_bad'] });
	const { rated, last } = await known();
	expect(rated).toHaveLength(1);
	expect(last).toBe('bad');
});
