/**
 * Uploads a message's pictures to Zendesk.
 * https://developer.zendesk.com/api-reference/ticketing/tickets/ticket-attachments/
 */
import { isOk, isTransient, type VendorAnswer } from '../../shared/answer';
import { isLoopback } from '../../shared/origin';
import { errorText, type Zendesk } from './client';
import { fetchMedia, type MediaFile } from './media';
import { oneUpload } from './wire';
import { paths } from './paths';

export interface Uploads {
	/** With these a comment refers to the uploads, for an hour. */
	tokens: string[];
	/** One line for each file that could not be attached, with the reason. */
	faults: string[];
	/** Whether one of those may succeed later. */
	isTransient: boolean;
}

/** Milliseconds after which no further file is started, because the workflow is waiting. */
const RETRY_FOR_MS = 45_000;

/** Leaves out the query, which may hold a key to the file. */
const withoutQuery = (url: string): string => {
	if (!URL.canParse(url)) return url;
	const { origin, pathname } = new URL(url);
	return `${origin}${pathname}`;
};

/** @returns the token, or the answer if Zendesk did not accept the file */
async function upload(zendesk: Zendesk, file: MediaFile): Promise<string | VendorAnswer> {
	const answer = await zendesk.tryRequest({
		method: 'POST',
		path: paths.uploads,
		query: { filename: file.name },
		headers: { 'content-type': file.type },
		body: file.bytes,
		// An upload that no comment refers to is deleted after an hour.
		repeatable: true,
	});
	return isOk(answer) ? zendesk.read('The upload', oneUpload, answer).upload.token : answer;
}

/** Downloads one file after the other and uploads it to Zendesk. */
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
