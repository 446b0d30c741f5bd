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

/** Whether the event brought all that is to be written to the customer's profiles. Catch-up writes it in any case, to be done with the event. */
const CARRIED_ALL =
	'$json.tracked && !$json.duplicate && !$json.catchUp && !$json.alsoKnownAs?.length && !$json.lastRating';

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
		at(
			1,
			0,
			withErrors(zendesk('Get ticket', 'ticket', 'get', { options: { continueIfNotFound: true } })),
		),
		at(
			2,
			0,
			withErrors(
				zendesk('Count open tickets', 'ticket', 'countOpen', {
					options: { useIncomingTicket: true },
				}),
			),
		),
		at(3, 0, ifNode('Is it a metric?', isAmong("$json.found ? $json.event : ''", METRICS))),
		at(3, 1.2, end('Not counted')),
		at(
			4,
			-0.5,
			withErrors(
				klaviyo('Track ticket', 'event', 'trackTicket', {
					options: {
						lastTicketAt: "={{ $json.lastTicketAt ?? '' }}",
						lastTicketReason: "={{ $json.lastTicketReason ?? '' }}",
					},
				}),
			),
		),
		at(5, -0.5, ifNode('All written?', isTrue(CARRIED_ALL))),
		at(6, -1, end('Tracked')),
		at(6, 0.5, withErrors(writeCount)),
		at(7, 0, end('Count written')),
		at(7, 1, end('Count not written')),
		at(6, 2.2, failUntilRetried('Not recorded')),
	],
	links: {
		TicketChanged: ['Get ticket'],
		'Get ticket': ['Count open tickets', ['Count open tickets', 'Not recorded']],
		'Count open tickets': ['Is it a metric?', ['Is it a metric?', 'Not counted']],
		'Is it a metric?': ['Track ticket', 'Write count'],
		'Track ticket': ['All written?', ['Write count', 'Not recorded']],
		'All written?': ['Tracked', 'Write count'],
		'Write count': ['Count written', 'Count not written'],
		'Not recorded': ['Get ticket'],
	},
	notes: [
		{
			name: 'Count',
			text: '**The open ticket count** is also right for tickets that were deleted, restored, merged or given to another requester. The reason of the last ticket is its subject; to use a custom field, add the option *Reason Field* to *Count open tickets*.',
			columns: [1, 3],
		},
		{
			name: 'Metrics',
			text: '**The metric** is recorded on the timeline, and carries the count to the profile. *Write count* does the rest: events without a metric, ratings, events that Klaviyo already had, and a second profile of the same customer.\n\n*Count not written*: the customer has neither an email address nor a phone number, or Klaviyo refused both.',
			columns: [4, 7],
		},
		{
			name: 'Retry',
			text: "**Not recorded** makes the execution fail, so that you notice: Zendesk or Klaviyo did not answer, or refused the request. n8n's *Retry* does what is left, and so does catch-up.",
			columns: [3, 6],
			side: 'below',
		},
	],
};
