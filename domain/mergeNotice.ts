/** Merging tickets writes into both of them in an agent's name. Such a comment is no reply, though it may be public. */

/**
 * How Zendesk words it, for what does not say where it came from: webhooks never do. An agent can change the words.
 */
const NOTICE =
	/^(?:Requests? #\d+\b.*? (?:was|were) closed and merged into this request\b|This request was closed and merged into request #\d+\b)/s;

export const isMergeNotice = (body: string): boolean => NOTICE.test(body.trimStart());
