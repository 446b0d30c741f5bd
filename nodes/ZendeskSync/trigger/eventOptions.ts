/** The events that a builder can choose. */
import type { INodePropertyOptions } from 'n8n-workflow';

export const eventOptions: INodePropertyOptions[] = [
	{
		name: 'Agent Replied',
		value: 'agentReplied',
		description:
			"An agent wrote a public comment in a conversation by SMS or WhatsApp. For replies on other tickets, such as emails, add 'Replies on Other Tickets' or 'Channels' in the options.",
	},
	{ name: 'Opened', value: 'opened', description: 'A ticket was created' },
	{ name: 'Solved', value: 'solved', description: 'A ticket was solved' },
	{ name: 'Reopened', value: 'reopened', description: 'A solved ticket was reopened' },
	{ name: 'Closed', value: 'closed', description: 'A ticket was closed for good' },
	{
		name: 'Merged',
		value: 'merged',
		description: 'A ticket was merged into another, which closed it',
	},
	{
		name: 'Rated',
		value: 'rated',
		description:
			'A customer rated a ticket in a satisfaction survey, or changed the rating or its comment. Needs a Zendesk plan with ratings.',
	},
	{
		name: 'Requester Changed',
		value: 'requesterChanged',
		description: "A ticket's requester was changed",
	},
	{
		name: 'Deleted',
		value: 'deleted',
		description: "A ticket was deleted. Polling finds it only with an administrator's credential.",
	},
	{ name: 'Restored', value: 'restored', description: 'A deleted ticket was restored' },
];
