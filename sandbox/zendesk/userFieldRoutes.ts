import { z } from 'zod';
import { stamp } from '../clock';
import type { Zendesk } from './context';
import type { UserField } from './model';
import { pageOf, pageQuery } from './paging';
import { invalidRecord } from './wording';

const types = ['checkbox', 'date', 'decimal', 'dropdown', 'integer', 'regexp', 'text', 'textarea'];

/** Fields of users: list and create. https://developer.zendesk.com/api-reference/ticketing/users/user_fields/ */
export function userFieldRoutes({ app, core, store, baseUrl }: Zendesk): void {
	app.get(
		'/api/v2/user_fields',
		{ schema: { querystring: z.object(pageQuery) } },
		async (request) => {
			const all = [...store.userFields.values()].map((field) => fieldJson(baseUrl(), field));
			const page = pageOf(all, request.query, `${baseUrl()}/api/v2/user_fields.json`);
			return { user_fields: page.items, ...page.envelope };
		},
	);

	const create = z.object({
		user_field: z
			.object({
				key: z.string().regex(/^[a-z][a-z0-9_]*$/),
				title: z.string().min(1),
				type: z.enum(types as [string, ...string[]]),
				description: z.string().optional(),
				active: z.boolean().optional(),
				custom_field_options: z
					.array(z.object({ name: z.string().min(1), value: z.string().min(1) }))
					.optional(),
			})
			.strict(),
	});
	app.post('/api/v2/user_fields', { schema: { body: create } }, async (request, reply) => {
		const { custom_field_options: options = [], ...wanted } = request.body.user_field;
		if (store.userFields.has(wanted.key))
			throw invalidRecord({
				key: [
					{
						description: `Key: ${wanted.key} is already being used by another user field`,
						error: 'DuplicateValue',
					},
				],
			});
		if (wanted.type === 'dropdown' && options.length === 0)
			throw invalidRecord({
				custom_field_options: [{ description: 'Options: cannot be blank', error: 'BlankValue' }],
			});
		const field: UserField = {
			id: store.nextId(),
			description: '',
			active: true,
			...wanted,
			options: options.map((option) => ({ id: store.nextId(), ...option })),
			createdAt: core.clock.now(),
		};
		store.userFields.set(field.key, field);
		core.changes.announce();
		return reply.code(201).send({ user_field: fieldJson(baseUrl(), field) });
	});
}

const fieldJson = (baseUrl: string, field: UserField): Record<string, unknown> => ({
	url: `${baseUrl}/api/v2/user_fields/${field.id}.json`,
	id: field.id,
	type: field.type,
	key: field.key,
	title: field.title,
	raw_title: field.title,
	description: field.description,
	raw_description: field.description,
	position: 0,
	active: field.active,
	system: false,
	regexp_for_validation: null,
	created_at: stamp(field.createdAt),
	updated_at: stamp(field.createdAt),
	...(field.type === 'dropdown'
		? {
				custom_field_options: field.options.map((option) => ({
					...option,
					raw_name: option.name,
				})),
			}
		: {}),
});
