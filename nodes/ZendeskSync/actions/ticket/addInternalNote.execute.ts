/** Notes what an agent should know. With a key, the same note is not added twice. */
import { NodeOperationError } from 'n8n-workflow';
import { toComments } from '../../../../domain/conversation/commentHtml';
import { holderOf, type Noted, type NotePiece, writeNotes } from '../../../../domain/notes';
import { eachItemToTheEnd } from '../../../shared/items';
import type { Execute } from '../../../shared/operation';
import { zendeskOf, type Zendesk } from '../../api/client';
import { zendeskNoteStore } from '../../api/noteStore';
import { ticketIdOf } from './fields';

const WEEK = 7 * 24 * 3600_000;

/** Writes the pieces without asking what is there. */
async function write(zendesk: Zendesk, ticketId: string, comments: string[]): Promise<void> {
	for (const html of comments) {
		await zendesk.requestOk(`No note could be added to ticket ${ticketId}`, {
			method: 'PUT',
			path: `/api/v2/tickets/${encodeURIComponent(ticketId)}`,
			body: { ticket: { comment: { html_body: html, public: false }, metadata: { key: 'note' } } },
			repeatable: false,
		});
	}
}

/** Writes the pieces that are not there yet, once however many runs do so. */
async function writeOnce(
	zendesk: Zendesk,
	ticketId: string,
	key: string,
	comments: string[],
): Promise<Noted<'closed'>> {
	const since = Date.now() - WEEK;
	const pieces = comments.map((html, index): NotePiece => ({
		key: index === 0 ? key : `${key}/${index + 1}`,
		html,
	}));
	const noted = await writeNotes<{ key: string; since: number; readFrom: number }, 'closed'>(
		[{ key, since, readFrom: since }],
		zendeskNoteStore(zendesk, { ticketId }),
		(_waiting, view) => {
			const [ticket] = view.tickets;
			const isThere = holderOf(view, key) !== undefined;
			if (!ticket || (ticket.status === 'closed' && !isThere))
				return new Map([[key, { end: 'closed' }]]);
			return new Map([[key, { ticketId: ticket.id, pieces }]]);
		},
	);
	return noted.get(key) ?? { outcome: 'failed', message: 'The note has no outcome' };
}

export const execute: Execute = async (context, items) => {
	const zendesk = await zendeskOf(context);
	return await eachItemToTheEnd(context, items, async (input, itemIndex) => {
		const ticketId = ticketIdOf(context, itemIndex);
		const note = String(context.getNodeParameter('note', itemIndex)).trim();
		const { key } = context.getNodeParameter('options', itemIndex, {}) as { key?: string };
		if (!note)
			throw new NodeOperationError(context.getNode(), "'Note' is empty", {
				itemIndex,
				description: 'Write what the agents should read.',
			});
		const comments = toComments(note);
		if (!key) {
			await write(zendesk, ticketId, comments);
			return { ...input.json, outcome: 'added', ticketId };
		}
		const noted = await writeOnce(zendesk, ticketId, key, comments);
		if (noted.outcome === 'written' || noted.outcome === 'duplicate')
			return {
				...input.json,
				outcome: noted.outcome === 'written' ? 'added' : 'duplicate',
				ticketId,
			};
		const why = noted.outcome === 'failed' ? noted.message : 'It is closed.';
		throw new NodeOperationError(
			context.getNode(),
			`No note could be added to ticket ${ticketId}. ${why}`,
			{
				itemIndex,
				...(noted.outcome === 'ended'
					? {
							description:
								"A closed ticket can no longer be changed. Take the conversation's newest ticket.",
						}
					: {}),
			},
		);
	});
};
