/** What the nodes of this package need of a Zendesk account, and how each is found out. */
import type { IDataObject } from 'n8n-workflow';
import { type Capability, fromRead, fromWrite, NO_RECORD } from '../../api/probes';
import { accountCapabilities, lifeOfToken, whoAmI } from './accountCapabilities';
import { closingAutomation } from './closingCapability';
import { registeredWebhooks } from './webhookCapabilities';

const fixScope = (scopes: string): string =>
	`Allow the OAuth client ${scopes} in Zendesk (Admin Center > Apps and integrations > APIs > OAuth clients > Allowed scopes), put the same into the credential's 'Scope', and connect it again. The user needs the right as well: an administrator has all of them.`;
const READ = fixScope("the scope 'read'");
const WRITE = fixScope("the scope 'write'");

const reads = (
	capability: string,
	neededFor: string,
	path: string,
	query: IDataObject = {},
	howToFix = READ,
): Capability => ({
	capability,
	neededFor,
	howToFix,
	check: async (probes) => fromRead(await probes.read(path, query)),
});

/** @param body is refused by every account that may write: it says of no field what the record needs */
const writes = (
	capability: string,
	neededFor: string,
	method: 'POST' | 'PUT',
	path: string,
	body: IDataObject,
	howToFix = WRITE,
): Capability => ({
	capability,
	neededFor,
	howToFix,
	check: async (probes) => fromWrite(await probes.tryToWrite(method, path, body)),
});

const MINUTE = 60_000;

const exportTickets: Capability = {
	capability: 'incrementalExport',
	neededFor:
		"Zendesk Sync Trigger's catch-up and Ticket: Get Many, at their best: without it they read list and histories, which costs more calls and has no archived tickets",
	howToFix:
		"Only an administrator may use Zendesk's incremental export: connect an administrator's credential.",
	check: async (probes) =>
		fromRead(
			await probes.read('/api/v2/incremental/tickets/cursor', {
				// Zendesk takes no younger time; of the last minutes there is little to give.
				start_time: Math.floor((Date.now() - 5 * MINUTE) / 1000),
				per_page: 1,
			}),
		),
};

export const capabilities: readonly Capability[] = [
	whoAmI,
	lifeOfToken,
	reads('readTickets', 'Everything', '/api/v2/tickets', { 'page[size]': 1 }),
	// An update without a field, of a ticket that does not exist.
	writes(
		'writeTickets',
		'Create or Reopen From Message, Claim Reply, notes',
		'PUT',
		`/api/v2/tickets/${NO_RECORD}`,
		{ ticket: {} },
	),
	reads(
		'readHistory',
		'Create or Reopen From Message, Claim Reply, Log Outbound Message',
		`/api/v2/tickets/${NO_RECORD}/audits`,
		{ 'page[size]': 1 },
		fixScope("the global scope 'read' ('tickets:read' is not enough for a ticket's history)"),
	),
	reads(
		'findCustomers',
		'Create or Reopen From Message, Count Open',
		'/api/v2/users/search',
		{ query: 'external_id:n8n-check-setup' },
		fixScope("the scope 'read'"),
	),
	reads(
		'customerIdentities',
		"Count Open: a customer's other addresses and numbers, by which Klaviyo may know them too",
		`/api/v2/users/${NO_RECORD}/identities`,
		{ 'page[size]': 1 },
		fixScope("the scope 'read', and the credential's user the right to see customers' profiles"),
	),
	// Every user needs a name.
	writes(
		'makeCustomers',
		'Create or Reopen From Message, for a customer whom Zendesk does not know',
		'POST',
		'/api/v2/users',
		{ user: { name: '' } },
		`${WRITE} A custom role needs to be allowed to manage end users.`,
	),
	reads(
		'searchExport',
		'Log Outbound Message, for a campaign to many customers: without it, each costs a call',
		'/api/v2/search/export',
		{ query: 'status<solved', 'filter[type]': 'ticket', 'page[size]': 1 },
	),
	exportTickets,
	reads(
		'manageWebhooks',
		'Zendesk Sync Trigger',
		'/api/v2/webhooks',
		{ 'page[size]': 1 },
		`${fixScope("the scopes 'read' and 'write'")} A custom role needs to be allowed to manage webhooks.`,
	),
	registeredWebhooks,
	// A view and an automation need a title and conditions.
	writes(
		'manageViews',
		'Setup: Create SMS View',
		'POST',
		'/api/v2/views',
		{ view: { title: '' } },
		`${WRITE} Or make the view by hand.`,
	),
	writes(
		'manageAutomations',
		'Setup: Create Closing Automation',
		'POST',
		'/api/v2/automations',
		{ automation: { title: '' } },
		`${WRITE} Or make the automation by hand: only an administrator may.`,
	),
	closingAutomation,
	...accountCapabilities,
];
