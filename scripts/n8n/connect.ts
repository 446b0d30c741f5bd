/** What a person does with the button "Connect" of an OAuth2 credential. */
import axios from 'axios';
import type { Editor } from './editor';

/**
 * The vendor's page, which the sandbox answers with a yes, and back to n8n.
 * @param pageAt where that page is, for a credential that knows the vendor's real address only
 * @returns the address that n8n sent the person to
 */
export async function connectOAuth2(
	{ rest }: Editor,
	credentialId: string,
	pageAt: (address: string) => string = (address) => address,
): Promise<URL> {
	const address = await rest.request<string>('GET', '/oauth2-credential/auth', undefined, {
		id: credentialId,
	});
	const { status, headers } = await axios.get(pageAt(address), {
		maxRedirects: 0,
		validateStatus: () => true,
		proxy: false,
	});
	if (status !== 302) throw new Error(`The vendor's page answered ${status}`);
	const back = new URL(String(headers.location));
	const params = Object.fromEntries(back.searchParams);
	await rest.request('GET', '/oauth2-credential/callback', undefined, params);
	return new URL(address);
}
