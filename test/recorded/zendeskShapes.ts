/** What Zendesk answers about tickets and people. */
import type { TicketEventName } from '../../domain/items';
import { readHistory, isHistory } from '../../nodes/ZendeskSync/api/audits';
import { mustListConversation } from '../../nodes/ZendeskSync/api/conversationTickets';
import { requestedTickets } from '../../nodes/ZendeskSync/api/customers';
import { type StoredMessage, zendeskTicketStore } from '../../nodes/ZendeskSync/api/ticketStore';
import { entryOfAudit } from '../../nodes/ZendeskSync/api/entries';
import { openConversations } from '../../nodes/ZendeskSync/api/openConversations';
import { Probes } from '../../nodes/shared/setupProbes';
import { findOrMakeRequester, type Requester } from '../../nodes/ZendeskSync/api/requester';
import { isPage, readExportPage } from '../../nodes/ZendeskSync/api/ticketExport';
import { readTicketHistory } from '../../nodes/ZendeskSync/api/ticketHistory';
import { present } from '../../nodes/ZendeskSync/api/gone';
import { changedPage, showTickets } from '../../nodes/ZendeskSync/api/ticketLists';
import { readUser, showUsers } from '../../nodes/ZendeskSync/api/users';
import { lastComments, ticketSide, ticketReader } from '../../nodes/ZendeskSync/api/tickets';
import { wireTicket } from '../../nodes/ZendeskSync/api/wire';
import { whoAmI } from '../../nodes/ZendeskSync/actions/account/accountCapabilities';
import {
	eventsOfHistory,
	auditEventsOf,
	mayBeEvent,
} from '../../nodes/ZendeskSync/trigger/auditEvents';
import type { Given } from './fixtures';
import { CUSTOMER, type Scene } from './scene';
import type { Shape } from './shape';
import { zendeskThat } from './vendors';

const always = async (given: Given) => await zendeskThat(() => given);
const CONVERSATION = `klaviyo:sms:${CUSTOMER}`;
const ANA = '41000000000111';
const MIA = '41000000000222';
const NO_PAGES: Given = { status: 200, headers: {}, body: { tickets: [], users: [] } };
const at = (scene: Scene, more = '') => `/api/v2/tickets/${scene.ids.ticket}${more}`;

const ticket: Shape = {
	name: 'Zendesk: ticket',
	async read(given) {
		const zendesk = await always(given);
		const record = present(await ticketReader(zendesk, ['512'])('512'));
		const requester = record.users.get(record.ticket.requester_id ?? '');
		const titles = new Map([['41000000000777', 'Order number']]);
		const {
			status,
			channel,
			requester: person,
			assignee,
			group,
			fields,
			via,
		} = ticketSide(zendesk, record, titles, requester);
		return { status, channel, via, by: person?.name, for: assignee?.name, group, fields };
	},
	means: {
		'with its people': {
			...{ status: 'open', channel: 'sms', via: 'api', by: 'Ana Petrov', for: 'Mia Olsen' },
			group: { id: '41000000000444', name: 'Support' },
			fields: {
				'Order number': 'A-1009',
				'41000000000778': null,
				'41000000000779': ['reason_delivery', 'reason_return'],
			},
		},
		'by e-mail, with nobody assigned': {
			...{ status: 'new', channel: 'email', via: 'email', by: 'Bo', group: null, fields: {} },
		},
	},
	ask: async (scene) => [await scene.zendesk('GET', at(scene, '?include=users,groups'))],
};

const conversation: Shape = {
	name: 'Zendesk: tickets of a conversation',
	async read(given) {
		let pages = 0;
		const zendesk = await zendeskThat(() => (pages++ === 0 ? given : NO_PAGES));
		const tickets = await mustListConversation(zendesk, CONVERSATION);
		return tickets.map(({ id, status, updatedAt }) => `${id} ${status} ${updatedAt}`);
	},
	means: {
		'two, one of them closed': ['512 open 1789465260000', '498 closed 1785542400000'],
	},
	ask: async (scene) => [
		await scene.zendesk('GET', `/api/v2/tickets?external_id=${encodeURIComponent(CONVERSATION)}`),
		await scene.zendesk('GET', '/api/v2/tickets?page[size]=1'),
	],
};

