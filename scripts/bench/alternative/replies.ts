import { at, type TemplateSketch } from '../../templates/canvas';
import { ifNode, isTrue } from '../../templates/conditions';
import { bodyAsText, isSigned, json, klaviyoGet, klaviyoPost, webhook, zendeskHmac } from './nodes';

const EVENT = "$('Webhook').item.json.body";
const SMS = "$json.included?.find(({ attributes }) => attributes.channel === 'sms')";

export const replies: TemplateSketch = {
	file: 'replies.json',
	name: 'Alternative: agent replies to messages',
	overview:
		"## Agent replies to messages, without the package\nZendesk's event webhook for comments, and n8n's own nodes. Register the webhook with Zendesk by hand. The README beside this file lists what it does not handle.",
	nodes: [
		at(0, 0, webhook('replies')),
		at(1, 0, bodyAsText),
		at(2, 0, zendeskHmac('replies')),
		at(3, 0, isSigned('zendesk')),
		at(
			4,
			0,
			ifNode(
				'A reply to a message?',
				isTrue(
					`${EVENT}.event.comment.is_public && ${EVENT}.event.comment.author.is_staff && (${EVENT}.detail.external_id ?? '').startsWith('klaviyo:sms:')`,
				),
			),
		),
		at(
			5,
			0,
			klaviyoGet('Get customer', '/api/profiles', {
				filter: `=equals(phone_number,"{{ ${EVENT}.detail.external_id.replace('klaviyo:sms:', '') }}")`,
				'additional-fields[profile]': 'subscriptions',
				include: 'conversations',
			}),
		),
		at(
			6,
			0,
			ifNode(
				'Can be answered?',
				isTrue(
					`!!${SMS} && ($json.data[0].attributes.subscriptions.sms?.marketing?.can_receive_sms_marketing || $json.data[0].attributes.subscriptions.sms?.transactional?.can_receive_sms_transactional)`,
				),
			),
		),
		at(
			7,
			0,
			klaviyoPost(
				'Send text',
				'/api/conversation-messages',
				json(
					`{ data: { type: 'conversation-message', attributes: { body: ${EVENT}.event.comment.body }, relationships: { conversation: { data: { type: 'conversation', id: ${SMS}.id } } } } }`,
				),
			),
		),
	],
	links: {
		Webhook: ['Body as text'],
		'Body as text': ['HMAC'],
		HMAC: ['Signed?'],
		'Signed?': ['A reply to a message?'],
		'A reply to a message?': ['Get customer'],
		'Get customer': ['Can be answered?'],
		'Can be answered?': ['Send text'],
	},
	notes: [],
};
