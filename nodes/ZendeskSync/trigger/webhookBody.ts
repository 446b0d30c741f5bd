/**
 * Converts a webhook's body to a ticket event. Ids come as strings or numbers, enums in upper case.
 * https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events
 */
import { z } from 'zod';
import type { Change } from '../../../domain/fieldChanges';
import { isAgentReply } from '../../../domain/agentReply';
import { commentWords } from '../../../domain/comment/words';
import type { TicketEvent, TicketEventName } from '../../../domain/items';
import type { TicketRating } from '../../../domain/rating';
import { MERGE_TAG } from '../../../domain/merge';
import { ticketChannel } from '../../../domain/ticketChannel';
import { scoreIn } from '../api/ratingRecords';
import { wireId, wireStatus } from '../api/wire';
import { isShallowEnough } from '../../shared/nesting';
import { wholeSecond } from '../../shared/time';
import { eventKeyOf, type StatusChange, statusChange, TYPE_OF } from './ticketEvents';

// One field of an unknown shape must not lose the event: such a field counts as missing.
const optionalId = wireId
	.nullish()
	.catch(null)
	.transform((id) => id ?? null);
const optionalText = z
	.string()
	.nullish()
	.catch(null)
	.transform((text) => text ?? null);
const flag = z.boolean().nullish().catch(null);
const optionalTags = z
	.array(z.unknown())
	.nullish()
	.catch(null)
	.transform((tags) => (tags ?? []).flatMap((tag) => wireId.safeParse(tag).data ?? []));

const comment = z.object({
	id: wireId,
	body: optionalText,
	html_body: optionalText,
	plain_body: optionalText,
	is_public: flag,
	author: z.object({ id: optionalId, is_staff: flag, name: optionalText }).nullish().catch(null),
});
const webhookBody = z.object({
	type: z.string(),
	// Webhooks have nanoseconds, audits whole seconds: both are truncated to the second.
	time: z.string().transform((time, context) => {
		const second = wholeSecond(Date.parse(time));
		if (second !== undefined) return second;
		context.addIssue({ code: 'custom', message: 'No time' });
		return z.NEVER;
	}),
	detail: z.object({
		id: wireId,
		actor_id: optionalId,
		assignee_id: optionalId,
		brand_id: optionalId,
		external_id: optionalText,
		requester_id: optionalId,
		status: z.unknown(),
		tags: optionalTags,
		via: z
			.object({ channel: z.union([z.string(), z.number()]).nullish() })
			.nullish()
			.catch(null),
	}),
	event: z
		.object({
			current: z.unknown(),
			previous: z.unknown(),
			target_ticket_id: optionalId,
			comment: comment.nullish().catch(null),
			satisfaction_score: z
				.object({ score: optionalText, comment: optionalText, reason: optionalText })
				.nullish()
				.catch(null),
		})
		.nullish(),
});
type WebhookBody = z.infer<typeof webhookBody>;

interface IdentifiedEvent {
	name: TicketEventName;
	change?: StatusChange;
	comment?: NonNullable<TicketEvent['comment']>;
	requester?: Change<string | null>;
	mergedInto?: string | null;
	rating?: TicketRating | null;
}

/** The user id of Zendesk's system, in whose name business rules act. */
const SYSTEM = '-1';

const isOfType = (type: string, event: TicketEventName): boolean => type === TYPE_OF[event];

/** @returns null if the webhook does not say how */
function ratingIn({ detail, event }: WebhookBody): TicketRating | null {
	const { score, comment, reason } = event?.satisfaction_score ?? {};
	const known = scoreIn(score);
	if (known === undefined) return null;
	const said = { comment: comment?.trim() || null, reason: reason?.trim() || null };
	return { score: known, stars: null, ...said, agentId: detail.assignee_id, agentName: null };
}

