import type { FastifyRequest } from 'fastify';
import type { TokenStore } from '../tokens';
import type { SandboxSwitches } from '../types';
import { apiKey } from './store';
import { forbidden, invalid, klaviyoWording, refuse } from './wording';

/** Scopes that a path needs, by method. First match counts. */
const needed: ReadonlyArray<[RegExp, readonly string[], readonly string[]]> = [
	[/^\/api\/accounts/, ['accounts:read'], []],
	[/^\/api\/conversation-messages/, [], ['conversations:write']],
	[
		/^\/api\/profiles\/[^/]+\/(relationships\/)?conversations?/,
		['conversations:read', 'profiles:read'],
		[],
	],
	[/^\/api\/(profiles|profile-import)/, ['profiles:read'], ['profiles:write']],
	[/^\/api\/(events|event-bulk-create-jobs)/, ['events:read'], ['events:write']],
	[/^\/api\/metrics/, ['metrics:read'], []],
	[/^\/api\/(webhooks|webhook-topics)/, ['webhooks:read'], ['webhooks:write']],
	[/^\/api\/lists\/[^/]+\/relationships/, ['lists:read', 'profiles:read'], []],
	[/^\/api\/segments\/[^/]+\/relationships/, ['segments:read', 'profiles:read'], []],
	[/^\/api\/lists/, ['lists:read'], ['lists:write']],
	[/^\/api\/segments/, ['segments:read'], ['segments:write']],
	[/^\/api\/text-messaging/, ['sender-config:read'], ['sender-config:write']],
];

function checkScopes(request: FastifyRequest, scopes: readonly string[]): void {
	const [, reading, writing] = needed.find(([path]) => path.test(request.url)) ?? [/./, [], []];
	const missing = (request.method === 'GET' ? reading : writing).filter(
		(scope) => !scopes.includes(scope),
	);
	if (missing.length > 0) throw forbidden(`The token lacks the scope ${missing.join(', ')}.`);
	if (request.url.includes('include=conversation') && !scopes.includes('conversations:read'))
		throw forbidden('The token lacks the scope conversations:read.');
}

/** Checks key or token, scopes, revision and media types; throws Klaviyo's refusal. */
export function authenticate(
	request: FastifyRequest,
	tokens: TokenStore,
	{ keyScopes }: SandboxSwitches,
): void {
	const [scheme, value = ''] = (request.headers.authorization ?? '').split(' ');
	if (scheme === 'Bearer') {
		if (request.tokenEnds) tokens.revoke(value);
		const scopes = tokens.scopesOf(value);
		if (scopes === undefined)
			throw refuse(
				401,
				'not_authenticated',
				'Authentication credentials were not valid.',
				'The access token is invalid or expired.',
			);
		checkScopes(request, scopes);
	} else if (scheme !== 'Klaviyo-API-Key' || value !== apiKey) {
		throw refuse(
			401,
			'not_authenticated',
			'Authentication credentials were not provided.',
			'Missing or invalid private key.',
		);
	} else if (keyScopes !== 'all') {
		checkScopes(request, keyScopes);
	}
	const { revision, accept } = request.headers;
	if (typeof revision !== 'string' || revision === '')
		throw invalid('A revision header is required.', { parameter: 'revision' });
	if (
		request.headers['x-klaviyo-revision-fall-forward-opt-out'] === '1' &&
		!/^20(2[4-9])-\d\d-\d\d(\.pre)?$/.test(revision)
	)
		throw refuse(410, 'retired', 'Revision retired.', `The revision ${revision} is not available.`);
	if (accept !== undefined && !/application\/vnd\.api\+json|application\/json|\*\/\*/.test(accept))
		throw refuse(
			406,
			'not_acceptable',
			'Not acceptable.',
			'Accept must allow application/vnd.api+json',
		);
	const type = request.headers['content-type'];
	if (['POST', 'PATCH'].includes(request.method) && !type?.startsWith('application/vnd.api+json'))
		throw klaviyoWording.unsupportedType();
}
