/**
 * Ticket: File Rating, before Ticket: Create or Reopen From Message.
 *
 * Notes the answer to a request to rate a solved ticket, so that it does not reopen the ticket. Any other message passes
 * unchanged, and costs no call. The note has the message's key: Create or Reopen From Message finds it and adds nothing.
 */

import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import { conversationFields, messageFields } from './messageFields';
import { optionsField, scopeOption } from './messageOptions';
import { toComments } from '../../../../domain/conversation/commentHtml';
import { conversationRules, newestOf } from '../../../../domain/conversation/rules';
import type { MessageIdentity } from '../../../../domain/conversation/ticketStore';
import { type NotePiece, type NoteView, writeNotes } from '../../../../domain/notes';
import {
	type AskedEntry,
	answersRequest,
	type RatingAnswer,
	readRating,
} from '../../../../domain/ratingAnswer';
import type { ReplyAudit } from '../../../../domain/reply/audit';
import { beforeGiven, eachItem } from '../../../shared/items';
import { itemParameter, listParameter, trimmedParameter } from '../../../shared/parameters';
import { parseTime } from '../../../shared/time';
import { type Zendesk, zendeskOf } from '../../api/client';
import { zendeskNoteStore } from '../../api/noteStore';
import { readCustomer } from './messageInput';

const HOUR = 3600_000;
const HOURS = 48;

const properties: INodeProperties[] = [
	...conversationFields(),
	...messageFields,
	optionsField([
		{
			displayName: 'Answer Within (Hours)',
			name: 'answerWithin',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: HOURS,
			description: 'For how long after the request a message can be the answer to it',
		},
		scopeOption,
	]),
];

interface Answer extends RatingAnswer, MessageIdentity {
	/** What the customer wrote. */
	said: string;
	/** Milliseconds since 1970. */
	sentAt: number;
	externalId: string;
	/** Milliseconds for which the request can be answered. */
	within: number;
}

const TAG = 'rated_';

function noteOf({ key, flowKey, said, sentAt, score, stars }: Answer): NotePiece {
	const words = `Rated by text message: ${score}${stars === null ? '' : `, ${stars} of 5`}.\n\n${said}`;
	return {
		key,
		html: toComments(words).join(''),
		marker: {
			...(flowKey ? { flowKey } : {}),
			sentAt: new Date(sentAt).toISOString(),
			...{ rating: score, stars: stars === null ? '' : String(stars), said },
		},
		tagsAfter: (tags) => [...tags.filter((tag) => !tag.startsWith(TAG)), `${TAG}${score}`],
	};
}

const asEntry = ({ at, comment, changesStatus, marker }: ReplyAudit): AskedEntry => ({
	at,
	key: marker?.key,
	isPublicComment: comment?.public === true,
	changesStatus: changesStatus === true,
});

/** The entry that holds the message already, and its ticket. */
function holderIn({ tickets, audits }: NoteView, message: Answer) {
	for (const { id } of tickets)
		for (const { marker } of audits.get(id) ?? []) {
			const { key, flowKey } = marker ?? {};
			if (key && conversationRules.isSame({ key, flowKey }, message))
				return { ticketId: id, key, isRating: Boolean(marker?.rating) };
		}
	return undefined;
}

/** @returns the ticket that has the rating; undefined for a message that is no answer, or could not be noted */
async function file(zendesk: Zendesk, answer: Answer): Promise<string | undefined> {
	const { key, sentAt, within, externalId } = answer;
	const since = sentAt - within;
	const noted = await writeNotes<{ key: string; since: number; readFrom: number }, 'message'>(
		[{ key, since, readFrom: since }],
		zendeskNoteStore(zendesk, { externalId }),
		(_waiting, view) => {
			const holder = holderIn(view, answer);
			const note = noteOf(answer);
			if (holder)
				return new Map([
					[
						key,
						holder.isRating
							? { ticketId: holder.ticketId, pieces: [{ ...note, key: holder.key }] }
							: { end: 'message' },
					],
				]);
			const ticket = newestOf(view.tickets.filter(({ status }) => status !== 'closed'));
			const entries = ticket && view.audits.get(ticket.id)?.map(asEntry);
			const isAnswer =
				ticket && entries && answersRequest(answer, sentAt, { ...ticket, entries }, within);
			return new Map([
				[key, isAnswer ? { ticketId: ticket.id, pieces: [note] } : { end: 'message' }],
			]);
		},
	);
	const result = noted.get(key);
	return result?.outcome === 'written' || result?.outcome === 'duplicate'
		? result.ticketId
		: undefined;
}

const execute: Execute = async (context, items) => {
	const zendesk = await zendeskOf(context);
	// One after the other: a second answer of a customer must find the first.
	let before: Promise<unknown> = Promise.resolve();
	return await eachItem(context, items, async (input, itemIndex) => {
		const said = String(itemParameter(context, 'text', itemIndex, '') ?? '').trim();
		const key = trimmedParameter(context, 'key', itemIndex);
		const sentAt = parseTime(trimmedParameter(context, 'sentAt', itemIndex), context.getTimezone());
		const rating = readRating(said);
		const media = listParameter(context, 'mediaUrls', itemIndex).map(String).filter(Boolean);
		const isScreenedOut = input.json.opensTicket === false;
		if (!rating || !key || Number.isNaN(sentAt) || media.length > 0 || isScreenedOut)
			return beforeGiven({ isRating: false }, input);
		const { answerWithin = HOURS } = context.getNodeParameter('options', itemIndex, {}) as {
			answerWithin?: number;
		};
		const { externalId } = readCustomer(context, itemIndex);
		const { flowKey } = input.json;
		const answer: Answer = {
			...{ ...rating, said, key, sentAt, externalId, within: answerWithin * HOUR },
			...(typeof flowKey === 'string' ? { flowKey } : {}),
		};
		const filing = before.then(async () => await file(zendesk, answer));
		before = filing.catch(() => undefined);
		const ticketId = await filing;
		if (ticketId === undefined) return beforeGiven({ isRating: false }, input);
		const ticketUrl = `${zendesk.origin}/agent/tickets/${ticketId}`;
		return beforeGiven({ isRating: true, ticketId, ticketUrl, rating } as IDataObject, input);
	});
};

export const fileRating: Operation = {
	properties,
	execute,
	// Create or Reopen From Message comes after it, and completes the message.
	eventRole: 'readsOnly',
};
