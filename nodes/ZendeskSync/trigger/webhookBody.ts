/**
 * A webhook's body as a ticket event. Ids come as strings or numbers, enums in upper case.
 * https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events
 */
import { z } from 'zod';
import { fromExternalId } from '../../../domain/conversation/externalId';
import type { TicketEvent, TicketEventName } from '../../../domain/items';
import { wireId, wireStatus } from '../api/wire';
import { keyOf, statusEvent, TYPE_OF, wholeSecond } from './ticketEvents';

const optionalId = wireId.nullish().transform((id) => id ?? null);

const webhookBody = z.object({
	type: z.string(),
	time: z.string().refine((time) => !Number.isNaN(Date.parse(time))),
	detail: z.object({
		id: wireId,
		brand_id: optionalId,
		external_id: z.string().nullish(),
		requester_id: optionalId,
		status: wireStatus.nullish(),
		tags: z.array(z.string()).nullish(),
		via: z.object({ channel: z.string().nullish() }).nullish(),
	}),
	event: z.object({
		current: z.unknown(),
		previous: z.unknown(),
		comment: z
			.object({
				id: wireId,
				body: z.string().nullish(),
				is_public: z.boolean().nullish(),
				author: z
					.object({
						id: optionalId,
						is_staff: z.boolean().nullish(),
						name: z.string().nullish(),
					})
					.nullish(),
			})
			.nullish(),
	}),
});
type WebhookBody = z.infer<typeof webhookBody>;

const nameOf = ({ type, event }: WebhookBody): TicketEventName | undefined => {
	if (type.endsWith(':ticket.created')) return 'opened';
	if (type.endsWith(':ticket.status_changed'))
		return statusEvent(
			wireStatus.safeParse(event.previous).data,
			wireStatus.safeParse(event.current).data,
		);
	const isReply = event.comment?.is_public === true && event.comment.author?.is_staff === true;
	return type.endsWith(':ticket.comment_added') && isReply ? 'agentReplied' : undefined;
};

/** @returns undefined for what is no ticket event of ours, whatever it is */
export function fromWebhook(raw: unknown): TicketEvent | undefined {
	const parsed = webhookBody.safeParse(raw);
	const name = parsed.success ? nameOf(parsed.data) : undefined;
	if (!parsed.success || !name) return undefined;
	const { detail, event, time } = parsed.data;
	const { comment } = event;
	const externalId = detail.external_id ?? null;
	const isChange = name === 'solved' || name === 'reopened' || name === 'closed';
	return {
		key: keyOf(name, detail.id, { commentId: comment?.id }),
		event: name,
		ticketId: detail.id,
		brandId: detail.brand_id,
		status: (isChange ? wireStatus.safeParse(event.current).data : detail.status) ?? null,
		previousStatus: (isChange && wireStatus.safeParse(event.previous).data) || null,
		tags: detail.tags ?? [],
		externalId,
		channel: fromExternalId(externalId)?.channel ?? detail.via?.channel ?? null,
		requesterId: detail.requester_id,
		occurredAt: wholeSecond(time),
		comment:
			name === 'agentReplied' && comment
				? {
						id: comment.id,
						body: comment.body ?? '',
						authorId: comment.author?.id ?? null,
						authorName: comment.author?.name ?? null,
					}
				: null,
		catchUp: false,
		raw,
	};
}

/** A ticket event as Zendesk would have sent it, to try the trigger out with. */
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
		current: event.status?.toUpperCase(),
		previous: event.previousStatus?.toUpperCase(),
		comment: event.comment && {
			id: event.comment.id,
			body: event.comment.body,
			is_public: true,
			author: { id: event.comment.authorId, is_staff: true, name: event.comment.authorName },
		},
	},
});
