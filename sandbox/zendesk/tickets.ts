import type { Core } from '../core';
import { storedText, type WrittenComment } from './comments';
import { commentAdded, publish, type AuditEvent } from './events';
import type { Audit, Call, Channel, Comment, RuleName, Ticket, TicketState } from './model';
import { brands, isStaff, type Store, ticketForms } from './store';
import { eachStatus, type FieldChange, fieldEvents, fieldHappenings } from './ticketChanges';
import { changeBy, firing, type Update } from './triggers';
import { takeUploads } from './attachments';
import { invalidRecord, refuse } from './wording';

/** Who acts, how, and what they store in `audit.metadata.custom`. */
export interface Act {
	actorId: number;
	channel: Channel;
	custom?: Record<string, unknown>;
	/** What made the change, as `via.source.rel` shows; automations set it themselves. */
	rel?: string | undefined;
	/** Whether it is part of a merge. */
	merge?: boolean;
}
export interface NewComment extends WrittenComment {
	public?: boolean | undefined;
	authorId: number;
	call?: Call | undefined;
}

const mostComments = 5000;
const notifyRequester: RuleName = { id: 360006000001, title: 'Notify requester of comment update' };
/** Author of what a trigger writes. */
export const systemUser = -1;

/** An audit under construction. Its ids come from one sequence. */
interface Draft {
	ticket: Ticket;
	audit: Audit;
	act: Act;
	nextId: () => number;
}

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
		const draft = this.draft(ticket, act);
		const comment = this.comment(draft, { ...written, public: state.isPublic });
		const description = comment.body;
		const subject = state.subject === '' ? description.slice(0, 100) : state.subject;
		const made: TicketState = { ...state, subject, description };
		ticket.state = made;
		draft.audit.fields = fieldEvents(draft.nextId, undefined, made);
		this.fireTriggers(draft, { isCreation: true, statusBefore: undefined, comment, act });
		this.close(draft);
		publish(this.core, this.store, ticket, act.actorId, draft.audit.id, [
			{ type: 'created' },
			...this.happenings(draft, made).filter(
				({ type }) => type !== 'comment_added' || this.core.switches.commentAddedOnCreate,
			),
		]);
		return ticket;
	}

	/** Changes fields and adds a comment in one audit. If nothing changes, there is no audit and the stamp stays. */
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
		const isChanged = fieldEvents(() => 0, before, after).length > 0;
		if (!isChanged && written === undefined) return undefined;
		const draft = this.draft(ticket, act);
		ticket.state = this.changed(before, after);
		const comment = written === undefined ? undefined : this.comment(draft, written);
		draft.audit.fields = fieldEvents(draft.nextId, before, after);
		this.fireTriggers(draft, { isCreation: false, statusBefore: before.status, comment, act });
		this.close(draft);
		const happenings = this.happenings(draft, before);
		publish(this.core, this.store, ticket, act.actorId, draft.audit.id, happenings);
		return draft.audit;
	}

	/** The requester's rating, as the ticket's history and its webhook show it. `event` undefined: no webhook. */
	rated(ticket: Ticket, score: string, event: Record<string, unknown> | undefined): void {
		const act: Act = { actorId: ticket.state.requesterId, channel: 'web' };
		const draft = this.draft(ticket, act);
		const field = 'satisfaction_score';
		const id = draft.nextId();
		draft.audit.fields = [{ id, type: 'Change', field, value: score, previous: 'offered' }];
		ticket.state = this.changed(ticket.state, ticket.state);
		this.close(draft);
		if (event !== undefined)
			publish(this.core, this.store, ticket, act.actorId, draft.audit.id, [
				{ type: 'csat_received', event },
			]);
	}

	merge(source: Ticket, target: Ticket, isPublic: boolean, act: Act, words?: string): void {
		const notice = (body: string): NewComment => ({
			body: words ?? body,
			public: isPublic,
			authorId: act.actorId,
		});
		const { mergeMarked, mergeTagged, mergedEvent } = this.core.switches;
		const rel = mergeMarked ? 'merge' : undefined;
		const tags = new Set([...source.state.tags, ...(mergeTagged ? ['closed_by_merge'] : [])]);
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
			{ status: 'closed', tags: [...tags] },
			notice(
				`This request was closed and merged into request #${target.id} "${target.state.subject}".`,
			),
			merging,
		);
		const event = mergedEvent === 'target' ? { target_ticket_id: String(target.id) } : {};
		if (mergedEvent !== 'none')
			publish(this.core, this.store, source, act.actorId, this.store.nextId(), [
				{ type: 'merged', event },
			]);
	}

	remove(ticket: Ticket, act: Act): void {
		const { status } = ticket.state;
		this.setDeleted(ticket, true, act, { type: 'soft_deleted', event: {} }, [status, 'deleted']);
	}

	/** Brings a deleted ticket back as it was. */
	restore(ticket: Ticket, act: Act): void {
		const { status } = ticket.state;
		this.setDeleted(ticket, false, act, { type: 'undeleted', event: {} }, ['deleted', status]);
	}

	private setDeleted(
		ticket: Ticket,
		deleted: boolean,
		act: Act,
		happening: AuditEvent,
		[previous, current]: [string, string],
	): void {
		const now = this.core.clock.now();
		ticket.state = { ...ticket.state, deleted, updatedAt: now };
		ticket.history.push({ at: now, state: ticket.state });
		this.store.tickets.note(ticket);
		const change = { current: current.toUpperCase(), previous: previous.toUpperCase() };
		publish(this.core, this.store, ticket, act.actorId, this.store.nextId(), [
			happening,
			...(this.core.switches.deletionIsStatus
				? [{ type: 'status_changed' as const, event: change }]
				: []),
		]);
		this.core.changes.announce();
	}

	/** `safe_update`: refused if the ticket changed in another second than the stamp's. */
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

	/** The state that a change leads to, with its times. */
	private changed(before: TicketState, after: TicketState): TicketState {
		const now = this.core.clock.now();
		const nowSolved = after.status === 'solved' && before.status !== 'solved';
		const stillSolved = after.status === 'solved' || after.status === 'closed';
		return {
			...after,
			updatedAt: now,
			solvedAt: nowSolved ? now : stillSolved ? before.solvedAt : null,
		};
	}

	/** Each trigger acts once; after one has acted, all others are tried again, as in Zendesk. */
	private fireTriggers(draft: Draft, update: Update): void {
		const { ticket, audit, nextId } = draft;
		const fired = new Set<number>();
		for (;;) {
			const trigger = firing(this.store, ticket.state, update, fired);
			if (trigger === undefined) return;
			fired.add(trigger.id);
			const rule: RuleName = { id: trigger.id, title: trigger.title };
			const before = ticket.state;
			const after: TicketState = { ...before, ...changeBy(trigger, before) };
			audit.fields.push(...fieldEvents(nextId, before, after, rule));
			ticket.state = this.changed(before, after);
			const { comment } = trigger.then;
			if (comment === undefined) continue;
			const { body, public: isPublic, authorId = systemUser } = comment;
			this.comment(draft, { body, public: isPublic, authorId: Number(authorId) }, rule);
		}
	}

	/** What webhooks report about an audit. */
	private happenings({ audit, act, ticket }: Draft, before: TicketState): AuditEvent[] {
		const { ruleChanges, statusChangedOnAutomation, callsInWebhooks } = this.core.switches;
		const net = fieldHappenings(before, ticket.state);
		const all =
			ruleChanges === 'net'
				? net
				: [...net.filter(({ type }) => type !== 'status_changed'), ...eachStatus(audit.fields)];
		const isSilent = act.channel === 'rule' && !statusChangedOnAutomation;
		return [
			...all.filter(({ type }) => !isSilent || type !== 'status_changed'),
			...audit.comments
				.filter(({ call }) => call === undefined || callsInWebhooks)
				.map((comment) => commentAdded(this.store, comment)),
		];
	}

	private draft(ticket: Ticket, act: Act): Draft {
		const nextId = this.store.idRow();
		const audit: Audit = {
			id: nextId(),
			ticketId: ticket.id,
			createdAt: this.core.clock.now(),
			authorId: act.actorId,
			channel: act.channel,
			rel: act.rel,
			merge: act.merge ?? false,
			custom: act.custom ?? {},
			fields: [],
			comments: [],
			notifications: [],
			status: ticket.state.status,
		};
		return { ticket, audit, act, nextId };
	}

	private close({ ticket, audit, nextId }: Draft): void {
		audit.status = ticket.state.status;
		if (audit.comments.some((comment) => comment.public))
			audit.notifications.push({
				id: nextId(),
				rule: notifyRequester,
				recipientId: ticket.state.requesterId,
			});
		ticket.audits.push(audit);
		ticket.history.push({ at: audit.createdAt, state: ticket.state });
		this.store.tickets.note(ticket, audit);
		this.core.changes.announce();
	}

	private comment(draft: Draft, written: NewComment, rule?: RuleName): Comment {
		const { ticket, audit, act } = draft;
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
			id: draft.nextId(),
			ticketId: ticket.id,
			auditId: audit.id,
			authorId: written.authorId,
			...stored,
			...(isBare ? { plainBody: '', htmlBody: '' } : {}),
			public: written.public ?? ticket.state.isPublic,
			createdAt: audit.createdAt,
			channel: act.channel,
			attachments: takeUploads(this.store, written.uploads ?? [], this.core.clock.now()),
			...(rule === undefined ? {} : { rule }),
			...(written.call === undefined ? {} : { call: written.call }),
		};
		audit.comments.push(comment);
		ticket.comments.push(comment);
		return comment;
	}
}
