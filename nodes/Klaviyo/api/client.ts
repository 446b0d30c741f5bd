/** How each request to Klaviyo is made: credential, origin, revision, JSON:API. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { z } from 'zod';
import { fingerprintOf } from '../../shared/fingerprint';
import type { VendorCall, VendorContext } from '../../shared/send';
import { type Vendor, vendorOf } from '../../shared/transport';
import { KLAVIYO_REVISION } from '../../shared/klaviyoAccount';
import { pageTrail } from '../../shared/pageTrail';
import { klaviyoOrigin } from '../../shared/origin';
import { explain } from './errors';
import { page } from './wire';

export interface Klaviyo extends Vendor {
	/**
	 * Tells accounts apart without showing a secret: by the key, not by the credential, in which somebody may enter
	 * another account's key.
	 */
	account: string;
	/** Whether the credential is an app's (OAuth2) rather than the account's own key. */
	isApp: boolean;
	webhookSecret: string;
}

/** By the `authentication` parameter, in any of n8n's contexts: only some of them take an item index. */
const credentialTypeOf = (context: VendorContext): string =>
	(context as IExecuteFunctions).getNodeParameter('authentication', 0) === 'oAuth2'
		? 'klaviyoSyncOAuth2Api'
		: 'klaviyoSyncApi';

const JSON_API = 'application/vnd.api+json';

interface Credential {
	baseUrl?: string;
	webhookSecret?: string;
	apiKey?: string;
	/** Klaviyo's refresh token stays the same until the app is connected again. */
	oauthTokenData?: { refresh_token?: string; access_token?: string };
}

const keyOf = ({ apiKey, oauthTokenData }: Credential): string =>
	fingerprintOf(apiKey, oauthTokenData?.refresh_token ?? oauthTokenData?.access_token);

export async function klaviyoOf(context: VendorContext): Promise<Klaviyo> {
	const credentialType = credentialTypeOf(context);
	const credential = await context.getCredentials<Credential>(credentialType);
	const { baseUrl, webhookSecret } = credential;
	const origin = klaviyoOrigin(baseUrl);
	const vendor = vendorOf(context, {
		name: 'Klaviyo',
		credentialType,
		origin,
		headers: ({ body }) => ({
			revision: KLAVIYO_REVISION,
			accept: JSON_API,
			...(body ? { 'content-type': JSON_API } : {}),
		}),
		explain,
	});
	return {
		...vendor,
		account: `${origin} ${keyOf(credential)}`,
		isApp: credentialType === 'klaviyoSyncOAuth2Api',
		webhookSecret: webhookSecret ?? '',
	};
}

/** A list's pages, each read only when it is needed. */
export async function* pagesOf<T extends z.ZodTypeAny>(
	klaviyo: Klaviyo,
	what: string,
	item: T,
	path: string,
	query: IDataObject,
): AsyncGenerator<Page<z.infer<T>>> {
	const follow = pageTrail(what, klaviyo);
	let call: VendorCall | undefined = { method: 'GET', path, query, repeatable: true };
	while (call) {
		const answer = await klaviyo.requestOk(what, call);
		const found: Page<z.infer<T>> = klaviyo.read(what, page(item), answer);
		yield found;
		const next = follow(found.links?.next);
		call = next ? { method: 'GET', path: ownPath(next), repeatable: true } : undefined;
	}
}

/** Reads a list to its end. `included` has what all pages include. */
export async function readAll<T extends z.ZodTypeAny>(
	klaviyo: Klaviyo,
	what: string,
	item: T,
	path: string,
	query: IDataObject,
): Promise<{ data: Array<z.infer<T>>; included: unknown[] }> {
	const data: Array<z.infer<T>> = [];
	const included: unknown[] = [];
	for await (const found of pagesOf(klaviyo, what, item, path, query)) {
		data.push(...found.data);
		included.push(...(found.included ?? []));
	}
	return { data, included };
}

export interface Page<T> {
	data: T[];
	included?: unknown[] | null;
	links?: { next?: string | null } | null;
}

/** A link from Klaviyo's answer, without its host: the credential must only go to the host that it is for. */
export const ownPath = (link: string): string => {
	const { pathname, search } = new URL(link, 'https://a.klaviyo.com');
	return `${pathname}${search}`;
};
