import { z } from 'zod';
import { ticketStatus } from '../../domain/items';

/** What a client may write; unknown names are silently ignored, as in Zendesk. */
const id = z.coerce.number().int();
const comment = z
	.object({
		body: z.string().optional(),
		html_body: z.string().optional(),
		public: z.boolean().optional(),
		author_id: id.optional(),
		uploads: z.array(z.string()).optional(),
	})
	.refine((c) => c.body !== undefined || c.html_body !== undefined, {
		message: 'Body: cannot be blank',
	});

const writable = {
	subject: z.string().optional(),
	status: ticketStatus.optional(),
	priority: z.enum(['urgent', 'high', 'normal', 'low']).nullable().optional(),
	type: z.enum(['problem', 'incident', 'question', 'task']).nullable().optional(),
	tags: z.array(z.string()).optional(),
	external_id: z.string().nullable().optional(),
	requester_id: id.optional(),
	assignee_id: id.nullable().optional(),
	group_id: id.nullable().optional(),
	brand_id: id.optional(),
	ticket_form_id: id.optional(),
	custom_fields: z
		.array(
			z.object({
				id,
				value: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]).nullable(),
			}),
		)
		.optional(),
	metadata: z.record(z.unknown()).optional(),
};

export const ticketCreate = z.object({
	ticket: z.object({
		...writable,
		comment,
		submitter_id: id.optional(),
		requester: z
			.object({ name: z.string().optional(), email: z.string().email(), locale_id: id.optional() })
			.optional(),
		via_followup_source_id: id.optional(),
	}),
});

export const ticketUpdate = z.object({
	ticket: z.object({
		...writable,
		comment: comment.optional(),
		safe_update: z.boolean().optional(),
		updated_stamp: z.string().optional(),
	}),
});

export const tagsWrite = z.object({
	tags: z.array(z.string()),
	safe_update: z.union([z.boolean(), z.string()]).optional(),
	updated_stamp: z.string().optional(),
});

export const mergeWrite = z.object({
	ids: z.array(id).min(1),
	source_comment: z.string().optional(),
	source_comment_is_public: z.boolean().optional(),
	target_comment: z.string().optional(),
	target_comment_is_public: z.boolean().optional(),
});

export type TicketWrite =
	z.infer<typeof ticketUpdate>['ticket'] | z.infer<typeof ticketCreate>['ticket'];
