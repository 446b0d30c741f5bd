/** Single profiles: found by any identifier, and written. https://developers.klaviyo.com/en/reference/profiles_api_overview */
import { type IDataObject, type JsonObject, NodeApiError } from 'n8n-workflow';
import { z } from 'zod';
import type { Identifiers } from '../../../domain/tracking/event';
import { isOk } from '../../shared/answer';
import { type Klaviyo, readAll } from './client';
import { quoted, smsConversationOf } from './profiles';
import { profileResource, type ProfileResource, single } from './wire';

/** A profile that was found, as Klaviyo sent it and as far as it is understood. */
export interface FoundProfile {
	raw: IDataObject;
	profile: ProfileResource;
	conversationId: string | null;
}

export const identifierNames = ['id', 'external_id', 'phone_number', 'email'] as const;
export type IdentifierName = (typeof identifierNames)[number];

const PROFILES_PER_REQUEST = 100;
const ERROR_TITLE = 'Profiles could not be read';

const rawResource = z.record(z.unknown());

/**
 * @param values as many as you like; asked for a hundred at a time
 * @returns what was found, by the identifier's value; addresses in lower case
 */
export async function findProfiles(
	klaviyo: Klaviyo,
	identifier: IdentifierName,
	values: readonly string[],
): Promise<Map<string, FoundProfile>> {
	const wanted = [...new Set(values)];
	const found = new Map<string, FoundProfile>();
	for (let start = 0; start < wanted.length; start += PROFILES_PER_REQUEST) {
		const some = wanted.slice(start, start + PROFILES_PER_REQUEST).map(quoted);
		const { data, included } = await readProfiles(
			klaviyo,
			`any(${identifier},[${some.join(',')}])`,
		);
		for (const raw of data) {
			const parsed = profileResource.safeParse(raw);
			if (!parsed.success) continue;
			const profile = parsed.data;
			const value = identifier === 'id' ? profile.id : profile.attributes[identifier];
			if (value)
				found.set(normalizedIdentifier(identifier, value), {
					raw: raw as IDataObject,
					profile,
					conversationId: smsConversationOf(profile, included),
				});
		}
	}
	return found;
}

/** Klaviyo keeps addresses in lower case. */
export const normalizedIdentifier = (identifier: IdentifierName, value: string): string =>
	identifier === 'email' ? value.toLowerCase() : value;

async function readProfiles(
	klaviyo: Klaviyo,
	filter: string,
): Promise<{ data: Array<Record<string, unknown>>; included: unknown[] }> {
	const query = {
		filter,
		'additional-fields[profile]': 'subscriptions',
		'page[size]': PROFILES_PER_REQUEST,
	};
	const read = async (more: IDataObject) =>
		await readAll(klaviyo, ERROR_TITLE, rawResource, '/api/profiles', { ...query, ...more });
	try {
		return await read({ include: 'conversations' });
	} catch (error) {
		// A key may read profiles and not conversations: then the profile is all there is to tell.
		const refusal = new NodeApiError(klaviyo.context.getNode(), error as JsonObject);
		if (refusal.httpCode === '403') return await read({});
		throw refusal;
	}
}

/** What may be written of a profile. Null clears a field, leaving it out leaves it. */
export interface ProfileChange {
	identifiers: Identifiers;
	attributes: IDataObject;
	/** Custom properties. */
	properties: IDataObject;
}

export interface WrittenProfile {
	raw: IDataObject;
	profile: ProfileResource;
	isNew: boolean;
}

const writtenProfile = single(rawResource);

/**
 * Makes the profile or changes it. An id that is gone (profiles are merged) is left out where something else names the
 * profile. https://developers.klaviyo.com/en/reference/create_or_update_profile
 */
export async function importProfile(
	klaviyo: Klaviyo,
	{ identifiers, attributes, properties }: ProfileChange,
): Promise<WrittenProfile> {
	const what = 'The profile could not be written';
	const { id, ...others } = identifiers;
	const send = async (by: string | undefined) =>
		await klaviyo.request({
			method: 'POST',
			path: '/api/profile-import',
			body: {
				data: {
					type: 'profile',
					...(by === undefined ? {} : { id: by }),
					attributes: {
						...others,
						...attributes,
						...(Object.keys(properties).length > 0 ? { properties } : {}),
					},
				},
			},
			repeatable: true,
		});
	let answer = await send(id);
	if (answer.status === 404 && id !== undefined && Object.keys(others).length > 0)
		answer = await send(undefined);
	if (!isOk(answer)) throw klaviyo.refusal(what, answer);
	const { data: raw } = klaviyo.read(what, writtenProfile, answer);
	const { data: profile } = klaviyo.read(what, single(profileResource), answer);
	return { raw: raw as IDataObject, profile, isNew: answer.status === 201 };
}
