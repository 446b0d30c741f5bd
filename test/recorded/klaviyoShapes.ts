/** What Klaviyo answers. */
import { z } from 'zod';
import { type Fact, isKnown } from '../../domain/customerCard';
import { capabilities } from '../../nodes/Klaviyo/actions/account/capabilities';
import { inboundMessages } from '../../nodes/Klaviyo/actions/account/messageCapabilities';
import { simpleProfile, smsConsent } from '../../nodes/Klaviyo/actions/profile/simpleProfile';
import { newestEvents } from '../../nodes/Klaviyo/api/eventReader';
import { groupsOf } from '../../nodes/Klaviyo/api/cardGroups';
import { profileFacts } from '../../nodes/Klaviyo/api/cardProfile';
import { createEvent } from '../../nodes/Klaviyo/api/eventWriter';
import { readLog } from '../../nodes/Klaviyo/api/logReader';
import { metricEventPages } from '../../nodes/Klaviyo/api/metricEvent';
import { trackedMetricIds } from '../../nodes/Klaviyo/api/metrics';
import type { Capability as Capable } from '../../nodes/Klaviyo/api/probes';
import { profileItem, profileOf } from '../../nodes/Klaviyo/api/profile';
import { profileByPhone, profilesBy } from '../../nodes/Klaviyo/api/profiles';
import { importProfile } from '../../nodes/Klaviyo/api/profileWriter';
import { createSegment, segmentNamed } from '../../nodes/Klaviyo/api/segments';
import { messageEventOf } from '../../nodes/Klaviyo/api/messageEvent';
import { messageMetricIds } from '../../nodes/Klaviyo/api/messageMetricIds';
import { type MessageMetric, messageMetrics } from '../../nodes/Klaviyo/api/messageMetrics';
import { topicsOf, withoutTopic } from '../../nodes/Klaviyo/api/webhookTopics';
import {
	createWebhook,
	topicsIn,
	webhookById,
	webhooksNamed,
} from '../../nodes/Klaviyo/api/webhooks';
import { page, single } from '../../nodes/Klaviyo/api/wire';
import { Probes } from '../../nodes/shared/setupProbes';
import type { Given } from './fixtures';
import { CUSTOMER } from './scene';
import type { Shape } from './shape';
import { klaviyoThat } from './vendors';

const ALL: readonly MessageMetric[] = Object.values(messageMetrics.sms);
const PROPERTIES = ['data[].attributes.event_properties'];
const NAME = 'n8n: workflow W7, node N3, at n8n.larchloom.example';

const always = async (given: Given) => await klaviyoThat(() => given);

/** By kind, in the order of `messageMetrics`: the ids that the product would read. */
const metrics: Shape = {
	name: 'Klaviyo: metrics',
	async read(given) {
		const ids = await messageMetricIds(await always(given), ALL);
		return ALL.map((metric) => ids.get(metric)?.join(' ') ?? null);
	},
	means: {
		'names of today': ['Tm1aaa', 'Tm2bbb', 'Tm3ccc', 'Tm4ddd', 'Tm5eee', 'Tm6fff', 'Tm7ggg'],
		'names until July 2026': ['Tm1aaa', 'Tm2bbb', 'Tm3ccc', 'Tm4ddd', 'Tm5eee', 'Tm6fff', 'Tm7ggg'],
		'names before 2023': ['Tm1aaa', 'Tm2bbb', 'Tm3ccc', 'Tm4ddd', 'Tm5eee', 'Tm6fff', 'Tm7ggg'],
		'both, and one tracked under the same name': [
			'Tm1aaa Sm1aaa',
			'Tm2bbb Sm2bbb',
			'Tm3ccc Sm3ccc',
			'Tm4ddd Sm4ddd',
			'Tm5eee Sm5eee',
			'Tm6fff Sm6fff',
			'Tm7ggg Sm7ggg',
		],
	},
	async ask(scene) {
		const { switches } = scene.sandbox;
		const now = switches.metricNames;
		const answers: Given[] = [];
		for (const names of ['textMessage', 'sms', 'older'] as const) {
			switches.metricNames = names;
			answers.push(await scene.klaviyo('GET', '/api/metrics'));
		}
		switches.metricNames = now;
		return answers;
	},
};

