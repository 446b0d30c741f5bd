import type { SandboxComment, SandboxTicket, SandboxUser, SandboxZendesk } from '../types';
import { deletedTicketOf, given, ticketOf, type Zendesk } from './context';
import { rate } from './ratings';
import { apiToken, isStaff, oauthClient } from './store';
import { signedHtml, typedHtml } from './comments';
import type { Audit, Call, Comment, Ticket, User } from './model';
import type { Act, NewComment } from './tickets';
import { addUser, mergeUsers } from './users';

/** What people do in the agent workspace, and what a test can look at. */
export function zendeskPeople(zendesk: Zendesk): SandboxZendesk {
	const { core, store, tickets } = zendesk;
	const known = (id: string): Ticket => ticketOf(store, id);
	const user = (id: string): User => {
		const found = store.users.get(Number(id));
		if (found === undefined) throw new Error(`There is no user ${id}`);
		return found;
	};
	const actBy = (agentId: string | undefined, via: 'web' | 'automation' = 'web'): Act =>
		via === 'automation'
			? { actorId: -1, channel: 'rule' }
			: { actorId: agentId === undefined ? store.agent.id : Number(agentId), channel: 'web' };

	/** Staff sign what customers can see. */
	const inEditor = (
		html: string,
		by: {
			authorId: number;
			public: boolean;
			signature?: string | undefined;
			uploads?: string[] | undefined;
		},
	): NewComment => {
		const signs = by.public && isStaff(store.users.get(by.authorId));
		const signature = signs ? (by.signature ?? core.switches.agentSignature) : '';
		return {
			html_body: signature === '' ? html : signedHtml(html, signature),
			public: by.public,
			authorId: by.authorId,
			...given({ uploads: by.uploads }),
		};
	};

	const ownComment = (audit: Audit | undefined): SandboxComment => {
		const [comment] = audit?.comments ?? [];
		if (comment === undefined) throw new Error('No comment was added');
		return commentOf(comment);
	};

	return {
		url: zendesk.baseUrl(),
		account: {
			email: store.integration.email ?? '',
			apiToken,
			oauthClientId: oauthClient.id,
			oauthClientSecret: oauthClient.secret,
		},
		agent: userOf(store.agent),
		addUser: (user) =>
			userOf(
				addUser(core, store, {
					...given({
						alias: user.alias,
						role: user.role,
						email: user.email,
						phone: user.phone,
						externalId: user.externalId,
						suspended: user.suspended,
					}),
					name: user.name,
				}),
			),
		users: () => [...store.users.values()].map(userOf),
		tickets: () => [...store.tickets.values()].filter(({ state }) => !state.deleted).map(shown),
		newestOf: (externalId) =>
			store.tickets
				.maybeOf(externalId)
				.findLast(({ state }) => !state.deleted && state.externalId === externalId)
				?.id.toString(),
		ticket: (id) => shown(known(id)),
		agentComments(ticketId, body, options = {}) {
			const ticket = known(ticketId);
			const act = actBy(options.agentId);
			const audit = tickets.update(
				ticket,
				given({ status: options.status }),
				inEditor(options.html ?? typedHtml(body), {
					authorId: act.actorId,
					public: options.public ?? true,
					signature: options.signature,
					uploads: options.uploads,
				}),
				act,
			);
			return ownComment(audit);
		},
		agentUpdates(ticketId, change, by = {}) {
			tickets.update(
				known(ticketId),
				given({
					status: change.status,
					assigneeId: change.assigneeId === undefined ? undefined : Number(change.assigneeId),
					groupId: change.groupId === undefined ? undefined : Number(change.groupId),
					priority: change.priority,
					type: change.type,
					tags: change.tags,
					brandId: change.brandId === undefined ? undefined : Number(change.brandId),
					requesterId: change.requesterId === undefined ? undefined : Number(change.requesterId),
				}),
				undefined,
				actBy(by.agentId, by.via),
			);
		},
		agentCreates(ticket) {
			const requesterId = Number(ticket.requesterId);
			const made = tickets.create(
				{
					subject: ticket.subject,
					requesterId,
					submitterId: store.agent.id,
					...given({
						externalId: ticket.externalId,
						tags: ticket.tags,
						brandId: ticket.brandId === undefined ? undefined : Number(ticket.brandId),
					}),
				},
				inEditor(typedHtml(ticket.body), {
					authorId: store.agent.id,
					public: ticket.public ?? true,
				}),
				{ ...actBy(undefined), ...given({ channel: ticket.channel }) },
			);
			return shown(made);
		},
		merge: (sourceId, targetId, options = {}) =>
			tickets.merge(
				known(sourceId),
				known(targetId),
				options.public ?? false,
				actBy(undefined),
				options.words,
			),
		agentCalls(ticketId, options = {}) {
			const ticket = known(ticketId);
			const act: Act = { ...actBy(options.agentId), channel: 'voice' };
			const caller = store.users.get(ticket.state.requesterId);
			const { seconds = 60 } = options;
			const call: Call = {
				from: caller?.phone ?? 'anonymous',
				to: '+12025550100',
				duration: seconds,
				recordingUrl: `${zendesk.baseUrl()}/api/v2/channels/voice/calls/${store.nextId()}/twilio/recording`,
			};
			const written: NewComment = {
				body: callWords(call, store.users.get(act.actorId)?.name ?? ''),
				public: options.public ?? true,
				authorId: act.actorId,
				call,
			};
			return ownComment(tickets.update(ticket, {}, written, act));
		},
		customerRates: (ticketId, rating) => rate(zendesk, known(ticketId), rating),
		addTrigger({ title, when, then }) {
			const id = store.nextId();
			store.triggers.set(id, { id, title, when, then });
			return String(id);
		},
		removeTrigger: (id) => void store.triggers.delete(Number(id)),
		deleteTicket: (id) => tickets.remove(known(id), actBy(undefined)),
		restoreTicket: (id) => tickets.restore(deletedTicketOf(store, id), actBy(undefined)),
		mergeUsers: (goneId, keptId) =>
			mergeUsers(core, store, [user(goneId), user(keptId)], (ticket) =>
				tickets.update(ticket, { requesterId: Number(keptId) }, undefined, actBy(undefined)),
			),
		webhooks: () =>
			[...store.webhooks.values()].map(
				({ id, name, endpoint, status, subscriptions, signingSecret }) => ({
					id,
					name,
					endpoint,
					status,
					subscriptions,
					signingSecret,
				}),
			),
	};
}

