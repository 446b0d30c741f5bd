/** How each request to Zendesk is made: credential, origin, and what refusals mean. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { zendeskAccountOf } from '../../../domain/zendeskAccount';
import { fingerprintOf } from '../../shared/fingerprint';
import type { VendorContext } from '../../shared/send';
import { type Vendor, vendorOf } from '../../shared/transport';
import { isPage, pageWords, sentences, type VendorAnswer } from '../../shared/answer';
import { pageTrail } from '../../shared/pageTrail';
import { zendeskOrigin } from '../../shared/origin';
import { pageMeta } from './wire';

export interface Zendesk extends Vendor {
	/**
	 * Tells the credential's users apart without showing a secret: somebody may enter another user's key in a
	 * credential.
	 */
	user: string;
	/** `acme.zendesk.com` */
	account: string;
}

interface Credential {
	zendeskUrl: string;
	email?: string;
	apiToken?: string;
	clientId?: string;
	clientSecret?: string;
	/**
	 * Only a signed-in user keeps one for longer than an hour: the client credentials grant gets a new token each
	 * time.
	 */
	oauthTokenData?: { refresh_token?: string };
}

/** By the `authentication` parameter, in any of n8n's contexts: only some of them take an item index. */
const credentialTypeOf = (context: VendorContext): string =>
	(context as IExecuteFunctions).getNodeParameter('authentication', 0) === 'apiToken'
		? 'zendeskSyncApi'
		: 'zendeskSyncOAuth2Api';

export async function zendeskOf(context: VendorContext): Promise<Zendesk> {
	const credentialType = credentialTypeOf(context);
	const credential = await context.getCredentials<Credential>(credentialType);
	const origin = zendeskOrigin(credential.zendeskUrl);
	const { email, apiToken, clientId, clientSecret, oauthTokenData } = credential;
	const vendor = vendorOf(context, {
		name: 'Zendesk',
		credentialType,
		origin,
		headers: () => ({ accept: 'application/json' }),
		explain,
	});
	const refreshToken = oauthTokenData?.refresh_token;
	const user = fingerprintOf(email, apiToken, clientId, clientSecret, refreshToken);
	return { ...vendor, user, account: zendeskAccountOf(origin) };
}

const SCOPES =
	"An OAuth token needs the scopes 'read' and 'write' (a ticket's history needs the global 'read'). The OAuth client has to allow both.";
const ADDRESS = "Check the credential's 'Zendesk URL'.";
const LATER = 'Zendesk could not process the request. Try again later.';

/** By status, if Zendesk's own words do not say what to do. */
const ADVICE: Record<number, string> = {
	403: `The credential's user is not allowed to do this. ${SCOPES} Some calls need an administrator.`,
	404: `This account has no such record, or it was deleted. ${ADDRESS}`,
	422: 'Zendesk did not accept a value: check the fields of the node.',
};

const NO_ACCOUNT = /\bhelp ?desk\b/i;

function adviceFor(status: number, said: string): string | undefined {
	if (status === 403 && /\bscopes?\b/i.test(said)) return SCOPES;
	if (status === 404 && NO_ACCOUNT.test(said)) return ADDRESS;
	return status >= 500 ? LATER : ADVICE[status];
}

// Accepts anything: an error about an error would hide what happened.
const optionalString = z.string().nullish().catch(null);
const titled = z.object({
	title: optionalString,
	message: optionalString,
	detail: optionalString,
	description: optionalString,
	error: optionalString,
	type: optionalString,
});
const anyTitled = titled.catch({});
const refusal = z
	.object({
		error: z.union([z.string(), titled]).nullish().catch(null),
		error_description: optionalString,
		errors: z
			.array(z.union([z.string(), anyTitled]))
			.nullish()
			.catch(null),
		description: optionalString,
		message: optionalString,
		details: z.record(z.array(anyTitled).catch([])).nullish().catch(null),
	})
	.catch({});

/** Characters: nobody reads more. */
const MAX_ERROR_LENGTH = 1_000;

/**
 * Zendesk's refusals come in many shapes: `{error, description, details}`, `{error: {title, message}}`, `{errors:
 * [{title, detail}]}`, `{error: "text"}`, `{error, error_description}` for a token, and details with an error or a
 * type instead of a description.
 *
 * @returns Zendesk's own words, without advice; '' if there are none, or if something else answered in its place
 */