const trackedMetrics: Shape = {
	name: 'Klaviyo: metrics tracked by API',
	async read(given) {
		const ids = await trackedMetricIds(await always(given), new Set(['Opened Ticket']));
		return ids.get('Opened Ticket') ?? [];
	},
	means: { "some, beside Klaviyo's own": ['Ap2two', 'Ap3thr'] },
	ask: async (scene) => [
		await scene.klaviyo(
			'GET',
			`/api/metrics?filter=${encodeURIComponent('equals(integration.name,"API")')}`,
		),
	],
};

/** How many topics the product would register for, and the kinds that it would have to poll. */
const topics: Shape = {
	name: 'Klaviyo: webhook topics',
	async read(given) {
		const found = await topicsOf(await always(given), ALL);
		if (!found) throw new Error('The list is not read');
		return { found: found.length, polled: withoutTopic(ALL, found).map(({ event }) => event) };
	},
	means: {
		'both spellings': { found: 14, polled: [] },
		'one spelling, not all kinds': {
			found: 2,
			polled: ['failed', 'autoResponse', 'failed', 'subscribed', 'unsubscribed'],
		},
	},
	ask: async (scene) => [await scene.klaviyo('GET', '/api/webhook-topics')],
};

const webhookMade: Shape = {
	name: 'Klaviyo: webhook made',
	async read(given) {
		const settings = { name: NAME, url: 'https://n8n.larchloom.example/x', secret: '', topics: [] };
		return await createWebhook(await always(given), settings);
	},
	means: { 'its address masked': '01K5AAAA1111BBBB2222CCCC33' },
	ask: async (scene) => [
		await scene.klaviyo('POST', '/api/webhooks', {
			data: {
				type: 'webhook',
				attributes: {
					name: NAME,
					endpoint_url: 'https://n8n.larchloom.example/x',
					secret_key: 'a secret of twenty',
				},
				relationships: {
					'webhook-topics': {
						data: [{ type: 'webhook-topic', id: 'event:klaviyo.sent_text_message' }],
					},
				},
			},
		}),
	],
};

const webhook: Shape = {
	name: 'Klaviyo: webhook',
	async read(given) {
		const found = await webhookById(await always(given), 'W');
		if (found === undefined) throw new Error('The webhook is not read');
		return { name: found.attributes.name, on: found.attributes.enabled, topics: topicsIn(found) };
	},
	means: {
		on: {
			name: NAME,
			on: true,
			topics: ['event:klaviyo.sent_text_message', 'event:klaviyo.sent_sms'],
		},
		'turned off': { name: NAME, on: false, topics: ['event:klaviyo.received_sms'] },
	},
	ask: async (scene) => [
		await scene.klaviyo('GET', `/api/webhooks/${scene.ids.klaviyoWebhook}?include=webhook-topics`),
	],
};

const webhooks: Shape = {
	name: 'Klaviyo: webhooks',
	read: async (given) => (await webhooksNamed(await always(given), NAME)).map(({ id }) => id),
	means: {
		none: [],
		'two of one name': ['01K5AAAA1111BBBB2222CCCC33', '01K5AAAA1111BBBB2222CCCC34'],
	},
	ask: async (scene) => [await scene.klaviyo('GET', '/api/webhooks')],
};

/** What a message's event tells, where it tells it. */
async function messagesIn(given: Given, metric: MessageMetric): Promise<object[]> {
	const raws = await newestEvents(await always(given), ['M'], 100);
	return raws.map((raw) => {
		const message = messageEventOf(raw, metric, true);
		if (!message) throw new Error('An event is not read');
		const { event, kind, body, from, to, sentAt, campaign, flow, delivery, mediaUrls } = message;
		const { direction, eventId } = message;
		return {
			...{ eventId, event, direction, kind, body, from, to, sentAt },
			...(campaign ? { campaign } : {}),
			...(flow ? { flow } : {}),
			...(delivery ? { delivery } : {}),
			...(mediaUrls.length > 0 ? { mediaUrls } : {}),
		};
	});
}

const BRAND = '+18335550100';
const sentAt = '2026-09-15T09:30:05.000Z';
const inbound = {
	event: 'customerMessaged',
	direction: 'inbound',
	kind: 'customer',
	from: CUSTOMER,
	to: BRAND,
	sentAt,
};
const outbound = {
	event: 'delivered',
	direction: 'outbound',
	from: BRAND,
	to: CUSTOMER,
	sentAt,
	delivery: {
		status: 'delivered',
		reason: null,
		failureType: null,
		failureSource: null,
		vendorCode: null,
	},
};
const KETTLE_WEEK = 'Kettle week is on. Reply STOP to opt out';
const campaign = { name: 'Kettle week', messageId: '01K4CAMPAIGN00000000000001' };

