/**
 * What a vendor answered, or what something else answered in its place: a web page or plain text from a proxy, a
 * firewall or the edge of the vendor's network, or a redirect to another address.
 */
export interface VendorAnswer {
	status: number;
	/** Names in lower case. */
	headers: Record<string, string>;
	body: unknown;
}

export const isOk = (answer: VendorAnswer): boolean => answer.status >= 200 && answer.status < 300;

/** Whether waiting may fix it: no answer, a rate limit, or a fault on the vendor's side. */
export const isTransient = ({ status }: Pick<VendorAnswer, 'status'>): boolean =>
	status === 0 || status === 429 || status >= 500;

/** Characters: enough to recognize a page. A body may have any length. */
const BEGINNING = 4_000;
const MAX_SHOWN = 120;

const beginningOf = (body: unknown): string => {
	if (Buffer.isBuffer(body)) return body.toString('utf8', 0, BEGINNING).trim();
	return typeof body === 'string' ? body.slice(0, BEGINNING).trim() : '';
};

const isRedirect = ({ status }: VendorAnswer): boolean => status >= 300 && status <= 399;

/**
 * Whether something else answered in the vendor's place: both vendors answer with JSON, or with nothing at all, and
 * neither redirects our requests.
 */
export const isPage = (answer: VendorAnswer): boolean =>
	isRedirect(answer) || beginningOf(answer.body) !== '';

/** Whether the vendor says that there is no such record. A page with this status says nothing about the record. */
export const isGone = (answer: VendorAnswer): boolean => answer.status === 404 && !isPage(answer);

/** A page's title, or the text itself if it is not a page. */
function titleOf(body: unknown): string {
	const beginning = beginningOf(body);
	const title = beginning.startsWith('<')
		? (/<title[^<>]{0,200}>([^<]*)/i.exec(beginning)?.[1] ?? '')
		: beginning;
	const words = title.replace(/\s+/g, ' ').trim();
	return words.length > MAX_SHOWN ? `${words.slice(0, MAX_SHOWN)}...` : words;
}

function adviceFor(status: number): string {
	if (status === 429 || status >= 500)
		return "This usually passes: try again later. If it does not, check the proxy or firewall on the way, and the vendor's status page.";
	if (status === 401 || status === 403 || status === 407)
		return "A proxy or firewall on the way may have refused the request, or the account does not allow n8n's address. Ask whoever manages the network.";
	return 'Check the address in the credential, and any proxy or firewall on the way.';
}

/**
 * @param vendor as users call it
 * @returns who answered, the status, and what to do. Nothing about permissions or records: the vendor was never asked
 * about them
 */
export function pageWords(vendor: string, answer: VendorAnswer): string {
	const { status, body } = answer;
	if (isRedirect(answer)) return redirectWords(vendor, answer);
	const title = titleOf(body);
	const what = beginningOf(body).startsWith('<') ? 'with a web page' : 'with text that is not JSON';
	return `Something between n8n and ${vendor} answered in its place, ${what} (status ${status}${title ? `, "${title}"` : ''}). ${adviceFor(status)}`;
}

/** Leaves out what follows the host, which may be a key. */
function redirectWords(vendor: string, { status, headers }: VendorAnswer): string {
	const { location = '' } = headers;
	const target = URL.canParse(location) ? new URL(location).origin : 'another address';
	return `${vendor}'s address redirected the request to ${target} (status ${status}). The redirect was not followed, because the credential would have been sent there too. If your account has moved there, enter that address in the credential. Otherwise check the proxy or firewall on the way.`;
}

/** Without a regular expression, which would start again at each dot of a long row of dots. */
function withoutPoints(text: string): string {
	let end = text.length;
	while (end > 0 && /[.\s]/.test(text.charAt(end - 1))) end -= 1;
	return text.slice(0, end).trimStart();
}

/** Joins sentences, each once. The last has no full stop. */
export const sentences = (parts: ReadonlyArray<string | null | undefined>): string =>
	[...new Set(parts.map((part) => withoutPoints(part ?? '')))].filter(Boolean).join('. ');