const changed: Shape = {
	name: 'Zendesk: tickets by their last change',
	async read(given) {
		const page = await changedPage(await always(given), undefined, 0);
		return { ids: page?.tickets.map(({ id }) => id), more: page?.cursor !== undefined };
	},
	means: { 'more to come': { ids: ['512', '498'], more: true } },
	ask: async (scene) => [
		await scene.zendesk('GET', '/api/v2/tickets?sort=-updated_at&page[size]=1'),
	],
};

const byId: Shape = {
	name: 'Zendesk: tickets by id',
	async read(given) {
		const { tickets, users, unreadable } = await showTickets(await always(given), ['512'], 0);
		const names = users.map(({ name, role }) => `${name} ${role}`);
		return { tickets: tickets.map(({ id, status }) => `${id} ${status}`), names, unreadable };
	},
	means: {
		'with their requesters': {
			tickets: ['512 open', '513 pending'],
			names: ['Ana Petrov end-user', 'Mia Olsen agent'],
			unreadable: 0,
		},
	},
	ask: async (scene) => [
		await scene.zendesk('GET', `/api/v2/tickets/show_many?ids=${scene.ids.ticket}&include=users`),
	],
};

const requested: Shape = {
	name: 'Zendesk: tickets that a user asked for',
	async read(given) {
		const { tickets, requester } = present(await requestedTickets(await always(given), ANA));
		return { tickets: tickets.map(({ status }) => status), by: requester?.name };
	},
	means: { 'one open, one solved': { tickets: ['open', 'solved'], by: 'Ana Petrov' } },
	ask: async (scene) => [
		await scene.zendesk(
			'GET',
			`/api/v2/users/${scene.ids.requester}/tickets/requested?include=users`,
		),
	],
};

const text = (key: string): StoredMessage => ({
	...{ key, sentAt: 0, isNote: false, html: 'Hi', sentNote: '', marker: { key } },
	newTicket: { subject: 'S', tags: [], fields: {}, followsUp: false },
});

const made: Shape = {
	name: 'Zendesk: ticket made',
	async read(given) {
		const requester = async () => ({ id: ANA });
		const store = zendeskTicketStore(await always(given), { externalId: CONVERSATION, requester });
		return await store.createTicket(text('T1'), 'key', undefined);
	},
	means: {
		'with its audit': { outcome: 'created', ticketId: '512', status: 'new' },
		'remembered for its key': { outcome: 'remembered', ticketId: '512' },
	},
	ask: async (scene) => [await scene.makeTicket('second'), await scene.makeTicket('second')],
};

const ticketChanged: Shape = {
	name: 'Zendesk: ticket changed',
	async read(given) {
		const requester = async () => ({ id: ANA });
		const store = zendeskTicketStore(await always(given), { externalId: CONVERSATION, requester });
		const before = { id: '512', status: 'open', updatedAt: 0 } as const;
		return await store.addComment(before, text('T1'), undefined, false);
	},
	means: { 'with its audit': { outcome: 'written', status: 'pending' } },
	ask: async (scene) => {
		const made = await scene.makeTicket('third');
		const { id } = (made.body as { ticket: { id: number } }).ticket;
		const body = { ticket: { comment: { html_body: 'Hello?', public: true } } };
		return [await scene.zendesk('PUT', `/api/v2/tickets/${id}`, body)];
	},
};

const NAMES: readonly TicketEventName[] = [
	'opened',
	'solved',
	'reopened',
	'closed',
	'agentReplied',
];
const OWN_TICKET = wireTicket.parse({
	...{ id: 512, status: 'open', external_id: CONVERSATION },
	...{ created_at: '2026-09-15T09:30:07Z', updated_at: '2026-09-15T10:00:00Z' },
});

