/** What the nodes of this package need from a Zendesk account, and how each is checked. */
import type { IDataObject } from 'n8n-workflow';
import { type Capability, fromRead, fromWrite, NO_RECORD } from '../../api/probes';
import { accountCapabilities, tokenLife, whoAmI } from './accountCapabilities';
import { closingAutomation } from './closingCapability';
import { registeredWebhooks } from './webhookCapabilities';
import { paths } from '../../api/paths';

const fixScope = (scopes: string): string =>
	`Allow the OAuth client ${scopes} in Zendesk (Admin Center > Apps and integrations > APIs > OAuth clients > Allowed scopes), add it to the credential's 'Scope', and connect the credential again. Its user needs the right, too: an administrator has all rights.`;
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

/** @param body without the fields that the record needs: accounts that may write refuse it as invalid */
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
		"Zendesk Sync Trigger's catch-up and Ticket: Get Many. Without it they read lists and histories, which costs more calls and leaves out archived tickets",
	howToFix:
		"Only administrators may use Zendesk's incremental export. Connect an administrator's credential.",
	check: async (probes) =>
		fromRead(
			await probes.read(paths.ticketExport, {
				// Zendesk accepts no later time, and the last minutes hold little.
				start_time: Math.floor((Date.now() - 5 * MINUTE) / 1000),
				per_page: 1,
			}),
		),
};

export const capabilities: readonly Capability[] = [
	whoAmI,
	tokenLife,
	reads('readTickets', 'Everything', paths.tickets, { 'page[size]': 1 }),
	// An update without fields, for a ticket that does not exist.
	writes(
		'writeTickets',
		'Create or Reopen From Message, Claim Reply, notes',
		'PUT',
		paths.ticket(NO_RECORD),
		{ ticket: {} },
	),
	reads(
		'readHistory',
		'Create or Reopen From Message, Claim Reply, Log Outbound Message',
		paths.audits(NO_RECORD),
		{ 'page[size]': 1 },
		fixScope("the global scope 'read' ('tickets:read' is not enough for a ticket's history)"),
	),
	reads(
		'findCustomers',
		'Create or Reopen From Message, Count Open',
		paths.userSearch,
		{ query: 'external_id:n8n-check-setup' },
		fixScope("the scope 'read'"),
	),
	reads(
		'customerIdentities',
		"Count Open: a customer's other addresses and phone numbers, which may have Klaviyo profiles of their own",
		paths.identities(NO_RECORD),
		{ 'page[size]': 1 },
		`${fixScope("the scope 'read'")} A custom role needs the right to view end users' profiles.`,
	),
	// Every user needs a name.
	writes(
		'makeCustomers',
		'Create or Reopen From Message, for a customer whom Zendesk does not know',
		'POST',
		paths.users,
		{ user: { name: '' } },
		`${WRITE} A custom role needs the right to manage end users.`,
	),
	reads(
		'searchExport',
		'Log Outbound Message, for campaigns to many customers: without it, each customer costs a call',
		paths.searchExport,
		{ query: 'status<solved', 'filter[type]': 'ticket', 'page[size]': 1 },
	),
	exportTickets,
	reads(
		'manageWebhooks',
		'Zendesk Sync Trigger',
		paths.webhooks,
		{ 'page[size]': 1 },
		`${fixScope("the scopes 'read' and 'write'")} A custom role needs the right to manage webhooks.`,
	),
	registeredWebhooks,
	// A view and an automation need a title and conditions.
	writes(
		'manageViews',
		'Setup: Create SMS View',
		'POST',
		paths.views,
		{ view: { title: '' } },
		`${WRITE} Or create the view yourself.`,
	),
	writes(
		'manageAutomations',
		'Setup: Create Closing Automation',
		'POST',
		paths.automations,
		{ automation: { title: '' } },
		`${WRITE} Or create the automation yourself, as an administrator.`,
	),
	closingAutomation,
	...accountCapabilities,
];
