/**
 * Why a credential was not accepted, as far as the vendor or n8n says. n8n throws on a 401, and if it cannot get a
 * token.
 */
import { isPage, pageWords, sentences } from './answer';

export interface CredentialRefusal {
	/** One line: the error's message. */
	message: string;
	/** What the vendor or n8n said, and what to do. */
	description: string;
	/** Whether trying again may help: another run may have got a new token in the meantime. */
	mayPass: boolean;
}

interface Fault {
	message?: unknown;
	httpCode?: unknown;
	cause?: unknown;
	body?: unknown;
	context?: { data?: unknown };
	response?: { data?: unknown };
}

/**
 * OAuth's errors for a token request that waiting does not fix:
 * https://datatracker.ietf.org/doc/html/rfc6749#section-5.2
 */
const TOKEN_ADVICE: Record<string, string> = {
	invalid_scope:
		"The OAuth client does not allow a scope that the credential asks for. Allow it in the client's settings (in Zendesk: Admin Center > Apps and integrations > APIs > OAuth clients > Allowed scopes), and connect the credential again.",
	invalid_client:
		'The client ID or client secret is wrong, or the client was deleted. Copy both into the credential again.',
	invalid_grant:
		'The connection has ended or was revoked. Open the credential and connect it again.',
	unauthorized_client:
		'The OAuth client may not be used in this way. Client credentials need a confidential client.',
	unsupported_grant_type: "The vendor does not know the credential's grant type.",
	invalid_request: 'Open the credential, check its fields, and connect it again.',
};
/** n8n's words, if it does not pass on the error itself. */
const IN_WORDS: ReadonlyArray<[RegExp, string]> = [
	[/requested scope is invalid/i, 'invalid_scope'],
	[/needs to be reconnected/i, 'invalid_grant'],
];
/** n8n's words for a credential that was never connected. They depend on its version and on the grant type. */
const NOT_CONNECTED = /credentials not connected|without access token|reading 'accessToken'/i;
const NOT_ACCEPTED = 'The credential was not accepted';
const KEY_ADVICE =
	'The key or token is wrong, expired or revoked. Open the credential, test it, and connect it again if it uses OAuth2.';

/** The fault and what caused it, outermost first. */
function faultsOf(fault: unknown): Fault[] {
	const faults: Fault[] = [];
	let at = fault;
	while (typeof at === 'object' && at !== null && faults.length < 6) {
		faults.push(at);
		at = (at as Fault).cause;
	}
	return faults;
}

const stringAt = (body: unknown, name: string): string | undefined => {
	const value = (body as Record<string, unknown> | null | undefined)?.[name];
	return typeof value === 'string' && value !== '' ? value : undefined;
};

/** @returns the name of OAuth's error, if n8n was refused a token */
function tokenErrorOf(faults: Fault[]): string | undefined {
	const named = faults.map(({ body }) => stringAt(body, 'error') ?? '');
	const known = named.find((name) => Object.hasOwn(TOKEN_ADVICE, name));
	const messages = faults.map(({ message }) => String(message));
	return known ?? IN_WORDS.find(([words]) => messages.some((message) => words.test(message)))?.[1];
}

/** What a 401 says, in the forms of both vendors. */
function errorText(body: unknown): string {
	const errors = (body as { errors?: unknown } | null | undefined)?.errors;
	const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
	return sentences([
		stringAt(body, 'error_description') ?? stringAt(body, 'description') ?? stringAt(body, 'error'),
		stringAt(first, 'detail') ?? stringAt(first, 'title'),
		stringAt(body, 'message'),
	]);
}

/**
 * @param fault what n8n threw instead of returning an answer
 * @param host the host that was asked
 * @returns undefined if it is not a refusal of the credential
 */
export function credentialRefusal(fault: unknown, host: string): CredentialRefusal | undefined {
	const faults = faultsOf(fault);
	if (faults.some(({ message }) => NOT_CONNECTED.test(String(message))))
		return {
			message: 'The credential is not connected',
			description:
				'Open the credential, click the button that connects it, and sign in. Then try again.',
			mayPass: false,
		};
	const tokenError = tokenErrorOf(faults);
	if (tokenError) {
		const said = faults.map(({ body }) => stringAt(body, 'error_description')).find(Boolean);
		return {
			message: NOT_ACCEPTED,
			description: `${sentences([`${host} did not issue a token to n8n: ${tokenError}`, said])}. ${TOKEN_ADVICE[tokenError] ?? ''}`,
			mayPass: tokenError === 'invalid_grant',
		};
	}
	if (Number(faults[0]?.httpCode) !== 401) return undefined;
	const body = faults.flatMap(({ response, context }) => response?.data ?? context?.data ?? [])[0];
	const answer = { status: 401, headers: {}, body };
	if (isPage(answer))
		return {
			message: `${host} was not reached`,
			description: pageWords(host, answer),
			mayPass: true,
		};
	const said = errorText(body);
	return {
		message: NOT_ACCEPTED,
		description: said ? `${said}. ${KEY_ADVICE}` : KEY_ADVICE,
		mayPass: true,
	};
}
