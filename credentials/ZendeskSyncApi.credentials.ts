import type {
	IAuthenticate,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';
import { zendeskOriginExpression } from '../nodes/shared/origin';
import { toPlainString } from '../nodes/shared/parameters';
import { zendeskTestRules, zendeskUrl } from '../nodes/shared/zendeskAccount';

/** An existing API token. https://developer.zendesk.com/documentation/api-basics/authentication/oauth-migration/ */
export class ZendeskSyncApi implements ICredentialType {
	name = 'zendeskSyncApi';

	displayName = 'Zendesk Sync API';

	icon = {
		light: 'file:../nodes/ZendeskSync/zendeskSync.svg',
		dark: 'file:../nodes/ZendeskSync/zendeskSync.dark.svg',
	} as const;

	documentationUrl =
		'https://github.com/n8n-nodes-zendesk-klaviyo/n8n-nodes-zendesk-klaviyo/blob/main/docs/credentials.md#zendesk-an-api-token';

	properties: INodeProperties[] = [
		{
			displayName:
				'Since 27 October 2026 Zendesk creates no new API tokens, and it ends the existing ones on 30 April 2027. Prefer the credential Zendesk Sync OAuth2 API.',
			name: 'notice',
			type: 'notice',
			default: '',
		},
		zendeskUrl,
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
		rules: zendeskTestRules(
			"Zendesk did not accept the email and the token. Check that the email is the user's, and copy the token again. Zendesk ends tokens that were not used for 30 days.",
		),
	};
}
