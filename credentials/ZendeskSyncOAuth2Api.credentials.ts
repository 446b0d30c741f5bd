import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { zendeskOriginExpression } from '../nodes/shared/origin';

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
		'https://support.zendesk.com/hc/en-us/articles/4408845965210-Using-OAuth-authentication-with-your-application';

	properties: INodeProperties[] = [
		{
			displayName:
				"The OAuth client has to allow the scopes 'read' and 'write' (in Zendesk: Admin Center > Apps and integrations > APIs > OAuth clients > Allowed scopes). Otherwise Zendesk issues no token (invalid_scope).",
			name: 'allowedScopes',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Zendesk URL',
			name: 'zendeskUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://acme.zendesk.com',
			description: 'The address of your Zendesk account, or only its subdomain',
		},
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
			default: 'authorizationCode',
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
			type: 'string',
			default: 'read write',
			description:
				"The scopes that the nodes ask for, separated by spaces. The OAuth client has to allow each of them. A ticket's history needs the global 'read': 'tickets:read' is not enough.",
		},
		{
			displayName: 'Auth URI Query Parameters',
			name: 'authQueryParameters',
			type: 'hidden',
			default: '',
		},
		{ displayName: 'Authentication', name: 'authentication', type: 'hidden', default: 'body' },
	];
}
