/** Claims replies, sends them, and tells their agents what did not go out: the same in each template that sends replies. */
import type { INodeParameters } from 'n8n-workflow';
import { at, type PlacedNode, type Sketch, type TemplateSketch } from './canvas';
import { equals, ifNode, isAmong, isTrue, switchNode } from './conditions';
import { end, failUntilRetried, klaviyo, withErrors, zendesk } from './nodes';

/** The tag of a ticket that an agent opens to text a customer. */
export const TEXT_CUSTOMER = 'text_customer';

/** What the agent was told is final: Claim Reply finds this key, and acts on it. */
const tell: Sketch = zendesk('Tell the agent', 'ticket', 'addInternalNote', {
	note: '={{ $json.message }}',
	options: {
		key: "={{ $json.noteKey ?? $json.key + ($json.outcome === 'refused' ? ':refused' : ':notSent') }}",
	},
});

/** Whether customers are asked to continue on WhatsApp: the node may be there and disabled. By SMS there is nothing to ask. */
export type FollowUp = 'enabled' | 'disabled' | 'none';

const followUpNodes = (from: number, followUp: 'enabled' | 'disabled'): PlacedNode[] => {
	const node = withErrors(klaviyo('Send follow-up', 'message', 'sendFollowUp'));
	return [
		// Below Tell the agent, so that n8n runs it later: it can fail the execution.
		at(from + 3.6, 2, followUp === 'enabled' ? node : { ...node, disabled: true }),
		at(from + 4.6, 2, ifNode('Anything to tell?', isTrue('Boolean($json.notifyAgent)'))),
		at(from + 4.6, 3, failUntilRetried('Not asked')),
		at(from + 5.6, 2.5, end('Looked at again soon')),
	];
};

/**
 * @param from the column of *Claim reply*
 * @param sendReply parameters of *Send reply*
 */
export function sendingNodes(
	from: number,
	followUp: FollowUp,
	sendReply: INodeParameters = {},
): PlacedNode[] {
	return [
		at(from, 0, zendesk('Claim reply', 'ticket', 'claimReply')),
		at(from + 1, 0, withErrors(klaviyo('Send reply', 'message', 'sendReply', sendReply))),
		at(
			from + 2,
			0,
			switchNode(
				'What happened?',
				{
					sent: isAmong('$json.outcome', ['sent', 'alreadySent']),
					'once more': equals('$json.outcome', 'missing'),
					...(followUp === 'none'
						? {}
						: { 'window closed': equals('$json.reason', 'windowClosed') }),
					'tell the agent': isTrue('Boolean($json.notifyAgent)'),
					'not claimed': equals('$json.reason', 'notClaimed'),
				},
				'nothing to do',
			),
		),
		at(from + 3.6, -1.1, end('Reply sent')),
		at(from + 3.6, -0.1, end('Nothing to do')),
		...(followUp === 'none' ? [] : followUpNodes(from, followUp)),
		at(from + 5.6, 1, withErrors(tell)),
		at(from + 6.6, 0.5, end('Agent told')),
		at(from + 6.6, 1.5, failUntilRetried('Not told')),
		at(from + 3.6, followUp === 'none' ? 2 : 3.2, failUntilRetried('Not sent')),
	];
}

const followUpLinks: TemplateSketch['links'] = {
	'Send follow-up': ['Anything to tell?', 'Not asked'],
	'Anything to tell?': ['Tell the agent', 'Looked at again soon'],
	'Not asked': ['Send follow-up'],
};

export const sendingLinks = (followUp: FollowUp): TemplateSketch['links'] => ({
	'Claim reply': ['Send reply'],
	'Send reply': ['What happened?', 'Not sent'],
	'What happened?': [
		...['Reply sent', 'Claim reply'],
		...(followUp === 'none' ? [] : ['Send follow-up']),
		...['Tell the agent', 'Not sent', 'Nothing to do'],
	],
	...(followUp === 'none' ? {} : followUpLinks),
	'Tell the agent': ['Agent told', 'Not told'],
	'Not told': ['Tell the agent'],
	'Not sent': ['Claim reply'],
});

/** What *What happened?* says, for the note beside it. */
export const sendingBranches = (followUp: FollowUp): Record<string, string> => ({
	sent: 'it is on its way, or was sent before.',
	'once more':
		"Klaviyo's log shows no message for the first claim: it is claimed a second and last time.",
	'tell the agent':
		'it was refused, or it will stay uncertain whether it was sent. A note says why.',
	[followUp === 'none' ? 'Not sent, Not told' : 'Not sent, Not asked, Not told']:
		"a vendor did not answer. The execution fails, so that you notice. n8n's *Retry* does what is left, and so does catch-up.",
	'nothing to do': 'not a reply to send (*reason*), or it is checked again soon.',
});
