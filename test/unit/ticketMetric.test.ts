import { profileNamesOf } from '../../domain/customerProfiles';
import {
	type TicketFacts,
	ticketFacts,
	ticketMetric,
	type TicketMetric,
} from '../../domain/ticketMetric';

const facts = (more: Partial<TicketFacts> = {}): TicketFacts =>
	ticketFacts.parse({
		key: 'solved:42:900',
		event: 'solved',
		ticketId: '42',
		brandId: '7',
		status: 'solved',
		previousStatus: 'open',
		tags: ['sms', 'vip'],
		externalId: 'klaviyo:sms:+15005550006',
		channel: 'api',
		requesterId: '5',
		occurredAt: '2026-11-22T10:00:00.000Z',
		catchUp: false,
		raw: {},
		subject: 'Where is my order?',
		description: 'Hi, where is my order?',
		priority: 'high',
		type: 'question',
		via: 'api',
		zendeskUrl: 'https://acme.zendesk.com/agent/tickets/42',
		assignee: { id: '1', name: 'Ada', email: 'ada@acme.co' },
		group: { id: '2', name: 'Support' },
		requester: { id: '5', name: 'Cy', email: 'cy@home.co', phone: '+15005550007' },
		fields: { Size: 'M', Gift: false, Count: 0, Empty: null, Colours: ['red'] },
		createdAt: '2026-11-22T09:00:00.000Z',
		updatedAt: '2026-11-22T10:00:00.000Z',
		...more,
	});

const metricOf = (more: Partial<TicketFacts> = {}): TicketMetric => {
	const metric = ticketMetric(facts(more));
	if ('refusal' in metric) throw new Error(metric.refusal);
	return metric;
};

const FOURTEEN = [
	'assignee_email',
	'assignee_name',
	'channel',
	'description',
	'fields',
	'group_name',
	'priority',
	'status',
	'subject',
	'tags',
	'ticket_id',
	'type',
	'via',
	'zendesk_url',
];

/** What Klaviyo takes for "never set". */
const ignored = (value: unknown): boolean =>
	value === 0 || value === null || value === '' || value === undefined;

