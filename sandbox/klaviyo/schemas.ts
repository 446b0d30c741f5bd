import { z } from 'zod';

/** Shapes of requests. Strict: an attribute that Klaviyo does not know is refused. */
const text = z.string().nullable().optional();
const location = z
	.object({
		address1: text,
		address2: text,
		city: text,
		country: text,
		latitude: z.union([z.string(), z.number()]).nullable().optional(),
		longitude: z.union([z.string(), z.number()]).nullable().optional(),
		region: text,
		zip: text,
		timezone: text,
		ip: text,
	})
	.strict();
const named = {
	email: z.string().email().nullable().optional(),
	phone_number: text,
	external_id: text,
	_kx: text,
	first_name: text,
	last_name: text,
	organization: text,
	locale: text,
	title: text,
	image: text,
	location: location.optional(),
	properties: z.record(z.unknown()).nullable().optional(),
};
export const profileAttributes = z.object(named).strict();

const patches = z.record(z.unknown()).nullable().optional();
export const profileMeta = z
	.object({
		patch_properties: z
			.object({
				append: patches,
				unappend: patches,
				unset: z.union([z.string(), z.array(z.string())]).optional(),
			})
			.strict()
			.optional(),
		patch_identifiers: z
			.object({
				append: z.record(z.unknown()).optional(),
				unappend: z.record(z.unknown()).optional(),
			})
			.strict()
			.optional(),
	})
	.strict()
	.optional();

const metric = z
	.object({
		data: z
			.object({
				type: z.literal('metric'),
				attributes: z.object({ name: z.string().min(1).max(127), service: text }).strict(),
			})
			.strict(),
	})
	.strict();
const eventProfile = z
	.object({
		data: z
			.object({
				type: z.literal('profile'),
				id: z.string().nullable().optional(),
				attributes: z
					.object({ ...named, anonymous_id: text, meta: z.record(z.unknown()).optional() })
					.strict(),
			})
			.strict(),
	})
	.strict();
const time = z.string().datetime({ offset: true }).nullable().optional();
const eventFields = {
	properties: z.record(z.unknown()),
	time,
	value: z.number().nullable().optional(),
	value_currency: text,
	unique_id: z.string().min(1).max(255).nullable().optional(),
	metric,
};

export const eventCreate = z
	.object({
		data: z
			.object({
				type: z.literal('event'),
				attributes: z
					.object({
						...eventFields,
						profile: eventProfile,
						backfill: z.boolean().nullable().optional(),
					})
					.strict(),
			})
			.strict(),
	})
	.strict();

const bulkEvent = z
	.object({ type: z.literal('event'), attributes: z.object(eventFields).strict() })
	.strict();
export const bulkCreate = z
	.object({
		data: z
			.object({
				type: z.literal('event-bulk-create-job'),
				attributes: z
					.object({
						'events-bulk-create': z
							.object({
								data: z.array(
									z
										.object({
											type: z.literal('event-bulk-create'),
											attributes: z
												.object({
													backfill: z.boolean().nullable().optional(),
													profile: eventProfile,
													events: z.object({ data: z.array(bulkEvent).min(1) }).strict(),
												})
												.strict(),
										})
										.strict(),
								),
							})
							.strict(),
					})
					.strict(),
			})
			.strict(),
	})
	.strict();

export type EventProfileWrite = z.infer<typeof eventProfile>['data'];
export type EventWrite = z.infer<typeof bulkEvent>['attributes'];

/** `fields[...]` of the resources that we return. */
export const sparseFields = Object.fromEntries(
	[
		'profile',
		'event',
		'metric',
		'conversation',
		'push-token',
		'attribution',
		'account',
		'webhook',
		'webhook-topic',
		'segment',
		'list',
		'flow',
	].map((type) => [`fields[${type}]`, z.string().optional()]),
);
