/** What the vendors post. */
import { deliveredMessages } from '../../nodes/Klaviyo/trigger/receive';
import { allMessageMetrics } from '../../nodes/Klaviyo/api/messageMetrics';
import { fromWebhook } from '../../nodes/ZendeskSync/trigger/webhookBody';
import type { Given } from './fixtures';
import { CUSTOMER, type Scene } from './scene';
import type { Shape } from './shape';

const klaviyoMessages: Shape = {
	name: 'Klaviyo: delivery of a system webhook',
	read({ body }) {
		const delivered = deliveredMessages(body, allMessageMetrics);
		if (!delivered || delivered.sent.length < delivered.wanted)
			throw new Error('A message is not read');
		const { sent, sender } = delivered;
		return {
			sender,
			messages: sent.map(({ message: { key, event, from, body: said } }) => [
				key,
				event,
				from,
				said,
			]),
		};
	},
	means: {
		'one message under two topics, a picture, and an e-mail': {
			sender: '01K5AAAA1111BBBB2222CCCC33',
			messages: [
				[
					'message:8hQwErTyUi1',
					'customerMessaged',
					CUSTOMER,
					'Does the blue kettle come with a lid?',
				],
				[
					'message:8hQwErTyUi1',
					'customerMessaged',
					CUSTOMER,
					'Does the blue kettle come with a lid?',
				],
				['message:8hQwErTyUi3', 'customerMessaged', CUSTOMER, ''],
			],
		},
	},
	open: ['data[].payload.data.attributes.event_properties'],
	ask: async (scene) => scene.deliveries('klaviyo').filter(bringsMessage),
};

/** Of the other kinds only the events show what they are like. */
const bringsMessage = ({ body }: Given): boolean =>
	JSON.stringify(body).includes('.sent_text_message');

/** The event that a trigger would bring; null if it is not one of ours. */
function eventIn({ body }: Given): object | null {
	const delivered = fromWebhook(body);
	if (!delivered) return null;
	if ('unreadable' in delivered) throw new Error(delivered.unreadable);
	const { event, ticketId, status, previousStatus, tags, channel, occurredAt, comment } =
		delivered.event;
	return {
		...{ event, ticketId, status, tags, channel, occurredAt },
		...(previousStatus ? { previousStatus } : {}),
		...(comment ? { said: comment.body, by: comment.authorName, id: comment.id } : {}),
	};
}

const ofType =
	(type: string) =>
	async (scene: Scene): Promise<Given[]> =>
		scene
			.deliveries('zendesk')
			.filter(({ body }) => (body as { type?: string }).type === `zen:event-type:ticket.${type}`);

const sms = { ticketId: '512', tags: ['sms', 'kettle'], channel: 'sms' };

const opened: Shape = {
	name: 'Zendesk: webhook, opened',
	read: eventIn,
	means: {
		'by API': { event: 'opened', ...sms, status: 'new', occurredAt: '2026-09-15T09:41:00.000Z' },
		'numbers for ids, tags as text, lower case': {
			event: 'opened',
			...{ ticketId: '24', status: 'pending', tags: [], channel: 'web_form' },
			occurredAt: '2022-11-22T22:11:22.000Z',
		},
	},
	ask: ofType('created'),
};

const comment: Shape = {
	name: 'Zendesk: webhook, comment',
	read: eventIn,
	means: {
		"an agent's reply with signature": {
			event: 'agentReplied',
			...sms,
			status: 'open',
			occurredAt: '2026-09-15T09:41:00.000Z',
			said: 'Hi Ana,\n\nYes, a steel one. See our Q&A (https://shop.example.com/q-a).',
			...{ by: 'Mia Olsen', id: '42000000000398' },
		},
		'an internal note': null,
		"a customer's first words": null,
		'without html_body': {
			event: 'agentReplied',
			...sms,
			status: 'open',
			occurredAt: '2026-09-15T09:41:00.000Z',
			...{ said: 'We will look into it.', by: 'Mia Olsen', id: '9876543210' },
		},
	},
	ask: ofType('comment_added'),
};

const solved = {
	event: 'solved',
	...sms,
	...{ status: 'solved', previousStatus: 'open' },
	occurredAt: '2026-09-15T10:00:00.000Z',
};

const status: Shape = {
	name: 'Zendesk: webhook, status',
	read: eventIn,
	means: {
		'solved, with no decimals': solved,
		'solved, with three decimals': solved,
		'solved, with six decimals': solved,
		'solved, with nine decimals': solved,
		reopened: {
			event: 'reopened',
			...sms,
			...{ status: 'open', previousStatus: 'solved', occurredAt: '2026-09-15T09:41:00.000Z' },
		},
		closed: {
			event: 'closed',
			...sms,
			...{ status: 'closed', previousStatus: 'solved', occurredAt: '2026-09-15T09:41:00.000Z' },
		},
		deleted: null,
		archived: null,
		scrubbed: null,
	},
	ask: ofType('status_changed'),
};

const others: Shape = {
	name: 'Zendesk: webhook, of other kinds',
	read: eventIn,
	means: { 'a custom status, its sequence a large number': null, 'a message of messaging': null },
};

export const deliveryShapes: readonly Shape[] = [klaviyoMessages, opened, comment, status, others];
