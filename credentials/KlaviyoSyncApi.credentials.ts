import type {
	IAuthenticate,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';
import {
	KLAVIYO_REVISION,
	klaviyoBaseUrl,
	klaviyoWebhookSecret,
} from '../nodes/shared/klaviyoAccount';
import { klaviyoOriginExpression } from '../nodes/shared/origin';
import { toPlainString } from '../nodes/shared/parameters';

/** A private API key. https://developers.klaviyo.com/en/docs/authenticate_ */
export class KlaviyoSyncApi implements ICredentialType {
	name = 'klaviyoSyncApi';

	displayName = 'Klaviyo API';

	icon = {
		light: 'file:../nodes/Klaviyo/klaviyo.svg',
		dark: 'file:../nodes/Klaviyo/klaviyo.dark.svg',
	} as const;

	documentationUrl =
		'https://github.com/n8n-nodes-zendesk-klaviyo/n8n-nodes-zendesk-klaviyo/blob/main/docs/credentials.md#klaviyo-a-private-api-key';

	properties: INodeProperties[] = [
		{
			displayName: 'Private API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'e.g. pk_...',
			description:
				'Klaviyo > Settings > API keys > Create Private API Key. It needs read access to accounts and metrics, and full access to conversations, events, profiles, segments and webhooks.',
		},
		klaviyoWebhookSecret,
		klaviyoBaseUrl,
	];

	/** A function: n8n would evaluate an expression in an isolate, for every call. */
	authenticate: IAuthenticate = async ({ apiKey }, request) => ({
		...request,
		headers: { ...request.headers, Authorization: `Klaviyo-API-Key ${toPlainString(apiKey)}` },
	});

	test: ICredentialTestRequest = {
		request: {
			disableFollowRedirect: true,
			baseURL: `={{ ${klaviyoOriginExpression('$credentials.baseUrl')} }}`,
			url: '/api/accounts',
			headers: { revision: KLAVIYO_REVISION, accept: 'application/vnd.api+json' },
		},
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message:
						'Klaviyo does not know this key. Copy the whole private key again: it begins with pk_, unlike the public key (site ID). If it was deleted, create a new one in Klaviyo under Settings > API keys.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message:
						"Klaviyo knows this key, but it may not read the account. A key's scopes cannot be changed: create a new one with the scopes that the documentation of this credential lists.",
				},
			},
		],
	};
}
