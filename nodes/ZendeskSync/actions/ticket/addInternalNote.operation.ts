/** Ticket: Add Internal Note. With a key, the same note is not added twice. */
import { type INodeProperties, NodeOperationError, updateDisplayOptions } from 'n8n-workflow';
import { toComments } from '../../../../domain/conversation/commentHtml';
import { eachItem } from '../../../shared/items';
import type { Operation } from '../../../shared/operation';
import { isHistory, readHistory } from '../../api/audits';
import { zendeskOf, type Zendesk } from '../../api/client';
import { markerOf } from '../../api/wire';
import { ticketIdField } from './fields';

const properties: INodeProperties[] = [
	ticketIdField,
	{
		displayName: 'Note',
		name: 'note',
		type: 'string',
		typeOptions: { rows: 4 },
		required: true,
		default: '',
		description: 'What agents will read. Customers never see it.',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Key',
				name: 'key',
				type: 'string',
				default: '',
				placeholder: 'e.g. {{ $json.key }}:notSent',
				description: 'With a key, a note that was added with it before is not added again',
			},
		],
	},
];

const WEEK = 7 * 24 * 3600_000;

/** @returns whether this package has written an entry with the key into the ticket lately */
async function isThere(zendesk: Zendesk, ticketId: string, key: string): Promise<boolean> {
	const history = await readHistory(zendesk, ticketId, Date.now() - WEEK);
	if (!isHistory(history))
		throw zendesk.refusal(`The history of ticket ${ticketId} could not be read`, history);
	return history.audits.some((audit) => markerOf(audit)?.key === key);
}

export const addInternalNote: Operation = {
	properties: updateDisplayOptions(
		{ show: { resource: ['ticket'], operation: ['addInternalNote'] } },
		properties,
	),
	async execute(context, items) {
		const zendesk = await zendeskOf(context);
		return await eachItem(context, items, async (input, itemIndex) => {
			const ticketId = String(context.getNodeParameter('ticketId', itemIndex)).trim();
			const note = String(context.getNodeParameter('note', itemIndex)).trim();
			const { key } = context.getNodeParameter('options', itemIndex, {}) as { key?: string };
			if (!note)
				throw new NodeOperationError(context.getNode(), "'Note' is empty", {
					itemIndex,
					description: 'Write what the agents should read.',
				});
			if (key && (await isThere(zendesk, ticketId, key)))
				return { ...input.json, outcome: 'duplicate', ticketId };
			for (const html of toComments(note)) {
				await zendesk.must(`No note could be added to ticket ${ticketId}`, {
					method: 'PUT',
					path: `/api/v2/tickets/${encodeURIComponent(ticketId)}`,
					body: {
						ticket: {
							comment: { html_body: html, public: false },
							metadata: { key: key || 'note' },
						},
					},
					repeatable: false,
				});
			}
			return { ...input.json, outcome: 'added', ticketId };
		});
	},
};