export function errorText(answer: VendorAnswer): string {
	if (isPage(answer)) return '';
	const { error, errors, details, ...said } = refusal.parse(answer.body);
	const plain = said.description ?? said.error_description ?? said.message;
	const named =
		typeof error === 'object' && error !== null
			? [error.title, error.message, plain]
			: [plain ?? error];
	const listed = (errors ?? []).flatMap((one) =>
		typeof one === 'string' ? [one] : [one.title, one.detail],
	);
	const detailed = Object.entries(details ?? {}).flatMap(([field, faults]) =>
		faults.map(({ description, error: name, type }) => {
			const code = name ?? type;
			return description ?? (code ? `${field}: ${code}` : null);
		}),
	);
	return sentences([...named, ...listed, ...detailed]).slice(0, MAX_ERROR_LENGTH);
}

/** What a refusal means and what to do, for the description of an error. */
export function explain(answer: VendorAnswer): string {
	if (isPage(answer)) return pageWords('Zendesk', answer);
	const said = errorText(answer);
	const advice = adviceFor(answer.status, said);
	return (
		[said && `${said}.`, advice].filter(Boolean).join(' ') ||
		'Zendesk gave no reason. Try again later.'
	);
}

/** Whether a 404 is about the account, and says nothing about the record. */
export const saysNoAccount = (answer: VendorAnswer): boolean =>
	answer.status === 404 && NO_ACCOUNT.test(errorText(answer));

/**
 * Whether an update was refused because the ticket is closed: by the error's name or type, or by its English text,
 * which most accounts return.
 */
export const saysClosed = (answer: VendorAnswer): boolean =>
	answer.status === 422 &&
	/closed[ _]prevents[ _]ticket[ _]update|"ClosedTicket"/i.test(JSON.stringify(answer.body ?? ''));

/** A ticket holds 5,000 comments: https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_comments/ */
export const saysFull = (answer: VendorAnswer): boolean =>
	answer.status === 422 && /too ?many ?comments/i.test(JSON.stringify(answer.body ?? ''));

/**
 * Whether a request **with an idempotency key** was refused because the key was used for another one. Zendesk calls
 * it `IdempotentRequestError`, but has also answered with nothing but the status 400.
 */
export function saysKeyTaken(answer: VendorAnswer): boolean {
	if (answer.status !== 400 || isPage(answer)) return false;
	const said = JSON.stringify(Buffer.isBuffer(answer.body) ? '' : (answer.body ?? ''));
	return ['""', '{}', '[]'].includes(said) || /idempoten/i.test(said);
}

/** The server's clock when it answered, milliseconds since 1970; this machine's if it does not say. */
export const serverTimeOf = (answer: VendorAnswer): number => {
	const time = Date.parse(answer.headers.date ?? '');
	return Number.isNaN(time) ? Date.now() : time;
};

/** Reads a list page by page (cursor pagination, 100 a page) as long as `wantsMore` returns true. */
export async function readPages<T extends z.ZodTypeAny>(
	zendesk: Zendesk,
	what: string,
	path: string,
	query: IDataObject,
	schema: T,
	wantsMore: (page: z.infer<T>) => boolean = () => true,
	ask: Vendor['request'] = zendesk.request,
): Promise<{ pages: Array<z.infer<T>>; last: VendorAnswer }> {
	const pages: Array<z.infer<T>> = [];
	const follow = pageTrail(what, zendesk);
	let after: string | undefined;
	for (;;) {
		const cursor = { 'page[size]': 100, ...(after ? { 'page[after]': after } : {}) };
		const last = await ask({
			method: 'GET',
			path,
			query: { ...query, ...cursor },
			repeatable: true,
		});
		if (last.status !== 200) return { pages, last };
		const page = zendesk.read(what, schema, last);
		pages.push(page);
		const { meta } = zendesk.read(what, pageMeta, last);
		after = wantsMore(page) ? follow(meta?.after_cursor, meta?.has_more ?? false) : undefined;
		if (after === undefined) return { pages, last };
	}
}
