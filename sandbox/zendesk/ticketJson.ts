import { stamp } from '../clock';
import { customStatusId } from './events';
import type { Audit, Channel, Comment, Ticket, TicketState, User } from './model';
import { customFields } from './store';
import { attachmentJson } from './uploadRoutes';

export const via = (channel: Channel, rel?: string): Record<string, unknown> => ({
	channel,
	source: { from: {}, to: {}, rel: rel ?? (channel === 'rule' ? 'automation' : null) },
});

/** A ticket as the REST API shows it. */
export function ticketJson(
	baseUrl: string,
	ticket: Ticket,
	state: TicketState = ticket.state,
): Record<string, unknown> {
	const fields = customFields.map(({ id }) => ({ id, value: state.customFields.get(id) ?? null }));
	return {
		url: `${baseUrl}/api/v2/tickets/${ticket.id}.json`,
		id: ticket.id,
		external_id: state.externalId,
		via:
			state.followupOf === null
				? via(ticket.channel)
				: {
						channel: ticket.channel,
						source: { from: { ticket_id: state.followupOf }, to: {}, rel: 'follow_up' },
					},
		created_at: stamp(ticket.createdAt),
		updated_at: stamp(state.updatedAt),
		generated_timestamp: Math.floor(state.updatedAt / 1000),
		type: state.type,
		subject: state.subject,
		raw_subject: state.subject,
		description: state.description,
		priority: state.priority,
		status: state.status,
		requester_id: state.requesterId,
		submitter_id: state.submitterId,
		assignee_id: state.assigneeId,
		group_id: state.groupId,
		brand_id: state.brandId,
		collaborator_ids: [],
		follower_ids: [],
		email_cc_ids: [],
		followup_ids: [],
		sharing_agreement_ids: [],
		has_incidents: false,
		is_public: state.isPublic,
		due_at: null,
		tags: state.tags,
		custom_fields: fields,
		fields,
		custom_status_id: customStatusId(state.status),
		ticket_form_id: state.formId,
		satisfaction_rating: { score: 'unoffered' },
		allow_channelback: false,
		allow_attachments: true,
		from_messaging_channel: false,
	};
}

/** A comment's words in the three forms that Zendesk keeps. */
export const wordsJson = ({ body, htmlBody, plainBody }: Comment): Record<string, unknown> => ({
	body,
	html_body: htmlBody,
	plain_body: plainBody,
});

/** A comment as `/comments` lists it. */
export function commentJson(comment: Comment): Record<string, unknown> {
	return {
		id: comment.id,
		type: 'Comment',
		author_id: comment.authorId,
		...wordsJson(comment),
		public: comment.public,
		attachments: comment.attachments.map(attachmentJson),
		audit_id: comment.auditId,
		via: via(comment.channel),
		created_at: stamp(comment.createdAt),
		metadata: { system: {}, custom: {} },
	};
}

/** An audit with its events, as `/audits` and the answers to writes show it. */
export function auditJson(audit: Audit): Record<string, unknown> {
	const comment = audit.comment;
	return {
		id: audit.id,
		ticket_id: audit.ticketId,
		created_at: stamp(audit.createdAt),
		author_id: audit.authorId,
		metadata: { custom: audit.custom, system: { client: 'sandbox', ip_address: '127.0.0.1' } },
		events: [
			...(comment === undefined
				? []
				: [
						{
							id: comment.id,
							type: 'Comment',
							author_id: comment.authorId,
							...wordsJson(comment),
							public: comment.public,
							attachments: comment.attachments.map(attachmentJson),
							audit_id: audit.id,
						},
					]),
			...audit.fields.map((event) => ({
				id: event.id,
				type: event.type,
				field_name: event.field,
				value: shown(event.value),
				...(event.type === 'Change' ? { previous_value: shown(event.previous) } : {}),
			})),
		],
		via: via(audit.channel, audit.rel),
	};
}

/** Audits show ids as text. */
function shown(value: unknown): unknown {
	return typeof value === 'number' ? String(value) : value;
}

/** A user as an admin sees it. */
export function userJson(baseUrl: string, user: User): Record<string, unknown> {
	return {
		id: user.id,
		url: `${baseUrl}/api/v2/users/${user.id}.json`,
		name: user.name,
		email: user.email,
		created_at: stamp(user.createdAt),
		updated_at: stamp(user.updatedAt),
		time_zone: 'UTC',
		iana_time_zone: 'Etc/UTC',
		phone: user.phone,
		shared_phone_number: user.sharedPhone,
		photo: null,
		locale_id: 1,
		locale: 'en-US',
		organization_id: null,
		role: user.role,
		verified: true,
		external_id: user.externalId,
		tags: user.tags,
		alias: '',
		active: true,
		shared: false,
		shared_agent: false,
		signature: '',
		details: '',
		notes: user.notes,
		suspended: user.suspended,
		moderator: user.role !== 'end-user',
		restricted_agent: user.role !== 'admin',
		user_fields: {},
	};
}
