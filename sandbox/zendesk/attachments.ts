import type { Attachment } from './model';
import type { Store } from './store';
import { invalidRecord } from './wording';

/** An attachment as Zendesk shows it. */
export function attachmentJson(attachment: Attachment): Record<string, unknown> {
	const { id, fileName, contentType, size, url } = attachment;
	return {
		id,
		file_name: fileName,
		content_url: url,
		mapped_content_url: url,
		content_type: contentType,
		size,
		inline: false,
		deleted: false,
		malware_scan_result: 'malware_not_found',
		thumbnails: [],
	};
}

/** The files behind a comment's tokens; each token works once. */
export function takeUploads(store: Store, tokens: readonly string[], now: number): Attachment[] {
	const found = tokens.map((token) => store.uploads.get(token));
	for (const upload of found)
		if (upload === undefined || upload.expires < now)
			throw invalidRecord({
				uploads: [{ description: 'Uploads: is not valid', error: 'InvalidValue' }],
			});
	for (const token of tokens) store.uploads.delete(token);
	return found.flatMap((upload) => upload?.attachment ?? []);
}
