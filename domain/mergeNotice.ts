/** Merging tickets adds a comment to both in an agent's name. It is not a reply, although it may be public. */

/**
 * Zendesk's wording, for sources that do not say where a comment came from: webhooks never do. An agent can change it.
 */
const NOTICE =
	/^(?:Requests? #\d+\b.*? (?:was|were) closed and merged into this request\b|This request was closed and merged into request #\d+\b)/s;

export const isMergeNotice = (body: string): boolean => NOTICE.test(body.trimStart());
