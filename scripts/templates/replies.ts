import { at, type Sketch, type TemplateSketch } from './canvas';
import { equals, isAmong, isTrue, switchNode } from './conditions';
import { end, failUntilRetried, klaviyo, withErrors, zendesk, zendeskTrigger } from './nodes';
import { branchesOf, overviewOf } from './words';

/** A refusal is final: Claim Reply finds this key, and does not try again what the agent was told. */
const tell = (name: string): Sketch =>
	zendesk(name, 'ticket', 'addInternalNote', {
		note: '={{ $json.message }}',
		options: {
			key: "={{ $json.key + ($json.outcome === 'refused' ? ':refused' : ':notSent') }}",
		},
	});

export const replies: TemplateSketch = {
	file: '02-agent-reply-to-sms.json',
	name: '02 Agent reply to SMS',
	overview: overviewOf({
		title: '02 Agent reply to SMS',
		what: 'For agents who answer in Zendesk: a public reply on a ticket of template 01 goes to the customer as a message, from the number that they wrote. Internal notes are never sent.',
		needs:
			'Klaviyo must have enabled the Conversations API for your account. If not, set *Send Through* of *Send reply* to *Flow*.',
		steps: ['Run template 00 first.', 'Publish. Template 01 has to be published too.'],
		more: 'A reply may come twice, by webhook and by catch-up: it is sent once. If it cannot be sent, an internal note on the ticket tells the agent why.',
	}),
	nodes: [
		at(0, 0, zendeskTrigger('AgentReplied', ['agentReplied'])),
		at(1, 0, zendesk('Claim reply', 'ticket', 'claimReply')),
		at(2, 0, withErrors(klaviyo('Send reply', 'message', 'sendReply'))),
		at(
			3,
			0,
			switchNode(
				'What became of it?',
				{
					sent: isAmong('$json.outcome', ['sent', 'alreadySent']),
					'once more': equals('$json.outcome', 'missing'),
					'tell the agent': isTrue('Boolean($json.notifyAgent)'),
					'not claimed': equals('$json.reason', 'notClaimed'),
				},
				'nothing to do',
			),
		),
		at(4.6, -1.1, end('Text is out')),
		at(4.6, -0.1, end('Nothing to do now')),
		at(4.6, 1, withErrors(tell('Tell the agent'))),
		at(5.6, 0.5, end('Agent knows')),
		at(5.6, 1.5, failUntilRetried('Not told')),
		at(4.6, 2.4, failUntilRetried('Not sent')),
	],
	links: {
		AgentReplied: ['Claim reply'],
		'Claim reply': ['Send reply'],
		'Send reply': ['What became of it?', 'Not sent'],
		'What became of it?': [
			'Text is out',
			'Claim reply',
			'Tell the agent',
			'Not sent',
			'Nothing to do now',
		],
		'Tell the agent': ['Agent knows', 'Not told'],
		'Not told': ['Tell the agent'],
		'Not sent': ['Claim reply'],
	},
	notes: [
		{
			name: 'Why claim',
			text: '**Claim reply** writes a short internal note on the ticket. Whoever comes second finds it and does not message again.\n\n**Send reply** sends what was claimed, once. Of a reply that was claimed long ago it looks into the log of Klaviyo first.',
			columns: [1, 2],
		},
		{
			name: 'Branches',
			text: branchesOf('What became of it', {
				sent: 'it is on its way, or was sent before.',
				'once more':
					'the log shows no text of the first claim: it is claimed a second and last time.',
				'tell the agent':
					'it was refused, or nobody will be able to say whether it went out. A note says why.',
				'Not sent, Not told':
					'a vendor did not answer: the execution fails, so that you see it. *Retry* of n8n does what is left, and so does catch-up.',
				'nothing to do': 'no reply to text (*reason*), or it is looked at again before long.',
			}),
			columns: [3, 4.6],
		},
	],
};
