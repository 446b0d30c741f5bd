import type { TicketStatus } from '../../domain/items';
import type { Core } from '../core';
import { storedText, type WrittenComment } from './comments';
import { commentAdded, publish, type Happening } from './events';
import type { Audit, Channel, Comment, FieldEvent, Ticket, TicketState } from './model';
import { brands, isStaff, type Store, ticketForms } from './store';
import { takeUploads } from './uploadRoutes';
import { invalidRecord, refuse } from './wording';

/** Who acts, how, and what they leave in `audit.metadata.custom`. */
export interface Act {
	actorId: number;
	channel: Channel;
	custom?: Record<string, unknown>;
	/** What made it, as `via.source.rel` shows; an automation says so by itself. */
	rel?: string | undefined;
	/** Whether it is part of a merge. */
	merge?: boolean;
}
export interface NewComment extends WrittenComment {
	public?: boolean | undefined;
	authorId: number;
}
export type FieldChange = Partial<
	Omit<TicketState, 'updatedAt' | 'solvedAt' | 'deleted' | 'description'>
>;

/** Names of the fields in audits, where they differ from ours. */
const auditNames: Partial<Record<keyof FieldChange, string>> = {
	externalId: 'external_id',
	requesterId: 'requester_id',
	assigneeId: 'assignee_id',
	groupId: 'group_id',
	brandId: 'brand_id',
};
const mostComments = 5000;

export class Tickets {
	constructor(
		private readonly core: Core,
		private readonly store: Store,
	) {}

	create(
		fields: FieldChange & { requesterId: number; submitterId: number },
		written: NewComment,
		act: Act,
	): Ticket {
		const now = this.core.clock.now();
		const id = this.store.nextTicketId();
		const state: TicketState = {
			subject: '',
			description: '',
			status: fields.assigneeId ? 'open' : 'new',
			externalId: null,
			tags: [],
			assigneeId: null,
			groupId: null,
			brandId: brands[0].id,
			formId: ticketForms[0].id,
			priority: null,
			type: null,
			customFields: new Map(),
			isPublic: written.public ?? true,
			followupOf: null,
			...fields,
			updatedAt: now,
			solvedAt: fields.status === 'solved' ? now : null,
			deleted: false,
		};
		const ticket: Ticket = {
			id,
			createdAt: now,
			channel: act.channel,
			state,
			history: [],
			comments: [],
			audits: [],
		};
		this.store.tickets.set(id, ticket);
		const audit = this.openAudit(ticket, act);
		const comment = this.comment(ticket, audit, { ...written, public: state.isPublic }, act);
		const description = comment.body;
		const subject = state.subject === '' ? description.slice(0, 100) : state.subject;
		ticket.state = { ...state, subject, description };
		audit.fields = fieldEvents(this.store, undefined, ticket.state);
		this.close(ticket, audit);
		const happenings: Happening[] = [{ type: 'created', event: {} }];
		if (this.core.switches.commentAddedOnCreate) happenings.push(commentAdded(this.store, comment));
		publish(this.core, this.store, ticket, act.actorId, happenings);
		return ticket;
	}

	/** Changes fields and adds a comment in one audit. Nothing changed: no audit, and the stamp stays. */
	update(
		ticket: Ticket,
		change: FieldChange,
		written: NewComment | undefined,
		act: Act,
	): Audit | undefined {
		this.refuseClosed(ticket);
		if (written !== undefined && ticket.comments.length >= mostComments)
			throw invalidRecord({
				base: [{ description: 'Ticket has too many comments', error: 'TooManyComments' }],
			});
		const before = ticket.state;
		const merged: TicketState = { ...before, ...change };
		const assigned = merged.status === 'new' && merged.assigneeId !== null ? 'open' : merged.status;
		const after: TicketState = { ...merged, status: assigned };
		const fields = fieldEvents(this.store, before, after);
		if (fields.length === 0 && written === undefined) return undefined;
		const now = this.core.clock.now();
		const audit = this.openAudit(ticket, act);
		audit.fields = fields;
		const nowSolved = after.status === 'solved' && before.status !== 'solved';
		const stillSolved = after.status === 'solved' || after.status === 'closed';
		ticket.state = {
			...after,
			updatedAt: now,
			solvedAt: nowSolved ? now : stillSolved ? before.solvedAt : null,
		};
		const comment = written === undefined ? undefined : this.comment(ticket, audit, written, act);
		this.close(ticket, audit);
		publish(this.core, this.store, ticket, act.actorId, [
			...fieldHappenings(
				before,
				after,
				act.channel === 'rule' && !this.core.switches.statusChangedOnAutomation,
			),
			...(comment === undefined ? [] : [commentAdded(this.store, comment)]),
		]);
		return audit;
	}

	merge(source: Ticket, target: Ticket, isPublic: boolean, act: Act, words?: string): void {
		const notice = (body: string): NewComment => ({
			body: words ?? body,
			public: isPublic,
			authorId: act.actorId,
		});
		const rel = this.core.switches.mergeMarked ? 'merge' : undefined;
		const merging = { ...act, rel, merge: true };
		this.refuseClosed(target);
		this.update(
			target,
			{},
			notice(
				`Request #${source.id} "${source.state.subject}" was closed and merged into this request.`,
			),
			merging,
		);
		this.update(
			source,
			{ status: 'closed', tags: [...new Set([...source.state.tags, 'closed_by_merge'])] },
			notice(
				`This request was closed and merged into request #${target.id} "${target.state.subject}".`,
			),
			merging,
		);
		publish(this.core, this.store, source, act.actorId, [
			{ type: 'merged', event: { target_ticket_id: String(target.id) } },
		]);
	}

