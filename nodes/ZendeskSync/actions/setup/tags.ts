/** The tags by which views and automations recognize conversations. */
import { type IExecuteFunctions, type INodeProperties, NodeOperationError } from 'n8n-workflow';
import { conversationChannels } from '../../../../domain/channel';

export const tagsField: INodeProperties = {
	displayName: 'Tags',
	name: 'tags',
	type: 'string',
	required: true,
	default: conversationChannels.join(', '),
	description:
		"The tags of conversations' tickets, separated by commas: a ticket needs one of them. Create or Reopen From Message gives each new ticket sms or whatsapp.",
};

/** Zendesk keeps tags in lower case, and a space ends a tag. */
export const tagsIn = (typed: string): string[] =>
	typed
		.toLowerCase()
		.split(/[\s,]+/)
		.filter(Boolean);

/**
 * @returns the tags as a condition of Zendesk holds them, which is met by any of them
 * @throws NodeOperationError if there is none
 */
export function tagsAt(context: IExecuteFunctions, itemIndex: number): string {
	const tags = tagsIn(String(context.getNodeParameter('tags', itemIndex, '') ?? ''));
	if (tags.length > 0) return tags.join(' ');
	throw new NodeOperationError(context.getNode(), "'Tags' is empty", {
		itemIndex,
		description: 'Enter one or more tags, such as sms, whatsapp.',
	});
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
