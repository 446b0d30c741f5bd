/** Fields of users that the account has made. https://developer.zendesk.com/api-reference/ticketing/users/user_fields/ */
import { z } from 'zod';
import type { CustomerField, FieldValues } from '../../../domain/customerFields';
import { isOk, isTransient } from '../../shared/answer';
import { readPages, type Zendesk } from './client';
import { paths } from './paths';

const wireField = z.object({
	key: z.string(),
	title: z.string().nullish().catch(null),
	type: z.string().nullish().catch(null),
	active: z.boolean().nullish().catch(null),
});
export type UserField = z.infer<typeof wireField>;

const fieldPage = z.object({ user_fields: z.array(wireField.nullable().catch(null)) });

export async function listUserFields(zendesk: Zendesk): Promise<UserField[]> {
	const what = 'The fields of users could not be listed';
	const { pages, last } = await readPages(zendesk, what, paths.userFields, {}, fieldPage);
	if (!isOk(last)) throw zendesk.refusal(what, last);
	return pages.flatMap(({ user_fields: fields }) => fields.flatMap((field) => field ?? []));
}

/**
 * Not repeatable: if the answer is lost, or Zendesk says that the key is taken, the field is looked for.
 *
 * @returns whether this request has created it; false if somebody else has meanwhile
 */
export async function createUserField(zendesk: Zendesk, field: CustomerField): Promise<boolean> {
	const what = `The field '${field.title}' could not be created`;
	const { key, title, type, options } = field;
	const answer = await zendesk.tryRequest({
		method: 'POST',
		path: paths.userFields,
		body: {
			user_field: {
				key,
				title,
				type,
				description: 'Filled in by n8n from Klaviyo. Empty means that it is not known.',
				active: true,
				...(options ? { custom_field_options: options.map((option) => ({ ...option })) } : {}),
			},
		},
		repeatable: false,
	});
	if (isOk(answer)) return true;
	const mayBeThere = isTransient(answer) || answer.status === 422;
	const isThere = mayBeThere && (await listUserFields(zendesk)).some((other) => other.key === key);
	if (!isThere) throw zendesk.refusal(what, answer);
	return isTransient(answer);
}

const written = z.object({
	user: z.object({ user_fields: z.record(z.unknown()).nullish().catch(null) }),
});

/** @returns keys of fields that the account does not have: Zendesk leaves them out without a word */
export async function writeUserFields(
	zendesk: Zendesk,
	userId: string,
	values: FieldValues,
): Promise<string[]> {
	const what = `The fields of user ${userId} could not be written`;
	const answer = await zendesk.requestOk(what, {
		method: 'PUT',
		path: paths.user(userId),
		body: { user: { user_fields: values } },
		repeatable: true,
	});
	const { user } = zendesk.read(what, written, answer);
	const shown = user.user_fields ?? {};
	return Object.keys(values).filter((key) => !(key in shown));
}
