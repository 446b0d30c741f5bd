/** The tag by which views and automations recognize conversations. */
import { type IExecuteFunctions, type INodeProperties, NodeOperationError } from 'n8n-workflow';

export const tagField: INodeProperties = {
	displayName: 'Tag',
	name: 'tag',
	type: 'string',
	required: true,
	default: 'sms',
	description: "The tag that Create or Reopen From Message gives to conversations' tickets",
};

/** @throws NodeOperationError if it is not one valid tag */
export function tagAt(context: IExecuteFunctions, itemIndex: number): string {
	const typed = String(context.getNodeParameter('tag', itemIndex, '') ?? '').trim();
	// Zendesk keeps tags in lower case, and a space ends a tag.
	if (typed && !/[\s,]/.test(typed)) return typed.toLowerCase();
	throw new NodeOperationError(
		context.getNode(),
		typed ? `'Tag' is not a single tag: '${typed}'` : "'Tag' is empty",
		{ itemIndex, description: 'Enter one word, such as sms.' },
	);
}

/** @throws NodeOperationError when it is empty */
export function titleAt(context: IExecuteFunctions, itemIndex: number): string {
	const title = String(context.getNodeParameter('title', itemIndex, '') ?? '').trim();
	if (title) return title;
	throw new NodeOperationError(context.getNode(), "'Title' is empty", {
		itemIndex,
		description: 'Enter the name that it should have in Zendesk.',
	});
}

export const sameTitle = (one: string, other: string): boolean =>
	one.trim().toLowerCase() === other.trim().toLowerCase();
