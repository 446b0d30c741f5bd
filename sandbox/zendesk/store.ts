import type { Core } from '../core';
import { base62, crockford, dice, word } from '../random';
import { BlockIds } from './ids';
import type {
	Attachment,
	CustomField,
	Rating,
	Rule,
	SurveyResponse,
	Ticket,
	TicketState,
	Trigger,
	User,
	UserField,
	Webhook,
} from './model';
import { TicketBook } from './ticketBook';
import { UserBook } from './userBook';

/** Everything the local Zendesk account holds. */
export interface Store {
	users: UserBook;
	tickets: TicketBook;
	webhooks: Map<string, Webhook>;
	automations: Map<number, Rule>;
	/** In the order in which they are tried. */
	triggers: Map<number, Trigger>;
	/** By token: files that no comment has named yet. */
	uploads: Map<string, { attachment: Attachment; expires: number }>;
	/** By key. */
	userFields: Map<string, UserField>;
	views: Map<number, Rule & { output: unknown }>;
	/** Oldest first. */
	ratings: Rating[];
	/** Oldest first. */
	surveyResponses: SurveyResponse[];
	/** The admin that the integration's credential belongs to. */
	integration: User;
	/** The agent who answers. */
	agent: User;
	nextId(): number;
	/** Ids of one request, which ascend. */
	idRow(): () => number;
	nextTicketId(): number;
	nextWebhookId(): string;
	newSecret(): string;
}

export const accountId = 22129848;
export const apiToken = 'zdtoken_sandbox_not_a_secret';
export const oauthClient = { id: 'n8n_sandbox', secret: 'zdsecret_sandbox_not_a_secret' };
export const brands = [
	{ id: 360001000001, name: 'Acme', subdomain: 'acme', isDefault: true },
	{ id: 360001000002, name: 'Acme Outlet', subdomain: 'acme-outlet', isDefault: false },
] as const;
export const groups = [
	{ id: 360002000001, name: 'Support', isDefault: true },
	{ id: 360002000002, name: 'Returns', isDefault: false },
] as const;
export const ticketForms = [
	{ id: 360004000001, name: 'Default', isDefault: true },
	{ id: 360004000002, name: 'SMS', isDefault: false },
] as const;
export const customFields: readonly CustomField[] = [
	{ id: 360003000101, title: 'Order number', type: 'text', options: [] },
	{
		id: 360003000102,
		title: 'Reason',
		type: 'tagger',
		options: [
			{ id: 360003000111, name: 'Delivery', value: 'reason_delivery' },
			{ id: 360003000112, name: 'Return', value: 'reason_return' },
		],
	},
];

export function makeStore(core: Core): Store {
	const ids = new BlockIds(dice(Math.floor(core.roll() * 2 ** 32)));
	let lastTicketId = 100;
	const nextId = (): number => ids.row()();
	const person = (name: string, role: User['role'], email: string): User => ({
		id: nextId(),
		name,
		alias: '',
		role,
		email,
		phone: null,
		sharedPhone: null,
		others: { emails: [], phones: [] },
		externalId: null,
		tags: [],
		notes: '',
		fields: {},
		suspended: false,
		createdAt: core.clock.now(),
		updatedAt: core.clock.now(),
	});
	const integration = person('Integration', 'admin', 'integration@acme.example');
	const agent = person('Mia', 'agent', 'mia@acme.example');
	const users = new UserBook();
	users.add(integration);
	users.add(agent);
	return {
		users,
		tickets: new TicketBook(),
		webhooks: new Map(),
		automations: new Map(),
		triggers: new Map(),
		uploads: new Map(),
		userFields: new Map(),
		views: new Map(),
		ratings: [],
		surveyResponses: [],
		integration,
		agent,
		nextId,
		idRow: () => ids.row(),
		nextTicketId: () => (lastTicketId += 1),
		nextWebhookId: () => `01F${word(core.roll, crockford, 23)}`,
		newSecret: () => Buffer.from(word(core.roll, base62, 32)).toString('base64'),
	};
}

/** The ticket as a lagging read shows it; undefined if it did not exist yet. */
export function stateAsOf(ticket: Ticket, time: number): TicketState | undefined {
	for (let at = ticket.history.length - 1; at >= 0; at -= 1) {
		const version = ticket.history[at];
		if (version !== undefined && version.at <= time) return version.state;
	}
	return undefined;
}

export function isStaff(user: User | undefined): boolean {
	return user !== undefined && user.role !== 'end-user';
}
