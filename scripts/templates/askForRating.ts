import { at, type TemplateSketch } from './canvas';
import { ifNode, isTrue } from './conditions';
import { end, failUntilRetried, klaviyo, withErrors, zendesk, zendeskTrigger } from './nodes';
import { overviewOf } from './words';

const solved = zendeskTrigger('TicketSolved', ['solved'], {
	options: { channels: ['sms', 'whatsapp'] },
});

const phone = '={{ $json.externalId.match(/\\+\\d+/)[0] }}';
const request = '=ratingRequest:{{ $json.ticketId }}';

export const askForRating: TemplateSketch = {
	file: '10-ask-for-a-rating-by-text.json',
	name: '10 Ask for a rating by text',
	overview: overviewOf({
		title: '10 Ask for a rating by text',
		what: 'For shops that want to know how support was. When a conversation by SMS or WhatsApp is solved, the customer is asked to rate it from 1 to 5. The answer becomes a note and a tag on the solved ticket, which stays solved, and the metric *Rated Ticket*.',
		needs:
			'In Klaviyo, a live flow that starts with the metric *Rating Requested* and sends the question at once.',
		steps: [
			'Build the flow: "How did we do? Answer 1 (bad) to 5 (great)." It may only text customers who can be texted.',
			'Publish.',
			'In template 01, enable *File rating*. Publish template 03 for the metric.',
		],
		more: 'A ticket is asked about once, even if it is reopened and solved again. Only an answer within 48 hours counts, and only if nothing else was said on the ticket. Anything that is not certainly a rating is an ordinary message.',
	}),
	nodes: [
		at(0, 0, { ...solved, parameters: { ...solved.parameters, deliverEachEvent: 'once' } }),
		at(
			1,
			0,
			ifNode(
				'Solved just now?',
				isTrue('DateTime.fromISO($json.occurredAt) > $now.minus({ hours: 1 })'),
			),
		),
		at(
			2,
			-0.5,
			withErrors(
				klaviyo('Ask for rating', 'event', 'track', {
					metricName: { __rl: true, mode: 'name', value: 'Rating Requested' },
					phone,
					email: '',
					uniqueId: request,
					properties: {
						property: [
							{ name: 'ticket_id', value: '={{ $json.ticketId }}' },
							{ name: 'channel', value: '={{ $json.channel }}' },
						],
					},
				}),
			),
		),
		at(
			3,
			-0.5,
			withErrors(
				zendesk('Note request', 'ticket', 'addInternalNote', {
					ticketId: "={{ $('Solved just now?').item.json.ticketId }}",
					note: 'The customer was asked by text to rate this ticket. An answer from 1 to 5 is noted here.',
					options: { key: "=ratingRequest:{{ $('Solved just now?').item.json.ticketId }}" },
				}),
			),
		),
		at(4, -0.5, end('Asked')),
		at(4, 0.9, failUntilRetried('Not asked')),
		at(2, 0.75, end('Too long ago')),
	],
	links: {
		TicketSolved: ['Solved just now?'],
		'Solved just now?': ['Ask for rating', 'Too long ago'],
		'Ask for rating': ['Note request', 'Not asked'],
		'Note request': ['Asked', 'Not asked'],
		'Not asked': ['Ask for rating'],
	},
	notes: [
		{
			name: 'Asking',
			text: '**Ask for rating** records the metric *Rating Requested* on the profile, and your flow sends the question. **Note request** writes on the ticket that the customer was asked: without this note no message counts as an answer.\n\n*Too long ago*: n8n was down while the ticket was solved.',
			columns: [1, 4],
		},
	],
};
