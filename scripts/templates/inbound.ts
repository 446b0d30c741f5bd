import { at, type TemplateSketch } from './canvas';
import { equals, ifNode, isAmong, isFalse, switchNode } from './conditions';
import { end, failUntilRetried, klaviyo, klaviyoTrigger, withErrors, zendesk } from './nodes';
import { branchesOf, overviewOf } from './words';

/** What the customer may be answering. The message waits for none of this, and is never brought again for it. */
const lastSent = withErrors(
	klaviyo('Last campaign or flow', 'message', 'getMany', {
		limit: 1,
		filters: {
			channels: "={{ [$json.channel === 'whatsapp' ? 'whatsapp' : 'sms'] }}",
			direction: 'outbound',
			events: ['delivered'],
			kinds: ['campaign', 'flow'],
			since: '={{ DateTime.fromISO($json.sentAt).minus({ days: 7 }).toISO() }}',
			until: '={{ $json.sentAt }}',
		},
	}),
);
const noteLastSent = withErrors(
	zendesk('Note it on the ticket', 'ticket', 'logOutbound', {
		options: { ticketId: "={{ $('New ticket').item.json.ticketId }}" },
	}),
);

export const inbound: TemplateSketch = {
	file: '01-inbound-message-to-ticket.json',
	name: '01 Inbound message to ticket',
	overview: overviewOf({
		title: '01 Inbound message to ticket',
		what: "For shops whose customers write to their Klaviyo number, by SMS, RCS or WhatsApp. Each message becomes a Zendesk ticket, or a comment on the conversation's open ticket. A solved ticket is reopened. If every ticket is closed, a new one is created.",
		needs:
			'Without Advanced KDP in Klaviyo, set *Source* in *CustomerMessaged* to the flow webhook or to polling.',
		steps: [
			'Run template 00 first.',
			"In *Screen message*, enter your Klaviyo account's keywords under Options: Klaviyo's API does not provide them.",
			'In *Create or reopen ticket*, choose the brand, group, tags and priority of new tickets.',
			'Publish.',
		],
		more: 'A message may arrive twice, by webhook and by catch-up. It is added to a ticket once.',
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
		at(2, 0, ifNode('Screened out?', isFalse('$json.opensTicket'))),
		at(
			3,
			-3.6,
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
					automation: equals('$json.reason', 'leftToAutomation'),
				},
				'other',
			),
		),
		at(4.6, -5.4, end('Ignored: opted out')),
		at(4.6, -4.5, end('Ignored: keyword')),
		at(4.6, -3.6, end('Ignored: no consent')),
		at(4.6, -2.7, end('Left to automation')),
		at(4.6, -1.8, end('Ignored: not a message, or branded sender')),
		at(3, 0, {
			...withErrors(zendesk('File rating', 'ticket', 'fileRating')),
			disabled: true,
		}),
		at(
			4,
			0,
			withErrors(
				zendesk('Create or reopen ticket', 'ticket', 'createOrReopen', {
					options: { priority: 'normal', type: 'question' },
				}),
			),
		),
		at(
			5,
			0,
			// The most frequent outcome first, and the last one by fallback: n8n evaluates every rule for every item.
			switchNode(
				'What happened?',
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
		at(5, 1.4, failUntilRetried('Not added')),
		at(6.6, -1.35, end('Comment added')),
		at(6.6, -0.45, end('New ticket')),
		at(7.8, -0.45, lastSent),
		at(9, -0.45, noteLastSent),
		at(10.2, -0.9, end('Context noted')),
		at(10.2, 0, end('No context')),
		at(6.6, 0.45, end('Ticket reopened')),
		at(6.6, 1.35, end('Ignored: suspended in Zendesk')),
		at(6.6, 2.25, end('Ignored: reaction, no ticket')),
		at(6.6, 3.15, end('Already there')),
	],
	links: {
		CustomerMessaged: ['Screen message'],
		'Screen message': ['Screened out?', 'Not added'],
		'Screened out?': ['Why?', 'File rating'],
		'Why?': [
			'Ignored: opted out',
			'Ignored: keyword',
			'Ignored: no consent',
			'Left to automation',
			'Ignored: not a message, or branded sender',
		],
		'File rating': ['Create or reopen ticket', 'Not added'],
		'Create or reopen ticket': ['What happened?', 'Not added'],
		'Not added': ['Screen message'],
		'What happened?': [
			'Comment added',
			'New ticket',
			'Ticket reopened',
			'Ignored: suspended in Zendesk',
			'Ignored: reaction, no ticket',
			'Already there',
		],
		'New ticket': ['Last campaign or flow'],
		'Last campaign or flow': ['Note it on the ticket', 'No context'],
		'Note it on the ticket': ['Context noted', 'No context'],
	},
	notes: [
		{
			name: 'Screening',
			text: '**Screening** decides whether a message opens a ticket, and gives the *reason*. HELP and INFO always open one.\n\nAn opt-out word in a longer message, such as "I want to cancel my order", opens a ticket with a warning to the agent: Klaviyo has unsubscribed the customer, so an answer may not arrive. To ignore such messages, turn off *Open on Opt-Out in a Sentence* in *Screen message*.',
			columns: [0, 1],
		},
		{
			name: 'Ignored messages',
			text: branchesOf('Ignored messages end here, each with its reason', {
				'opted out': 'STOP and similar words.',
				keyword:
					'a word that subscribes, confirms or starts an automated conversation. To let a "Yes" reach an open ticket, connect this output to *Create or reopen ticket* and turn on *Add Keywords to Open Ticket* there.',
				'no consent': 'the sender cannot be answered by SMS.',
				automation:
					"only with *Leave to Automation*: Klaviyo's Customer Agent, or an automatic answer, deals with it. Catch-up brings it again until that is certain.",
				other: 'it was sent to or from a branded sender, or is not a message from a customer.',
			}),
			columns: [3, 5.6],
		},
		{
			name: 'Branches',
			text: branchesOf('What happened', {
				'New ticket, Ticket reopened, Comment added':
					'add your own steps here, such as a message to your team.',
				'Last campaign or flow':
					'a new ticket gets a note with the last one that the customer was sent in the week before, if there is any. It is for agents only. If Klaviyo or Zendesk does not answer, the ticket has no such note.',
				'Ignored: suspended in Zendesk':
					'an agent has suspended the customer. To receive their messages again, end the suspension.',
				'Ignored: reaction, no ticket':
					'"Liked ..." or the automatic reply of a phone, with no ticket to add it to.',
				'Already there':
					'the message arrived a second time, or *File rating* has filed it. Nothing needs to be done.',
				'File rating':
					'is for template 10, which asks customers by text to rate a solved ticket. Enabled, it notes an answer such as "5" or "Great" on the solved ticket, which then stays solved.',
				'Not added':
					"makes the execution fail, so that you notice. n8n's *Retry* adds what is left, and so does catch-up.",
			}),
			columns: [4, 6.6],
			side: 'below',
		},
	],
};
