import { at, type TemplateSketch } from './canvas';
import { equals, isTrue, switchNode } from './conditions';
import { end, failUntilRetried, klaviyoTrigger, withErrors, zendesk } from './nodes';
import { branchesOf, overviewOf } from './words';

export const outbound: TemplateSketch = {
	file: '04-messages-from-klaviyo-to-ticket.json',
	name: '04 Messages from Klaviyo to ticket',
	overview: overviewOf({
		title: '04 Messages from Klaviyo to ticket',
		what: "For agents who want the whole story. Messages that a customer gets from campaigns, flows, Klaviyo's Inbox and automatic responses are noted on their open ticket. If a reply was not delivered, its ticket is reopened for the agent.",
		needs: 'Without Advanced KDP in Klaviyo, set *Source* in *MessageSent* to polling.',
		steps: [
			'Run template 00 first.',
			'To leave out a kind of message, add a Filter after *MessageSent*: *kind* is campaign, flow, conversation (the Inbox, and replies) or autoResponse.',
			'Publish.',
		],
		more: 'A note does not reopen a ticket: a solved one stays solved. A campaign to many people starts few executions, with an item for each message.',
	}),
	nodes: [
		at(0, 0, klaviyoTrigger('MessageSent', ['delivered', 'failed', 'autoResponse'])),
		at(1, 0, withErrors(zendesk('Log message', 'ticket', 'logOutbound'))),
		at(
			2,
			0,
			switchNode(
				'What happened?',
				{
					noted: isTrue('$json.outcome === "logged" && !$json.notifyAgent'),
					'no open ticket': equals('$json.outcome', 'noTicket'),
					'own reply': equals('$json.outcome', 'ownReply'),
					'reply failed': isTrue('$json.notifyAgent'),
				},
				'nothing new',
			),
		),
		at(2, 2, failUntilRetried('Not noted')),
		at(3.6, -1.9, end('Noted on the ticket')),
		at(3.6, -0.95, end('No open ticket')),
		at(3.6, 0, end("The agent's own reply")),
		at(3.6, 0.95, end('Already noted')),
		at(3.6, 2, withErrors(zendesk('Reopen for the agent', 'ticket', 'reopen'))),
		at(4.6, 1.5, end('Ticket reopened')),
		at(4.6, 2.5, failUntilRetried('Not reopened')),
	],
	links: {
		MessageSent: ['Log message'],
		'Log message': ['What happened?', 'Not noted'],
		'Not noted': ['Log message'],
		'What happened?': [
			'Noted on the ticket',
			'No open ticket',
			"The agent's own reply",
			'Reopen for the agent',
			'Already noted',
		],
		'Reopen for the agent': ['Ticket reopened', 'Not reopened'],
		'Not reopened': ['Reopen for the agent'],
	},
	notes: [
		{
			name: 'Logging',
			text: "**Log message** finds the customer's open ticket and writes an internal note.\n\n*Not noted* and *Not reopened* make the execution fail, so that you notice. n8n's *Retry* does what is left.",
			columns: [0, 1],
		},
		{
			name: 'Branches',
			text: branchesOf('What happened', {
				'no open ticket': 'the case for most messages of a campaign. Nothing is written.',
				'own reply': "an agent's reply, which is already on the ticket.",
				'reply failed':
					"the carrier did not deliver an agent's reply. The ticket gets a note with the reason and is reopened.",
			}),
			columns: [2, 4.6],
		},
	],
};
