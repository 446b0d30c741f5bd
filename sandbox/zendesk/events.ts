import { createHmac } from 'node:crypto';
import { second, stamp } from '../clock';
import type { Core } from '../core';
import { shuffled, uuid, word } from '../random';
import type { Delivery, Outcome } from '../webhookSender';
import type { Channel, Comment, Ticket, Webhook } from './model';
import { accountId, isStaff, type Store } from './store';

/** Names of ticket events that a webhook may subscribe to, without `zen:event-type:ticket.`. */
export const ticketEventTypes = [
	'agent_assignment_changed',
	'attachment_linked_to_comment',
	'attachment_redacted_from_comment',
	'brand_changed',
	'comment_added',
	'comment_made_private',
	'comment_redacted',
	'created',
	'csat_received',
	'csat_requested',
	'custom_field_changed',
	'custom_status_changed',
	'description_changed',
	'email_ccs_changed',
	'external_id_changed',
	'followers_changed',
	'form_changed',
	'group_assignment_changed',
	'marked_as_spam',
	'merged',
	'next_sla_breach_changed',
	'ola_policy_changed',
	'organization_changed',
	'permanently_deleted',
	'priority_changed',
	'problem_link_changed',
	'requester_changed',
	'schedule_changed',
	'sla_policy_changed',
	'soft_deleted',
	'status_changed',
	'subject_changed',
	'submitter_changed',
	'tags_changed',
	'task_due_at_changed',
	'type_changed',
	'undeleted',
] as const;
export type TicketEventType = (typeof ticketEventTypes)[number];
export const eventPrefix = 'zen:event-type:ticket.';

/** One thing that happened, before it is written as a webhook body. */
export interface AuditEvent {
	type: TicketEventType;
	/** Undefined for a new ticket, whose body has only the ticket. */
	event?: Record<string, unknown>;
}

/** `base64(HMAC-SHA256(secret, timestamp + body))`, with the secret as text. */
export function signature(secret: string, timestamp: string, body: string): string {
	return createHmac('sha256', secret)
		.update(timestamp + body, 'utf8')
		.digest('base64');
}

const channelInEvents: Record<Channel, string> = {
	api: 'web_service',
	web: 'web',
	rule: 'rule',
	email: 'email',
	native_messaging: 'native_messaging',
	voice: 'voice',
};
const upper = (text: string | null): string | null => (text === null ? null : text.toUpperCase());
const text = (id: number | null): string | null => (id === null ? null : String(id));

/** Numbers of decimals that were recorded. */
const decimals = [0, 3, 6, 9];

/** ISO 8601 in UTC, with a varying number of decimals. */
function eventTime({ roll, clock }: Core): string {
	const digits = `${new Date(clock.now()).toISOString().slice(20, 23)}${word(roll, '0123456789', 6)}`;
	const some = digits.slice(0, decimals[Math.floor(roll() * decimals.length)]);
	return `${stamp(clock.now()).slice(0, -1)}${some === '' ? '' : `.${some}`}Z`;
}

/**
 * Sends what happened to one ticket in one action to every webhook that subscribed to it, in no guaranteed order.
 *
 * @param sequenceId of the action; each event's position in it is sent with it
 */
export function publish(
	core: Core,
	store: Store,
	ticket: Ticket,
	actorId: number,
	sequenceId: number,
	happenings: readonly AuditEvent[],
): void {
	const sequence = Buffer.from(String(sequenceId)).toString('hex');
	const told = happenings.map(({ type, event }, index) => ({
		type,
		event: event && { ...event, meta: { sequence: { id: sequence, position: index + 1 } } },
	}));
	for (const happening of shuffled(core.roll, told)) {
		const type = `${eventPrefix}${happening.type}`;
		const id = uuid(core.roll);
		const time = eventTime(core);
		const wanting = [...store.webhooks.values()].filter(
			({ status, subscriptions }) => status === 'active' && subscriptions.includes(type),
		);
		if (wanting.length === 0) continue;
		const body = JSON.stringify({
			account_id: accountId,
			detail: detail(ticket, actorId),
			event: happening.event ?? {},
			id,
			subject: `zen:ticket:${ticket.id}`,
			time,
			type,
			zendesk_event_version: '2022-11-06',
		});
		for (const webhook of wanting) core.sender.send(delivery(core, webhook, id, body));
	}
}

