/**
 * What tells one Zendesk account from another: both have tickets of the same numbers.
 *
 * @param url the account's own, or that of anything in it
 * @returns `acme.zendesk.com`
 */
export const zendeskAccountOf = (url: string): string =>
	URL.canParse(url) ? new URL(url).host : url;
