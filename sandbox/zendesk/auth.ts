import type { FastifyRequest } from 'fastify';
import { Refusal } from '../httpServer';
import type { TokenStore } from '../tokens';
import type { User } from './model';
import { apiToken, isStaff, type Store } from './store';
import { forbidden } from './wording';

declare module 'fastify' {
	interface FastifyRequest {
		/** The user who sends the request; undefined is the anonymous user of /users/me. */
		zendeskUser: User | undefined;
	}
}

/** The scope that a path needs, by its start; null needs the global read or write. First match counts. */
const resourceScopes: ReadonlyArray<[RegExp, string | null]> = [
	[/^\/api\/v2\/tickets\/\d+\/audits/, null],
	[/^\/api\/v2\/(tickets|search|incremental)/, 'tickets'],
	[/^\/api\/v2\/users/, 'users'],
	[/^\/api\/v2\/webhooks/, 'webhooks'],
	[/^\/api\/v2\/automations/, 'automations'],
	[/^\/api\/v2\/views/, 'ticket_views'],
	[/^\/api\/v2\/brands/, 'brands'],
	[/^\/api\/v2\/groups/, 'groups'],
	[/^\/api\/v2\/uploads/, 'ticket_attachments'],
	[/^\/api\/v2\/(ticket_fields|ticket_forms|custom_statuses|account)/, 'account_settings'],
];

/** The user who sends the request. Throws 401 or 403 as Zendesk does; only /users/me answers strangers. */
export function authenticate(
	request: FastifyRequest,
	store: Store,
	tokens: TokenStore,
): User | undefined {
	const [scheme, value = ''] = (request.headers.authorization ?? '').split(' ');
	if (scheme?.toLowerCase() === 'bearer') {
		if (request.tokenEnds) tokens.revoke(value);
		const scopes = tokens.scopesOf(value);
		if (scopes === undefined) throw invalidToken();
		if (!mayDo(request, scopes)) throw forbidden();
		return store.integration;
	}
	if (scheme?.toLowerCase() === 'basic') {
		const [email, ...rest] = Buffer.from(value, 'base64').toString('utf8').split('/token:');
		const user = store.users.withEmail(email ?? '');
		const isKnown = user?.email === email && isStaff(user);
		if (isKnown && rest.join('/token:') === apiToken) return user;
	}
	if (/^\/api\/v2\/users\/me(\.json)?(\?|$)/.test(request.url)) return undefined;
	throw new Refusal(401, { error: "Couldn't authenticate you" });
}

function mayDo(request: FastifyRequest, scopes: readonly string[]): boolean {
	const action = request.method === 'GET' ? 'read' : 'write';
	if (scopes.includes(action)) return true;
	const resource = resourceScopes.find(([path]) => path.test(request.url))?.[1];
	return typeof resource === 'string' && scopes.includes(`${resource}:${action}`);
}

function invalidToken(): Refusal {
	return new Refusal(401, {
		error: 'invalid_token',
		error_description:
			'The access token provided is expired, revoked, malformed or invalid for other reasons.',
	});
}
