/** Shared by Zendesk's credentials. */
import type { ICredentialTestRequest, INodeProperties } from 'n8n-workflow';

export const zendeskUrl: INodeProperties = {
	displayName: 'Zendesk URL',
	name: 'zendeskUrl',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. https://acme.zendesk.com',
	description: 'The address of your Zendesk account, or only its subdomain',
};

/**
 * What n8n shows when a person saves a credential that does not work.
 *
 * @param refused for 401
 */
export const zendeskTestRules = (refused: string): ICredentialTestRequest['rules'] => [
	{ type: 'responseCode', properties: { value: 401, message: refused } },
	{
		type: 'responseCode',
		properties: {
			value: 403,
			message:
				'Zendesk knows this user, but refuses to list the ticket fields. Use an administrator, or a custom role that sees all tickets.',
		},
	},
	{
		type: 'responseCode',
		properties: {
			value: 404,
			message:
				"There is no Zendesk account at this address. Check 'Zendesk URL': the address of your agents' browser.",
		},
	},
];
