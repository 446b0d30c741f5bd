/** What a builder does to ask customers to continue on WhatsApp after their 24 hours. */
import type { Sandbox } from '../../sandbox/types';
import type { WorkflowFile } from '../n8n/workflows';

/** What the flow sends, as an approved template. */
export const ASKS = 'Acme has an answer for you. Write anything to read it.';

/** Template 02 with its node for that enabled. */
export const withFollowUp = (workflow: WorkflowFile): WorkflowFile => ({
	...workflow,
	nodes: workflow.nodes.map((node) =>
		node.name === 'Send follow-up' ? { ...node, disabled: false } : node,
	),
});

export function addFollowUpFlow({ klaviyo }: Sandbox): void {
	const metric = 'Asked to Continue on WhatsApp';
	klaviyo.addMessageFlow({ metric, body: ASKS, channel: 'whatsapp' });
}
