/** Klaviyo's refusals in words that help. https://developers.klaviyo.com/en/docs/rate_limits_and_error_handling */
import type { VendorAnswer } from '../../shared/http';
import { errorAnswer } from './wire';

/** What to do, by status. The `code` of an error is no contract, so nothing hangs on it. */
const ADVICE: Record<number, string> = {
	400: 'Klaviyo did not accept what was sent. Check the values that the node was given.',
	403: "The key or app may not do this. Either it lacks a scope (see the credential), or the account has not got the feature: system webhooks need Advanced KDP (without it, choose the source 'Polling Only' in Klaviyo Trigger), replies need Klaviyo's Conversations API to be enabled for the account.",
	404: 'Klaviyo knows nothing by this id. It may have been deleted, or belong to another account.',
	409: 'Klaviyo has something like it already.',
	410: 'Klaviyo has ended the version of its API that this package uses. Update the package.',
};

/** Klaviyo's own words, each with the place it complains about. Empty when the answer holds none. */
export function wordsOfAnswer(answer: VendorAnswer): string {
	const parsed = errorAnswer.safeParse(answer.body);
	if (!parsed.success) return '';
	return parsed.data.errors
		.map(({ title, detail, source }) => {
			const place = source?.pointer ?? source?.parameter;
			return `${detail ?? title ?? ''}${place ? ` (${place})` : ''}`;
		})
		.join(' ');
}

export function explain(answer: VendorAnswer): string {
	const said = wordsOfAnswer(answer);
	const advice = ADVICE[answer.status] ?? 'Klaviyo could not do it now. Try again later.';
	return said ? `Klaviyo says: ${said} ${advice}` : advice;
}
