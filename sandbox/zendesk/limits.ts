import type { FastifyReply, FastifyRequest } from 'fastify';
import { minute, second } from '../clock';
import type { Core } from '../core';
import { Refusal } from '../httpServer';
import type { Window } from '../rateLimit';
import type { SandboxSwitches } from '../types';
import { zendeskWording } from './wording';

interface Rule {
	name: string;
	method: string;
	path: RegExp;
	/** Windows of this endpoint, in addition to the account's own. */
	windows(id: string, userId: number, switches: SandboxSwitches): Window[];
}

const perMinute = (key: string, limit: number): Window => ({ key, limit, milliseconds: minute });
const userWrites =
	(name: string) =>
	(_id: string, userId: number): Window[] => [
		perMinute(`${name}:${userId}`, 5),
		{ key: `${name}:account`, limit: 1, milliseconds: second },
	];
const updates: Rule['windows'] = (id, userId, { ticketUpdateLimit }) => [
	perMinute('tickets-update', ticketUpdateLimit),
	{ key: `update:${userId}:${id}`, limit: 30, milliseconds: 10 * minute },
];

const rules: readonly Rule[] = [
	{
		name: 'tickets-index',
		method: 'GET',
		path: /^\/api\/v2\/tickets(\.json)?$/,
		windows: () => [perMinute('tickets-index', 100)],
	},
	{ name: 'tickets-update', method: 'PUT', path: /^\/api\/v2\/tickets\/(\d+)/, windows: updates },
	{
		name: 'tickets-update',
		method: 'POST',
		path: /^\/api\/v2\/tickets\/(\d+)\/tags/,
		windows: updates,
	},
	{
		name: 'tickets-destroy',
		method: 'DELETE',
		path: /^\/api\/v2\/tickets\/(\d+)(\.json)?$/,
		windows: () => [perMinute('tickets-destroy', 400)],
	},
	{
		name: 'audits-index',
		method: 'GET',
		path: /^\/api\/v2\/tickets\/(\d+)\/audits/,
		windows: () => [perMinute('audits-index', 500)],
	},
	{
		name: 'search-export',
		method: 'GET',
		path: /^\/api\/v2\/search\/export/,
		windows: () => [perMinute('search-export', 100)],
	},
	{
		name: 'search-index',
		method: 'GET',
		path: /^\/api\/v2\/(search|users\/search)/,
		windows: () => [perMinute('search-index', 2500)],
	},
	{
		name: 'incremental-exports',
		method: 'GET',
		path: /^\/api\/v2\/incremental/,
		windows: () => [perMinute('incremental-exports', 10)],
	},
	{
		name: 'users-create-or-update',
		method: 'POST',
		path: /^\/api\/v2\/users\/create_or_update/,
		windows: userWrites('create_or_update'),
	},
	{
		name: 'users-update',
		method: 'PUT',
		path: /^\/api\/v2\/users\/(\d+)/,
		windows: userWrites('users-update'),
	},
];
const accountPerMinute = 700;

/** Counts the request, sets Zendesk's headers, and throws 429 with Retry-After if a window is full. */
export function countRequest(
	{ limiter, switches }: Pick<Core, 'limiter' | 'switches'>,
	request: FastifyRequest,
	reply: FastifyReply,
	userId: number,
): void {
	const path = request.url.split('?')[0] ?? '';
	const rule = rules.find(
		({ method, path: pattern }) => method === request.method && pattern.test(path),
	);
	const own = rule?.windows(rule.path.exec(path)?.[1] ?? '', userId, switches) ?? [];
	const { states, refusedBy } = limiter.take([
		perMinute('zendesk-account', accountPerMinute),
		...own,
	]);
	const [account, endpoint] = states;
	if (account !== undefined) {
		reply.headers({
			'x-rate-limit': account.limit,
			'x-rate-limit-remaining': account.remaining,
			'ratelimit-limit': account.limit,
			'ratelimit-remaining': account.remaining,
			'ratelimit-reset': account.resetSeconds,
		});
	}
	if (rule !== undefined && endpoint !== undefined) {
		const { limit, remaining, resetSeconds } = endpoint;
		reply.header(
			`zendesk-ratelimit-${rule.name}`,
			`total=${limit}; remaining=${remaining}; resets=${resetSeconds}`,
		);
	}
	if (refusedBy !== undefined)
		throw new Refusal(429, zendeskWording.tooMany(), {
			'retry-after': String(refusedBy.resetSeconds),
		});
}
