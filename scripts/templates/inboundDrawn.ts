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

/** What can fail, in the order of the inputs of *What failed*. */
const FALLIBLE = [
	'Reopen ticket',
	'Add to solved ticket',
	'Create ticket',
	'Add to ticket',
	'Find ticket',
	'Screen text',
] as const;

const failed = (name: (typeof FALLIBLE)[number]) => ({
	node: 'What failed',
	input: FALLIBLE.indexOf(name),
});

const newTickets = { priority: 'normal', tags: 'sms', type: 'question' };

export const inboundDrawn: TemplateSketch = {
	file: '01b-inbound-sms-step-by-step.json',
	name: '01b Inbound SMS to ticket, step by step',
	overview: overviewOf({
		title: '01b Inbound SMS, step by step',
		what: 'Does what template 01 does, with the status logic drawn: for builders who want another rule, such as another group for reopened tickets.',
		needs: 'Publish this one or 01, not both.',
		steps: [
			'Run template 00 first.',
			'Set the keywords in *Screen text*, and the new tickets in *Create ticket*, as in 01.',
			'Publish.',
		],
		more: '**01 is safer** when several executions run at once, as they do when a customer sends three writes a row. There one node lists, decides, writes and looks again. Here an agent or another execution can change the ticket between two nodes. No message gets lost or doubled, but one that was added to a ticket just before it closed stays there, and nobody is told.',
	}),
	nodes: [
		at(0, 0, klaviyoTrigger('CustomerMessaged', ['customerMessaged'])),
		at(
			1,
			0,
			withErrors(
				klaviyo('Screen text', 'message', 'screen', { options: { openOnOptOutInMessage: true } }),
			),
		),
		at(
			2,
			0,
			ifNode(
				'Screened out?',
				// What nobody typed reopens nothing.
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
			switchNode('What became of it?', {
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
		at(10.1, 0.05, end('Was there already')),
		at(10.1, 1, end('Ignored: suspended in Zendesk')),
		at(8.5, 2.6, gather('What failed', FALLIBLE.length)),
		at(10.1, 2.6, failUntilRetried('Not filed')),
	],
	links: {
		CustomerMessaged: ['Screen text'],
		'Screen text': ['Screened out?', failed('Screen text')],
		'Screened out?': ['Ignored: see reason', 'Find ticket'],
		'Find ticket': ['Which ticket?', failed('Find ticket')],
		'Which ticket?': ['Add to solved ticket', 'Create ticket', 'Add to ticket'],
		'Create ticket': ['What became of it?', failed('Create ticket')],
		'Add to solved ticket': ['Suspended?', failed('Add to solved ticket')],
		'Suspended?': ['Ignored: suspended in Zendesk', 'Reopen ticket'],
		'Reopen ticket': ['What became of it?', failed('Reopen ticket')],
		'Add to ticket': ['What became of it?', failed('Add to ticket')],
		'What failed': ['Not filed'],
		'Not filed': ['Screen text'],
		'What became of it?': [
			'Ticket reopened',
			'New ticket',
			'Comment added',
			'Was there already',
			'Find ticket',
			'Ignored: suspended in Zendesk',
		],
	},
	notes: [
		{
			name: 'Screening',
			text: '**Screening** is that of template 01. What opens no ticket ends in *Ignored*, with its *reason*.',
			columns: [0, 1],
		},
		{
			name: 'Status logic',
			text: branchesOf('By the ticket that the conversation has', {
				solved: 'the message is added, and the ticket reopened in a step of its own.',
				none: 'it has none, or all are closed: a new one is made.',
				'not solved':
					'the message is added. A pending ticket or one on hold is set to open at the same time.',
			}),
			columns: [4, 7.5],
		},
		{
			name: 'Branches',
			text: branchesOf('What became of it', {
				'look again':
					'too late: somebody has opened or closed a ticket since. *Find ticket* finds the right one.',
				'nothing new': 'the message was in a ticket already, or the ticket was open.',
				suspended: 'an agent has suspended the customer in Zendesk: the message is put nowhere.',
				'Not filed':
					'makes the execution fail when all else is done. *Retry* of n8n files what is left, and so does catch-up.',
			}),
			columns: [8.5, 10.1],
		},
	],
};