/** The text that a phone call leaves on the ticket. */
const callWords = ({ from, duration, recordingUrl }: Call, agent: string): string =>
	[
		`Call from: ${from}`,
		`Answered by: ${agent}`,
		`Length of phone call: ${duration} seconds`,
		`Listen to the recording: ${recordingUrl}`,
	].join('\n');

const iso = (time: number): string => new Date(Math.floor(time / 1000) * 1000).toISOString();
const idText = (id: number | null): string | null => (id === null ? null : String(id));

function userOf(user: User): SandboxUser {
	const { name, role, email, phone, externalId, suspended } = user;
	return { id: String(user.id), name, role, email, phone, externalId, suspended };
}

function commentOf(comment: Comment): SandboxComment {
	return {
		id: String(comment.id),
		ticketId: String(comment.ticketId),
		authorId: String(comment.authorId),
		body: comment.body,
		plainBody: comment.plainBody,
		htmlBody: comment.htmlBody,
		public: comment.public,
		createdAt: iso(comment.createdAt),
		attachments: comment.attachments.map(({ fileName, contentType, size, sha256 }) => ({
			fileName,
			contentType,
			size,
			sha256,
		})),
	};
}

const triggersOf = ({ fields, comments }: Audit): string[] => [
	...new Set([...fields, ...comments].flatMap(({ rule }) => rule?.title ?? [])),
];

function shown(ticket: Ticket): SandboxTicket {
	const { state } = ticket;
	return {
		id: String(ticket.id),
		subject: state.subject,
		status: state.status,
		externalId: state.externalId,
		tags: [...state.tags],
		requesterId: String(state.requesterId),
		assigneeId: idText(state.assigneeId),
		groupId: idText(state.groupId),
		brandId: String(state.brandId),
		createdAt: iso(ticket.createdAt),
		updatedAt: iso(state.updatedAt),
		comments: ticket.comments.map(commentOf),
		audits: ticket.audits.map((audit) => ({
			id: String(audit.id),
			createdAt: iso(audit.createdAt),
			custom: audit.custom,
			status: audit.status,
			authorId: String(audit.authorId),
			channel: audit.channel,
			merge: audit.merge,
			triggers: triggersOf(audit),
			commentId: idText(audit.comments.find(({ rule }) => rule === undefined)?.id ?? null),
		})),
	};
}
