import { at, type TemplateSketch } from './canvas';
import { ifNode, isAmong, isTrue } from './conditions';
import {
	end,
	failUntilRetried,
	klaviyo,
	withErrors,
	writeCount,
	zendesk,
	zendeskTrigger,
} from './nodes';
import { overviewOf } from './words';

/** The events that Track Ticket records as metrics. The others only change the open ticket count. */
const METRICS = ['opened', 'solved', 'reopened', 'closed', 'rated'];

export const metrics: TemplateSketch = {
	file: '03-ticket-metrics-to-klaviyo.json',
	name: '03 Ticket metrics to Klaviyo',
	overview: overviewOf({
		title: '03 Ticket metrics to Klaviyo',
		what: "For marketers who want to know which customers need support. Every ticket becomes events on the customer's Klaviyo profile: *Opened Ticket*, *Solved Ticket*, *Reopened Ticket*, *Resolved Ticket* when it is closed, and *Rated Ticket* when the customer rates it. The profile also shows how many tickets are open (*Open Ticket Count*), when the last one was created and why (*Last Ticket At*, *Last Ticket Reason*), and the last rating (*Last Rating*, *Last Rating At*).",
		steps: [
			'Run template 00 first.',
			'To leave out tickets by brand, tag or channel, add options to *TicketChanged*.',
			'Publish. Then use the metrics, the count and the rating in Klaviyo segments and flows.',
		],
		more: 'An event may arrive twice, by webhook and by catch-up. It is recorded once. Template 05 creates a segment of people with open tickets; template 06 records past tickets.',
	}),
	nodes: [
		at(
			0,
			0,
			zendeskTrigger('TicketChanged', [
				...METRICS,
				'deleted',
				'restored',
				'merged',
				'requesterChanged',
			]),
		),
		at(1, -1.4, withErrors(zendesk('Count open tickets', 'ticket', 'countOpen'))),
		at(2, -1.9, withErrors(writeCount)),
		at(3, -2.4, end('Count written')),
		at(3, -1.4, end('Count not written')),
		at(2, -0.9, end('Not counted')),
		at(1, 0.8, ifNode('Is it a metric?', isAmong('$json.event', METRICS))),
		at(
			2,
			0.5,
			withErrors(zendesk('Get ticket', 'ticket', 'get', { options: { continueIfNotFound: true } })),
		),
		at(3, 0.5, ifNode('Found?', isTrue('$json.found'))),
		at(4, 0.5, withErrors(klaviyo('Track ticket', 'event', 'trackTicket'))),
		at(5, 0.5, ifNode('Tracked?', isTrue('$json.tracked'))),
		at(6, 0.05, end('Tracked')),
		at(6, 0.95, end('No profile')),
		at(4, 1.6, end('Ticket deleted')),
		at(5, 2.6, failUntilRetried('Not tracked')),
		at(2, 1.8, end('Counted only')),
	],
	links: {
		TicketChanged: [['Count open tickets', 'Is it a metric?']],
		'Is it a metric?': ['Get ticket', 'Counted only'],
		'Get ticket': ['Found?', 'Not tracked'],
		'Found?': ['Track ticket', 'Ticket deleted'],
		'Count open tickets': ['Write count', 'Not counted'],
		'Write count': ['Count written', 'Count not written'],
		'Track ticket': ['Tracked?', 'Not tracked'],
		'Not tracked': ['Get ticket'],
		'Tracked?': ['Tracked', 'No profile'],
	},
	notes: [
		{
			name: 'Count',
			text: "**The open ticket count** is written to the customer's profile, and to a second profile if Klaviyo has one. The reason of the last ticket is its subject; to use a custom field, add the option *Reason Field* to *Count open tickets*.\n\n*Count not written*: the customer has neither an e-mail address nor a phone number, or Klaviyo refused both.",
			columns: [1, 3],
		},
		{
			name: 'Metrics',
			text: "**The metric** is recorded on the timeline. *Counted only*: the ticket was deleted, restored, merged into another, or given to another requester. *No profile*: the customer has neither an e-mail address nor a phone number (*reason*).\n\n**Not tracked** makes the execution fail, so that you notice: Zendesk or Klaviyo did not answer, or refused the request. n8n's *Retry* does what is left, and so does catch-up.",
			columns: [1, 6],
			side: 'below',
		},
	],
};