describe('A ticket metric', () => {
	it.each([
		['opened', 'Opened Ticket'],
		['closed', 'Resolved Ticket'],
		['solved', 'Solved Ticket'],
		['reopened', 'Reopened Ticket'],
	] as const)('of %s is called %s', (event, name) => {
		expect(metricOf({ event }).name).toBe(name);
	});

	it('has the key and the Zendesk account for its unique id, and the time of the event', () => {
		expect(metricOf()).toMatchObject({
			uniqueId: 'solved:42:900:acme.zendesk.com',
			time: '2026-11-22T10:00:00.000Z',
		});
	});

	it('has all fourteen properties, and none that Klaviyo would ignore, even of a bare ticket', () => {
		const bare = metricOf({
			subject: null,
			description: '',
			priority: null,
			type: null,
			via: null,
			channel: null,
			externalId: null,
			assignee: null,
			group: null,
			tags: [],
			fields: {},
		});
		for (const { properties } of [metricOf(), bare]) {
			expect(Object.keys(properties).sort()).toEqual(FOURTEEN);
			expect(Object.values(properties).filter(ignored)).toEqual([]);
		}
		expect(bare.properties).toMatchObject({
			assignee_name: 'Unassigned',
			priority: 'none',
			fields: 'none',
		});
	});

	it('writes custom fields by title, with a word for what is empty', () => {
		expect(metricOf().properties.fields).toEqual({
			Size: 'M',
			Gift: false,
			Count: '0',
			Empty: 'none',
			Colours: ['red'],
		});
	});

	it("has the status that the event led to, not the ticket's current one", () => {
		expect(metricOf({ event: 'solved', status: 'open' }).properties.status).toBe('solved');
		expect(metricOf({ event: 'opened', status: 'new' }).properties.status).toBe('new');
	});

	it("belongs to the conversation's number, not to anyone else's address", () => {
		expect(metricOf({ externalId: 'klaviyo:sms:+15005550006:eu' })).toMatchObject({
			profile: { phone_number: '+15005550006' },
			properties: { channel: 'sms' },
		});
	});

	it("belongs to the requester's e-mail address, otherwise their number, on other tickets", () => {
		expect(metricOf({ externalId: null }).profile).toEqual({ email: 'cy@home.co' });
		const phoneOnly = {
			id: '5',
			name: 'Cy',
			email: 'sms-integrations+kl1500@klaviyo.com',
			phone: '+1 500 555 0007',
		};
		expect(metricOf({ externalId: 'other', requester: phoneOnly }).profile).toEqual({
			phone_number: '+15005550007',
		});
	});

	it.each([
		['klaviyo:sms:+12125550123', '(212) 555-0177', '+12125550177'],
		['klaviyo:sms:+442079460123:shop', '020 7946 0999', '+442079460999'],
		['klaviyo:sms:+12125550123:requester', '+44 20 7946 0999', '+442079460999'],
		['klaviyo:sms:+12125550123', 'ask for Cy', '+12125550123'],
		['klaviyo:sms:+12125550123', null, '+12125550123'],
	])(
		'reads the number of a requester known as %s in their country: %s',
		(externalId, phone, read) => {
			const requester = { id: '5', name: 'Cy', email: null, phone, externalId };
			expect(metricOf({ externalId: null, requester }).profile).toEqual({ phone_number: read });
		},
	);

	it('says so if a number without a country code could be from any country', () => {
		const requester = { id: '5', name: 'Cy', email: null, phone: '(212) 555-0123' };
		expect(ticketMetric(facts({ externalId: null, requester }))).toMatchObject({
			refusal: 'noProfile',
			explanation: expect.stringContaining("'(212) 555-0123' does not say its country"),
		});
	});

	it('names a user under national numbers in the country of their conversations, if it is one', () => {
		const phones = ['(212) 555-0177', '+442079460999'];
		const named = (...externalIds: string[]) => profileNamesOf({ emails: [], phones, externalIds });
		expect(named('klaviyo:sms:+12125550123', 'crm-7')).toEqual([
			'+12125550177',
			'+442079460999',
			'+12125550123',
		]);
		expect(named('klaviyo:sms:+12125550123', 'klaviyo:sms:+442079460123')).toEqual([
			'+442079460999',
			'+12125550123',
			'+442079460123',
		]);
		expect(named()).toEqual(['+442079460999']);
	});

	it('is refused if there is no person, no key or no metric', () => {
		const nobody = {
			externalId: null,
			requester: { id: '5', name: 'Cy', email: null, phone: '555-555-5555' },
		};
		expect(ticketMetric(facts(nobody))).toMatchObject({ refusal: 'noProfile' });
		expect(ticketMetric(facts({ externalId: null, requester: null }))).toMatchObject({
			refusal: 'noProfile',
		});
		expect(ticketMetric(facts({ key: null }))).toMatchObject({ refusal: 'noKey' });
		expect(ticketMetric(facts({ event: 'agentReplied' }))).toMatchObject({ refusal: 'noMetric' });
	});

	it('cuts what is too long for Klaviyo, between characters', () => {
		const description = metricOf({ description: '한🎉'.repeat(40_000) }).properties
			.description as string;
		expect(Buffer.byteLength(description)).toBeLessThanOrEqual(100_000);
		expect(Buffer.byteLength(description)).toBeGreaterThan(99_990);
		expect(Buffer.from(description).toString()).toBe(description);
	});
});

describe('A rating', () => {
	const rating = {
		...{ score: 'bad' as const, stars: 2, comment: 'Too slow', reason: null },
		...{ agentId: '8', agentName: 'Mia' },
	};
	const event = { event: 'rated' as const, key: 'rated:42:7:1795341600' };

	it('has what the customer said, and words for what they did not say', () => {
		expect(metricOf({ ...event, rating })).toMatchObject({
			name: 'Rated Ticket',
			uniqueId: 'rated:42:7:1795341600:acme.zendesk.com',
			properties: { score: 'bad', stars: 2, comment: 'Too slow', reason: 'none', agent: 'Mia' },
		});
	});

	it('is of the agent whom the ticket is assigned to, if Zendesk names no other', () => {
		const unnamed = { ...rating, stars: null, agentName: null };
		expect(metricOf({ ...event, rating: unnamed }).properties).toMatchObject({
			...{ stars: 'none', agent: 'Ada' },
		});
		expect(metricOf({ ...event, rating: unnamed, assignee: null }).properties).toMatchObject({
			agent: 'Unassigned',
		});
	});

	it('has no metric if it is not known', () => {
		expect(ticketMetric(facts({ ...event, rating: null }))).toMatchObject({ refusal: 'noRating' });
	});

	it('is on no other event', () => {
		expect(metricOf({ rating }).properties).not.toHaveProperty('score');
	});
});
