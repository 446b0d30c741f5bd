import { at, type Sketch, type TemplateSketch } from './canvas';
import { equals, ifNode, isTrue } from './conditions';
import { end, withErrors, zendesk, zendeskTrigger } from './nodes';
import { sendingBranches, sendingLinks, sendingNodes, TEXT_CUSTOMER } from './sending';
import { branchesOf, overviewOf } from './words';

/** Whoever writes there next must know, before the customer waits for an answer that was never sent. */
const noteMerge: Sketch = zendesk('Note the merge', 'ticket', 'addInternalNote', {
	note: "={{ 'Ticket #' + $json.key.split(':')[1] + ' was merged into this ticket. It was a conversation by text message. Public replies on this ticket are not sent to the phone of the customer. When the customer writes again, a new ticket is opened: answer there.' }}",
	options: { key: '={{ $json.key }}' },
});

export const replies: TemplateSketch = {
	file: '02-agent-reply-to-customer.json',
	name: '02 Agent reply to customer',
	overview: overviewOf({
		title: '02 Agent reply to customer',
		what: 'For agents who answer in Zendesk. A public reply on a ticket from template 01 is sent to the customer as a text message, from the number they wrote to. Internal notes are never sent.',
		needs:
			'Klaviyo must enable the Conversations API for your account. If it does not, set *Send Through* in *Send reply* to *Flow*.',
		steps: ['Run template 00 first.', 'Publish. Template 01 must be published too.'],
		more: 'A reply may arrive twice, by webhook and by catch-up. It is sent once. If it cannot be sent, an internal note on the ticket tells the agent why. Replies on tickets with the tag *text_customer* are left to template 11.',
	}),
	nodes: [
		at(
			-1,
			0,
			zendeskTrigger('AgentReplied', ['agentReplied', 'merged'], {
				options: { channels: ['sms', 'whatsapp'], leaveOutTags: [TEXT_CUSTOMER] },
			}),
		),
		at(0, 0, ifNode('Is it a reply?', equals('$json.event', 'agentReplied'))),
		at(1, 4.8, ifNode('Into which?', isTrue('Boolean($json.mergedInto)'))),
		at(
			2,
			4.8,
			withErrors(
				zendesk('Get other ticket', 'ticket', 'get', { ticketId: '={{ $json.mergedInto }}' }),
			),
		),
		at(
			3,
			4.8,
			ifNode('Conversation?', isTrue("String($json.externalId ?? '').startsWith('klaviyo:')")),
		),
		at(4, 5.2, withErrors(noteMerge)),
		at(5, 4.7, end('Merge noted')),
		at(5, 5.7, end('Merge not noted')),
		...sendingNodes(1, 'disabled'),
	],
	links: {
		AgentReplied: ['Is it a reply?'],
		'Is it a reply?': ['Claim reply', 'Into which?'],
		'Into which?': ['Get other ticket', 'Merge not noted'],
		'Get other ticket': ['Conversation?', 'Merge not noted'],
		'Conversation?': ['Merge noted', 'Note the merge'],
		'Note the merge': ['Merge noted', 'Merge not noted'],
		...sendingLinks('disabled'),
	},
	notes: [
		{
			name: 'Why claim',
			text: "**Claim reply** writes a short internal note on the ticket. A second execution finds the note and does not send the reply again.\n\n**Send reply** sends each claimed reply once. If a reply was claimed some time ago, it checks Klaviyo's log instead.",
			columns: [1, 2],
		},
		{
			name: 'Branches',
			text: branchesOf('What happened', {
				'window closed':
					'the customer last wrote more than 24 hours ago on WhatsApp. While *Send follow-up* is disabled, the agent is told that the reply was not sent. To have the customer asked to continue, enable it, with a flow in Klaviyo and template 07.',
				...sendingBranches('disabled'),
			}),
			columns: [3, 4.6],
		},
		{
			name: 'Merge',
			text: '**A conversation that was merged into another ticket** gets no more replies there. A note on that ticket says so, once. *Merge not noted*: the ticket is closed or cannot be reached. Catch-up tries again.',
			columns: [1, 4],
			side: 'below',
		},
	],
};