/** The events that catch-up finds in it, and what the status logic sees. */
const history: Shape = {
	name: 'Zendesk: history of a ticket',
	async read(given) {
		const zendesk = await always(given);
		const read = await readHistory(zendesk, '512', 0);
		if (!isHistory(read)) throw new Error('The history is not read');
		const { audits, users } = read;
		const entries = audits.map((audit) => entryOfAudit('512', audit));
		const events = eventsOfHistory({ ticket: OWN_TICKET, entries, users }, NAMES);
		const requester = async () => ({ id: ANA });
		const store = zendeskTicketStore(zendesk, { externalId: CONVERSATION, requester });
		const seen = (await store.readAudits('512', 0)) ?? [];
		return {
			events: events.map(({ event, comment }) => (comment ? `${event}: ${comment.body}` : event)),
			seen: seen.map(({ opens, statusChange, marker }) =>
				[
					...(opens ? ['opens'] : []),
					...(statusChange ? [`${statusChange.before ?? '?'} > ${statusChange.after}`] : []),
					...(marker ? [marker.key] : []),
				].join(', '),
			),
		};
	},
	means: {
		'opened by a message, with a rule that changes it at once': {
			events: ['opened'],
			seen: ['opens, ? > open, message:8hQwErTyUi1'],
		},
		"an agent's answer with signature, and a rule inside an update": {
			events: [
				'agentReplied: Hi Ana,\n\nYes, a steel one. See our Q&A (https://shop.example.com/q-a).',
			],
			seen: ['open > pending', 'pending > open'],
		},
		'closed by an automation': { events: ['closed'], seen: ['solved > closed'] },
		'a call': { events: [], seen: [''] },
		'merged into': { events: [], seen: [''] },
		'its tags changed by hand': { events: [], seen: [''] },
	},
	ask: async (scene) => [
		...(await Promise.all(
			scene.sandbox.zendesk
				.tickets()
				.map(async ({ id }) =>
					scene.zendesk('GET', `/api/v2/tickets/${id}/audits?sort=-created_at&include=users`),
				),
		)),
	],
};

const comments: Shape = {
	name: 'Zendesk: comments of a ticket',
	async read(given) {
		const found = await lastComments(await always(given), '512');
		return found.map(({ body, public: isPublic, authorName }) => ({ body, isPublic, authorName }));
	},
	means: {
		"an agent's reply with signature": [
			{
				body: 'Does the blue kettle come with a lid?',
				isPublic: true,
				authorName: 'Ana Petrov',
			},
			{
				body: 'Hi Ana,\n\nYes, a steel one. See our Q&A (https://shop.example.com/q-a).',
				isPublic: true,
				authorName: 'Mia Olsen',
			},
		],
		'made by API, with body alone': [
			{ body: 'Sent from the shop', isPublic: true, authorName: 'Ana Petrov' },
		],
	},
	async ask(scene) {
		const ask = async () => await scene.zendesk('GET', at(scene, '/comments?include=users'));
		return [await ask()];
	},
};

const idOf = (found: Requester): string => (found === 'suspended' ? found : found.id);

/** Whom the product takes for the customer: looked for by external id, then by number. */
const users: Shape = {
	name: 'Zendesk: users',
	async read(given) {
		const zendesk = await always(given);
		const who = { phone: CUSTOMER, email: null, trustsEmail: false };
		const person = { ...who, name: null, externalId: CONVERSATION };
		try {
			return idOf(await findOrMakeRequester(zendesk, { ...person, hadTicket: true }));
		} catch {
			return null;
		}
	},
	means: {
		'found by number': ANA,
		'neither address nor number, and fewer fields': ANA,
		suspended: 'suspended',
	},
	ask: async (scene) => [
		await scene.zendesk('GET', `/api/v2/users?external_id=${encodeURIComponent(CONVERSATION)}`),
		await scene.zendesk(
			'GET',
			`/api/v2/users/search?query=${encodeURIComponent(`phone:${CUSTOMER}`)}`,
		),
	],
};

const usersById: Shape = {
	name: 'Zendesk: users by id',
	async read(given) {
		const found = await showUsers(await always(given), [ANA, MIA], 0);
		return found.map(({ id, name, role }) => `${id} ${name} ${role}`);
	},
	means: {
		'an agent and a customer': [`${ANA} Ana Petrov end-user`, `${MIA} Mia Olsen agent`],
	},
	ask: async (scene) => {
		const { requester } = scene.ids;
		const ids = `${requester},${scene.sandbox.zendesk.agent.id}`;
		return [await scene.zendesk('GET', `/api/v2/users/show_many?ids=${ids}`)];
	},
};

const user: Shape = {
	name: 'Zendesk: user',
	async read(given) {
		const { name, email, phone } = present(await readUser(await always(given), ANA));
		return { name, email, phone };
	},
	means: {
		'a customer': { name: 'Ana Petrov', email: 'ana.petrov@example.com', phone: CUSTOMER },
	},
	ask: async (scene) => [await scene.zendesk('GET', `/api/v2/users/${scene.ids.requester}`)],
};

