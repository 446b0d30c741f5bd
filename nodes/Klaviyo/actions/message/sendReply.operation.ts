/** Message: Send Reply. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../../shared/operation';

const properties: INodeProperties[] = [
	{
		displayName: 'Reply',
		name: 'reply',
		type: 'json',
		default: '={{ $json }}',
		description:
			"What 'Claim Reply' of Zendesk Sync gave. Of an unclear reply it is only looked up whether it was sent; what is neither claimed nor unclear is passed on as it is.",
	},
	{
		displayName: 'Send Through',
		name: 'sendThrough',
		type: 'options',
		options: [
			{
				name: 'Conversation',
				value: 'conversation',
				description: "The customer's SMS conversation. Needs Klaviyo's Conversations API.",
			},
			{
				name: 'Flow',
				value: 'flow',
				description:
					'An event that a flow of yours turns into an SMS. Works in every account, and for customers who have not sent yet.',
			},
		],
		default: 'conversation',
		description: 'How the message goes out',
	},
	{
		displayName: 'Metric',
		name: 'metric',
		type: 'string',
		required: true,
		default: 'Zendesk Reply',
		displayOptions: { show: { sendThrough: ['flow'] } },
		description:
			'Name of the event. Make a flow in Klaviyo that this metric triggers, with one SMS whose message is {{ event.body }}, and turn Smart Sending off for it. The event also has ticket_id, comment_id, agent_name, agent_email and reply_key. Keep the name: under another one Klaviyo cannot know that a reply was sent before.',
	},
];

export const sendReplyOperation: Operation = {
	properties,
	load: async () => await import('./sendReply.execute'),
};
