/** Stands below n8n's own field *Poll Times*, which every node that polls has. */
import type { INodeProperties } from 'n8n-workflow';

/** @param displayOptions when the trigger has a webhook; always by default */
export const pollNotice = (
	displayOptions?: INodeProperties['displayOptions'],
): INodeProperties => ({
	displayName:
		'A webhook brings events at once. At the poll times, n8n also looks for events that no webhook brought.',
	name: 'pollNotice',
	type: 'notice',
	default: '',
	...(displayOptions ? { displayOptions } : {}),
});
