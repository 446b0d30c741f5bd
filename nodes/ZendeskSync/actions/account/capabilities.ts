/** What the nodes of this package need from a Zendesk account, and how each is checked. */
import type { IDataObject } from 'n8n-workflow';
import type { Zendesk } from '../../api/client';
import { type Capability, features, fromRead, fromWrite, NO_RECORD } from '../../api/probes';
import { accountCapabilities, tokenLife, whoAmI } from './accountCapabilities';
import { closingAutomation, conversationView } from './ruleCapabilities';
import { registeredWebhooks } from './webhookCapabilities';
import { paths } from '../../api/paths';

export function howToGet({ missing }: { missing: string[] }, { context }: Zendesk): string {
	if (context.getNodeParameter('authentication', 0) === 'apiToken')
		return "The credential's user lacks rights. Connect an administrator, who has all of them.";
	const scopes = missing.map((scope) => `'${scope}'`).join(' and ');
	const what = missing.length === 1 ? 'scope' : 'scopes';
	return `Allow the OAuth client the ${what} ${scopes} in Zendesk (Admin Center > Apps and integrations > APIs > OAuth clients > Allowed scopes), and connect the credential again. The user needs the rights, too: an administrator has all of them.`;
}

type More = Pick<Capability, 'howToFix' | 'features' | 'isOptional'>;

const reads = (
	check: string,
	neededFor: string,
	path: string,
	query: IDataObject = {},
	more: More = {},
): Capability => ({
	check,
	neededFor,
	scope: 'read',
	find: async (probes) => fromRead(await probes.read(path, query)),
	...more,
});

/** @param body without the fields that the record needs: accounts that may write refuse it as invalid */
const writes = (
	check: string,
	neededFor: string,
	method: 'POST' | 'PUT',
	path: string,
	body: IDataObject,
	more: More = {},
): Capability => ({
	check,
	neededFor,
	scope: 'write',
	find: async (probes) => fromWrite(await probes.tryToWrite(method, path, body)),
	...more,
});

const MINUTE = 60_000;

const exportTickets: Capability = {
	check: 'Incremental export',
	isOptional: true,
	neededFor:
		"Zendesk Sync Trigger's catch-up and Ticket: Get Many. Without it they read lists and histories, which costs more calls and leaves out archived tickets",
	howToFix:
		"Only administrators may use Zendesk's incremental export. Connect an administrator's credential.",
	find: async (probes) =>
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
	reads('Read tickets', 'Everything', paths.tickets, { 'page[size]': 1 }),
	// An update without fields, for a ticket that does not exist.
	writes(
		'Change tickets',
		'Ticket: Create or Reopen From Message, Ticket: Claim Reply, notes',
		'PUT',
		paths.ticket(NO_RECORD),
		{ ticket: {} },
	),
	reads(
		'Read ticket histories',
		'Ticket: Create or Reopen From Message, Ticket: Claim Reply, Ticket: Log Outbound Message',
		paths.audits(NO_RECORD),
		{ 'page[size]': 1 },
		{ howToFix: "The narrower scope 'tickets:read' is not enough for a ticket's history." },
	),
	reads(
		'Find customers',
		'Ticket: Create or Reopen From Message, Ticket: Count Open',
		paths.userSearch,
		{ query: 'external_id:n8n-check-setup' },
	),
	reads(
		"Read customers' identities",
		"Ticket: Count Open: a customer's other addresses and phone numbers, which may have Klaviyo profiles of their own",
		paths.identities(NO_RECORD),
		{ 'page[size]': 1 },
		{
			howToFix: "A custom role needs the right to view end users' profiles.",
			isOptional: true,
		},
	),
	// Every user needs a name.
	writes(
		'Create customers',
		'Ticket: Create or Reopen From Message, for a customer whom Zendesk does not know',
		'POST',
		paths.users,
		{ user: { name: '' } },
		{ howToFix: 'A custom role needs the right to manage end users.' },
	),
	reads(
		'Search export',
		'Ticket: Log Outbound Message, for campaigns to many customers: without it, each customer costs a call',
		paths.searchExport,
		{ query: 'status<solved', 'filter[type]': 'ticket', 'page[size]': 1 },
		{ isOptional: true },
	),
	exportTickets,
	reads(
		'Manage webhooks',
		'Zendesk Sync Trigger',
		paths.webhooks,
		{ 'page[size]': 1 },
		{ howToFix: 'A custom role needs the right to manage webhooks.' },
	),
	registeredWebhooks,
	// A view and an automation need a title and conditions.
	writes(
		'Manage views',
		'Setup: Create Conversation View',
		'POST',
		paths.views,
		{ view: { title: '' } },
		{ howToFix: 'Or create the view yourself.', features: [features.view] },
	),
	conversationView,
	writes(
		'Manage automations',
		'Setup: Create Closing Automation',
		'POST',
		paths.automations,
		{ automation: { title: '' } },
		{
			howToFix: 'Or create the automation yourself, as an administrator.',
			features: [features.closing],
		},
	),
	closingAutomation,
	...accountCapabilities,
];
