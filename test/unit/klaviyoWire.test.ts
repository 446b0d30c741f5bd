/** Where Klaviyo's documents show an object, its answers may have an empty list. */
import type { z } from 'zod';
import {
	accountResource,
	conversationResource,
	eventResource,
	page,
	profileResource,
	segmentResource,
	webhookResource,
} from '../../nodes/Klaviyo/api/wire';

const given = { type: 'conversation', id: '1', attributes: [], links: [], relationships: [] };

it.each<[string, z.ZodTypeAny]>([
	['account', accountResource],
	['conversation', conversationResource],
	['event', eventResource],
	['profile', profileResource],
	['segment', segmentResource],
	['webhook', webhookResource],
])('An empty list instead of attributes costs no %s', (_name, resource) => {
	const { data } = page(resource).parse({ data: [given], links: [], meta: [] });
	expect(data).toMatchObject([{ id: '1' }]);
});

it('A list that is not empty is still refused', () => {
	expect(eventResource.safeParse({ ...given, attributes: [1] }).success).toBe(false);
});