const fromCustomers: Shape = {
	name: 'Klaviyo: events of messages from customers',
	read: async (given) => await messagesIn(given, messageMetrics.sms.customerMessaged),
	means: {
		'an ordinary text': [
			{ ...inbound, eventId: '8hQwErTyUi1', body: 'Does the blue kettle come with a lid?' },
		],
		'an answer to a campaign': [
			{ ...inbound, eventId: '8hQwErTyUi2', body: 'Yes please', campaign },
		],
		'with a picture': [
			{
				...inbound,
				eventId: '8hQwErTyUi3',
				body: '',
				mediaUrls: ['https://media.larchloom.example/in/kettle.jpg'],
			},
		],
		'to a receiver that is no number': [
			{ ...inbound, eventId: '8hQwErTyUi4', body: 'Hello there', to: 'larchloom_rcs_agent' },
		],
	},
	open: PROPERTIES,
	ask: async (scene) => await scene.eventsOf(/^Sent Text Message$/),
};

const toCustomers: Shape = {
	name: 'Klaviyo: events of messages to customers',
	read: async (given) => await messagesIn(given, messageMetrics.sms.delivered),
	means: {
		'a campaign': [
			{ ...outbound, eventId: '8hQwErTyUo1', kind: 'campaign', body: KETTLE_WEEK, campaign },
		],
		'a campaign whose name cannot be read': [
			{
				...outbound,
				eventId: '8hQwErTyUo2',
				kind: 'campaign',
				body: KETTLE_WEEK,
				campaign: { name: null, messageId: '01K4CAMPAIGN00000000000002' },
			},
		],
		'a flow': [
			{
				...outbound,
				eventId: '8hQwErTyUo3',
				kind: 'flow',
				body: KETTLE_WEEK,
				campaign,
				flow: { id: 'FlOw01', messageId: '01K4CAMPAIGN00000000000001' },
			},
		],
		'a reply in a conversation': [
			{
				...outbound,
				eventId: '8hQwErTyUo4',
				kind: 'conversation',
				body: 'It does, a steel one.',
			},
		],
		'of 2021, with an id of eight characters and a space in its time': [
			{
				...outbound,
				eventId: '3pLmNb7Q',
				kind: 'conversation',
				body: '',
				from: null,
				to: null,
				sentAt: '2021-05-03T00:00:00.000Z',
			},
		],
	},
	open: PROPERTIES,
	ask: async (scene) => await scene.eventsOf(/^Received Text Message$/),
};

const failed: Shape = {
	name: 'Klaviyo: events of messages that failed',
	read: async (given) => await messagesIn(given, messageMetrics.sms.failed),
	means: {
		'a campaign, misspelt, with a carrier that says Delivered': [
			{
				...outbound,
				event: 'failed',
				eventId: '8hQwErTyUf1',
				kind: 'campaign',
				body: KETTLE_WEEK,
				campaign,
				delivery: {
					status: 'failed',
					reason: 'Carrier Violation, carrier, 30007',
					failureType: 'Carrier Violation',
					failureSource: 'carrier',
					vendorCode: '30007',
				},
			},
		],
		'a flow': [
			{
				...outbound,
				event: 'failed',
				eventId: '8hQwErTyUf2',
				kind: 'flow',
				body: KETTLE_WEEK,
				flow: { id: 'FlOw01', messageId: '01K4CAMPAIGN00000000000003' },
				delivery: {
					status: 'failed',
					reason: 'Landline, carrier',
					failureType: 'Landline',
					failureSource: 'carrier',
					vendorCode: null,
				},
			},
		],
	},
	open: PROPERTIES,
	ask: async (scene) => await scene.eventsOf(/^Failed to Deliver Text Message$/),
};

const automatic: Shape = {
	name: 'Klaviyo: events of automatic responses',
	read: async (given) => await messagesIn(given, messageMetrics.sms.autoResponse),
	means: {
		'an answer to STOP': [
			{
				...outbound,
				event: 'autoResponse',
				eventId: '8hQwErTyUa1',
				kind: 'autoResponse',
				body: 'You are unsubscribed.',
			},
		],
	},
	open: PROPERTIES,
	ask: async (scene) => await scene.eventsOf(/^Received Automated Response/),
};

