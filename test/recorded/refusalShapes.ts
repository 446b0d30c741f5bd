/** What the vendors say when they refuse. */
import { explain as klaviyoSays, wordsOfAnswer } from '../../nodes/Klaviyo/api/errors';
import {
	explain as zendeskSays,
	saysClosed,
	saysKeyTaken,
	errorText,
} from '../../nodes/ZendeskSync/api/client';
import { isGone, isPage, isTransient } from '../../nodes/shared/answer';
import type { Given } from './fixtures';
import type { Scene } from './scene';
import type { Shape } from './shape';

/** What the rules take it for, besides its words. */
const takenFor = (given: Given): string[] => [
	...(isPage(given) ? ['page'] : []),
	...(isTransient(given) ? ['passing'] : []),
	...(isGone(given) ? ['gone'] : []),
];

const klaviyo: Shape = {
	name: 'Klaviyo: refusals',
	read(given) {
		if (klaviyoSays(given) === '') throw new Error('Nothing is said');
		return [wordsOfAnswer(given), ...takenFor(given)];
	},
	means: {
		'a field': ['Invalid address (/data/attributes/email)'],
		'a parameter': ["'page[size]' is not allowed here. (page[size])"],
		'without a source': ['The request is not valid'],
		'without words': ['duplicate_profile_id 01K4PROFILE000000000000001'],
		'of the first version': ['This key is not known.'],
		'of an old list': ['No such list', 'gone'],
		'an empty list': [''],
		nothing: ['', 'passing'],
		'throttled, with empty lists': ['Too many requests. Try again in 1 second. (/data)', 'passing'],
		'a feature that the account has not got': [
			'Advanced KDP has to be enabled for this endpoint. (/data/)',
		],
		'a web page': ['', 'page', 'passing'],
		'of a token': ['The code is no longer valid.'],
	},
	ask: async (scene) => [
		await scene.klaviyo('GET', '/api/events?filter=nonsense'),
		await scene.klaviyo('GET', '/api/metrics/nobody'),
		await scene.klaviyo('POST', '/api/webhooks', { data: { type: 'nothing' } }),
		await withSwitch(scene, 'systemWebhooksAllowed', false, () =>
			scene.klaviyo('POST', '/api/webhooks', { data: { type: 'webhook', attributes: {} } }),
		),
		await withSwitch(scene, 'keyScopes', [], () => scene.klaviyo('GET', '/api/metrics')),
	],
};

const zendesk: Shape = {
	name: 'Zendesk: refusals',
	read(given) {
		if (zendeskSays(given) === '') throw new Error('Nothing is said');
		return [
			errorText(given),
			...takenFor(given),
			...(saysClosed(given) ? ['closed'] : []),
			...(saysKeyTaken(given) ? ['key taken'] : []),
		];
	},
	means: {
		'a scope': ['These scopes are missing: read'],
		'a right': ['Forbidden. This page is not for you. Ask the owner of this help desk'],
		'a right, without a title': ['Access is restricted. Ask the administrator of the account'],
		'in one word': ['not allowed here'],
		'a wrong key': ["Couldn't authenticate you"],
		'a token that has ended': ['The access token is expired, revoked or not valid'],
		'a scope that the client does not allow': ['The scope that was asked for is not valid'],
		'a closed ticket, by its status': [
			...['Record validation errors. Status: closed prevents ticket update', 'closed'],
		],
		'a closed ticket, by itself': [
			...['Record validation errors. Status: closed prevents ticket update', 'closed'],
		],
		"a closed ticket, by the error's name": ['Statut : fermé', 'closed'],
		"a closed ticket, by the error's type": [
			...['closed prevents ticket update. status: closed_prevents_ticket_update', 'closed'],
		],
		'a value': ['Record validation errors. Reasons: is not valid'],
		'a used idempotency key': ['IdempotentRequestError', 'key taken'],
		'nothing, to a used idempotency key': ['', 'key taken'],
		'too many ids': ['Parameter ids takes 100 values at most'],
		'a rate limit': ['Export requests of this minute are used up', 'passing'],
		'no such record': ['Not found', 'gone'],
		'no such account': [
			...['No help desk at nobody.zendesk.com. No help desk is set up at this address', 'gone'],
		],
		'nothing at all': ['', 'gone'],
		'a web page: blocked': ['', 'page'],
		'a web page: no such help centre': ['', 'page'],
		'a web page: busy': ['', 'page', 'passing'],
	},
	// Names of fields.
	open: ['details'],
	ask: async (scene) => [
		await scene.zendesk('GET', '/api/v2/tickets/999999999999'),
		await scene.zendesk('PUT', `/api/v2/tickets/${scene.ids.ticket}`, {
			ticket: { comment: { body: 'Hello?' } },
		}),
		await scene.zendesk('POST', '/api/v2/views', { view: { title: '' } }),
		await withSwitch(scene, 'zendeskForbids', ['audits'], () =>
			scene.zendesk('GET', `/api/v2/tickets/${scene.ids.ticket}/audits`),
		),
		await withSwitch(scene, 'incrementalExportAllowed', false, () =>
			scene.zendesk('GET', '/api/v2/incremental/ticket_events?start_time=1'),
		),
	],
};

type Switches = Scene['sandbox']['switches'];

async function withSwitch<Name extends keyof Switches>(
	{ sandbox: { switches } }: Scene,
	name: Name,
	value: Switches[Name],
	ask: () => Promise<Given>,
): Promise<Given> {
	const before = switches[name];
	switches[name] = value;
	const answer = await ask();
	switches[name] = before;
	return answer;
}

export const refusalShapes: readonly Shape[] = [klaviyo, zendesk];
