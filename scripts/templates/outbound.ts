import { at, type TemplateSketch } from './canvas';
import { equals, isTrue, switchNode } from './conditions';
import { end, failUntilRetried, klaviyoTrigger, withErrors, zendesk } from './nodes';
import { branchesOf, overviewOf } from './words';

export const outbound: TemplateSketch = {
	file: '04-messages-from-klaviyo-to-ticket.json',
	name: '04 Messages from Klaviyo to ticket',
	overview: overviewOf({
		title: '04 Messages from Klaviyo to ticket',
		what: 'For agents who want the whole story: what a customer gets from campaigns, flows, the Inbox of Klaviyo and its automatic responses is noted on their open ticket. A reply that did not arrive comes back to the agent.',
		needs: 'Without Advanced KDP in Klaviyo, set *Source* of *MessageSent* to polling.',
		steps: [
			'Run template 00 first.',
			'To leave a kind of message out, put a Filter after *MessageSent*: *kind* is campaign, flow, conversation (the Inbox, and replies) or autoResponse.',
			'Publish.',
		],
		more: 'A note wakes no ticket: a solved one stays solved. A campaign to many people starts few executions, but each text of it is an item.',
	}),
	nodes: [
		at(0, 0, klaviyoTrigger('MessageSent', ['delivered', 'failed', 'autoResponse'])),
		at(1, 0, withErrors(zendesk('Log text', 'ticket', 'logOutbound'))),
		at(
			2,
			0,
			switchNode(
				'What became of it?',
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
		at(3.6, 0.95, end('Was noted already')),
		at(3.6, 2, withErrors(zendesk('Reopen for the agent', 'ticket', 'reopen'))),
		at(4.6, 1.5, end('Agent sees it')),
		at(4.6, 2.5, failUntilRetried('Not reopened')),
	],
	links: {
		MessageSent: ['Log text'],
		'Log text': ['What became of it?', 'Not noted'],
		'Not noted': ['Log text'],
		'What became of it?': [
			'Noted on the ticket',
			'No open ticket',
			"The agent's own reply",
			'Reopen for the agent',
			'Was noted already',
		],
		'Reopen for the agent': ['Agent sees it', 'Not reopened'],
		'Not reopened': ['Reopen for the agent'],
	},
	notes: [
		{
			name: 'Logging',
			text: '**Log text** finds the open ticket of the customer and writes an internal note.\n\n*Not noted* and *Not reopened* make the execution fail, so that you see it. *Retry* of n8n does what is left.',
			columns: [0, 1],
		},
		{
			name: 'Branches',
			text: branchesOf('What became of it', {
				'no open ticket': 'most messages of a campaign. Nothing is written.',
				'own reply': 'it is on the ticket already.',
				'reply failed':
					"the carrier did not deliver an agent's reply. The ticket has a note with the reason, and is opened again.",
			}),
			columns: [2, 4.6],
		},
	],
};
