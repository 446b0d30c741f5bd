import { createHash } from 'node:crypto';
import axios from 'axios';
import { startSandbox, type Sandbox } from '../../../sandbox';

let sandbox: Sandbox;
beforeEach(async () => {
	sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

const any = { validateStatus: () => true, maxRedirects: 0 };
const redirectUri = 'http://127.0.0.1:5678/rest/oauth2-credential/callback';
const verifier = 'v'.repeat(50);
const challenge = createHash('sha256').update(verifier).digest('base64url');

async function consent(url: string, clientId: string, scope: string): Promise<string> {
	const answer = await axios.get(url, {
		...any,
		params: {
			response_type: 'code',
			client_id: clientId,
			redirect_uri: redirectUri,
			scope,
			state: 's',
			code_challenge: challenge,
			code_challenge_method: 'S256',
		},
	});
	expect(answer.status).toBe(302);
	const to = new URL(String(answer.headers.location));
	expect(to.searchParams.get('state')).toBe('s');
	return to.searchParams.get('code') ?? '';
}

describe('Zendesk', () => {
	const token = (body: object) => {
		const { oauthClientId, oauthClientSecret } = sandbox.zendesk.account;
		const url = `${sandbox.zendesk.url}/oauth/tokens`;
		return axios.post(
			url,
			{ client_id: oauthClientId, client_secret: oauthClientSecret, ...body },
			any,
		);
	};
	const get = (path: string, accessToken: string) =>
		axios.get(`${sandbox.zendesk.url}${path}`, {
			...any,
			headers: { authorization: `Bearer ${accessToken}` },
		});
	const code = (scope: string) =>
		consent(
			`${sandbox.zendesk.url}/oauth/authorizations/new`,
			sandbox.zendesk.account.oauthClientId,
			scope,
		);
	const redeem = async (scope: string) =>
		token({
			grant_type: 'authorization_code',
			code: await code(scope),
			redirect_uri: redirectUri,
			code_verifier: verifier,
		});

	test('a refresh ends the former pair, and a token lasts 30 minutes', async () => {
		const first = (await redeem('read write')).data;
		expect(first.expires_in).toBeUndefined();
		expect((await get('/api/v2/tickets', first.access_token)).status).toBe(200);
		const second = (
			await token({ grant_type: 'refresh_token', refresh_token: first.refresh_token })
		).data;
		expect((await get('/api/v2/tickets', first.access_token)).data.error).toBe('invalid_token');
		expect(
			(await token({ grant_type: 'refresh_token', refresh_token: first.refresh_token })).status,
		).toBe(400);
		await sandbox.clock.advance(31 * 60_000);
		const expired = await get('/api/v2/tickets', second.access_token);
		expect([expired.status, expired.data.error]).toEqual([401, 'invalid_token']);
	});

	test('scopes count: audits need the global read, unknown scopes get 403 everywhere', async () => {
		sandbox.switches.allowedScopes = '';
		const { id } = sandbox.zendesk.addUser({ name: 'Ada' });
		const ticket = sandbox.zendesk.agentCreates({ subject: 'x', body: 'y', requesterId: id });
		const narrow = (await redeem('tickets:read')).data.access_token;
		expect((await get('/api/v2/tickets', narrow)).status).toBe(200);
		expect((await get(`/api/v2/tickets/${ticket.id}/audits`, narrow)).status).toBe(403);
		expect((await get('/api/v2/users/search?query=x', narrow)).status).toBe(403);
		const unknown = (await redeem('ticket:all')).data.access_token;
		expect((await get('/api/v2/tickets', unknown)).status).toBe(403);
	});

	test('a scope that the client does not allow is refused, whichever way it is asked for', async () => {
		const refusal = {
			error: 'invalid_scope',
			error_description: expect.stringContaining('scope'),
		};
		const byItself = (scope: string) => token({ grant_type: 'client_credentials', scope });
		expect((await byItself('read write')).status).toBe(200);
		const wide = await byItself('read write impersonate');
		expect([wide.status, wide.data]).toEqual([400, refusal]);
		const page = await axios.get(`${sandbox.zendesk.url}/oauth/authorizations/new`, {
			...any,
			params: {
				response_type: 'code',
				client_id: sandbox.zendesk.account.oauthClientId,
				redirect_uri: redirectUri,
				scope: 'tickets:read',
			},
		});
		expect([page.status, page.data]).toEqual([400, refusal]);
		sandbox.switches.allowedScopes = 'tickets:read';
		expect((await byItself('tickets:read')).status).toBe(200);
		expect((await byItself('read')).data).toEqual(refusal);
	});

	test('client credentials work as a form, without a refresh token; a code works once, within two minutes', async () => {
		const { oauthClientId, oauthClientSecret } = sandbox.zendesk.account;
		const form = new URLSearchParams({
			grant_type: 'client_credentials',
			client_id: oauthClientId,
			client_secret: oauthClientSecret,
			scope: 'read',
			expires_in: '3600',
		});
		const { data } = await axios.post(`${sandbox.zendesk.url}/oauth/tokens`, form, any);
		expect(data).toMatchObject({ expires_in: 3600, token_type: 'bearer' });
		expect(data.refresh_token).toBeUndefined();
		const late = await code('read');
		await sandbox.clock.advance(121_000);
		const answer = await token({
			grant_type: 'authorization_code',
			code: late,
			redirect_uri: redirectUri,
			code_verifier: verifier,
		});
		expect(answer.data.error).toBe('invalid_grant');
	});
});

describe('Klaviyo', () => {
	test('PKCE, Basic client authentication, scopes and refresh', async () => {
		const { oauthClientId, oauthClientSecret } = sandbox.klaviyo.account;
		const auth = { username: oauthClientId, password: oauthClientSecret };
		const token = (form: Record<string, string>) =>
			axios.post(`${sandbox.klaviyo.url}/oauth/token`, new URLSearchParams(form), { ...any, auth });
		const code = await consent(
			`${sandbox.klaviyo.url}/oauth/authorize`,
			oauthClientId,
			'accounts:read',
		);
		const grant = { grant_type: 'authorization_code', code, redirect_uri: redirectUri };
		const first = (await token({ ...grant, code_verifier: verifier })).data;
		expect(first.expires_in).toBe(3600);
		const get = (path: string, accessToken: string) =>
			axios.get(`${sandbox.klaviyo.url}${path}`, {
				...any,
				headers: { authorization: `Bearer ${accessToken}`, revision: '2026-07-15' },
			});
		expect((await get('/api/accounts', first.access_token)).status).toBe(200);
		expect((await get('/api/metrics', first.access_token)).status).toBe(403);
		expect((await token({ ...grant, code_verifier: verifier })).data).toEqual({
			error: 'invalid_grant',
		});
		const second = (
			await token({ grant_type: 'refresh_token', refresh_token: first.refresh_token })
		).data;
		await sandbox.clock.advance(1_000);
		expect((await get('/api/accounts', second.access_token)).status).toBe(200);
		const wrong = await consent(
			`${sandbox.klaviyo.url}/oauth/authorize`,
			oauthClientId,
			'accounts:read',
		);
		const refused = await token({ ...grant, code: wrong, code_verifier: 'w'.repeat(50) });
		expect(refused.status).toBe(400);
	});
});
