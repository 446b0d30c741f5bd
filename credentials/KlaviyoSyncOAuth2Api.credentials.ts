import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { klaviyoBaseUrl, klaviyoWebhookSecret } from '../nodes/shared/klaviyoAccount';
import { klaviyoOriginExpression } from '../nodes/shared/origin';

/** What the nodes of this package use; each is shown to the person who connects. */
const SCOPES = [
	'accounts:read',
	'conversations:read',
	'conversations:write',
	'events:read',
	'events:write',
	'metrics:read',
	'lists:read',
	'profiles:read',
	'profiles:write',
	'segments:read',
	'segments:write',
	'webhooks:read',
	'webhooks:write',
];

const ownOrigin = klaviyoOriginExpression('$self["baseUrl"]');

/**
 * An OAuth2 app: authorization code with PKCE, which Klaviyo asks of confidential clients too, and Basic client
 * authentication. https://developers.klaviyo.com/en/docs/set_up_oauth
 *
 * The grant type is `pkce`, not `authorizationCode` with `usePkce`, which n8n before 2.33 does not know. See
 * docs/decisions/0061.
 */
export class KlaviyoSyncOAuth2Api implements ICredentialType {
	name = 'klaviyoSyncOAuth2Api';

	displayName = 'Klaviyo OAuth2 API';

	extends = ['oAuth2Api'];

	icon = {
		light: 'file:../nodes/Klaviyo/klaviyo.svg',
		dark: 'file:../nodes/Klaviyo/klaviyo.dark.svg',
	} as const;

	documentationUrl =
		'https://github.com/n8n-nodes-zendesk-klaviyo/n8n-nodes-zendesk-klaviyo/blob/main/docs/credentials.md#klaviyo-an-oauth-app';

	properties: INodeProperties[] = [
		{ displayName: 'Grant Type', name: 'grantType', type: 'hidden', default: 'pkce' },
		{
			displayName: 'Authorization URL',
			name: 'authUrl',
			type: 'hidden',
			// People sign in at www, programs at a: tokens are no longer given out at www.
			default: `={{ $self["baseUrl"] ? ${ownOrigin} : 'https://www.klaviyo.com' }}/oauth/authorize`,
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: `={{ ${ownOrigin} }}/oauth/token`,
		},
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'string',
			default: SCOPES.join(' '),
			description:
				'The scopes that the nodes ask for, separated by spaces. The app in Klaviyo has to allow each of them. Remove those that your workflows do not use.',
		},
		{
			displayName: 'Auth URI Query Parameters',
			name: 'authQueryParameters',
			type: 'hidden',
			default: '',
		},
		{ displayName: 'Authentication', name: 'authentication', type: 'hidden', default: 'header' },
		klaviyoWebhookSecret,
		klaviyoBaseUrl,
	];
}
