import type { ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';
import { zendeskOriginExpression } from '../nodes/shared/origin';
import { zendeskTestRules, zendeskUrl } from '../nodes/shared/zendeskAccount';

const ownOrigin = zendeskOriginExpression('$self["zendeskUrl"]');

/**
 * An OAuth client of the Zendesk account, as authorization code or client credentials.
 * https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/
 *
 * Zendesk's answer leaves `expires_in` out unless it was asked for, and access tokens live 30 minutes. Nothing is
 * asked for here: n8n gets a new token when a call is answered with 401, which needs no `expires_in`.
 *
 * Since August 2026 a client has allowed scopes, and Zendesk answers any other with 400 `invalid_scope`:
 * https://support.zendesk.com/hc/en-us/articles/11093380955674
 */
export class ZendeskSyncOAuth2Api implements ICredentialType {
	name = 'zendeskSyncOAuth2Api';

	displayName = 'Zendesk Sync OAuth2 API';

	extends = ['oAuth2Api'];

	icon = {
		light: 'file:../nodes/ZendeskSync/zendeskSync.svg',
		dark: 'file:../nodes/ZendeskSync/zendeskSync.dark.svg',
	} as const;

	documentationUrl =
		'https://github.com/n8n-nodes-zendesk-klaviyo/n8n-nodes-zendesk-klaviyo/blob/main/docs/credentials.md#zendesk-an-oauth-client';

	properties: INodeProperties[] = [
		zendeskUrl,
		{
			displayName: 'Grant Type',
			name: 'grantType',
			type: 'options',
			options: [
				{
					name: 'Authorization Code',
					value: 'authorizationCode',
					description: 'You sign in to Zendesk, and the nodes act in your name',
				},
				{
					name: 'Client Credentials',
					value: 'clientCredentials',
					description:
						'Nobody signs in. The nodes act in the name of the user that the OAuth client is linked to. Needs a confidential client.',
				},
			],
			default: 'clientCredentials',
			description: 'How the nodes get access',
		},
		// Zendesk asks it of public clients and takes it from confidential ones. Older versions of n8n (before 2.33) do
		// without it: they can only use a confidential one.
		{ displayName: 'Use PKCE', name: 'usePkce', type: 'hidden', default: true },
		{
			displayName: 'Authorization URL',
			name: 'authUrl',
			type: 'hidden',
			default: `={{ ${ownOrigin} }}/oauth/authorizations/new`,
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: `={{ ${ownOrigin} }}/oauth/tokens`,
		},
		{
			displayName: 'Scope',
			name: 'scope',
			// Hidden: narrower scopes do not do. A ticket's history needs 'read' itself.
			type: 'hidden',
			default: 'read write',
		},
		{
			displayName:
				"In Zendesk (Admin Center > Apps and integrations > APIs > OAuth clients), the client has to be confidential, and has to allow the scopes 'read' and 'write'. Saving tests it.",
			name: 'clientOfClientCredentials',
			type: 'notice',
			default: '',
			displayOptions: { show: { grantType: ['clientCredentials'] } },
		},
		{
			displayName:
				"In Zendesk (Admin Center > Apps and integrations > APIs > OAuth clients), enter the OAuth Redirect URL above in the client, and let it allow the scopes 'read' and 'write'.",
			name: 'clientOfAuthorizationCode',
			type: 'notice',
			default: '',
			displayOptions: { show: { grantType: ['authorizationCode'] } },
		},
		{
			displayName: 'Auth URI Query Parameters',
			name: 'authQueryParameters',
			type: 'hidden',
			default: '',
		},
		{ displayName: 'Authentication', name: 'authentication', type: 'hidden', default: 'body' },
		// n8n shows it for client credentials. Zendesk wants nothing more.
		{
			displayName: 'Send Additional Body Properties',
			name: 'sendAdditionalBodyProperties',
			type: 'hidden',
			default: false,
		},
	];

	/** n8n makes it for client credentials alone: with the other grant, it tells whether somebody has signed in. */
	test: ICredentialTestRequest = {
		request: {
			disableFollowRedirect: true,
			baseURL: `={{ ${zendeskOriginExpression('$credentials.zendeskUrl')} }}`,
			url: '/api/v2/ticket_fields',
		},
		rules: zendeskTestRules(
			"Zendesk issued no token. Check the client ID and the client secret, and that the client is confidential and allows the scopes 'read' and 'write'.",
		),
	};
}
