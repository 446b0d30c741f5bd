/** Checks of the credential's user and of the account's settings. */
import { z } from 'zod';
import { isGone, isOk, isPage, type VendorAnswer } from '../../../shared/answer';
import { type CheckResult, CREDENTIAL } from '../../../shared/setupProbes';
import { type Capability, fromRead, type Probes } from '../../api/probes';
import { secureDownloadsIn } from '../../api/secureDownloads';
import { isRefused, noRatings } from '../../api/ratings';
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
		return { status: 'ready', detail: 'Accepted, but not allowed to read its own user' };
	if (isGone(answer))
		return {
			status: 'missing',
			detail: "There is no Zendesk account at this address. Check the credential's 'Zendesk URL'",
		};
	const user = me.safeParse(answer.body).data?.user;
	if (!isOk(answer) || !user) return fromRead(answer);
	if (user.id === null || user.id === undefined)
		return { status: 'missing', detail: 'Zendesk has no user with this credential' };
	return { status: 'ready', detail: `${user.name ?? 'A user'} (${user.role ?? 'role unknown'})` };
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
		return { status: 'unknown', detail: 'Zendesk did not state the limit' };
	const left = answer.headers['x-rate-limit-remaining'] ?? answer.headers['ratelimit-remaining'];
	return {
		status: limit >= LOW_LIMIT ? 'ready' : 'missing',
		detail: `${limit} calls a minute for the whole account${left ? `, ${left} of them left at this moment` : ''}`,
	};
}

async function brands(probes: Probes): Promise<CheckResult> {
	const answer = await probes.read(paths.brands);
	const found = brandPage.safeParse(answer.body).data?.brands;
	if (!isOk(answer) || !found) return fromRead(answer);
	return { status: 'ready', detail: found.map(({ name }) => name).join(', ') };
}

async function ticketFields(probes: Probes): Promise<CheckResult> {
	const answer = await probes.read(paths.ticketFields);
	const found = fieldPage.safeParse(answer.body).data?.ticket_fields;
	if (!isOk(answer) || !found) return fromRead(answer);
	return { status: 'ready', detail: `${found.length} fields` };
}

async function ownStatuses(probes: Probes): Promise<CheckResult> {
	const answer = await probes.read(paths.customStatuses);
	const found = customStatuses.safeParse(answer.body).data?.custom_statuses;
	if (!isOk(answer) || !found) return { ...fromRead(answer), status: 'unknown' };
	const own = found.filter(({ active, default: isDefault }) => active !== false && !isDefault);
	return {
		status: 'ready',
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
		return { status: 'unknown', detail: 'Zendesk did not say who can open attachments' };
	return areSecure
		? { status: 'missing', detail: 'Only people who are signed in to Zendesk can open them' }
		: { status: 'ready', detail: 'Anybody with the link can open an attachment' };
}

/** They are missing only if Zendesk refuses both kinds: an account has one of them. */
async function ratings(probes: Probes): Promise<CheckResult> {
	const one = { 'page[size]': 1 };
	const older = await probes.read(paths.satisfactionRatings, { score: 'received', ...one });
	const surveys = await probes.read(paths.surveyResponses, one);
	if (isOk(surveys)) return { status: 'ready', detail: 'Surveys can be read' };
	if (isOk(older))
		return { status: 'ready', detail: 'Ratings of the older kind can be read, surveys cannot' };
	if (isRefused(older) && isRefused(surveys))
		return { status: 'missing', detail: noRatings([older, surveys]) };
	return { ...fromRead(isRefused(older) ? surveys : older), status: 'unknown' };
}

export const whoAmI: Capability = {
	check: CREDENTIAL,
	neededFor: 'Everything',
	howToFix:
		"The address, token or client is wrong, expired or revoked. Open the credential, test it, and connect it again if it uses OAuth2. The OAuth client has to allow the scopes 'read' and 'write'.",
	find: credential,
};

/** https://developer.zendesk.com/documentation/api-basics/authentication/oauth-migration/ */
export const tokenLife: Capability = {
	check: 'Token',
	isOptional: true,
	neededFor: 'Everything, in the future',
	howToFix:
		"Connect a 'Zendesk Sync OAuth2 API' credential and choose 'OAuth2' as 'Authentication' in each node.",
	find: async ({ vendor }) =>
		vendor.context.getNodeParameter('authentication', 0) === 'apiToken'
			? {
					status: 'missing',
					detail:
						'An API token. Zendesk ends all API tokens on 30 April 2027, and earlier those that are not used for 30 days',
				}
			: { status: 'ready', detail: 'OAuth2: n8n renews the token automatically' },
};

export const accountCapabilities: readonly Capability[] = [
	{
		check: 'Rate limit',
		isOptional: true,
		neededFor: 'Busy hours: each message costs two calls, each reply three or four',
		howToFix:
			"Process fewer tickets at once, or ask Zendesk for a plan or an add-on ('High Volume API') with more calls a minute.",
		find: rateLimit,
	},
	{
		check: 'Brands',
		isOptional: true,
		neededFor: 'Choosing the brand of tickets: only these brands are visible',
		scope: 'read',
		howToFix: 'A custom role needs the right to assign tickets to any brand.',
		find: brands,
	},
	{
		check: 'Ticket fields',
		isOptional: true,
		neededFor: 'Ticket: Get, Ticket: Get Many (titles of custom fields)',
		scope: 'read',
		find: ticketFields,
	},
	{
		check: 'Attachments',
		isOptional: true,
		neededFor: "Agents' replies with attachments: they are sent as links",
		howToFix:
			"Turn off 'Allow secure downloads' in Zendesk, if your policies allow it. Until then a note on such a reply tells the agent that the customer cannot open the links.",
		find: attachments,
	},
	{
		check: 'Satisfaction ratings',
		isOptional: true,
		neededFor: "Zendesk Sync Trigger's 'Rated', and the metric of rated tickets",
		scope: 'read',
		howToFix:
			"Turn on satisfaction surveys (CSAT) in Zendesk, if its plan has them. Older ratings can only be read with an administrator's credential.",
		find: ratings,
	},
	{
		check: 'Custom statuses',
		isOptional: true,
		neededFor: 'Nothing: the nodes use the category of a status',
		scope: 'read',
		find: ownStatuses,
	},
];
