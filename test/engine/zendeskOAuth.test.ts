/** Zendesk's OAuth2 without a person: n8n requests the token, and the sandbox issues it or not. */
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import { ZendeskSync } from '../../nodes/ZendeskSync/ZendeskSync.node';
import { openConversation } from './support/conversation';
import { pathsOf, runTicket } from './support/desk';
import { type Credentials, runNode } from './support/engine';

const MINUTE = 60_000;

describe('An OAuth client of Zendesk', () => {
	let sandbox: QuickSandbox;
	let credentials: Credentials;

	beforeEach(async () => {
		sandbox = await startQuickSandbox({ limits: 1 });
		const { oauthClientId, oauthClientSecret } = sandbox.zendesk.account;
		credentials = {
			zendeskSyncOAuth2Api: {
				zendeskUrl: sandbox.zendesk.url,
				grantType: 'clientCredentials',
				clientId: oauthClientId,
				clientSecret: oauthClientSecret,
				accessTokenUrl: `${sandbox.zendesk.url}/oauth/tokens`,
				scope: 'read write',
				authentication: 'body',
			},
		};
	});
	afterEach(async () => await sandbox.close());

	const get = async (ticketId: string) =>
		await runTicket(sandbox, 'get', [{ ticketId }], {
			credentials,
			parameters: { authentication: 'oAuth2' },
		});
	const checkSetup = async () => {
		const parameters = { authentication: 'oAuth2', resource: 'account', operation: 'checkSetup' };
		const { json, error } = await runNode(ZendeskSync, { credentials, parameters, items: [{}] });
		expect(error).toBeUndefined();
		return new Map(json.map((item) => [item.check as string, item]));
	};
	const tokensAsked = (): number =>
		pathsOf(sandbox).filter((path) => path === 'POST /oauth/tokens').length;

	it('gets a token, works with it, and gets another when it has ended', async () => {
		const { id } = await openConversation(sandbox);
		expect((await get(id)).json).toMatchObject([{ ticketId: id }]);
		expect((await get(id)).json).toMatchObject([{ ticketId: id }]);
		expect(tokensAsked()).toBe(1);
		await sandbox.clock.advance(31 * MINUTE);
		expect((await get(id)).json).toMatchObject([{ ticketId: id }]);
		expect(tokensAsked()).toBe(2);
	});

	it('that does not allow a scope is reported at once, with what to do', async () => {
		const { id } = await openConversation(sandbox);
		sandbox.switches.allowedScopes = 'read';
		const { error } = await get(id);
		expect(error?.message).toBe('The credential was not accepted');
		expect(error?.description).toMatch(/invalid_scope.*Allowed scopes/s);
		expect(tokensAsked()).toBe(1);
	});

	it('that no longer allows one is reported when the token is renewed', async () => {
		const { id } = await openConversation(sandbox);
		await get(id);
		sandbox.switches.allowedScopes = 'tickets:read';
		await sandbox.clock.advance(31 * MINUTE);
		const { error } = await get(id);
		expect(error?.message).toBe('The credential was not accepted');
		expect(error?.description).toMatch(/invalid_scope.*Allowed scopes/s);
	});

	it('with a wrong secret is reported', async () => {
		Object.assign(credentials.zendeskSyncOAuth2Api ?? {}, { clientSecret: 'wrong' });
		const { error } = await get('1');
		expect(error?.message).toBe('The credential was not accepted');
		expect(error?.description).toMatch(/invalid_client.*secret/s);
	});

	it('is checked by Check Setup', async () => {
		const found = await checkSetup();
		expect(found.get('Credential')).toMatchObject({
			status: 'ready',
			detail: 'Integration (admin)',
		});
		expect(found.get('Token')).toMatchObject({ status: 'ready' });
	});

	it('that does not allow the scopes is named by Check Setup, once', async () => {
		sandbox.switches.allowedScopes = 'tickets:read tickets:write';
		const found = await checkSetup();
		expect(found.get('Zendesk')).toMatchObject({
			status: 'missing',
			detail: expect.stringMatching(/^Zendesk did not accept the credential\..*invalid_scope/s),
			howToFix: expect.stringContaining("'read' and 'write'"),
		});
		expect(found.get('Credential')).toMatchObject({
			status: 'missing',
			detail: expect.stringMatching(/invalid_scope.*Allowed scopes/s),
			howToFix: expect.stringContaining("'read' and 'write'"),
		});
		expect(found.get('Read tickets')).toMatchObject({ status: 'unknown' });
		expect(tokensAsked()).toBe(1);
	});

	it('that requests too little is told which scope to allow', async () => {
		Object.assign(credentials.zendeskSyncOAuth2Api ?? {}, { scope: 'read' });
		const found = await checkSetup();
		expect(found.get('Read tickets')).toMatchObject({ status: 'ready' });
		expect(found.get('Change tickets')).toMatchObject({
			status: 'missing',
			howToFix: "See the first item, 'Zendesk'.",
		});
		const [first] = found.values();
		expect(first).toMatchObject({
			status: 'missing',
			check: 'Zendesk',
			howToFix: expect.stringMatching(
				/^Allow the OAuth client the scope 'write' in Zendesk.*Allowed scopes/s,
			),
		});
	});
});
