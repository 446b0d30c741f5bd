import { z } from 'zod';
import type { Klaviyo } from './context';
import { isoOffset, pageOf, sparse } from './jsonApi';
import { sparseFields } from './schemas';
import { brandPhone } from './store';
import { notFound } from './wording';

/** The first revision that knows them. Before it was general, `2026-04-15.pre` and later ones did. */
const GENERAL_SINCE = '2026-10-15';

/** A toll-free number is a sender of its own in each country. */
const senders = [
	{ id: '01KSENDER1', number: brandPhone, type: 'long_code', country: 'US' },
	{ id: '01KSENDER2', number: '+18335550190', type: 'toll_free', country: 'US' },
	{ id: '01KSENDER3', number: '+18335550190', type: 'toll_free', country: 'CA' },
	// Not provisioned yet.
	{ id: '01KSENDER4', number: null, type: 'short_code', country: 'US' },
];

/** The numbers that the account sends from. */
export function senderRoutes({ app, core, baseUrl }: Klaviyo): void {
	const url = (): string => `${baseUrl()}/api/text-messaging-senders`;
	const query = z
		.object({
			sort: z.enum(['created_at', '-created_at']).optional(),
			include: z.string().optional(),
			'page[cursor]': z.string().optional(),
			'page[size]': z.coerce.number().int().min(1).max(20).optional(),
			...sparseFields,
		})
		.strict();
	app.get('/api/text-messaging-senders', { schema: { querystring: query } }, async (request) => {
		const revision = String(request.headers.revision);
		if (revision < GENERAL_SINCE && !revision.endsWith('.pre'))
			throw notFound('The path /api/text-messaging-senders/ could not be found.');
		const page = pageOf(senders, ({ id }) => id, request.query, 10, url());
		return {
			data: page.items.map(({ id, number, type, country }) =>
				sparse(
					{
						type: 'text-messaging-sender',
						id,
						attributes: {
							sender_type: type,
							sender_details: { country },
							forwarding_number: null,
							sender_identifier: number,
							status: number === null ? 'pending_registration' : 'active',
							created_at: isoOffset(core.clock.now()),
						},
						links: { self: `${url()}/${id}/` },
					},
					request.query,
				),
			),
			links: page.links,
		};
	});
}
