import { z } from 'zod';
import { askerOf, deletedTicketOf, given, ticketOf, type Zendesk } from './context';
import type { TicketState, User } from './model';
import { brands, customFields, groups, isStaff, type Store, ticketForms } from './store';
import { auditJson, ticketJson } from './ticketJson';
import {
	mergeWrite,
	tagsWrite,
	ticketCreate,
	ticketUpdate,
	type TicketWrite,
} from './ticketSchemas';
import type { FieldChange } from './ticketChanges';
import { addUser } from './users';
import { invalidRecord, refuse } from './wording';

const byId = z.object({ id: z.string().regex(/^\d+(\.json)?$/) });

/** Writes: create, update, tags, merge, delete. */
export function ticketWriteRoutes(zendesk: Zendesk): void {
	const { app, core, store, tickets, keys } = zendesk;

	app.post('/api/v2/tickets', { schema: { body: ticketCreate } }, async (request, reply) => {
		const asker = askerOf(request);
		const write = async (): Promise<unknown> => {
			await core.clock.waitFor(() => core.switches.createDuration);
			return createTicket(zendesk, request.body.ticket, asker);
		};
		const key = request.headers['idempotency-key'];
		const { lookup, answer } =
			typeof key === 'string'
				? await keys.once(key, request.rawBody, write)
				: { lookup: undefined, answer: await write() };
		if (lookup !== undefined) reply.header('x-idempotency-lookup', lookup);
		return reply.code(201).send(answer);
	});

	app.put(
		'/api/v2/tickets/:id',
		{ schema: { params: byId, body: ticketUpdate } },
		async (request, reply) => {
			const ticket = ticketOf(store, parseInt(request.params.id, 10));
			const wanted = request.body.ticket;
			const asker = askerOf(request);
			tickets.refuseClosed(ticket);
			// Naming safe_update asks for the comparison, even with false: Zendesk's own quirk.
			if (wanted.safe_update !== undefined) tickets.refuseOutdated(ticket, wanted.updated_stamp);
			const comment =
				wanted.comment === undefined
					? undefined
					: { ...wanted.comment, authorId: authorOf(store, wanted.comment.author_id ?? asker.id) };
			const change = changeOf(store, ticket.state, wanted);
			if (core.switches.requiredToSolve) refuseUnsolvable({ ...ticket.state, ...change });
			const audit = tickets.update(ticket, change, comment, {
				actorId: asker.id,
				channel: 'api',
				custom: wanted.metadata ?? {},
			});
			return reply.send({
				ticket: ticketJson(zendesk.baseUrl(), ticket),
				...(audit === undefined ? {} : { audit: auditJson(audit, core.switches) }),
			});
		},
	);

	const tagRoute = (
		method: 'PUT' | 'POST' | 'DELETE',
		change: (now: readonly string[], tags: string[]) => string[],
	): void => {
		app.route({
			method,
			url: '/api/v2/tickets/:id/tags',
			schema: { params: byId, body: tagsWrite },
			handler: async (request, reply) => {
				const ticket = ticketOf(store, parseInt(request.params.id, 10));
				tickets.refuseClosed(ticket);
				if (request.body.safe_update !== undefined)
					tickets.refuseOutdated(ticket, request.body.updated_stamp);
				const tags = cleanTags(change(ticket.state.tags, request.body.tags));
				tickets.update(ticket, { tags }, undefined, {
					actorId: askerOf(request).id,
					channel: 'api',
				});
				if (method === 'DELETE') return reply.code(204).send();
				return reply.code(method === 'POST' ? 201 : 200).send({ tags: ticket.state.tags });
			},
		});
	};
	tagRoute('PUT', (now, tags) => [...now, ...tags]);
	tagRoute('POST', (_now, tags) => tags);
	tagRoute('DELETE', (now, tags) => now.filter((tag) => !tags.includes(tag)));

	app.post(
		'/api/v2/tickets/:id/merge',
		{ schema: { params: byId, body: mergeWrite } },
		async (request, reply) => {
			const target = ticketOf(store, parseInt(request.params.id, 10));
			for (const id of request.body.ids)
				tickets.merge(ticketOf(store, id), target, request.body.target_comment_is_public ?? false, {
					actorId: askerOf(request).id,
					channel: 'api',
				});
			return reply.send({
				job_status: {
					id: String(store.nextId()),
					url: '',
					total: null,
					progress: null,
					status: 'queued',
					message: null,
					results: [],
				},
			});
		},
	);

	app.delete('/api/v2/tickets/:id', { schema: { params: byId } }, async (request, reply) => {
		tickets.remove(ticketOf(store, parseInt(request.params.id, 10)), {
			actorId: askerOf(request).id,
			channel: 'api',
		});
		return reply.code(204).send();
	});

	app.put('/api/v2/deleted_tickets/:id/restore', { schema: { params: byId } }, async (request) => {
		tickets.restore(deletedTicketOf(store, parseInt(request.params.id, 10)), {
			actorId: askerOf(request).id,
			channel: 'api',
		});
		return {};
	});
}

