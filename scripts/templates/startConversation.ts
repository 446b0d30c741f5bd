import { at, type TemplateSketch } from './canvas';
import { equals, ifNode } from './conditions';
import { failUntilRetried, withErrors, zendesk, zendeskTrigger } from './nodes';
import { sendingBranches, sendingLinks, sendingNodes, TEXT_CUSTOMER } from './sending';
import { branchesOf, overviewOf } from './words';

const METRIC = 'Zendesk Reply';

export const startConversation: TemplateSketch = {
	file: '11-start-a-conversation.json',
	name: '11 Start a conversation',
	overview: overviewOf({
		title: '11 Start a conversation',
		what: `For agents who text a customer first. An agent opens a ticket for the customer, with the tag *${TEXT_CUSTOMER}*. Its public comment goes to the customer's phone by SMS, and what the customer answers lands on this ticket.`,
		needs: `In Klaviyo, a live flow that starts with the metric *${METRIC}* and sends one SMS whose text is only \`event.body\`. The customer must have a profile, with consent to SMS.`,
		steps: [
			'Build the flow. `docs/flow-webhook.md` says how.',
			'Publish. Templates 01 and 02 must be published too.',
			`Give agents a macro that adds the tag *${TEXT_CUSTOMER}*.`,
			`In Zendesk's trigger "Notify requester", exclude the tag *${TEXT_CUSTOMER}*: it would mail the comment, too.`,
		],
		more: 'As long as the ticket has the tag, all its public replies go out here, through the flow. Template 02 leaves them out.',
	}),
	nodes: [
		at(
			0,
			-2,
			zendeskTrigger('AgentReplied', ['agentReplied'], {
				options: { tags: [TEXT_CUSTOMER], repliesOnOtherTickets: true },
			}),
		),
		at(1, -2, withErrors(zendesk('Start conversation', 'ticket', 'startConversation'))),
		at(2, -2, ifNode('Refused?', equals('$json.outcome', 'refused'))),
		...sendingNodes(3, 'none', { sendThrough: 'flow', metric: METRIC }),
		at(2, -1, failUntilRetried('Not started')),
	],
	links: {
		AgentReplied: ['Start conversation'],
		'Start conversation': ['Refused?', 'Not started'],
		'Not started': ['Start conversation'],
		'Refused?': ['What happened?', 'Claim reply'],
		...sendingLinks('none'),
	},
	notes: [
		{
			name: 'Start',
			text: "**Start conversation** gives the ticket the conversation's external ID and the tag *sms*, once. From then on it is the customer's conversation, like one from template 01.\n\n**Refused?** If the customer has an open conversation already, the agent is told to write there. The agent is also told if the requester has no phone number, or if the customer opened the ticket.",
			columns: [1, 2],
		},
		{
			name: 'Branches',
			text: branchesOf('What happened', {
				...sendingBranches('none'),
			}),
			columns: [4, 6.6],
		},
	],
};
