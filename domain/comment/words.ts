/**
 * The words of a Zendesk comment: the same wherever they are shown, sent, compared or counted. See
 * docs/decisions/0029-words-from-html.md
 */
import { decodeHTMLStrict } from 'entities/decode';
import { textOfHtml } from './htmlText';
import { Layout } from './layout';

/** A comment's words in the forms that Zendesk gives. Any may be missing; an empty one counts as missing. */
export interface WrittenComment {
	html_body?: string | null;
	/** HTML without its tags, but with entities and the signature. */
	plain_body?: string | null;
	/** Markdown. Sometimes all that a comment from the API has. */
	body?: string | null;
}

export interface WordsOptions {
	/** Whether to keep the agent's signature, which Zendesk marks in `html_body` only. */
	keepSignature?: boolean;
}

function tidied(text: string): string {
	const layout = new Layout();
	layout.lines(text);
	return layout.toString();
}

/**
 * @returns trimmed lines with at most one empty line in a row; '' for a comment without words, such as a signature alone
 */
export function commentWords(
	{ html_body: html, plain_body: plain, body }: WrittenComment,
	{ keepSignature = false }: WordsOptions = {},
): string {
	if (html) {
		const words = textOfHtml(html, keepSignature);
		// The other two forms contain the signature, and do not show where it begins.
		if (words || (!keepSignature && textOfHtml(html, true))) return words;
	}
	return (plain && tidied(decodeHTMLStrict(plain))) || tidied(body ?? '');
}
