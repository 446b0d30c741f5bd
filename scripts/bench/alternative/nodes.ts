/** n8n's own nodes, set up as someone who knows n8n and has no package for Klaviyo would: the parts of the alternative. */
import type { INode, INodeParameters } from 'n8n-workflow';
import type { Sketch } from '../../templates/canvas';
import { equals, ifNode } from '../../templates/conditions';

/** The names in the template. Replace them with those of your account after importing it. */
export const ZENDESK_URL = 'https://acme.zendesk.com';
export const KLAVIYO_URL = 'https://a.klaviyo.com';

export const credentialNames = {
	klaviyo: 'Klaviyo key',
	zendesk: 'Zendesk account of n8n',
	messages: 'Secret of the webhook of messages',
	replies: 'Secret of the webhook of replies',
	metrics: 'Secret of the webhook of metrics',
} as const;

/** Paths of the three webhooks, each under `/webhook/`. */
export const paths = {
	messages: 'alternative-texts',
	replies: 'alternative-replies',
	metrics: 'alternative-metrics',
} as const;
export type Way = keyof typeof paths;

const named = (type: string, name: string): INode['credentials'] => ({
	[type]: { id: null, name },
});

export const json = (expression: string): string => `={{ JSON.stringify(${expression}) }}`;

/** Keeps the raw bytes: the signature is of them, not of the JSON that n8n makes of them. */
export const webhook = (way: Way): Sketch => ({
	name: 'Webhook',
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2.1,
	parameters: { httpMethod: 'POST', path: paths[way], options: { rawBody: true } },
});

export const bodyAsText: Sketch = {
	name: 'Body as text',
	type: 'n8n-nodes-base.extractFromFile',
	typeVersion: 1.1,
	parameters: { operation: 'text', destinationKey: 'text', options: {} },
};

const header = (name: string): string => `$('Webhook').item.json.headers['${name}']`;

const hmac = (way: Way, encoding: 'hex' | 'base64', signed: string): Sketch => ({
	name: 'HMAC',
	type: 'n8n-nodes-base.crypto',
	typeVersion: 2,
	parameters: {
		action: 'hmac',
		type: 'SHA256',
		value: `={{ ${signed} }}`,
		dataPropertyName: 'signature',
		encoding,
	},
	credentials: named('crypto', credentialNames[way]),
});

export const klaviyoHmac = hmac('messages', 'hex', `$json.text + ${header('klaviyo-timestamp')}`);
export const zendeskHmac = (way: 'replies' | 'metrics'): Sketch =>
	hmac(way, 'base64', `${header('x-zendesk-webhook-signature-timestamp')} + $json.text`);

export const isSigned = (vendor: 'klaviyo' | 'zendesk'): Sketch => {
	const name = vendor === 'klaviyo' ? 'klaviyo-signature' : 'x-zendesk-webhook-signature';
	return ifNode('Signed?', equals('$json.signature', `={{ ${header(name)} }}`));
};

export const code = (name: string, lines: string): Sketch => ({
	name,
	type: 'n8n-nodes-base.code',
	typeVersion: 2,
	parameters: { jsCode: lines },
});

type Query = Record<string, string>;
const listed = (fields: Query): INodeParameters => ({
	parameters: Object.entries(fields).map(([name, value]) => ({ name, value })),
});

const request = (
	name: string,
	vendor: INodeParameters,
	credentials: INode['credentials'],
	more: INodeParameters,
): Sketch => ({
	name,
	type: 'n8n-nodes-base.httpRequest',
	typeVersion: 4.2,
	parameters: { ...vendor, ...more },
	credentials,
});

const query = (fields: Query): INodeParameters => ({
	sendQuery: true,
	queryParameters: listed(fields),
});

/** Reads both vendors' answers as JSON: n8n does not recognize Klaviyo's content type as JSON. */
const asJson: INodeParameters = { options: { response: { response: { responseFormat: 'json' } } } };

const KEY = { authentication: 'genericCredentialType', genericAuthType: 'httpHeaderAuth' };
const revision: INodeParameters = {
	sendHeaders: true,
	headerParameters: listed({ revision: '2026-07-15', accept: 'application/vnd.api+json' }),
};

export const klaviyoGet = (name: string, path: string, fields: Query): Sketch =>
	request(name, KEY, named('httpHeaderAuth', credentialNames.klaviyo), {
		url: `${KLAVIYO_URL}${path}`,
		...revision,
		...query(fields),
		...asJson,
	});

export const klaviyoPost = (name: string, path: string, body: string): Sketch =>
	request(name, KEY, named('httpHeaderAuth', credentialNames.klaviyo), {
		method: 'POST',
		url: `${KLAVIYO_URL}${path}`,
		...revision,
		sendBody: true,
		contentType: 'raw',
		rawContentType: 'application/vnd.api+json',
		body,
		options: {},
	});

const zendeskAccount = named('zendeskOAuth2Api', credentialNames.zendesk);

/** For requests that n8n's Zendesk node cannot make, with its credential. */
export const zendeskGet = (name: string, path: string, fields: Query = {}): Sketch =>
	request(
		name,
		{ authentication: 'predefinedCredentialType', nodeCredentialType: 'zendeskOAuth2Api' },
		zendeskAccount,
		{
			url: path.startsWith('=') ? `=${ZENDESK_URL}${path.slice(1)}` : `${ZENDESK_URL}${path}`,
			...query(fields),
			...asJson,
		},
	);

export const zendesk = (
	name: string,
	resource: string,
	operation: string,
	parameters: INodeParameters,
): Sketch => ({
	name,
	type: 'n8n-nodes-base.zendesk',
	typeVersion: 1,
	parameters: { authentication: 'oAuth2', resource, operation, ...parameters },
	credentials: zendeskAccount,
});

export const splitOut = (name: string, field: string): Sketch => ({
	name,
	type: 'n8n-nodes-base.splitOut',
	typeVersion: 1,
	parameters: { fieldToSplitOut: field, options: {} },
});
