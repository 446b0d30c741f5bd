import { at, type TemplateSketch } from '../../templates/canvas';
import { ifNode, isTrue } from '../../templates/conditions';
import { setFields } from '../../templates/nodes';
import { bodyAsText, isSigned, json, klaviyoPost, webhook, zendeskGet, zendeskHmac } from './nodes';

const EVENT = "$('Webhook').item.json.body";
const TICKET = "$('Get ticket').item.json.ticket";
const personOf = (field: string): string =>
	`$('Get ticket').item.json.users.find(({ id }) => id === ${TICKET}.${field})`;
const REQUESTER = personOf('requester_id');

/** Klaviyo's own metric names; empty for other changes of status. */
const METRIC = `${EVENT}.type === 'zen:event-type:ticket.created' ? 'Opened Ticket' : ${EVENT}.event.current === 'SOLVED' ? 'Solved Ticket' : ${EVENT}.event.current === 'CLOSED' ? 'Resolved Ticket' : ${EVENT}.event.previous === 'SOLVED' ? 'Reopened Ticket' : ''`;

const PROPERTIES = `{
	assignee_email: ${personOf('assignee_id')}?.email ?? 'unassigned',
	assignee_name: ${personOf('assignee_id')}?.name ?? 'none',
	channel: ${TICKET}.via.channel,
	description: ${TICKET}.description,
	fields: Object.fromEntries($json.ticket_fields.map((field) => [field.title, ${TICKET}.custom_fields.find(({ id }) => id === field.id)?.value]).filter(([, value]) => value)),
	group_name: $('Get ticket').item.json.groups.find(({ id }) => id === ${TICKET}.group_id)?.name ?? 'none',
	priority: ${TICKET}.priority ?? 'none',
	status: ${TICKET}.status,
	subject: ${TICKET}.subject,
	tags: ${TICKET}.tags,
	ticket_id: String(${TICKET}.id),
	type: ${TICKET}.type ?? 'none',
	via: ${TICKET}.via.channel,
	zendesk_url: ${TICKET}.url,
}`;

export const metrics: TemplateSketch = {
	file: 'metrics.json',
	name: 'Alternative: ticket metrics to Klaviyo',
	overview:
		"## Ticket metrics to Klaviyo, without the package\nZendesk's event webhook for new tickets and changes of status, and n8n's own nodes. Register the webhook with Zendesk by hand. The README beside this file lists what it does not handle.",
	nodes: [
		at(0, 0, webhook('metrics')),
		at(1, 0, bodyAsText),
		at(2, 0, zendeskHmac('metrics')),
		at(3, 0, isSigned('zendesk')),
		at(4, 0, setFields('Metric', { name: `={{ ${METRIC} }}` })),
		at(5, 0, ifNode('Is one?', isTrue('!!$json.name'))),
		at(
			6,
			0,
			zendeskGet('Get ticket', `=/api/v2/tickets/{{ ${EVENT}.detail.id }}`, {
				include: 'users,groups',
			}),
		),
		at(7, 0, ifNode('Has an address?', isTrue(`!!(${REQUESTER}.email || ${REQUESTER}.phone)`))),
		at(8, 0, zendeskGet('Get fields', '/api/v2/ticket_fields.json')),
		at(
			9,
			0,
			klaviyoPost(
				'Track event',
				'/api/events',
				json(
					`{ data: { type: 'event', attributes: {
	metric: { data: { type: 'metric', attributes: { name: $('Metric').item.json.name } } },
	profile: { data: { type: 'profile', attributes: ${REQUESTER}.email ? { email: ${REQUESTER}.email } : { phone_number: ${REQUESTER}.phone } } },
	unique_id: ${EVENT}.id,
	time: ${EVENT}.time,
	properties: ${PROPERTIES},
} } }`,
				),
			),
		),
	],
	links: {
		Webhook: ['Body as text'],
		'Body as text': ['HMAC'],
		HMAC: ['Signed?'],
		'Signed?': ['Metric'],
		Metric: ['Is one?'],
		'Is one?': ['Get ticket'],
		'Get ticket': ['Has an address?'],
		'Has an address?': ['Get fields'],
		'Get fields': ['Track event'],
	},
	notes: [],
};
