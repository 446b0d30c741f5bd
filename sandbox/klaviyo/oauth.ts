import { z } from 'zod';
import { hour, second } from '../clock';
import { Refusal } from '../httpServer';
import type { Klaviyo } from './context';

import { oauthClient } from './store';

const authorize = z.object({
	response_type: z.literal('code'),
	client_id: z.literal(oauthClient.id),
	redirect_uri: z.string().url(),
	scope: z.string().min(1),
	state: z.string().optional(),
	code_challenge: z.string().min(43),
	code_challenge_method: z.literal('S256'),
});
const token = z.object({
	grant_type: z.enum(['authorization_code', 'refresh_token']),
	code: z.string().optional(),
	redirect_uri: z.string().optional(),
	code_verifier: z.string().optional(),
	refresh_token: z.string().optional(),
});
export const accessLife = hour;

/** OAuth with PKCE, which is mandatory; the client authenticates by Basic. The user's consent is automatic. */
export function oauthRoutes({ app, tokens }: Klaviyo): void {
	app.get('/oauth/authorize', { schema: { querystring: authorize } }, async (request, reply) => {
		const { redirect_uri: redirectUri, scope, state, code_challenge: challenge } = request.query;
		const to = new URL(redirectUri);
		to.searchParams.set('code', tokens.issueCode({ redirectUri, scope, challenge }));
		if (state !== undefined) to.searchParams.set('state', state);
		return reply.redirect(to.toString());
	});

	app.post('/oauth/token', { schema: { body: token } }, async (request) => {
		const expected = Buffer.from(`${oauthClient.id}:${oauthClient.secret}`).toString('base64');
		if (request.headers.authorization !== `Basic ${expected}`)
			throw new Refusal(401, { error: 'invalid_client' });
		if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
			throw new Refusal(400, { error: 'invalid_request' });
		const asked = request.body;
		const pair =
			asked.grant_type === 'authorization_code'
				? tokens.redeem(asked.code ?? '', asked.redirect_uri ?? '', asked.code_verifier)
				: tokens.refresh(asked.refresh_token ?? '', false);
		if (pair === undefined) throw new Refusal(400, { error: 'invalid_grant' });
		return {
			access_token: pair.accessToken,
			refresh_token: pair.refreshToken,
			token_type: 'Bearer',
			expires_in: accessLife / second,
			scope: pair.scope,
		};
	});
}
