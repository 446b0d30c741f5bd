import type { INodeProperties } from 'n8n-workflow';

/** By which credential a node of this vendor works. */
export const authenticationField: INodeProperties = {
	displayName: 'Authentication',
	name: 'authentication',
	type: 'options',
	noDataExpression: true,
	options: [
		{ name: 'API Token (Ends April 2027)', value: 'apiToken' },
		{ name: 'OAuth2', value: 'oAuth2' },
	],
	default: 'oAuth2',
};
