import { at, type TemplateSketch } from './canvas';
import { equals, ifNode, isTrue } from './conditions';
import {
	deliveredOnce,
	end,
	failUntilRetried,
	klaviyo,
	withErrors,
	zendesk,
	zendeskTrigger,
} from './nodes';
import { overviewOf } from './words';

export const customerCard: TemplateSketch = {
	file: '08-customer-card-on-tickets.json',
	name: '08 Customer card on tickets',
	overview: overviewOf({
		title: '08 Customer card on tickets',
		what: 'For agents who want to know who is writing. Each new ticket, of any channel, gets one internal note with what marketing knows of the customer: consent, orders, value, lists, segments, and the last campaigns and flows. The same is written into fields of the customer, for views and triggers.',
		needs: 'The Klaviyo key needs the scope *lists:read*.',
		steps: [
			'Run template 00, and template 05: it creates the fields.',
			'In *Get customer card*, choose the parts that agents may see. Nothing else is read. Choose the same in template 05.',
			'To leave out tickets by brand, tag or channel, add options to *TicketOpened*.',
			'Publish.',
		],
		more: 'A ticket that is reopened gets another note only if the consent or the orders have changed since.',
	}),
	nodes: [
		at(0, 0, deliveredOnce(zendeskTrigger('TicketOpened', ['opened', 'reopened']))),
		at(1, 0, withErrors(zendesk('Count open tickets', 'ticket', 'countOpen'))),
		at(2, -0.8, ifNode('Anything to look up?', isTrue('!!($json.email || $json.phone)'))),
		at(
			3,
			-1.6,
			withErrors(
				klaviyo('Get customer card', 'profile', 'getCustomerCard', {
					parts: ['consent', 'value', 'orders', 'lists', 'segments', 'messages', 'openTickets'],
				}),
			),
		),
		at(3, -0.55, end('Nobody to look up')),
		at(4, -2.1, ifNode('One profile?', equals('$json.outcome', 'found'))),
		at(
			5,
			-2.6,
			withErrors(
				zendesk('Add card', 'ticket', 'addInternalNote', {
					ticketId: {
						__rl: true,
						mode: 'id',
						value: "={{ $('TicketOpened').item.json.ticketId }}",
					},
					note: '={{ $json.card }}',
					options: { key: '={{ $json.cardKey }}' },
				}),
			),
		),
		at(5, -1.3, end('No profile, or several')),
		at(6, -3.1, withErrors(zendesk('Update customer', 'user', 'updateCustomerFields'))),
		at(7, -3.6, end('Card is there')),
		at(7, 1.2, failUntilRetried('Card not added')),
	],
	links: {
		TicketOpened: ['Count open tickets'],
		'Count open tickets': ['Anything to look up?', 'Card not added'],
		'Anything to look up?': ['Get customer card', 'Nobody to look up'],
		'Get customer card': ['One profile?', 'Card not added'],
		'One profile?': ['Add card', 'No profile, or several'],
		'Add card': ['Update customer', 'Card not added'],
		'Update customer': ['Card is there', 'Card not added'],
		'Card not added': ['Count open tickets'],
	},
	notes: [
		{
			name: 'Who it is',
			text: "**Who it is**\n\nThe phone number of the conversation, or else the requester's address or number. *Nobody to look up*: there is none of them.",
			columns: [1, 3],
		},
		{
			name: 'What agents see',
			text: '**What agents see**\n\nThe note is internal: customers never see it. What Klaviyo does not show is "not known" on the card, never "none".\n\n*No profile, or several*: no card is written, because nobody is guessed.',
			columns: [4, 6],
		},
		{
			name: 'If it fails',
			text: "**Card not added** makes the execution fail, so that you notice. n8n's *Retry* does what is left; a card that is there is not added again.",
			columns: [4, 7],
			side: 'below',
		},
	],
};
