/** What of the account a builder can choose. Its pages are those of the agents' interface and of Admin Center. */
import type { Locatable } from '../../shared/locator';

const ADDRESS = String.raw`^https?:\/\/[^/]+`;
const API = String.raw`api\/v2`;

const adminPage = (path: string, under: string): NonNullable<Locatable['page']> => ({
	example: `https://acme.zendesk.com/admin/${path}/360000000001`,
	// Zendesk has moved its pages before: the last folder and the id count.
	pattern: String.raw`${ADDRESS}\/[\w/-]*\b${under}\/(?:edit\/)?(\d+)`,
});

export const ticketLocator: Locatable = {
	list: 'searchTickets',
	byId: { example: '12345' },
	page: {
		example: 'https://acme.zendesk.com/agent/tickets/12345',
		pattern: String.raw`${ADDRESS}\/(?:agent\/(?:#\/)?tickets|${API}\/tickets|(?:hc\/[\w-]+\/)?requests)\/(\d+)`,
	},
};

export const brandLocator: Locatable = {
	list: 'searchBrands',
	byId: { example: '360001000001' },
	page: adminPage('account/brand_management/brands', 'brands'),
};

export const groupLocator: Locatable = {
	list: 'searchGroups',
	byId: { example: '360002000001' },
	page: adminPage('people/team/groups', 'groups'),
};

export const formLocator: Locatable = {
	list: 'searchForms',
	byId: { example: '360004000001' },
	page: adminPage('objects-rules/tickets/ticket-forms/edit', 'ticket[-_]forms'),
};

export const fieldLocator: Locatable = {
	list: 'searchCustomFields',
	byId: { example: '360003000101' },
	page: adminPage('objects-rules/tickets/ticket-fields', 'ticket[-_]fields'),
};
