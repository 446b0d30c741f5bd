import { at, type TemplateSketch } from '../../templates/canvas';
import { ifNode, isTrue } from '../../templates/conditions';
import {
	bodyAsText,
	code,
	isSigned,
	json,
	klaviyoGet,
	klaviyoHmac,
	splitOut,
	webhook,
	zendesk,
	zendeskGet,
} from './nodes';

/** One Klaviyo request for the consent of a hundred customers, and one comment for everything a customer wrote at once. */
const READ_TEXTS = `// Messages that consist of one of these words open no ticket. HELP and INFO do.
const keywords = ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'YES', 'Y', 'START', 'UNSTOP', 'JOIN'];

const messages = new Map();
for (const { payload } of $('Webhook').first().json.body.data) {
	const { attributes, relationships } = payload.data;
	const { 'From Number': phone, 'Message Body': body = '' } = attributes.event_properties;
	if (keywords.includes(body.trim().toUpperCase())) continue;
	const profileId = relationships.profile.data.id;
	const earlier = messages.get(profileId);
	messages.set(profileId, { phone, body: earlier ? earlier.body + '\\n' + body : body });
}

const ids = [...messages.keys()];
const groups = [];
for (let first = 0; first < ids.length; first += 100) {
	const some = ids.slice(first, first + 100);
	groups.push({
		json: {
			filter: 'any(id,' + JSON.stringify(some) + ')',
			messages: Object.fromEntries(some.map((id) => [id, messages.get(id)])),
		},
	});
}
return groups;`;

const TEXT = "$('Read messages').item.json.messages[$('Customers').item.json.id]";
const OPEN_TICKET = "$json.tickets.find(({ status }) => status !== 'closed')";
const REQUESTER = `$json.users?.find((user) => user.role === 'end-user' && user.phone === ${TEXT}.phone)`;

export const messages: TemplateSketch = {
	file: 'messages.json',
	name: 'Alternative: messages to tickets',
	overview:
		"## Messages to tickets, without the package\nKlaviyo's webhook and n8n's own nodes. Replace *acme* with your account's address, and register the webhook with Klaviyo by hand. The README beside this file lists what it does not handle.",
	nodes: [
		at(0, 0, webhook('messages')),
		at(1, 0, bodyAsText),
		at(2, 0, klaviyoHmac),
		at(3, 0, isSigned('klaviyo')),
		at(4, 0, code('Read messages', READ_TEXTS)),
		at(
			5,
			0,
			klaviyoGet('Get consent', '/api/profiles', {
				filter: '={{ $json.filter }}',
				'additional-fields[profile]': 'subscriptions',
				'page[size]': '100',
			}),
		),
		at(6, 0, splitOut('Customers', 'data')),
		at(
			7,
			0,
			ifNode(
				'May be sent?',
				isTrue(
					'$json.attributes.subscriptions.sms?.marketing?.can_receive_sms_marketing || $json.attributes.subscriptions.sms?.transactional?.can_receive_sms_transactional',
				),
			),
		),
		at(
			8,
			0,
			zendeskGet('Find tickets', '/api/v2/tickets', {
				external_id: `=klaviyo:sms:{{ ${TEXT}.phone }}`,
				sort: '-updated_at',
				'page[size]': '100',
			}),
		),
		at(9, 0, ifNode('Has a ticket?', isTrue(`!!${OPEN_TICKET}`))),
		at(
			10,
			-0.7,
			zendesk('Add text', 'ticket', 'update', {
				id: `={{ ${OPEN_TICKET}.id }}`,
				jsonParameters: true,
				updateFieldsJson: json(
					`{ status: ${OPEN_TICKET}.status === 'new' ? 'new' : 'open', comment: { body: ${TEXT}.body, author_id: ${OPEN_TICKET}.requester_id, public: true } }`,
				),
			}),
		),
		at(
			10,
			0.7,
			zendeskGet('Find customer', '/api/v2/users/search', {
				query: `=phone:"{{ ${TEXT}.phone }}"`,
			}),
		),
		at(11, 0.7, ifNode('Is known?', isTrue(`!!${REQUESTER}`))),
		at(
			12,
			1.4,
			zendesk('Create customer', 'user', 'create', {
				name: `={{ [$('Customers').item.json.attributes.first_name, $('Customers').item.json.attributes.last_name].filter(Boolean).join(' ') || ${TEXT}.phone }}`,
				additionalFields: { phone: `={{ ${TEXT}.phone }}`, role: 'end-user' },
			}),
		),
		at(
			13,
			0.7,
			zendesk('Create ticket', 'ticket', 'create', {
				description: `={{ ${TEXT}.body }}`,
				jsonParameters: true,
				additionalFieldsJson: json(
					`{ subject: 'SMS from ' + ${TEXT}.phone, external_id: 'klaviyo:sms:' + ${TEXT}.phone, tags: ['sms'], requester_id: $json.users ? ${REQUESTER}.id : $json.id, comment: { body: ${TEXT}.body, author_id: $json.users ? ${REQUESTER}.id : $json.id, public: true } }`,
				),
			}),
		),
	],
	links: {
		Webhook: ['Body as text'],
		'Body as text': ['HMAC'],
		HMAC: ['Signed?'],
		'Signed?': ['Read messages'],
		'Read messages': ['Get consent'],
		'Get consent': ['Customers'],
		Customers: ['May be sent?'],
		'May be sent?': ['Find tickets'],
		'Find tickets': ['Has a ticket?'],
		'Has a ticket?': ['Add text', 'Find customer'],
		'Find customer': ['Is known?'],
		'Is known?': ['Create ticket', 'Create customer'],
		'Create customer': ['Create ticket'],
	},
	notes: [],
};
