/**
 * The words of a Zendesk comment, the same wherever they are shown, sent, compared or counted. See
 * docs/decisions/0029-words-from-html.md
 */
import { decodeHTMLStrict } from 'entities/decode';
import { textOfHtml } from './htmlText';
import { Layout } from './layout';

/** A comment's words as Zendesk gives them. Any may be missing, and an empty one is missing too. */
export interface WrittenComment {
	html_body?: string | null;
	/** HTML without its tags: entities, and the signature, are still in it. */
	plain_body?: string | null;
	/** Markdown. All that a comment has that was made by API, now and then. */
	body?: string | null;
}

export interface WordsOptions {
	/** Whether the agent's signature, which Zendesk marks in `html_body` alone, is one of the words. */
	keepSignature?: boolean;
}

function tidied(text: string): string {
	const layout = new Layout();
	layout.lines(text);
	return layout.toString();
}

/**
 * @returns lines without space at their ends, at most one empty line between two; '' for a comment without words, such
 * as a signature alone
 */
export function commentWords(
	{ html_body: html, plain_body: plain, body }: WrittenComment,
	{ keepSignature = false }: WordsOptions = {},
): string {
	if (html) {
		const words = textOfHtml(html, keepSignature);
		// The other two hold the signature, and nothing tells where it begins.
		if (words || (!keepSignature && textOfHtml(html, true))) return words;
	}
	return (plain && tidied(decodeHTMLStrict(plain))) || tidied(body ?? '');
}