function identifyEvent(body: WebhookBody): IdentifiedEvent | undefined {
	const { type, detail, event } = body;
	if (isOfType(type, 'opened')) return { name: 'opened' };
	if (isOfType(type, 'closed')) {
		const change = statusChange(event?.previous, event?.current);
		return change && { name: change.name, change };
	}
	if (isOfType(type, 'deleted')) return { name: 'deleted' };
	if (isOfType(type, 'restored')) return { name: 'restored' };
	if (isOfType(type, 'merged'))
		return { name: 'merged', mergedInto: event?.target_ticket_id ?? null };
	if (isOfType(type, 'rated')) return { name: 'rated', rating: ratingIn(body) };
	if (isOfType(type, 'requesterChanged')) {
		const idOf = (value: unknown): string | null => wireId.safeParse(value).data ?? null;
		const requester = { before: idOf(event?.previous), after: idOf(event?.current) };
		return { name: 'requesterChanged', requester };
	}
	if (!isOfType(type, 'agentReplied') || !event?.comment) return undefined;
	const { id, is_public: isPublic, author } = event.comment;
	const words = commentWords(event.comment);
	const isReply = isAgentReply({
		body: words,
		isPublic: isPublic === true,
		byStaff: author?.is_staff === true,
		channel: ticketChannel(detail.external_id, detail.via?.channel),
		// A webhook says no more than this. The rest is recognized by its words, and Claim Reply reads the history.
		unwritten: [detail.actor_id, author?.id].includes(SYSTEM) ? 'ruleComment' : null,
		isOurs: false,
	});
	if (!isReply) return undefined;
	return {
		name: 'agentReplied',
		comment: {
			id,
			body: words,
			authorId: author?.id ?? null,
			authorName: author?.name ?? null,
		},
	};
}

/** A webhook's body, if it is an event that a trigger can subscribe to. */
export type Delivered =
	| { event: TicketEvent }
	/** An event that triggers subscribe to, in an unknown shape. */
	| { unreadable: string };

/** @returns undefined for anything that is not a ticket event of this package */
export function fromWebhook(raw: unknown): Delivered | undefined {
	const parsed = webhookBody.safeParse(raw);
	if (!parsed.success || !isShallowEnough(raw)) {
		const { type } = (raw ?? {}) as { type?: unknown };
		if (typeof type !== 'string' || !Object.values(TYPE_OF).includes(type)) return undefined;
		const places = parsed.error?.issues.map(({ path }) => path.join('.'));
		return { unreadable: `${type}: ${places?.join(', ') ?? 'nested too deeply'}` };
	}
	const identified = identifyEvent(parsed.data);
	if (!identified) return undefined;
	const { detail, time } = parsed.data;
	const { name, change, requester, mergedInto } = identified;
	return {
		event: {
			event: name,
			ticketId: detail.id,
			status: change?.after ?? wireStatus.safeParse(detail.status).data ?? null,
			previousStatus: change?.before ?? null,
			comment: identified.comment ?? null,
			...(identified.rating !== undefined ? { rating: identified.rating } : {}),
			occurredAt: time,
			...(requester ? { previousRequesterId: requester.before } : {}),
			...(mergedInto !== undefined ? { mergedInto } : {}),
			// A webhook says no more than this. A follow-up has the tag too: catch-up brings its closing.
			...(name === 'closed' && detail.tags.includes(MERGE_TAG) ? { closedByMerge: true } : {}),
			channel: ticketChannel(detail.external_id, detail.via?.channel),
			tags: detail.tags,
			requesterId: requester?.after ?? detail.requester_id,
			brandId: detail.brand_id,
			externalId: detail.external_id,
			key: eventKeyOf(name, detail.id, { commentId: identified.comment?.id, at: Date.parse(time) }),
			catchUp: false,
			raw,
		},
	};
}

/** A ticket event as Zendesk would have sent it, for testing the trigger. */
export const toWebhook = (event: TicketEvent): object => ({
	type: TYPE_OF[event.event],
	time: event.occurredAt,
	detail: {
		id: event.ticketId,
		brand_id: event.brandId,
		external_id: event.externalId,
		requester_id: event.requesterId,
		status: event.status?.toUpperCase(),
		tags: event.tags,
		via: { channel: event.channel },
	},
	event: {
		...(event.event === 'requesterChanged'
			? { current: event.requesterId, previous: event.previousRequesterId }
			: {
					current: event.status?.toUpperCase(),
					previous: event.previousStatus?.toUpperCase(),
				}),
		target_ticket_id: event.mergedInto,
		satisfaction_score: event.rating && { score: event.rating.score.toUpperCase() },
		comment: event.comment && {
			id: event.comment.id,
			body: event.comment.body,
			is_public: true,
			author: { id: event.comment.authorId, is_staff: true, name: event.comment.authorName },
		},
	},
});
