import type {
	IAuthenticate,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';
import { zendeskOriginExpression } from '../nodes/shared/origin';
import { toPlainString } from '../nodes/shared/parameters';

/** An existing API token. https://developer.zendesk.com/documentation/api-basics/authentication/oauth-migration/ */
export class ZendeskSyncApi implements ICredentialType {
	name = 'zendeskSyncApi';

	displayName = 'Zendesk Sync API';

	icon = {
		light: 'file:../nodes/ZendeskSync/zendeskSync.svg',
		dark: 'file:../nodes/ZendeskSync/zendeskSync.dark.svg',
	} as const;

	documentationUrl =
		'https://developer.zendesk.com/documentation/api-basics/authentication/oauth-migration/';

	properties: INodeProperties[] = [
		{
			displayName:
				'Since 27 October 2026 Zendesk creates no new API tokens, and it ends the existing ones on 30 April 2027. Prefer the credential Zendesk Sync OAuth2 API.',
			name: 'notice',
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
			displayName: 'Email',
			name: 'email',
			type: 'string',
			placeholder: 'name@email.com',
			required: true,
			default: '',
			description:
				'The email address of the user in whose name the nodes act, preferably an admin used only for the integration',
		},
		{
			displayName: 'API Token',
			name: 'apiToken',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				'An existing token from Admin Center > Apps and integrations > APIs > API tokens',
		},
	];

	/** A function: n8n would evaluate two expressions in an isolate, for every call. */
	authenticate: IAuthenticate = async ({ email, apiToken }, request) => ({
		...request,
		auth: { username: `${toPlainString(email)}/token`, password: toPlainString(apiToken) },
	});

	test: ICredentialTestRequest = {
		request: {
			disableFollowRedirect: true,
			baseURL: `={{ ${zendeskOriginExpression('$credentials.zendeskUrl')} }}`,
			// Not /users/me: that answers 200 with an anonymous user when the token is wrong.
			url: '/api/v2/ticket_fields',
		},
	};
}
