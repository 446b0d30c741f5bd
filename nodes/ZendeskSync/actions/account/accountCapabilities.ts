/** Checks of the credential's user and of the account's settings. */
import { z } from 'zod';
import { isGone, isOk, isPage, type VendorAnswer } from '../../../shared/answer';
import type { CheckResult } from '../../../shared/setupCheck';
import { type Capability, fromRead, type Probes } from '../../api/probes';
import { secureDownloadsIn } from '../../api/secureDownloads';
import { brandPage, fieldPage } from '../../api/wire';
import { paths } from '../../api/paths';

const me = z.object({
	user: z.object({ id: z.unknown(), name: z.string().nullish(), role: z.string().nullish() }),
});
const customStatuses = z.object({
	custom_statuses: z.array(
		z.object({
			agent_label: z.string(),
			active: z.boolean().nullish(),
			default: z.boolean().nullish(),
		}),
	),
});

/** Zendesk answers wrong credentials with 200 and a user without an id, "Anonymous user". */
async function credential(probes: Probes): Promise<CheckResult> {
	const answer = await probes.read(paths.me);
	if (isPage(answer)) return fromRead(answer);
	// A token for tickets only may not read its own user, but it was accepted.
	if (answer.status === 403)
		return { ok: true, detail: 'Accepted, but not allowed to read its own user' };
	if (isGone(answer))
		return {
			ok: false,
			detail: "There is no Zendesk account at this address. Check the credential's 'Zendesk URL'",
		};
	const user = me.safeParse(answer.body).data?.user;
	if (!isOk(answer) || !user) return fromRead(answer);
	if (user.id === null || user.id === undefined)
		return { ok: false, detail: 'Zendesk has no user with this credential' };
	return { ok: true, detail: `${user.name ?? 'A user'} (${user.role ?? 'role unknown'})` };
}

/** NaN if the response does not say. */
const limitOf = ({ headers }: VendorAnswer): number =>
	Number(headers['x-rate-limit'] ?? headers['ratelimit-limit']);

/** A message costs two calls, a reply three or four: below this limit, busy hours get slow. */
const LOW_LIMIT = 200;

async function rateLimit(probes: Probes): Promise<CheckResult> {
	const answer = await probes.read(paths.tickets, { 'page[size]': 1 });
	const limit = limitOf(answer);
	if (!Number.isFinite(limit) || limit <= 0)
		return { ok: null, detail: 'Zendesk did not state the limit' };
	const left = answer.headers['x-rate-limit-remaining'] ?? answer.headers['ratelimit-remaining'];
	return {
		ok: limit >= LOW_LIMIT,
		detail: `${limit} calls a minute for the whole account${left ? `, ${left} of them left at this moment` : ''}`,
	};
}

async function brands(probes: Probes): Promise<CheckResult> {
	const answer = await probes.read(paths.brands);
	const found = brandPage.safeParse(answer.body).data?.brands;
	if (!isOk(answer) || !found) return fromRead(answer);
	return { ok: true, detail: found.map(({ name }) => name).join(', ') };
}

async function ticketFields(probes: Probes): Promise<CheckResult> {
	const answer = await probes.read(paths.ticketFields);
	const found = fieldPage.safeParse(answer.body).data?.ticket_fields;
	if (!isOk(answer) || !found) return fromRead(answer);
	return { ok: true, detail: `${found.length} fields` };
}

async function ownStatuses(probes: Probes): Promise<CheckResult> {
	const answer = await probes.read(paths.customStatuses);
	const found = customStatuses.safeParse(answer.body).data?.custom_statuses;
	if (!isOk(answer) || !found) return { ...fromRead(answer), ok: null };
	const own = found.filter(({ active, default: isDefault }) => active !== false && !isDefault);
	return {
		ok: true,
		detail:
			own.length === 0
				? 'Only the standard statuses'
				: `${own.map(({ agent_label: label }) => `'${label}'`).join(', ')}: the nodes use the category of each (new, open, pending, on hold, solved)`,
	};
}

async function attachments(probes: Probes): Promise<CheckResult> {
	const answer = await probes.read(paths.settings);
	const areSecure = secureDownloadsIn(answer);
	if (areSecure === undefined)
		return { ok: null, detail: 'Zendesk did not say who can open attachments' };
	return areSecure
		? { ok: false, detail: 'Only people who are signed in to Zendesk can open them' }
		: { ok: true, detail: 'Anybody with the link can open an attachment' };
}

export const whoAmI: Capability = {
	capability: 'credential',
	neededFor: 'Everything',
	howToFix:
		"The address, token or client is wrong, expired or revoked. Open the credential, test it, and connect it again if it uses OAuth2. The OAuth client has to allow the scopes 'read' and 'write'.",
	check: credential,
};

/** https://developer.zendesk.com/documentation/api-basics/authentication/oauth-migration/ */
export const tokenLife: Capability = {
	capability: 'tokenLife',
	neededFor: 'Everything, in the future',
	howToFix:
		"Connect a 'Zendesk Sync OAuth2 API' credential and choose 'OAuth2' as 'Authentication' in each node.",
	check: async ({ vendor }) =>
		vendor.context.getNodeParameter('authentication', 0) === 'apiToken'
			? {
					ok: false,
					detail:
						'An API token. Zendesk ends all API tokens on 30 April 2027, and earlier those that are not used for 30 days',
				}
			: { ok: true, detail: 'OAuth2: n8n renews the token automatically' },
};

export const accountCapabilities: readonly Capability[] = [
	{
		capability: 'rateLimit',
		neededFor: 'Busy hours: each message costs two calls, each reply three or four',
		howToFix:
			"Process fewer tickets at once, or ask Zendesk for a plan or an add-on ('High Volume API') with more calls a minute.",
		check: rateLimit,
	},
	{
		capability: 'brands',
		neededFor: 'Choosing the brand of tickets: only these brands are visible',
		howToFix:
			"Allow the OAuth client the scope 'read', and give the user the right to assign tickets to any brand.",
		check: brands,
	},
	{
		capability: 'ticketFields',
		neededFor: 'Ticket: Get, Ticket: Get Many (titles of custom fields)',
		howToFix: "Allow the OAuth client the scope 'read', and connect the credential again.",
		check: ticketFields,
	},
	{
		capability: 'attachments',
		neededFor: "Agents' replies with attachments: they are sent as links",
		howToFix:
			"Turn off 'Allow secure downloads' in Zendesk, if your policies allow it. Until then a note on such a reply tells the agent that the customer cannot open the links.",
		check: attachments,
	},
	{
		capability: 'customStatuses',
		neededFor: 'Nothing: the nodes use the category of a status',
		howToFix: "Allow the OAuth client the scope 'read' to see them.",
		check: ownStatuses,
	},
];