const consent: Shape = {
	name: 'Klaviyo: events of consent',
	read: async (given) =>
		(await messagesIn(given, messageMetrics.sms.subscribed)).map((message) => {
			const { event, body, from } = message as { event: string; body: string; from: string | null };
			return { event, body, from };
		}),
	means: {
		'subscribed on a form': [{ event: 'subscribed', body: '', from: null }],
		'subscribed by a message': [{ event: 'subscribed', body: 'JOIN', from: CUSTOMER }],
	},
	open: PROPERTIES,
	ask: async (scene) => await scene.eventsOf(/^(Subscribed|Unsubscribed).*Text Messaging/),
};

const tracked: Shape = {
	name: 'Klaviyo: events that were tracked',
	async read(given) {
		const selection = { metricIds: ['Ap1one'], withProfiles: true, pages: 1 };
		const { logged } = await readLog(await always(given), selection, [Date.parse(sentAt)]);
		if (logged.length === 0) throw new Error('No event is read');
		return logged;
	},
	means: {
		'read back with whom they are of': [
			{
				metricId: 'Ap1one',
				uniqueId: 'closed:512',
				profile: {
					email: 'ana.petrov@example.com',
					phone_number: CUSTOMER,
					id: '01K4PROFILE000000000000001',
				},
			},
			{
				metricId: 'Ap1one',
				uniqueId: 'closed:513',
				profile: { id: '01K4PROFILE000000000000002' },
			},
		],
	},
	ask: async (scene) =>
		await scene.eventsOf(
			/^Closed Ticket$/,
			'&include=profile&fields[profile]=email,external_id,phone_number',
		),
};

const ofAnyMetric: Shape = {
	name: 'Klaviyo: events of any metric',
	async read(given) {
		const pages = metricEventPages(await always(given), { id: 'Rt1one', name: 'Rating' }, {});
		for await (const { events } of pages) {
			if (events.length === 0) throw new Error('No event is read');
			return events.map(({ eventId, occurredAt, profile, properties, value }) => ({
				...{ eventId, occurredAt, value, email: profile?.email, name: profile?.firstName },
				rating: properties.rating,
			}));
		}
		return undefined;
	},
	means: {
		'two ratings, one with a value': [
			{
				eventId: '8hQwErTyUr1',
				occurredAt: sentAt,
				value: 19.99,
				email: 'ana.petrov@example.com',
				name: 'Ana',
				rating: 3,
			},
			{
				eventId: '8hQwErTyUr2',
				occurredAt: sentAt,
				value: null,
				email: undefined,
				name: undefined,
				rating: 5,
			},
		],
	},
	open: PROPERTIES,
	ask: async (scene) =>
		await scene.eventsOf(
			/^Closed Ticket$/,
			'&include=profile&fields[profile]=email,external_id,first_name,last_name,phone_number',
		),
};

const taken: Shape = {
	name: 'Klaviyo: an event or text taken',
	async read(given) {
		const event = { name: 'Closed Ticket', uniqueId: 'closed:1', time: sentAt, properties: {} };
		await createEvent(await always(given), { ...event, profile: { id: 'P' } });
		return 'taken';
	},
	means: { '202 without a word': 'taken' },
	ask: async (scene) => [
		await scene.klaviyo('POST', '/api/events', {
			data: {
				type: 'event',
				attributes: {
					properties: {},
					metric: { data: { type: 'metric', attributes: { name: 'Opened Ticket' } } },
					profile: { data: { type: 'profile', id: scene.ids.profile, attributes: {} } },
					unique_id: 'opened:512',
				},
			},
		}),
	],
};