function createTicket(
	zendesk: Zendesk,
	wanted: z.infer<typeof ticketCreate>['ticket'],
	asker: User,
): unknown {
	const { core, store, tickets } = zendesk;
	const requesterId = wanted.requester_id ?? inlineRequester(zendesk, wanted) ?? asker.id;
	authorOf(store, requesterId);
	if (store.users.get(requesterId)?.suspended && core.switches.suspendedRequester === 'refused')
		throw invalidRecord({
			requester: [{ description: 'Requester: is suspended', error: 'InvalidValue' }],
		});
	const source =
		wanted.via_followup_source_id === undefined
			? undefined
			: store.tickets.get(wanted.via_followup_source_id);
	const followsUp = source !== undefined && source.state.status === 'closed';
	const author =
		wanted.comment.author_id ?? (followsUp ? asker.id : (wanted.submitter_id ?? requesterId));
	const fields: FieldChange = {
		...(followsUp ? { tags: source.state.tags, followupOf: source.id } : {}),
		...changeOf(store, undefined, wanted),
	};
	const ticket = tickets.create(
		{ ...fields, requesterId, submitterId: wanted.submitter_id ?? requesterId },
		{ ...wanted.comment, authorId: authorOf(store, author) },
		{ actorId: asker.id, channel: 'api', custom: wanted.metadata ?? {} },
	);
	core.changes.announce();
	const audit = ticket.audits[0];
	return {
		ticket: ticketJson(zendesk.baseUrl(), ticket),
		...(audit === undefined ? {} : { audit: auditJson(audit, core.switches) }),
	};
}

function inlineRequester(
	zendesk: Zendesk,
	wanted: z.infer<typeof ticketCreate>['ticket'],
): number | undefined {
	const { requester } = wanted;
	if (requester === undefined) return undefined;
	const known = zendesk.store.users.withEmail(requester.email);
	return (
		known ??
		addUser(zendesk.core, zendesk.store, {
			name: requester.name ?? requester.email,
			email: requester.email,
		})
	).id;
}

function authorOf(store: Store, id: number): number {
	if (!store.users.has(id))
		throw invalidRecord({
			requester: [{ description: 'Requester: is not valid', error: 'InvalidValue' }],
		});
	return id;
}

const REQUIRED = 'Order number';

/** https://support.zendesk.com/hc/en-us/articles/4408838961562: a field may be required to solve a ticket. */
function refuseUnsolvable({ status, customFields: values }: TicketState): void {
	const field = customFields.find(({ title }) => title === REQUIRED);
	if (status !== 'solved' || field === undefined || values.get(field.id)) return;
	throw invalidRecord({
		base: [{ description: `${REQUIRED}: is required when solving a ticket`, error: 'BlankValue' }],
	});
}

/** The change that a request asks for, checked against what the account has. */
function changeOf(store: Store, state: TicketState | undefined, wanted: TicketWrite): FieldChange {
	const invalid = (field: string): never => {
		throw invalidRecord({
			[field]: [{ description: `${field} is not valid`, error: 'InvalidValue' }],
		});
	};
	if (wanted.brand_id !== undefined && !brands.some(({ id }) => id === wanted.brand_id))
		invalid('brand');
	if (
		wanted.ticket_form_id !== undefined &&
		!ticketForms.some(({ id }) => id === wanted.ticket_form_id)
	)
		invalid('ticket_form_id');
	if (wanted.group_id && !groups.some(({ id }) => id === wanted.group_id)) invalid('group');
	if (wanted.assignee_id && !isStaff(store.users.get(wanted.assignee_id))) invalid('assignee');
	if (wanted.requester_id !== undefined && !store.users.has(wanted.requester_id))
		invalid('requester');
	if (wanted.status === 'new' && state !== undefined && state.status !== 'new')
		throw refuse(422, 'RecordInvalid', 'Record validation errors', {
			status: [{ description: 'Status: cannot go back to new' }],
		});
	const custom = new Map(state?.customFields);
	for (const { id, value } of wanted.custom_fields ?? []) {
		const field = customFields.find((known) => known.id === id);
		if (field === undefined) continue;
		const text = value === null ? null : String(value);
		if (text && field.options.length > 0 && !field.options.some((option) => option.value === text))
			invalid(field.title);
		custom.set(id, text);
	}
	return given({
		subject: wanted.subject,
		status: wanted.status,
		priority: wanted.priority,
		type: wanted.type,
		tags: wanted.tags === undefined ? undefined : cleanTags(wanted.tags),
		externalId: wanted.external_id,
		requesterId: wanted.requester_id,
		assigneeId: wanted.assignee_id,
		groupId: wanted.group_id,
		brandId: wanted.brand_id,
		formId: wanted.ticket_form_id,
		customFields: wanted.custom_fields === undefined ? undefined : custom,
	});
}

/** Tags are lower case, without spaces, each once. */
function cleanTags(tags: readonly string[]): string[] {
	return [...new Set(tags.flatMap((tag) => tag.toLowerCase().split(/\s+/)).filter(Boolean))];
}