	remove(ticket: Ticket, act: Act): void {
		const now = this.core.clock.now();
		ticket.state = { ...ticket.state, deleted: true, updatedAt: now };
		ticket.history.push({ at: now, state: ticket.state });
		this.store.tickets.note(ticket);
		publish(this.core, this.store, ticket, act.actorId, [{ type: 'soft_deleted', event: {} }]);
		this.core.changes.announce();
	}

	/** `safe_update`: refused when the ticket changed in another second than the stamp says. */
	refuseOutdated(ticket: Ticket, updatedStamp: string | undefined): void {
		const asked = Math.floor(Date.parse(updatedStamp ?? '') / 1000);
		if (asked !== Math.floor(ticket.state.updatedAt / 1000))
			throw refuse(
				409,
				'UpdateConflict',
				'Safe Update prevented the update due to outdated ticket data.',
			);
	}

	refuseClosed(ticket: Ticket): void {
		if (ticket.state.status !== 'closed') return;
		const description =
			this.core.switches.errorLanguage === 'xx'
				? 'Stato: ċkjuż ma jħallix aġġornament'
				: 'Status: closed prevents ticket update';
		throw invalidRecord({ status: [{ description }] });
	}

	private openAudit(ticket: Ticket, act: Act): Audit {
		return {
			id: this.store.nextId(),
			ticketId: ticket.id,
			createdAt: this.core.clock.now(),
			authorId: act.actorId,
			channel: act.channel,
			rel: act.rel,
			merge: act.merge ?? false,
			custom: act.custom ?? {},
			fields: [],
			comment: undefined,
			status: ticket.state.status,
		};
	}

	private close(ticket: Ticket, audit: Audit): void {
		audit.status = ticket.state.status;
		ticket.audits.push(audit);
		ticket.history.push({ at: audit.createdAt, state: ticket.state });
		this.store.tickets.note(ticket, audit);
		this.core.changes.announce();
	}

	private comment(ticket: Ticket, audit: Audit, written: NewComment, act: Act): Comment {
		const author = this.store.users.get(written.authorId);
		const requester = this.store.users.get(ticket.state.requesterId);
		const stored = storedText(
			written,
			{ isStaff: isStaff(author) },
			{
				'ticket.id': String(ticket.id),
				'ticket.title': ticket.state.subject,
				'ticket.status': ticket.state.status,
				'ticket.requester.name': requester?.name ?? '',
				'ticket.requester.email': requester?.email ?? '',
				'current_user.name': author?.name ?? '',
			},
		);
		const isBare = act.channel === 'api' && this.core.switches.apiComments === 'bodyOnly';
		const comment: Comment = {
			id: this.store.nextId(),
			ticketId: ticket.id,
			auditId: audit.id,
			authorId: written.authorId,
			...stored,
			...(isBare ? { plainBody: '', htmlBody: '' } : {}),
			public: written.public ?? ticket.state.isPublic,
			createdAt: audit.createdAt,
			channel: act.channel,
			attachments: takeUploads(this.store, written.uploads ?? [], this.core.clock.now()),
		};
		audit.comment = comment;
		ticket.comments.push(comment);
		return comment;
	}
}

function fieldEvents(
	store: Store,
	before: TicketState | undefined,
	after: TicketState,
): FieldEvent[] {
	const watched = [
		'subject',
		'status',
		'tags',
		'externalId',
		'requesterId',
		'assigneeId',
		'groupId',
		'brandId',
		'priority',
		'type',
	] as const;
	const event = (field: string, value: unknown, previous: unknown): FieldEvent =>
		before === undefined
			? { id: store.nextId(), type: 'Create', field, value }
			: { id: store.nextId(), type: 'Change', field, value, previous };
	const events: FieldEvent[] = [];
	for (const name of watched) {
		const value = after[name];
		const previous = before?.[name] ?? null;
		if (JSON.stringify(value) === JSON.stringify(previous)) continue;
		if (before === undefined && Array.isArray(value) && value.length === 0) continue;
		events.push(event(auditNames[name] ?? name, value, previous));
	}
	for (const [id, value] of after.customFields) {
		const previous = before?.customFields.get(id) ?? null;
		if (value !== previous) events.push(event(String(id), value, previous));
	}
	return events;
}

function fieldHappenings(
	before: TicketState,
	after: TicketState,
	silentStatus: boolean,
): Happening[] {
	const happenings: Happening[] = [];
	const upper = (value: TicketStatus | string | null): string | null =>
		value?.toUpperCase() ?? null;
	const changed = (type: Happening['type'], current: unknown, previous: unknown): void => {
		if (current !== previous) happenings.push({ type, event: { current, previous } });
	};
	const id = (value: number | null): string | null => (value === null ? null : String(value));
	if (!silentStatus) changed('status_changed', upper(after.status), upper(before.status));
	changed('priority_changed', upper(after.priority), upper(before.priority));
	changed('type_changed', upper(after.type), upper(before.type));
	changed('subject_changed', after.subject, before.subject);
	changed('external_id_changed', after.externalId, before.externalId);
	changed('agent_assignment_changed', id(after.assigneeId), id(before.assigneeId));
	changed('group_assignment_changed', id(after.groupId), id(before.groupId));
	changed('brand_changed', id(after.brandId), id(before.brandId));
	changed('requester_changed', id(after.requesterId), id(before.requesterId));
	const added = after.tags.filter((tag) => !before.tags.includes(tag));
	const removed = before.tags.filter((tag) => !after.tags.includes(tag));
	if (added.length + removed.length > 0)
		happenings.push({ type: 'tags_changed', event: { tags_added: added, tags_removed: removed } });
	return happenings;
}
