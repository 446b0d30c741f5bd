import { at, type TemplateSketch } from './canvas';
import { ifNode, isAmong, isTrue } from './conditions';
import { end, failUntilRetried, klaviyo, withErrors, zendesk, zendeskTrigger } from './nodes';
import { overviewOf } from './words';

/** What Track Ticket makes a metric of. The other events change the number of open tickets alone. */
const METRICS = ['opened', 'solved', 'reopened', 'closed'];

export const metrics: TemplateSketch = {
	file: '03-ticket-metrics-to-klaviyo.json',
	name: '03 Ticket metrics to Klaviyo',
	overview: overviewOf({
		title: '03 Ticket metrics to Klaviyo',
		what: "For marketers who want to know who has trouble: every ticket becomes events on the customer's Klaviyo profile (*Opened Ticket*, *Solved Ticket*, *Reopened Ticket*, and *Resolved Ticket* when it is closed), and the profile says how many tickets are open (*Open Ticket Count*).",
		steps: [
			'Run template 00 first.',
			'To leave tickets out, by brand, tag or channel, add options to *TicketChanged*.',
			'Publish. Use the metrics and the count in segments and flows of Klaviyo.',
		],
		more: 'An event may come twice, by webhook and by catch-up: it is recorded once. Template 05 makes a segment of people with open tickets, 06 records tickets of the past.',
	}),
	nodes: [
		at(
			0,
			0,
			zendeskTrigger('TicketChanged', [...METRICS, 'deleted', 'restored', 'requesterChanged']),
		),
		at(1, -1.4, withErrors(zendesk('Count open tickets', 'ticket', 'countOpen'))),
		at(2, -1.9, withErrors(klaviyo('Write count', 'profile', 'upsert'))),
		at(3, -2.4, end('Count written')),
		at(3, -1.4, end('Count not written')),
		at(2, -0.9, end('Not counted')),
		at(1, 0.8, ifNode('A metric?', isAmong('$json.event', METRICS))),
		at(2, 0.5, withErrors(zendesk('Get ticket', 'ticket', 'get'))),
		at(3, 0.5, withErrors(klaviyo('Track ticket', 'event', 'trackTicket'))),
		at(4, 0.5, ifNode('Tracked?', isTrue('$json.tracked'))),
		at(5, 0.05, end('Tracked')),
		at(5, 0.95, end('Nobody to track it for')),
		at(3, 1.8, ifNode('Deleted?', isTrue('String($json.error).includes("(status 404)")'))),
		at(4, 1.6, end('Ticket deleted')),
		at(4, 2.6, failUntilRetried('Not tracked')),
		at(2, 1.8, end('Counted only')),
	],
	links: {
		TicketChanged: [['Count open tickets', 'A metric?']],
		'A metric?': ['Get ticket', 'Counted only'],
		'Get ticket': ['Track ticket', 'Deleted?'],
		'Deleted?': ['Ticket deleted', 'Not tracked'],
		'Count open tickets': ['Write count', 'Not counted'],
		'Write count': ['Count written', 'Count not written'],
		'Track ticket': ['Tracked?', 'Not tracked'],
		'Not tracked': ['Get ticket'],
		'Tracked?': ['Tracked', 'Nobody to track it for'],
	},
	notes: [
		{
			name: 'Count',
			text: '**The number of open tickets** goes to the profile, and to a second one that Klaviyo has of the customer. *Count not written*: a customer without e-mail address and number, or one that Klaviyo refused.',
			columns: [1, 3],
		},
		{
			name: 'Metrics',
			text: '**The metric** goes to the timeline. *Counted only*: the ticket was deleted, restored, or given to another requester. *Nobody to track it for*: the customer has neither address nor number (*reason*).\n\n**Not tracked** makes the execution fail, so that you see it: Zendesk or Klaviyo did not answer, or refused it. *Retry* of n8n does what is left, and so does catch-up.',
			columns: [1, 5],
			side: 'below',
		},
	],
};
