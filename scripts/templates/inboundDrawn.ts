import { at, type TemplateSketch } from './canvas';
import { equals, ifNode, isAmong, isFalse, switchNode } from './conditions';
import {
	end,
	failUntilRetried,
	gather,
	klaviyo,
	klaviyoTrigger,
	withErrors,
	zendesk,
} from './nodes';
import { branchesOf, overviewOf } from './words';

/** The nodes that can fail, in the order of the inputs of *Failed items*. */
const FALLIBLE = [
	'Reopen ticket',
	'Add to solved ticket',
	'Create ticket',
	'Add to ticket',
	'Find ticket',
	'Screen message',
] as const;

const failed = (name: (typeof FALLIBLE)[number]) => ({
	node: 'Failed items',
	input: FALLIBLE.indexOf(name),
});

const newTickets = { priority: 'normal', type: 'question' };

export const inboundDrawn: TemplateSketch = {
	file: '01b-inbound-message-step-by-step.json',
	name: '01b Inbound message to ticket, step by step',
	overview: overviewOf({
		title: '01b Inbound message, step by step',
		what: 'Does the same as template 01, with each step of the status logic as a node. For builders who want other rules, such as another group for reopened tickets.',
		needs: 'Publish this one or 01, not both.',
		steps: [
			'Run template 00 first.',
			'Set the keywords in *Screen message* and the options for new tickets in *Create ticket*, as in 01.',
			'Publish.',
		],
		more: '**01 is safer** when several executions run at once, as when a customer sends three messages in a row. There, one node lists the tickets, decides, writes and checks again. Here, an agent or another execution can change the ticket between two nodes. No message is lost or duplicated, but one that was added to a ticket just before it closed stays there, and nobody is told.',
	}),
	nodes: [
		at(0, 0, klaviyoTrigger('CustomerMessaged', ['customerMessaged'])),
		at(
			1,
			0,
			withErrors(
				klaviyo('Screen message', 'message', 'screen', {
					options: { openOnOptOutInMessage: true },
				}),
			),
		),
		at(
			2,
			0,
			ifNode(
				'Screened out?',
				// A reaction or automatic reply, which nobody typed, reopens nothing.
				isFalse('$json.opensTicket && !["reaction", "automaticReply"].includes($json.reason)'),
			),
		),
		at(3, -1.5, end('Ignored: see reason')),
		at(3, 0, withErrors(zendesk('Find ticket', 'ticket', 'findForConversation'))),
		at(
			4,
			0,
			switchNode(
				'Which ticket?',
				{
					solved: equals('$json.status', 'solved'),
					none: isFalse('$json.found'),
				},
				'not solved',
			),
		),
		at(
			5.5,
			-2.8,
			withErrors(
				zendesk('Add to solved ticket', 'ticket', 'addMessage', { options: { setOpen: false } }),
			),
		),
		at(6.5, -2.8, ifNode('Suspended?', equals('$json.outcome', 'skipped'))),
		at(7.5, -2.8, withErrors(zendesk('Reopen ticket', 'ticket', 'reopen'))),
		at(
			5.5,
			-1.4,
			withErrors(zendesk('Create ticket', 'ticket', 'create', { options: newTickets })),
		),
		at(5.5, 0, withErrors(zendesk('Add to ticket', 'ticket', 'addMessage'))),
		at(
			8.5,
			0,
			switchNode('What happened?', {
				reopened: equals('$json.outcome', 'reopened'),
				created: equals('$json.outcome', 'created'),
				commented: equals('$json.outcome', 'commented'),
				'nothing new': isAmong('$json.outcome', ['duplicate', 'unchanged']),
				'look again': isAmong('$json.outcome', ['alreadyOpen', 'closed']),
				suspended: equals('$json.outcome', 'skipped'),
			}),
		),
		at(10.1, -2.8, end('Ticket reopened')),
		at(10.1, -1.85, end('New ticket')),
		at(10.1, -0.9, end('Comment added')),
		at(10.1, 0.05, end('Already there')),
		at(10.1, 1, end('Ignored: suspended in Zendesk')),
		at(8.5, 2.6, gather('Failed items', FALLIBLE.length)),
		at(10.1, 2.6, failUntilRetried('Not added')),
	],
	links: {
		CustomerMessaged: ['Screen message'],
		'Screen message': ['Screened out?', failed('Screen message')],
		'Screened out?': ['Ignored: see reason', 'Find ticket'],
		'Find ticket': ['Which ticket?', failed('Find ticket')],
		'Which ticket?': ['Add to solved ticket', 'Create ticket', 'Add to ticket'],
		'Create ticket': ['What happened?', failed('Create ticket')],
		'Add to solved ticket': ['Suspended?', failed('Add to solved ticket')],
		'Suspended?': ['Ignored: suspended in Zendesk', 'Reopen ticket'],
		'Reopen ticket': ['What happened?', failed('Reopen ticket')],
		'Add to ticket': ['What happened?', failed('Add to ticket')],
		'Failed items': ['Not added'],
		'Not added': ['Screen message'],
		'What happened?': [
			'Ticket reopened',
			'New ticket',
			'Comment added',
			'Already there',
			'Find ticket',
			'Ignored: suspended in Zendesk',
		],
	},
	notes: [
		{
			name: 'Screening',
			text: '**Screening** works as in template 01. A message that opens no ticket ends in *Ignored*, with its *reason*.',
			columns: [0, 1],
		},
		{
			name: 'Status logic',
			text: branchesOf("By the conversation's ticket", {
				solved: 'the message is added, then the ticket is reopened in a separate step.',
				none: 'there is none, or all are closed: a new one is created.',
				'not solved':
					'the message is added. A pending or on-hold ticket is set to open at the same time.',
			}),
			columns: [4, 7.5],
		},
		{
			name: 'Branches',
			text: branchesOf('What happened', {
				'look again':
					'too late: a ticket was opened or closed in the meantime. *Find ticket* finds the right one.',
				'nothing new': 'the message was already in a ticket, or the ticket was already open.',
				suspended:
					'an agent has suspended the customer in Zendesk: the message is not added anywhere.',
				'Not added':
					"makes the execution fail once everything else is done. n8n's *Retry* adds what is left, and so does catch-up.",
			}),
			columns: [8.5, 10.1],
		},
	],
};
