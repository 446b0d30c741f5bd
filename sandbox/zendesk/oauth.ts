import { z } from 'zod';
import { second } from '../clock';
import { Refusal } from '../httpServer';
import type { TokenPair } from '../tokens';
import type { Zendesk } from './context';
import { oauthClient } from './store';

const authorize = z.object({
	response_type: z.literal('code'),
	client_id: z.string(),
	redirect_uri: z.string().url(),
	scope: z.string().min(1),
	state: z.string().optional(),
	code_challenge: z.string().optional(),
	code_challenge_method: z.literal('S256').optional(),
});
const token = z.object({
	grant_type: z.string(),
	client_id: z.string().optional(),
	client_secret: z.string().optional(),
	code: z.string().optional(),
	redirect_uri: z.string().optional(),
	code_verifier: z.string().optional(),
	refresh_token: z.string().optional(),
	scope: z.string().optional(),
	expires_in: z.coerce.number().int().min(300).max(172800).optional(),
	refresh_token_expires_in: z.coerce.number().int().min(604800).max(7776000).optional(),
});

/** The account's OAuth: the admin's consent is automatic. */
export function oauthRoutes(zendesk: Zendesk): void {
	const { app, core, tokens } = zendesk;

	app.get(
		'/oauth/authorizations/new',
		{ schema: { querystring: authorize } },
		async (request, reply) => {
			const {
				client_id: clientId,
				redirect_uri: redirectUri,
				scope,
				state,
				code_challenge: challenge,
			} = request.query;
			if (clientId !== oauthClient.id) throw oauthError(400, 'invalid_client', 'Unknown client');
			mustBeAllowed(zendesk, scope);
			const to = new URL(redirectUri);
			to.searchParams.set('code', tokens.issueCode({ redirectUri, scope, challenge }));
			if (state !== undefined) to.searchParams.set('state', state);
			return reply.redirect(to.toString());
		},
	);

	app.post('/oauth/tokens', { schema: { body: token } }, async (request) => {
		const asked = request.body;
		if (asked.client_id !== oauthClient.id || asked.client_secret !== oauthClient.secret)
			throw oauthError(401, 'invalid_client', 'Client authentication failed');
		const pair = grant(zendesk, asked);
		core.changes.announce();
		return {
			access_token: pair.accessToken,
			...(pair.refreshToken === undefined ? {} : { refresh_token: pair.refreshToken }),
			token_type: 'bearer',
			scope: pair.scope,
			...(asked.expires_in === undefined ? {} : { expires_in: asked.expires_in }),
			...(asked.refresh_token_expires_in === undefined
				? {}
				: { refresh_token_expires_in: asked.refresh_token_expires_in }),
		};
	});
}

function grant(zendesk: Zendesk, asked: z.infer<typeof token>): TokenPair {
	const { tokens } = zendesk;
	const life = asked.expires_in === undefined ? undefined : asked.expires_in * second;
	if (asked.grant_type === 'client_credentials') {
		const scope = asked.scope ?? 'read';
		mustBeAllowed(zendesk, scope);
		return tokens.issue(scope, false, life);
	}
	const pair =
		asked.grant_type === 'authorization_code'
			? tokens.redeem(asked.code ?? '', asked.redirect_uri ?? '', asked.code_verifier, life)
			: asked.grant_type === 'refresh_token'
				? tokens.refresh(asked.refresh_token ?? '', true, life)
				: undefined;
	if (pair === undefined)
		throw oauthError(
			400,
			'invalid_grant',
			'The provided authorization grant is invalid, expired, revoked or used',
		);
	return pair;
}

/** Since August 2026: https://support.zendesk.com/hc/en-us/articles/11093380955674 */
function mustBeAllowed({ core }: Zendesk, scope: string): void {
	const scopesIn = (words: string): string[] => words.split(/\s+/).filter(Boolean);
	const allowed = scopesIn(core.switches.allowedScopes);
	if (allowed.length === 0 || scopesIn(scope).every((one) => allowed.includes(one))) return;
	throw oauthError(400, 'invalid_scope', 'The requested scope is invalid, unknown, or malformed.');
}

function oauthError(status: number, error: string, description: string): Refusal {
	return new Refusal(status, { error, error_description: description });
}
