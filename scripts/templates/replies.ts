import { at, type Sketch, type TemplateSketch } from './canvas';
import { equals, ifNode, isAmong, isTrue, switchNode } from './conditions';
import { end, failUntilRetried, klaviyo, withErrors, zendesk, zendeskTrigger } from './nodes';
import { branchesOf, overviewOf } from './words';

/** What the agent was told is final: Claim Reply finds this key and does not claim the reply again. */
const tell = (name: string): Sketch =>
	zendesk(name, 'ticket', 'addInternalNote', {
		note: '={{ $json.message }}',
		options: {
			key: "={{ $json.key + ($json.outcome === 'refused' ? ':refused' : ':notSent') }}",
		},
	});

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
		more: 'A reply may arrive twice, by webhook and by catch-up. It is sent once. If it cannot be sent, an internal note on the ticket tells the agent why.',
	}),
	nodes: [
		at(
			-1,
			0,
			zendeskTrigger('AgentReplied', ['agentReplied', 'merged'], {
				options: { channels: ['sms', 'whatsapp'] },
			}),
		),
		at(0, 0, ifNode('Is it a reply?', equals('$json.event', 'agentReplied'))),
		at(1, 4, ifNode('Into which?', isTrue('Boolean($json.mergedInto)'))),
		at(
			2,
			4,
			withErrors(
				zendesk('Get other ticket', 'ticket', 'get', { ticketId: '={{ $json.mergedInto }}' }),
			),
		),
		at(
			3,
			4,
			ifNode('Conversation?', isTrue("String($json.externalId ?? '').startsWith('klaviyo:')")),
		),
		at(4, 4.4, withErrors(noteMerge)),
		at(5, 3.9, end('Merge noted')),
		at(5, 4.9, end('Merge not noted')),
		at(1, 0, zendesk('Claim reply', 'ticket', 'claimReply')),
		at(2, 0, withErrors(klaviyo('Send reply', 'message', 'sendReply'))),
		at(
			3,
			0,
			switchNode(
				'What happened?',
				{
					sent: isAmong('$json.outcome', ['sent', 'alreadySent']),
					'once more': equals('$json.outcome', 'missing'),
					'tell the agent': isTrue('Boolean($json.notifyAgent)'),
					'not claimed': equals('$json.reason', 'notClaimed'),
				},
				'nothing to do',
			),
		),
		at(4.6, -1.1, end('Reply sent')),
		at(4.6, -0.1, end('Nothing to do')),
		at(4.6, 1, withErrors(tell('Tell the agent'))),
		at(5.6, 0.5, end('Agent told')),
		at(5.6, 1.5, failUntilRetried('Not told')),
		at(4.6, 2.4, failUntilRetried('Not sent')),
	],
	links: {
		AgentReplied: ['Is it a reply?'],
		'Is it a reply?': ['Claim reply', 'Into which?'],
		'Into which?': ['Get other ticket', 'Merge not noted'],
		'Get other ticket': ['Conversation?', 'Merge not noted'],
		'Conversation?': ['Merge noted', 'Note the merge'],
		'Note the merge': ['Merge noted', 'Merge not noted'],
		'Claim reply': ['Send reply'],
		'Send reply': ['What happened?', 'Not sent'],
		'What happened?': ['Reply sent', 'Claim reply', 'Tell the agent', 'Not sent', 'Nothing to do'],
		'Tell the agent': ['Agent told', 'Not told'],
		'Not told': ['Tell the agent'],
		'Not sent': ['Claim reply'],
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
				sent: 'it is on its way, or was sent before.',
				'once more':
					"Klaviyo's log shows no message for the first claim: it is claimed a second and last time.",
				'tell the agent':
					'it was refused, or it will stay uncertain whether it was sent. A note says why.',
				'Not sent, Not told':
					"a vendor did not answer. The execution fails, so that you notice. n8n's *Retry* does what is left, and so does catch-up.",
				'nothing to do': 'not a reply to send (*reason*), or it is checked again soon.',
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
