import { at, type TemplateSketch } from './canvas';
import { equals, ifNode } from './conditions';
import { failUntilRetried, klaviyo, klaviyoTrigger, withErrors, zendesk } from './nodes';
import { sendingBranches, sendingLinks, sendingNodes } from './sending';
import { branchesOf, overviewOf } from './words';

export const followUp: TemplateSketch = {
	file: '07-follow-up-after-the-window.json',
	name: '07 Follow-up after the window',
	overview: overviewOf({
		title: '07 Follow-up after the window',
		what: "For shops that answer on WhatsApp, which delivers no answer 24 hours after the customer's last message. Template 02 then asks the customer to continue, and the reply waits. When the customer writes again, this workflow sends the reply, or leaves it to the agent.",
		needs:
			'In Klaviyo, a live flow that starts with the metric *Asked to Continue on WhatsApp* and sends an approved WhatsApp template.',
		steps: [
			'Build the flow. `docs/flow-webhook.md` says how.',
			"In *Screen message*, enter your Klaviyo account's keywords under Options.",
			'Publish.',
			'In template 02, enable *Send follow-up*. Choose there what happens when the customer answers.',
		],
		more: 'A message may arrive twice, by webhook and by catch-up. Each reply is sent once. This workflow and template 01 both get each message. It does not matter which of them is first.',
	}),
	nodes: [
		at(0, 0, klaviyoTrigger('CustomerMessaged', ['customerMessaged'], { channels: ['whatsapp'] })),
		at(1, 0, withErrors(klaviyo('Screen message', 'message', 'screen'))),
		at(2, 0, withErrors(zendesk('Get waiting replies', 'ticket', 'getWaitingReplies'))),
		at(3, 0, ifNode('Send it?', equals('$json.outcome', 'answered'))),
		...sendingNodes(4, 'enabled'),
		at(3, 3.2, failUntilRetried('Not looked up')),
	],
	links: {
		CustomerMessaged: ['Screen message'],
		'Screen message': ['Get waiting replies', 'Not looked up'],
		'Get waiting replies': ['Send it?', 'Not looked up'],
		'Not looked up': ['Screen message'],
		'Send it?': ['Claim reply', 'What happened?'],
		...sendingLinks('enabled'),
	},
	notes: [
		{
			name: 'Waiting replies',
			text: "**Get waiting replies** finds the replies that wait for this customer, on all tickets of the conversation. Most messages have none, and end here.\n\n**Send it?** Not if it was left to the agent, if the answer may have unsubscribed the customer, or if the reply's ticket was closed meanwhile. A note then tells the agent, on the conversation's open ticket.",
			columns: [1, 3],
		},
		{
			name: 'Branches',
			text: branchesOf('What happened', {
				'window closed':
					'n8n was down for a day, say. The customer is asked again, and the reply waits on. Set *Send follow-up* as in template 02.',
				...sendingBranches('enabled'),
			}),
			columns: [5, 7.6],
		},
	],
};