const ofNumber: Shape = {
	name: 'Klaviyo: profile of a number',
	async read(given) {
		const profile = await profileByPhone(await always(given), CUSTOMER, 'sms');
		if (!profile) throw new Error('No profile is read');
		const { canReceiveMarketing, canReceiveTransactional } = profile.consent;
		return {
			...{ phone: profile.phone, marketing: canReceiveMarketing },
			...{
				transactional: canReceiveTransactional,
				conversation: profile.conversationIds.sms ?? null,
			},
		};
	},
	means: {
		'subscribed, without a conversation': {
			...{ phone: CUSTOMER, marketing: true, transactional: false, conversation: null },
		},
		'never subscribed': {
			...{ phone: CUSTOMER, marketing: false, transactional: false, conversation: null },
		},
		'with conversations': {
			...{ phone: CUSTOMER, marketing: true, transactional: true },
			conversation: '01K5CONV000000000000000001',
		},
	},
	ask: async (scene) => {
		const filter = encodeURIComponent(`equals(phone_number,"${CUSTOMER}")`);
		const query = `filter=${filter}&additional-fields[profile]=subscriptions&include=conversations`;
		return [await scene.klaviyo('GET', `/api/profiles?${query}`)];
	},
};

const profiles: Shape = {
	name: 'Klaviyo: profiles',
	async read(given) {
		const ids = page(z.object({ id: z.string() }))
			.parse(given.body)
			.data.map(({ id }) => id);
		const { find } = await profilesBy(await always(given), 'id', ids);
		const found = ids.flatMap((id) => find(id) ?? []);
		if (found.length === 0) throw new Error('No profile is read');
		return found.map((profile) => ({
			...simpleProfile(profile),
			...smsConsent(profile),
		}));
	},
	means: {
		'some have little': [
			{
				profileId: '01K4PROFILE000000000000001',
				email: 'ana.petrov@example.com',
				phone: CUSTOMER,
				externalId: 'shop-77',
				firstName: 'Ana',
				lastName: 'Petrov',
				openTicketCount: 2,
				canReceiveSmsMarketing: true,
				canReceiveSmsTransactional: true,
			},
			{
				profileId: '01K4PROFILE000000000000002',
				email: 'bo@example.com',
				phone: null,
				externalId: null,
				firstName: null,
				lastName: null,
				openTicketCount: null,
				canReceiveSmsMarketing: false,
				canReceiveSmsTransactional: false,
			},
		],
	},
	ask: async (scene) => [
		await scene.klaviyo('GET', '/api/profiles?additional-fields[profile]=subscriptions'),
	],
};

/** What the customer card is made of, as far as the profile tells. */
const cardProfile: Shape = {
	name: 'Klaviyo: profile for the card',
	async read(given) {
		const klaviyo = await always(given);
		const answer = klaviyo.read('The profile', single(profileItem), {
			...given,
			body: given.body,
		});
		const { consent, value, predictedValue, openTickets, orderCount } = profileFacts(
			profileOf(answer.data),
		);
		const groups = (await groupsOf(klaviyo, ['P'], ['lists', 'segments'])).get('P');
		const may = isKnown(consent)
			? consent.known.map(({ channel, purpose, state, canReceive }) =>
					[channel, purpose, state, canReceive].join(' '),
				)
			: null;
		const plain = (fact: Fact<unknown> | undefined) => (fact && isKnown(fact) ? fact.known : null);
		return {
			may,
			...{ value: plain(value), predictedValue: plain(predictedValue) },
			...{ openTickets: plain(openTickets), orderCount: plain(orderCount) },
			...{ lists: plain(groups?.lists), segments: plain(groups?.segments) },
		};
	},
	means: {
		'new, in no list, and nothing calculated': {
			may: [
				'email marketing neverSubscribed true',
				'sms marketing neverSubscribed false',
				'sms transactional neverSubscribed false',
				'push marketing neverSubscribed false',
			],
			...{ value: null, predictedValue: null, openTickets: null, orderCount: null },
			...{ lists: [], segments: [] },
		},
		'in a list and a segment, with what is calculated': {
			may: [
				'email marketing subscribed true',
				'sms marketing subscribed true',
				'sms transactional subscribed true',
				'whatsapp marketing subscribed true',
				'push marketing neverSubscribed false',
			],
			value: { total: 94.5, averageOrder: 31.5 },
			predictedValue: {
				nextYear: 40.25,
				churnProbability: 0.25,
				nextOrderAt: '2026-11-08T00:00:00+00:00',
			},
			...{ openTickets: 2, orderCount: 3 },
			...{ lists: ['Kettle news'], segments: ['Regulars'] },
		},
	},
	async ask(scene) {
		const { marketing } = scene.sandbox.klaviyo;
		const id = scene.ids.profile;
		marketing.join('lists', 'Kettle news', id);
		marketing.join('segments', 'Regulars', id);
		marketing.predict(id, { historic_clv: 94.5, predicted_clv: 40.25 });
		const query =
			'include=lists,segments&fields[list]=name&fields[segment]=name&additional-fields[profile]=subscriptions,predictive_analytics';
		return [await scene.klaviyo('GET', `/api/profiles/${id}?${query}`)];
	},
};

