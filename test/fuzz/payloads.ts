/** Payloads as the vendors send them, to be corrupted. */

export const CUSTOMER = '+12125550123';
export const BRAND = '+12125550199';

export const klaviyoEvent = {
	type: 'event',
	id: '4L3cwQae2TX',
	attributes: {
		timestamp: 1_700_503_941,
		datetime: '2023-11-20 18:12:21+00:00',
		uuid: '58edf080-87d0-11ee-8001-895ec29a6280',
		event_properties: {
			'From Number': CUSTOMER,
			'From Phone Region': 'US',
			'To Number': BRAND,
			'To Phone Region': 'US',
			'Message Body': 'Where is my order?',
			$event_id: '1700503941',
			$flow: 'Xy12',
			$message: '01HM',
			'Campaign Name': 'Spring',
			'Media URL': ['https://media.klaviyo.com/a.jpg'],
			$extra: { 'Message Body': 'Where?', 'Failure Type': 'hard' },
		},
	},
	relationships: {
		profile: { data: { type: 'profile', id: '01H' } },
		metric: { data: { type: 'metric', id: 'M1' } },
	},
};

export const klaviyoDelivery = {
	data: [{ topic: 'event:klaviyo.sent_sms', payload: { data: klaviyoEvent } }],
	meta: { klaviyo_webhook_id: 'W1', timestamp: '2023-11-20 18:12:22+00:00' },
};

export const flowPost = {
	event: 'customerMessaged',
	channel: 'sms',
	profileId: '01H',
	from: CUSTOMER,
	fromRegion: 'US',
	to: BRAND,
	toRegion: 'US',
	time: '1700503941',
	datetime: '2023-11-20 18:12:21+00:00',
	body: 'Where is my order?',
};

export const zendeskWebhook = {
	account_id: 123,
	id: '01H',
	type: 'zen:event-type:ticket.comment_added',
	time: '2023-11-20T18:12:21.123456789Z',
	subject: 'zen:ticket:35',
	zendesk_event_version: '2022-11-06',
	detail: {
		id: '35',
		brand_id: '1',
		external_id: `klaviyo:sms:${CUSTOMER}`,
		requester_id: '8',
		status: 'OPEN',
		tags: ['sms', 'vip'],
		via: { channel: 'web_service' },
	},
	event: {
		comment: {
			id: '77',
			body: 'It ships today.',
			is_public: true,
			author: { id: '9', is_staff: true, name: 'Kim' },
		},
		current: 'SOLVED',
		previous: 'OPEN',
	},
};

export const exportEntry = {
	id: 501,
	ticket_id: 35,
	created_at: '2023-11-20T18:12:21Z',
	timestamp: 1_700_503_941,
	updater_id: 9,
	via: 'Web form',
	metadata: { custom: { key: 'message:1', sentAt: '2023-11-20T18:12:21.000Z' } },
	child_events: [
		{ id: 1, event_type: 'Create', status: 'new' },
		{ id: 2, event_type: 'Change', status: 'solved', previous_value: 'open' },
		{
			id: 77,
			event_type: 'Comment',
			comment_public: true,
			public: true,
			author_id: 9,
			body: 'It ships today.',
			via: { channel: 'web', source: { rel: null } },
		},
	],
};

export const zendeskTicket = {
	id: 35,
	status: 'open',
	external_id: `klaviyo:sms:${CUSTOMER}`,
	subject: 'SMS',
	description: 'Where?',
	priority: null,
	type: null,
	tags: ['sms'],
	requester_id: 8,
	assignee_id: 9,
	group_id: 4,
	brand_id: 1,
	created_at: '2023-11-20T18:12:21Z',
	updated_at: '2023-11-20T18:12:21Z',
	via: { channel: 'api', source: { from: {}, to: {}, rel: null } },
	custom_fields: [{ id: 3, value: ['a', 1, null] }],
};

export const zendeskUser = {
	id: 9,
	name: 'Kim',
	email: 'kim@example.com',
	phone: '+1 (212) 555-0123',
	role: 'agent',
	external_id: null,
	suspended: false,
};

export const zendeskAudit = {
	id: 501,
	ticket_id: 35,
	created_at: '2023-11-20T18:12:21Z',
	author_id: 9,
	metadata: { system: { ip_address: '127.0.0.1' }, custom: { key: 'message:1', profileId: '01H' } },
	events: [
		{
			id: 77,
			type: 'Comment',
			public: true,
			author_id: 9,
			body: 'It ships today.',
			attachments: [{ file_name: 'a.pdf', content_url: 'https://acme.zendesk.com/a.pdf' }],
		},
		{ id: 78, type: 'Change', field_name: 'status', value: 'solved', previous_value: 'open' },
	],
	via: { channel: 'web', source: { rel: null } },
};

export const klaviyoProfile = {
	type: 'profile',
	id: '01H',
	attributes: {
		email: 'ana@example.com',
		phone_number: CUSTOMER,
		external_id: 'x',
		first_name: 'Ana',
		last_name: 'Diaz',
		properties: { vip: true },
		subscriptions: {
			sms: {
				marketing: { can_receive_sms_marketing: true },
				transactional: { can_receive_sms_transactional: true },
			},
		},
	},
	relationships: { conversations: { data: [{ type: 'conversation', id: 'C1' }] } },
};

export const zendeskRefusals: unknown[] = [
	{
		error: 'RecordInvalid',
		description: 'Record validation errors',
		details: { base: [{ description: 'x' }] },
	},
	{ error: { title: 'Forbidden', message: 'You do not have access' } },
	{ errors: [{ title: 'Not found', detail: 'x' }] },
	{ error: 'Couldn’t authenticate you' },
];

export const klaviyoRefusal = {
	errors: [{ id: '1', status: 400, title: 'Invalid', detail: 'x', source: { pointer: '/data' } }],
};

/** An earlier message of the conversation, as Klaviyo: Message: Screen adds it. */
export const historyMessage = {
	key: 'message:4L3cwQae2TX',
	event: 'customerMessaged',
	direction: 'inbound',
	kind: 'customer',
	body: 'Where is my order?',
	sentAt: '2023-11-20T18:12:21.000Z',
	campaign: { name: 'Spring', messageId: null },
};

export const ticketFactsItem = {
	key: 'opened:35',
	event: 'opened',
	ticketId: '35',
	brandId: '1',
	status: 'open',
	previousStatus: null,
	tags: ['sms'],
	externalId: null,
	channel: 'email',
	requesterId: '8',
	occurredAt: '2023-11-20T18:12:21.000Z',
	comment: null,
	catchUp: false,
	raw: {},
	subject: 'Hello',
	description: 'Where?',
	priority: null,
	type: null,
	via: 'web',
	zendeskUrl: 'https://acme.zendesk.com/agent/tickets/35',
	assignee: { id: '9', name: 'Kim', email: 'kim@example.com' },
	group: { id: '4', name: 'Support' },
	requester: { id: '8', name: 'Ana', email: 'ana@example.com', phone: CUSTOMER },
	fields: { Size: 'L', Colours: ['red'], Gift: true, Count: 2 },
	createdAt: '2023-11-20T18:12:21.000Z',
	updatedAt: '2023-11-20T18:12:21.000Z',
};
