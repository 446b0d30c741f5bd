/**
 * What Klaviyo's refusals mean, and what to do. https://developers.klaviyo.com/en/docs/rate_limits_and_error_handling
 */
import { NodeApiError } from 'n8n-workflow';
import { isPage, pageWords, type VendorAnswer } from '../../shared/answer';
import { errorAnswer } from './wire';

/** What to do, by status. Klaviyo does not guarantee an error's `code`, so it is not used. */
const ADVICE: Record<number, string> = {
	400: 'Klaviyo did not accept the request. Check the values in the node.',
	403: "The key or app is not allowed to do this. Either it lacks a scope (see the credential), or the account does not have the feature: system webhooks need Advanced KDP (without it, choose the source 'Polling Only' in Klaviyo Trigger), and replies need Klaviyo's Conversations API to be enabled for the account.",
	404: 'Klaviyo has nothing with this ID. It may have been deleted, or belong to another account.',
	409: 'Klaviyo already has a record like this.',
	410: 'Klaviyo no longer supports the API version that this package uses. Update the package.',
};

/** Characters: nobody reads more. */
const MAX_ERROR_LENGTH = 1_000;

/** The details of an error that has no text, such as the id of the profile that exists already. */
const metaWords = (meta: Record<string, unknown> | null | undefined): string =>
	Object.entries(meta ?? {})
		.filter(([, value]) => typeof value === 'string' || typeof value === 'number')
		.map(([name, value]) => `${name} ${String(value)}`)
		.join(', ');

/**
 * Klaviyo's own words, each with the place it refers to. Besides JSON:API's errors there are `{status, message}` from
 * its first version, and OAuth's `{error, error_description}`.
 *
 * @returns '' if the answer has none
 */
export function wordsOfAnswer(answer: VendorAnswer): string {
	const { errors, message, error, error_description: description } = errorAnswer.parse(answer.body);
	const listed = (errors ?? []).map(({ title, detail, source, code, meta }) => {
		const place = source?.pointer ?? source?.parameter;
		const said = detail || title || metaWords(meta) || code || '';
		return said && place ? `${said} (${place})` : said;
	});
	return [...listed, message ?? description ?? error]
		.filter(Boolean)
		.join(' ')
		.slice(0, MAX_ERROR_LENGTH);
}

/** What a refusal means and what to do, for the description of an error. */
export function explain(answer: VendorAnswer): string {
	if (isPage(answer)) return pageWords('Klaviyo', answer);
	const said = wordsOfAnswer(answer);
	const advice = ADVICE[answer.status] ?? 'Klaviyo could not process the request. Try again later.';
	const end = /[.!?]$/.test(said) ? '' : '.';
	return said ? `Klaviyo says: ${said}${end} ${advice}` : advice;
}

/**
 * Whether Klaviyo refused an event because of its email address. Other programs store addresses that Klaviyo refuses.
 */
export const refusesAddress = (error: unknown): boolean =>
	error instanceof NodeApiError &&
	error.httpCode === '400' &&
	/invalid email|\/email\b/i.test(error.description ?? '');
