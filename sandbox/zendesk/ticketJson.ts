import { stamp } from '../clock';
import { customStatusId } from './events';
import type { SandboxSwitches } from '../types';
import type {
	Audit,
	Call,
	Channel,
	Comment,
	FieldEvent,
	RuleName,
	Ticket,
	TicketState,
	User,
} from './model';
import { customFields } from './store';
import { attachmentJson } from './attachments';

export const via = (channel: Channel, rel?: string): Record<string, unknown> => ({
	channel,
	source: { from: {}, to: {}, rel: rel ?? (channel === 'rule' ? 'automation' : null) },
});

/** `via` of a trigger's change. */
export const viaOfRule = ({ id, title }: RuleName): Record<string, unknown> => ({
	channel: 'rule',
	source: { from: { deleted: false, title, id }, to: {}, rel: 'trigger' },
});

/** Events of an audit in their order: the update's own before those of the triggers that it fired. */
export function eventsOf({ comments, fields }: Audit): Array<Comment | FieldEvent> {
	const own = (rule: RuleName | undefined): boolean => rule === undefined;
	return [
		...comments.filter(({ rule }) => own(rule)),
		...fields,
		...comments.filter(({ rule }) => !own(rule)),
	];
}

/** The ticket's id as e-mails about it show it. */
const encodedId = (id: number): string =>
	(id * 2_654_435_761)
		.toString(36)
		.toUpperCase()
		.padStart(11, '0')
		.replace(/^(.{6})/, '$1-')
		.slice(0, 12);

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
		recipient: null,
		requester_id: state.requesterId,
		submitter_id: state.submitterId,
		assignee_id: state.assigneeId,
		organization_id: null,
		group_id: state.groupId,
		brand_id: state.brandId,
		collaborator_ids: [],
		follower_ids: [],
		email_cc_ids: [],
		followup_ids: [],
		sharing_agreement_ids: [],
		forum_topic_id: null,
		problem_id: null,
		has_incidents: false,
		is_public: state.isPublic,
		due_at: null,
		tags: state.tags,
		custom_fields: fields,
		fields,
		custom_status_id: customStatusId(state.status),
		ticket_form_id: state.formId,
		satisfaction_rating: ratingOf(ticket),
		allow_channelback: false,
		allow_attachments: true,
		from_messaging_channel: false,
		encoded_id: encodedId(ticket.id),
		support_type: 'agent',
	};
}

/** https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#json-format */
const ratingOf = ({ rating }: Ticket): Record<string, unknown> =>
	rating === undefined
		? { score: 'unoffered' }
		: {
				id: rating.id,
				score: rating.score,
				comment: rating.comment,
				...(rating.reason === null ? {} : { reason: rating.reason }),
			};

/** A comment's words in the three forms that Zendesk keeps. */
export const wordsJson = ({ body, htmlBody, plainBody }: Comment): Record<string, unknown> => ({
	body,
	html_body: htmlBody,
	plain_body: plainBody,
});

/** A comment as `/comments` lists it. */
export function commentJson(comment: Comment): Record<string, unknown> {
	return {
		...commentEventJson(comment),
		via: comment.rule === undefined ? via(comment.channel) : viaOfRule(comment.rule),
		created_at: stamp(comment.createdAt),
		metadata: { system: {}, custom: {} },
	};
}

/** A comment, or the record of a call, as an event of an audit. */
export function commentEventJson(comment: Comment): Record<string, unknown> {
	return {
		id: comment.id,
		type: comment.call === undefined ? 'Comment' : 'VoiceComment',
		author_id: comment.authorId,
		...wordsJson(comment),
		public: comment.public,
		attachments: comment.attachments.map(attachmentJson),
		audit_id: comment.auditId,
		...(comment.call === undefined ? {} : callJson(comment, comment.call)),
	};
}

/** https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_audits/#voice-comment-events */
function callJson(comment: Comment, call: Call): Record<string, unknown> {
	return {
		formatted_from: call.from,
		formatted_to: call.to,
		transcription_visible: false,
		data: {
			from: call.from,
			to: call.to,
			recording_url: call.recordingUrl,
			started_at: stamp(comment.createdAt),
			call_duration: call.duration,
			answered_by_id: comment.authorId,
			location: null,
			author_id: comment.authorId,
			public: comment.public,
		},
	};
}

/** An audit with its events, as `/audits` and the answers to writes show it. */
export function auditJson(
	audit: Audit,
	{ eventVia }: Pick<SandboxSwitches, 'eventVia'>,
): Record<string, unknown> {
	const auditVia = via(audit.channel, audit.rel);
	const viaOf = (rule: RuleName | undefined): Record<string, unknown> => {
		if (rule !== undefined) return { via: viaOfRule(rule) };
		return eventVia === 'all' ? { via: auditVia } : {};
	};
	return {
		id: audit.id,
		ticket_id: audit.ticketId,
		created_at: stamp(audit.createdAt),
		author_id: audit.authorId,
		metadata: { custom: audit.custom, system: { client: 'sandbox', ip_address: '127.0.0.1' } },
		events: [
			...eventsOf(audit).map((event) => ({
				...('field' in event ? fieldJson(event) : commentEventJson(event)),
				...viaOf(event.rule),
			})),
			...audit.notifications.map(({ id, rule, recipientId }) => ({
				id,
				type: 'Notification',
				...viaOf(rule),
				subject: 'Re: {{ticket.title}}',
				body: '{{ticket.latest_comment_html}}',
				recipients: [recipientId],
			})),
		],
		via: auditVia,
	};
}

const fieldJson = ({ id, type, field, value, previous }: FieldEvent): Record<string, unknown> => ({
	id,
	type,
	value: shown(value),
	field_name: field,
	...(type === 'Change' ? { previous_value: shown(previous) } : {}),
});

/** Audits show ids as text. */
function shown(value: unknown): unknown {
	return typeof value === 'number' ? String(value) : value;
}

/** A user as an admin sees it. */
/** @param fieldKeys the account's fields of users: those without a value are null */
export function userJson(
	baseUrl: string,
	user: User,
	fieldKeys: Iterable<string> = [],
): Record<string, unknown> {
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
		// Recorded: null in most accounts, "" in some.
		alias: user.alias === '' ? null : user.alias,
		active: true,
		shared: false,
		shared_agent: false,
		last_login_at: null,
		two_factor_auth_enabled: null,
		signature: null,
		details: '',
		notes: user.notes,
		role_type: null,
		custom_role_id: null,
		suspended: user.suspended,
		moderator: user.role !== 'end-user',
		ticket_restriction: user.role === 'end-user' ? 'requested' : null,
		only_private_comments: false,
		restricted_agent: user.role !== 'admin',
		default_group_id: null,
		report_csv: user.role === 'admin',
		user_fields: {
			...Object.fromEntries([...fieldKeys].map((key) => [key, null])),
			...user.fields,
		},
	};
}