const userMade: Shape = {
	name: 'Zendesk: user made',
	async read(given) {
		const nobody: Given = { ...NO_PAGES };
		// The number is looked for first.
		const zendesk = await zendeskThat((path) => (path.endsWith('search') ? nobody : given));
		const who = { phone: CUSTOMER, email: null, trustsEmail: false };
		const person = { ...who, name: 'Ana', externalId: CONVERSATION };
		return idOf(await findOrMakeRequester(zendesk, { ...person, hadTicket: false }));
	},
	means: { 'without an address': ANA },
	ask: async (scene) => [
		await scene.zendesk('POST', '/api/v2/users', {
			user: { name: 'Cleo', phone: '+12025550177', role: 'end-user', external_id: 'shop-9' },
		}),
	],
};

const whoAsks: Shape = {
	name: 'Zendesk: who asks',
	async read(given) {
		const probes = new Probes(await always(given));
		return await whoAmI.find(probes, {
			reEnableWebhooks: false,
			unusedFeatures: [],
			tags: ['sms'],
		});
	},
	means: {
		'an administrator': { status: 'ready', detail: 'SMS integration (admin)' },
		'nobody, by a wrong token': {
			status: 'missing',
			detail: 'Zendesk has no user with this credential',
		},
		'no such account': {
			status: 'missing',
			detail: "There is no Zendesk account at this address. Check the credential's 'Zendesk URL'",
		},
	},
	ask: async (scene) => [await scene.zendesk('GET', '/api/v2/users/me')],
};

const exported: Shape = {
	name: 'Zendesk: ticket events',
	async read(given) {
		const page = await readExportPage(await always(given), 'events', 1, 0);
		if (!isPage(page)) throw new Error(`No page: ${page.refused}`);
		if (page.unreadable > 0) throw new Error(`${page.unreadable} entries are not read`);
		return {
			found: page.entries
				.flatMap(auditEventsOf)
				.filter(mayBeEvent)
				.map(({ name, comment }) => (comment ? `${name}: ${comment.body}` : name)),
			next: page.next ?? null,
			rest: page.rest,
		};
	},
	means: {
		"an agent's reply": {
			found: [
				'agentReplied: Hi Ana,\n\nYes, a steel one. See our Q&A (https://shop.example.com/q-a).',
			],
			...{ next: null, rest: 0 },
		},
		'one more page, and few requests left': {
			found: [
				'agentReplied: Hi Ana,\n\nYes, a steel one. See our Q&A (https://shop.example.com/q-a).',
			],
			...{ next: 1789465260, rest: 41_000 },
		},
		'opened, solved, claimed, merged, given away': {
			// Whose comments they are is looked up later.
			found: [
				'opened',
				'agentReplied: Does the blue kettle come with a lid?',
				'solved',
				'requesterChanged',
			],
			...{ next: null, rest: 0 },
		},
	},
	ask: async (scene) => [
		await scene.zendesk(
			'GET',
			'/api/v2/incremental/ticket_events?start_time=1&include=comment_events',
		),
	],
};

const exportedTickets: Shape = {
	name: 'Zendesk: tickets of the export',
	async read(given) {
		const found: string[] = [];
		const take = (records: Array<{ ticket: { id: string } }>): boolean => {
			found.push(...records.map(({ ticket: { id } }) => id));
			return true;
		};
		await readTicketHistory(await always(given), { since: 0, pageSize: 100, onPage: take });
		return found;
	},
	means: { 'with one that was deleted': ['512'] },
	ask: async (scene) => [
		await scene.zendesk(
			'GET',
			'/api/v2/incremental/tickets/cursor?start_time=1&include=users,groups&exclude_deleted=true',
		),
	],
};

const searchExport: Shape = {
	name: 'Zendesk: search export',
	async read(given) {
		const zendesk = await zendeskThat((path) => (path.includes('search') ? given : NO_PAGES));
		const open = await openConversations(zendesk, 10);
		if (!open) throw new Error('The search is not read');
		return [...open];
	},
	means: { 'open tickets': [CONVERSATION] },
	ask: async (scene) => [
		await scene.zendesk(
			'GET',
			`/api/v2/search/export?query=${encodeURIComponent('status<solved')}&filter[type]=ticket`,
		),
	],
};

export const zendeskShapes: readonly Shape[] = [
	ticket,
	conversation,
	changed,
	byId,
	requested,
	made,
	ticketChanged,
	history,
	comments,
	users,
	usersById,
	user,
	userMade,
	whoAsks,
	exported,
	exportedTickets,
	searchExport,
];
