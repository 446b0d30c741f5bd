/** A message's pictures as uploads of Zendesk's. https://developer.zendesk.com/api-reference/ticketing/tickets/ticket-attachments/ */
import { isOk, isTransient, type VendorAnswer } from '../../shared/answer';
import { isLoopback } from '../../shared/origin';
import { errorText, type Zendesk } from './client';
import { fetchMedia, type MediaFile } from './media';
import { oneUpload } from './wire';
import { paths } from './paths';

export interface Uploads {
	/** What a comment names them by, for an hour. */
	tokens: string[];
	/** One line for each that could not be had, and why. */
	faults: string[];
	/** Whether one of those may be had another time. */
	isTransient: boolean;
}

/** Milliseconds after which no further file is begun: a workflow waits for it. */
const RETRY_FOR_MS = 45_000;

/** Without what follows the path, which may be a key to it. */
const withoutQuery = (url: string): string => {
	if (!URL.canParse(url)) return url;
	const { origin, pathname } = new URL(url);
	return `${origin}${pathname}`;
};

/** @returns the answer's token, or the answer when Zendesk did not take the file */
async function upload(zendesk: Zendesk, file: MediaFile): Promise<string | VendorAnswer> {
	const answer = await zendesk.tryRequest({
		method: 'POST',
		path: paths.uploads,
		query: { filename: file.name },
		headers: { 'content-type': file.type },
		body: file.bytes,
		// An upload that no comment names is gone after an hour.
		repeatable: true,
	});
	return isOk(answer) ? zendesk.read('The upload', oneUpload, answer).upload.token : answer;
}

/** Fetches one file after the other and gives it to Zendesk. */
export async function uploadAll(zendesk: Zendesk, urls: string[]): Promise<Uploads> {
	const uploads: Uploads = { tokens: [], faults: [], isTransient: false };
	const fail = (url: string, fault: string, passing: boolean): void => {
		uploads.faults.push(`${withoutQuery(url)} ${fault}`);
		uploads.isTransient ||= passing;
	};
	const fromHere = isLoopback(zendesk.origin);
	const began = Date.now();
	for (const [index, url] of urls.entries()) {
		if (Date.now() - began > RETRY_FOR_MS) {
			fail(url, 'was not downloaded, because the others took too long', true);
			continue;
		}
		const fetched = await fetchMedia(zendesk.context, url, `sms-${index + 1}`, fromHere);
		if ('fault' in fetched) {
			fail(url, fetched.fault, fetched.isTransient);
			continue;
		}
		const taken = await upload(zendesk, fetched.file);
		if (typeof taken === 'string') uploads.tokens.push(taken);
		else {
			const words = `was refused by Zendesk (status ${taken.status}). ${errorText(taken)}`;
			fail(url, words.trim(), isTransient(taken));
		}
	}
	return uploads;
}