const profileWritten: Shape = {
	name: 'Klaviyo: profile written',
	async read(given) {
		const change = { identifiers: { id: 'P' }, attributes: {}, properties: {} };
		const { profile, isNew } = await importProfile(await always(given), change);
		return {
			isNew,
			email: profile.email,
			count: simpleProfile(profile).openTicketCount,
		};
	},
	means: {
		made: { isNew: true, email: 'ana.petrov@example.com', count: 2 },
		changed: { isNew: false, email: 'ana.petrov@example.com', count: null },
	},
	async ask(scene) {
		const attributes = { email: 'new@example.com', properties: { 'Open Ticket Count': 1 } };
		const data = { type: 'profile', attributes };
		const send = async () => await scene.klaviyo('POST', '/api/profile-import', { data });
		return [await send(), await send()];
	},
};

const definition = {
	condition_groups: [
		{
			conditions: [
				{
					type: 'profile-property',
					property: "properties['Open Ticket Count']",
					filter: { type: 'numeric', operator: 'greater-than', value: 0 },
				},
			],
		},
	],
};

const segments: Shape = {
	name: 'Klaviyo: segments',
	read: async (given) => (await segmentNamed(await always(given), 'Open tickets')) ?? null,
	means: { 'one of the name': 'SeG001', none: null },
	ask: async (scene) => [
		await scene.klaviyo('GET', `/api/segments?filter=${encodeURIComponent('equals(name,"X")')}`),
	],
};

const segmentMade: Shape = {
	name: 'Klaviyo: segment made',
	read: async (given) =>
		await createSegment(await always(given), 'Open tickets', { kind: 'property' }),
	means: { 'being counted still': 'SeG002' },
	ask: async (scene) => [
		await scene.klaviyo('POST', '/api/segments', {
			data: { type: 'segment', attributes: { name: 'Open tickets', definition } },
		}),
	],
};

/** As Check Setup finds it out. */
const finding = async (given: Given, named: string | Capable): Promise<unknown> => {
	const capability =
		typeof named === 'string' ? capabilities.find((one) => one.check === named) : named;
	if (!capability) throw new Error('There is no such capability');
	const klaviyo = await klaviyoThat((path) =>
		// The metric itself is not what is asked about here.
		path === '/api/metrics' && typeof named !== 'string' ? customerMessaged : given,
	);
	return await capability.find(new Probes(klaviyo), {
		reEnableWebhooks: false,
		unusedFeatures: [],
	});
};

const customerMessaged: Given = {
	status: 200,
	headers: {},
	body: { data: [{ id: 'Tm1aaa', attributes: { name: 'Sent Text Message' } }] },
};

const account: Shape = {
	name: 'Klaviyo: account',
	read: async (given) => await finding(given, 'Credential'),
	means: { one: { status: 'ready', detail: "Account 'Larch & Loom', time zone Europe/London" } },
	ask: async (scene) => [await scene.klaviyo('GET', '/api/accounts')],
};

const metricProperties: Shape = {
	name: 'Klaviyo: properties of a metric',
	async read(given) {
		return await finding(given, inboundMessages);
	},
	means: {
		'of messages from customers': {
			status: 'ready',
			detail:
				"The text is in 'Message Body'. Properties: From Number, Message Body, Message Type, To Number.",
		},
	},
	async ask(scene) {
		const { body } = await scene.klaviyo('GET', '/api/metrics');
		const { data } = body as { data: Array<{ id: string; attributes: { name: string } }> };
		const id = data.find(({ attributes }) => attributes.name === 'Sent Text Message')?.id;
		return [await scene.klaviyo('GET', `/api/metrics/${id}/metric-properties`)];
	},
};

export const klaviyoShapes: readonly Shape[] = [
	metrics,
	trackedMetrics,
	topics,
	webhookMade,
	webhook,
	webhooks,
	fromCustomers,
	toCustomers,
	failed,
	automatic,
	consent,
	tracked,
	ofAnyMetric,
	taken,
	ofNumber,
	profiles,
	cardProfile,
	profileWritten,
	segments,
	segmentMade,
	account,
	metricProperties,
];
