/** What template 03 makes of ratings: an event each, and the newest one on the profile. */
import { MINUTE, SECOND, World } from './support/world';

const NUMBER = '+12125550123';
let world: World;
beforeEach(async () => {
	world = await World.start({
		seed: 11,
		templates: ['03-ticket-metrics-to-klaviyo.json'],
		pollEvery: 2 * MINUTE,
	});
});
afterEach(async () => await world.close());

const person = () => {
	const { zendesk, klaviyo } = world.sandbox;
	const profile = klaviyo.addProfile({ phone: NUMBER });
	const requesterId = zendesk.addUser({ name: 'Ana', phone: NUMBER }).id;
	const { id } = zendesk.agentCreates({
		...{ subject: 'Where is my order?', body: 'Hi', requesterId },
		externalId: `klaviyo:sms:${NUMBER}`,
	});
	zendesk.agentUpdates(id, { status: 'solved', assigneeId: zendesk.agent.id });
	return { id, profile };
};
const shown = (profileId: string) => {
	const { klaviyo } = world.sandbox;
	const properties = klaviyo.profiles().find(({ id }) => id === profileId)?.properties;
	const rated = klaviyo.timeline(profileId).filter(({ metric }) => metric === 'Rated Ticket');
	return { rated: rated.map((event) => event.properties), last: properties?.['Last Rating'] };
};

describe('A rating', () => {
	it.each(['older', 'surveys'] as const)(
		'is an event with what the customer said, and the last one is on the profile (%s)',
		async (ratings) => {
			const { zendesk, switches } = world.sandbox;
			switches.ratings = ratings;
			const { id, profile } = person();
			await world.pass(MINUTE);
			zendesk.customerRates(id, { score: 'bad', reason: 'It took too long' });
			await world.pass(MINUTE);
			zendesk.customerRates(id, { score: 'good', comment: 'Mia helped after all.' });
			await world.pass(10 * MINUTE);
			await world.idle();
			const stars = (count: number) => (ratings === 'older' ? 'none' : count);
			expect(shown(profile.id)).toMatchObject({
				rated: [
					{
						...{ score: 'bad', stars: stars(1), comment: 'none', reason: 'It took too long' },
						...{ agent: 'Mia', ticket_id: id, status: 'solved' },
					},
					{ score: 'good', stars: stars(5), comment: 'Mia helped after all.', reason: 'none' },
				],
				last: 'good',
			});
		},
	);

	it('does not replace a newer one when it comes later', async () => {
		const { zendesk, switches } = world.sandbox;
		const { id, profile } = person();
		await world.pass(MINUTE);
		switches.webhooks = false;
		zendesk.customerRates(id, { score: 'bad' });
		await world.pass(3 * MINUTE);
		switches.webhooks = true;
		zendesk.customerRates(id, { score: 'good' });
		await world.pass(10 * SECOND);
		await world.idle();
		expect(shown(profile.id)).toMatchObject({ rated: [{ score: 'good' }], last: 'good' });
		for (let minute = 0; minute < 15; minute++) {
			await world.pass(MINUTE);
			await world.idle();
			expect(shown(profile.id).last).toBe('good');
		}
		const { rated } = shown(profile.id);
		expect(rated.map(({ score }) => score).sort()).toEqual(['bad', 'good']);
	});
});
