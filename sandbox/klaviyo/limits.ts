import type { FastifyReply, FastifyRequest } from 'fastify';
import { minute, second } from '../clock';
import { Refusal } from '../httpServer';
import type { RateLimiter } from '../rateLimit';
import { klaviyoWording } from './wording';

/** Requests per second and per minute of Klaviyo's tiers. */
const tiers = {
	XS: [1, 15],
	S: [3, 60],
	M: [10, 150],
	L: [75, 750],
	XL: [350, 3500],
} as const;

/** The first match of method, path and query counts. Each line is a separate budget for each method. */
const endpoints: ReadonlyArray<[RegExp, keyof typeof tiers, string]> = [
	[/ \/api\/conversation-messages/, 'S', 'conversation-messages'],
	[/ \/api\/profiles\/[^/]+\/(relationships\/)?conversations?/, 'S', 'conversations'],
	[/ \/api\/webhook-topics/, 'XS', 'webhook-topics'],
	[/ \/api\/webhooks/, 'XS', 'webhooks'],
	[/ \/api\/events\/[^/]+/, 'M', 'event'],
	[/ \/api\/events/, 'XL', 'events'],
	[/ \/api\/event-bulk-create-jobs/, 'M', 'event-bulk-create-jobs'],
	[/ \/api\/profile-import/, 'L', 'profile-import'],
	[/^GET \/api\/profiles\/.*[?&]include=[^&]*(list|segment)/, 'XS', 'profile with groups'],
	[/^GET \/api\/profiles.*predictive_analytics/, 'M', 'profiles with predictions'],
	[/ \/api\/profiles/, 'L', 'profiles'],
	[/ \/api\/metrics\/[^/]+\/metric-properties/, 'XS', 'metric-properties'],
	[/ \/api\/metrics/, 'M', 'metrics'],
	[/ \/api\/accounts/, 'XS', 'accounts'],
	[/^GET \/api\/(lists|segments)\/[^/]+\/relationships/, 'L', 'members'],
	[/^GET \/api\/lists/, 'L', 'lists'],
	[/^GET \/api\/segments/, 'L', 'segments'],
	[/^\w+ \/api\/segments/, 'XS', 'segments'],
];

/** Counts the request and sets RateLimit headers; or refuses it with 429, and Retry-After instead of them. */
export function countRequest(
	limiter: RateLimiter,
	request: FastifyRequest,
	reply: FastifyReply,
): void {
	const [path = '', asked = ''] = request.url.split('?');
	const [, tier, name] = endpoints.find(([pattern]) =>
		pattern.test(`${request.method} ${path}?${decodeURIComponent(asked)}`),
	) ?? [/./, 'M' as const, 'other'];
	const [burst, steady] = tiers[tier];
	const key = `klaviyo:${request.method}:${name}`;
	const { states, refusedBy } = limiter.take([
		{ key: `${key}:second`, limit: burst, milliseconds: second },
		{ key: `${key}:minute`, limit: steady, milliseconds: minute },
	]);
	if (refusedBy !== undefined)
		throw new Refusal(429, klaviyoWording.tooMany(), {
			'retry-after': String(refusedBy.resetSeconds),
		});
	const [perSecond, perMinute] = states;
	if (perSecond === undefined || perMinute === undefined) return;
	const tightest = perSecond.remaining < perMinute.remaining ? perSecond : perMinute;
	reply.headers({
		'ratelimit-limit': `${tightest.limit}, ${perSecond.limit};w=1, ${perMinute.limit};w=60`,
		'ratelimit-remaining': tightest.remaining,
		'ratelimit-reset': tightest.resetSeconds,
	});
}
