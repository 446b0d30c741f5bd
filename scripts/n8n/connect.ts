/** What a person does with the "Connect" button of an OAuth2 credential. */
import axios from 'axios';
import type { Editor } from './editor';

/**
 * Opens the vendor's page, where the sandbox agrees, and goes back to n8n.
 * @param pageAt where that page is, for a credential that knows only the vendor's real address
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
