/**
 * Identifies a Zendesk account: tickets of two accounts may have the same ids.
 *
 * @param url any address in the account
 * @returns `acme.zendesk.com`
 */
export const zendeskAccountOf = (url: string): string =>
	URL.canParse(url) ? new URL(url).host : url;
