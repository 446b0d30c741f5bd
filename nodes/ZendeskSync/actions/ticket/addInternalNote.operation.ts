/**
 * Ticket: Add Internal Note.
 *
 * Adds a note for agents. With a key, the same note is not added twice.
 */

import { type IDataObject, type INodeProperties, NodeOperationError } from 'n8n-workflow';
import { randomUUID } from 'node:crypto';
import type { Execute, Operation } from '../../../shared/operation';
import { ticketIdField, ticketIdOf } from './fields';
import { boundedText } from '../../../../domain/conversation/bounds';
import { toComments } from '../../../../domain/conversation/commentHtml';
import { stampRules } from '../../../../domain/conversation/stamp';
import {
	type AttemptedNotes,
	holderOf,
	type NoteResult,
	type NotePiece,
	writeNotes,
} from '../../../../domain/notes';
import { isRequestKey } from '../../../../domain/ratingAnswer';
import { claimedReply } from '../../../../domain/reply/items';
import { isOutdated, WAITING_READ_BACK, waitingOf } from '../../../../domain/reply/waiting';
import { beforeGiven, linkResults, tryItems } from '../../../shared/items';
import { sharedByItem, sharedByTries } from '../../../shared/tries';
import { itemParameter, toPlainString } from '../../../shared/parameters';
import { type Zendesk, zendeskOf } from '../../api/client';
import { writeWithoutLooking, zendeskNoteStore } from '../../api/noteStore';
import { addTags } from '../../api/ticketTags';
import { tagsIn } from './historyItems';

const properties: INodeProperties[] = [
	ticketIdField,
	{
		displayName: 'Note',
		name: 'note',
		type: 'string',
		typeOptions: { rows: 4 },
		required: true,
		default: '',
		description: 'The text of the note. Customers never see it.',
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
				description:
					'Unique key of the note. A note with the same key that was added in the last seven days is not added again. Leave empty to add the note every time.',
			},
			{
				displayName: 'Tags',
				name: 'tags',
				type: 'string',
				default: '',
				placeholder: 'e.g. draft',
				description: 'Tags to add to the ticket with the note, separated by commas',
			},
		],
	},
];

const WEEK = 7 * 24 * 3600_000;

/** A note's pieces, each with a key of its own. */
const piecesOf = (key: string, comments: string[]): NotePiece[] =>
	comments.map((html, index) => ({ key: index === 0 ? key : `${key}/${index + 1}`, html }));

/** What a note without a key is known by to the next try of this run, which must not write it a second time. */
const ownKeyAt = sharedByItem(() => ({ key: `note:${randomUUID()}`, isTried: false }));

/** The pieces that this run has written, or may have. */
const attemptedBy = sharedByTries((): AttemptedNotes => new Set());

/** Writes the pieces without checking what is there. */
async function write(
	zendesk: Zendesk,
	ticketId: string,
	pieces: NotePiece[],
	attempted: AttemptedNotes,
): Promise<NoteResult<'closed'>> {
	for (const piece of pieces) {
		attempted.add(piece.key);
		const written = await writeWithoutLooking(zendesk, ticketId, piece);
		if (written === 'closed') return { outcome: 'ended', end: written };
		if (written !== 'written')
			return { outcome: 'failed', message: `Zendesk refused the note: ${written.refused}.` };
	}
	return { outcome: 'written', ticketId };
}

interface NoteOnce {
	ticketId: string;
	key: string;
	/** Of the claim that the note is about. */
	claimNumber: number | undefined;
	pieces: NotePiece[];
}

/**
 * Writes the pieces that are not there yet, each once however many runs do so. A note about a reply is not written when
 * another execution has claimed the reply since.
 */
async function writeOnce(
	zendesk: Zendesk,
	{ ticketId, key, claimNumber, pieces }: NoteOnce,
	attempted: AttemptedNotes,
): Promise<NoteResult<'closed' | 'outdated'>> {
	const isOld = claimNumber !== undefined || waitingOf(key) !== undefined || isRequestKey(key);
	const since = Date.now() - (isOld ? WAITING_READ_BACK : WEEK);
	const noted = await writeNotes<
		{ key: string; since: number; readFrom: number },
		'closed' | 'outdated'
	>(
		[{ key, since, readFrom: since }],
		zendeskNoteStore(zendesk, { ticketId }),
		(_waiting, view) => {
			const [ticket] = view.tickets;
			if (ticket && isOutdated(view.audits.get(ticket.id) ?? [], key, claimNumber))
				return new Map([[key, { end: 'outdated' }]]);
			const isThere = holderOf(view, key) !== undefined;
			if (!ticket || (ticket.status === 'closed' && !isThere))
				return new Map([[key, { end: 'closed' }]]);
			return new Map([[key, { ticketId: ticket.id, pieces }]]);
		},
		stampRules,
		attempted,
	);
	return noted.get(key) ?? { outcome: 'failed', message: 'Nothing is known of its result.' };
}

/** As Claim Reply gave it. */
const claimNumberIn = ({ claimNumber }: IDataObject): number | undefined =>
	claimedReply.shape.claimNumber.safeParse(claimNumber).data;

const execute: Execute = async (context, items) => {
	const zendesk = await zendeskOf(context);
	const attempted = attemptedBy(context);
	// All items are tried, even if one fails: writing a note with a key again does no harm.
	const results = await tryItems(context, items, async (input, itemIndex) => {
		const ticketId = ticketIdOf(context, itemIndex);
		const note = toPlainString(itemParameter(context, 'note', itemIndex)).trim();
		const { key, tags } = context.getNodeParameter('options', itemIndex, {}) as {
			key?: string;
			tags?: string;
		};
		if (!note)
			throw new NodeOperationError(context.getNode(), "'Note' is empty", {
				itemIndex,
				description:
					'Enter the text of the note. If the field holds an expression, it returns no text for this item.',
			});
		const comments = toComments(boundedText(note));
		const own = ownKeyAt(context, itemIndex);
		const pieces = piecesOf(key || own.key, comments);
		const mayBeThere = Boolean(key) || own.isTried;
		own.isTried = true;
		const noted = mayBeThere
			? await writeOnce(
					zendesk,
					{ ticketId, key: key || own.key, claimNumber: claimNumberIn(input.json), pieces },
					attempted,
				)
			: await write(zendesk, ticketId, pieces, attempted);
		if (noted.outcome === 'written' || noted.outcome === 'duplicate') {
			await addTags(zendesk, ticketId, tagsIn(tags));
			return beforeGiven(
				{ outcome: noted.outcome === 'written' ? 'added' : 'duplicate', ticketId },
				input,
			);
		}
		if (noted.outcome === 'ended' && noted.end === 'outdated')
			return beforeGiven({ outcome: 'outdated', ticketId }, input);
		const why = noted.outcome === 'failed' ? noted.message : 'The ticket is closed.';
		throw new NodeOperationError(
			context.getNode(),
			`No note could be added to ticket ${ticketId}. ${why}`,
			{
				itemIndex,
				description:
					noted.outcome === 'ended'
						? "A closed ticket can no longer be changed. Use the conversation's newest ticket."
						: "Run the item again. With a 'Key', the note is not added twice.",
			},
		);
	});
	return linkResults(context, items, results);
};

export const addInternalNote: Operation = {
	properties,
	execute,
	eventRole: 'followsReply',
};
