import { at, type TemplateSketch } from './canvas';
import { equals, ifNode, isAmong, isFalse, switchNode } from './conditions';
import { end, failUntilRetried, klaviyo, klaviyoTrigger, withErrors, zendesk } from './nodes';
import { branchesOf, overviewOf } from './words';

export const inbound: TemplateSketch = {
	file: '01-inbound-sms-to-ticket.json',
	name: '01 Inbound SMS to ticket',
	overview: overviewOf({
		title: '01 Inbound SMS to ticket',
		what: 'For shops whose customers text their Klaviyo number: the message becomes a Zendesk ticket, or a comment on the ticket that the conversation already has. A solved ticket is reopened; after a closed one a new ticket is made.',
		needs:
			'Without Advanced KDP in Klaviyo, set *Source* of *CustomerMessaged* to the flow webhook or to polling.',
		steps: [
			'Run template 00 first.',
			'In *Screen text*, enter the keywords of your Klaviyo account (Options): nobody can read them there.',
			'In *Create or reopen ticket*, choose brand, group, tags and priority of new tickets.',
			'Publish.',
		],
		more: 'A message may come twice, by webhook and by catch-up: it is put into a ticket once.',
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
		at(2, 0, ifNode('Screened out?', isFalse('$json.opensTicket'))),
		at(
			3,
			-3.2,
			switchNode(
				'Why?',
				{
					'opted out': equals('$json.reason', 'optOutKeyword'),
					keyword: isAmong('$json.reason', [
						'subscribeKeyword',
						'complianceKeyword',
						'automationKeyword',
					]),
					'no consent': equals('$json.reason', 'noConsent'),
				},
				'other',
			),
		),
		at(4.6, -4.5, end('Ignored: opted out')),
		at(4.6, -3.6, end('Ignored: keyword')),
		at(4.6, -2.7, end('Ignored: no consent')),
		at(4.6, -1.8, end('Ignored: no message, or branded sender')),
		at(
			3,
			0,
			withErrors(
				zendesk('Create or reopen ticket', 'ticket', 'createOrReopen', {
					options: { priority: 'normal', tags: 'sms', type: 'question' },
				}),
			),
		),
		at(
			4,
			0,
			// The most frequent one first, and one less than there are: n8n works out every rule for every item.
			switchNode(
				'What became of it?',
				{
					commented: equals('$json.outcome', 'commented'),
					created: equals('$json.outcome', 'created'),
					reopened: equals('$json.outcome', 'reopened'),
					suspended: equals('$json.reason', 'suspended'),
					skipped: equals('$json.outcome', 'skipped'),
				},
				'duplicate',
			),
		),
		at(4, 1.4, failUntilRetried('Not filed')),
		at(5.6, -1.35, end('Comment added')),
		at(5.6, -0.45, end('New ticket')),
		at(5.6, 0.45, end('Ticket reopened')),
		at(5.6, 1.35, end('Ignored: suspended in Zendesk')),
		at(5.6, 2.25, end('Ignored: reaction, no ticket')),
		at(5.6, 3.15, end('Was there already')),
	],
	links: {
		CustomerMessaged: ['Screen text'],
		'Screen text': ['Screened out?', 'Not filed'],
		'Screened out?': ['Why?', 'Create or reopen ticket'],
		'Why?': [
			'Ignored: opted out',
			'Ignored: keyword',
			'Ignored: no consent',
			'Ignored: no message, or branded sender',
		],
		'Create or reopen ticket': ['What became of it?', 'Not filed'],
		'Not filed': ['Screen text'],
		'What became of it?': [
			'Comment added',
			'New ticket',
			'Ticket reopened',
			'Ignored: suspended in Zendesk',
			'Ignored: reaction, no ticket',
			'Was there already',
		],
	},
	notes: [
		{
			name: 'Screening',
			text: '**Screening** says of each message whether it opens a ticket, and why (*reason*). HELP and INFO always do.\n\nAn opt-out word in a longer message, such as "I want to cancel my order", opens a ticket here with a warning to the agent: Klaviyo has unsubscribed the customer, so that an answer may not arrive. To ignore such messages, turn off *Open on Longer Opt-Out* in *Screen text*.',
			columns: [0, 1],
		},
		{
			name: 'Ignored messages',
			text: branchesOf('Ignored messages end here, none without a reason', {
				'opted out': 'STOP and the like.',
				keyword:
					'a word that subscribes, confirms or starts an automated conversation. To let a "Yes" reach an open ticket, link this output to *Create or reopen ticket*, and turn on *Keywords Into Open Ticket* there.',
				'no consent': 'the sender cannot be answered by SMS.',
				other: 'it came to or from a branded sender, or is no text of a customer.',
			}),
			columns: [3, 5.6],
		},
		{
			name: 'Branches',
			text: branchesOf('What became of it', {
				'New ticket, Ticket reopened, Comment added':
					'put here what you like: a message to your team, say.',
				'Ignored: suspended in Zendesk':
					'an agent has suspended the customer there. To let the writes again, end that.',
				'Ignored: reaction, no ticket':
					'"Liked ..." or the automatic reply of a phone, and no ticket to add it to.',
				'Was there already': 'the message came a second time. Leave it alone.',
				'Not filed':
					'makes the execution fail, so that you see it. *Retry* of n8n files what is left, and so does catch-up.',
			}),
			columns: [3, 5.6],
			side: 'below',
		},
	],
};