/** The part of the body for `ticket.comment_added`. */
export function commentAdded(store: Store, comment: Comment): AuditEvent {
	const author = store.users.get(comment.authorId);
	return {
		type: 'comment_added',
		event: {
			comment: {
				id: String(comment.id),
				body: comment.body,
				html_body: comment.htmlBody,
				is_public: comment.public,
				author: {
					id: String(comment.authorId),
					is_staff: isStaff(author),
					name: author?.name ?? '',
				},
			},
		},
	};
}

function detail(ticket: Ticket, actorId: number): Record<string, unknown> {
	const { state } = ticket;
	return {
		actor_id: String(actorId),
		assignee_id: text(state.assigneeId),
		brand_id: String(state.brandId),
		created_at: stamp(ticket.createdAt),
		custom_status: String(customStatusId(state.status)),
		description: state.description,
		external_id: state.externalId,
		form_id: '360004000001',
		group_id: text(state.groupId),
		id: String(ticket.id),
		is_public: state.isPublic,
		organization_id: null,
		priority: upper(state.priority),
		requester_id: String(state.requesterId),
		status: state.deleted ? 'DELETED' : upper(state.status),
		subject: state.subject,
		submitter_id: String(state.submitterId),
		tags: state.tags,
		type: upper(state.type),
		updated_at: stamp(state.updatedAt),
		via: { channel: channelInEvents[ticket.channel] },
	};
}

const statusOrder = ['new', 'open', 'pending', 'hold', 'solved', 'closed'];
/** The account's default custom status of a category; closed tickets belong to the solved one. */
export function customStatusId(status: string): number {
	return 360005000001 + Math.min(4, Math.max(0, statusOrder.indexOf(status)));
}

/** A webhook request of Zendesk, and its rules for retries. */
export function delivery(core: Core, webhook: Webhook, eventId: string, body: string): Delivery {
	const invocationId = word(core.roll, '123456789', 10);
	return {
		vendor: 'zendesk',
		webhookId: webhook.id,
		url: webhook.endpoint,
		eventIds: [eventId],
		timeout: 12 * second,
		request: () => {
			const timestamp = stamp(core.clock.now());
			return {
				body,
				headers: {
					...webhook.customHeaders,
					...authentication(webhook),
					'x-zendesk-account-id': String(accountId),
					'x-zendesk-webhook-id': webhook.id,
					'x-zendesk-webhook-invocation-id': invocationId,
					'x-zendesk-webhook-signature': signature(webhook.signingSecret, timestamp, body),
					'x-zendesk-webhook-signature-timestamp': timestamp,
				},
			};
		},
		retryIn: zendeskRetry,
	};
}

/** 409 three times, time-outs five times, 429 and 503 only with a Retry-After under a minute, nothing else. */
export function zendeskRetry(outcome: Outcome, attempt: number): number | undefined {
	if (outcome.timedOut) return attempt <= 5 ? attempt * second : undefined;
	if (outcome.status === 409) return attempt <= 3 ? attempt * second : undefined;
	const waits = outcome.status === 429 || outcome.status === 503;
	if (waits && outcome.retryAfter !== undefined && outcome.retryAfter < 60)
		return attempt <= 5 ? outcome.retryAfter * second : undefined;
	return undefined;
}

function authentication(webhook: Webhook): Record<string, string> {
	const kind = webhook.authentication?.type;
	const secret = webhook.authentication?.data;
	if (typeof secret !== 'object' || secret === null) return {};
	const part = (name: string): string => String(new Map(Object.entries(secret)).get(name) ?? '');
	if (kind === 'bearer_token') return { authorization: `Bearer ${part('token')}` };
	if (kind === 'api_key') return { [part('name')]: part('value') };
	const basic = Buffer.from(`${part('username')}:${part('password')}`).toString('base64');
	return kind === 'basic_auth' ? { authorization: `Basic ${basic}` } : {};
}
