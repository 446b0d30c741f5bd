/** Writing a profile. https://developers.klaviyo.com/en/reference/create_or_update_profile */
import type { IDataObject } from 'n8n-workflow';
import type { Identifiers } from '../../../domain/tracking/event';
import { isOk } from '../../shared/answer';
import type { Klaviyo } from './client';
import { type Profile, profileItem, profileOf } from './profile';
import { single } from './wire';

/** What to write. Null clears a field. A field that is left out stays as it is. */
export interface ProfileChange {
	identifiers: Identifiers;
	attributes: IDataObject;
	/** Custom properties. */
	properties: IDataObject;
}

/**
 * Creates the profile or changes it. An id that is gone, because profiles were merged, is left out if another identifier
 * names the profile.
 */
export async function importProfile(
	klaviyo: Klaviyo,
	{ identifiers, attributes, properties }: ProfileChange,
): Promise<{ profile: Profile; isNew: boolean }> {
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
	const { data } = klaviyo.read(what, single(profileItem), answer);
	return { profile: profileOf(data), isNew: answer.status === 201 };
}
