import { at, type TemplateSketch } from './canvas';
import { equals, ifNode, isFalse } from './conditions';
import { end, failUntilRetried, klaviyo, klaviyoTrigger, withErrors, zendesk } from './nodes';
import { branchesOf, overviewOf } from './words';

const trigger = klaviyoTrigger('ConversationEscalated', ['otherMetric'], {
	metricId: { __rl: true, mode: 'name', value: 'Conversation Escalated' },
});

export const escalated: TemplateSketch = {
	file: '12-escalated-conversation-to-ticket.json',
	name: '12 Escalated conversation to ticket',
	overview: overviewOf({
		title: '12 Escalated conversation to ticket',
		what: "For shops whose customers are answered by Klaviyo's Customer Agent first. While it answers, messages open no ticket. As soon as it hands a conversation to a person, what was said is on a ticket: the customer's messages, each once, and the answers as notes.",
		needs: 'In Klaviyo, the Customer Agent on SMS or WhatsApp, without a helpdesk of its own.',
		steps: [
			'In template 01, in *Screen message*, set *Leave to Automation* to the Customer Agent.',
			'Set the options of *Screen message* and of *Create or reopen ticket* as in template 01.',
			'Publish.',
		],
		more: 'Without this workflow, catch-up in template 01 opens the ticket, up to an hour later.',
	}),
	nodes: [
		at(0, 0, {
			...trigger,
			// No node says that it is done with an escalation. What it leaves out, catch-up in template 01 brings.
			parameters: { ...trigger.parameters, deliverEachEvent: 'once' },
		}),
		at(
			1,
			0,
			withErrors(
				klaviyo('Get what was said', 'message', 'getMany', {
					filters: {
						since: '={{ DateTime.fromISO($json.occurredAt).minus({ hours: 24 }).toISO() }}',
					},
				}),
			),
		),
		at(2, 2, failUntilRetried('Not read')),
		at(2, 0, ifNode('By the customer?', equals('$json.direction', 'inbound'))),
		at(
			3,
			-1,
			withErrors(
				klaviyo('Screen message', 'message', 'screen', {
					options: { leaveTo: 'customerAgent', openOnOptOutInMessage: true },
				}),
			),
		),
		at(4, -1, ifNode('Screened out?', isFalse('$json.opensTicket'))),
		at(5, -2, end('Not for a ticket')),
		at(
			5,
			-1,
			withErrors(
				zendesk('Create or reopen ticket', 'ticket', 'createOrReopen', {
					options: { priority: 'normal', type: 'question' },
				}),
			),
		),
		at(6, -1.3, end('On the ticket')),
		at(6, 0, failUntilRetried('Not added')),
		at(3, 1.7, withErrors(zendesk('Note the answers', 'ticket', 'logOutbound'))),
		at(4, 1.3, end('Answers noted')),
		at(4, 2.5, failUntilRetried('Not noted')),
	],
	links: {
		ConversationEscalated: ['Get what was said'],
		'Get what was said': ['By the customer?', 'Not read'],
		'Not read': ['Get what was said'],
		'By the customer?': ['Screen message', 'Note the answers'],
		'Screen message': ['Screened out?', 'Not added'],
		'Screened out?': ['Not for a ticket', 'Create or reopen ticket'],
		'Create or reopen ticket': ['On the ticket', 'Not added'],
		'Not added': ['Screen message'],
		'Note the answers': ['Answers noted', 'Not noted'],
		'Not noted': ['Note the answers'],
	},
	notes: [
		{
			name: 'What was said',
			text: "**Get what was said** reads the customer's messages of the last 24 hours, both ways. n8n follows the upper branch to its end first: the ticket is there before the answers are noted.",
			columns: [0, 2],
		},
		{
			name: 'Branches',
			text: branchesOf('What happened', {
				'Not for a ticket':
					'a keyword, or a message of an earlier conversation that the Customer Agent resolved.',
				'On the ticket': 'also for a message that was there already: it is added once.',
			}),
			columns: [3, 6],
		},
	],
};
