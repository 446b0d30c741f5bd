import { createHash } from 'node:crypto';
import { z } from 'zod';
import { minute, stamp } from '../clock';
import type { Zendesk } from './context';
import type { Attachment } from './model';
import type { Store } from './store';
import { invalidRecord, refuse } from './wording';

const tokenLife = 60 * minute;

/** Endings that suit a type, for the ones that phones send. */
const endings: Record<string, string[]> = {
	'image/jpeg': ['jpg', 'jpeg'],
	'image/png': ['png'],
	'image/gif': ['gif'],
	'video/mp4': ['mp4'],
	'video/3gpp': ['3gp'],
	'audio/amr': ['amr'],
	'application/pdf': ['pdf'],
	'text/vcard': ['vcf'],
};

/** `POST /api/v2/uploads`: raw bytes of any type. In a scope of its own, since all other routes take JSON alone. */
export function uploadRoutes(zendesk: Zendesk): void {
	const { core, store } = zendesk;
	const query = z.object({ filename: z.string().min(1), token: z.string().optional() });
	void zendesk.app.register(async (app) => {
		app.removeAllContentTypeParsers();
		app.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
			const bytes = Buffer.from(body);
			// What is recorded of the request: not the bytes.
			const sha256 = createHash('sha256').update(bytes).digest('hex');
			done(null, { size: bytes.length, sha256, type: request.headers['content-type'] });
		});
		app.post('/api/v2/uploads', async (request, reply) => {
			const { filename } = query.parse(request.query);
			const sent = request.body as { size: number; sha256: string; type: string } | undefined;
			if (!sent?.size) throw refuse(422, 'AttachmentUnprocessable', 'The file is empty');
			if (sent.size > core.switches.attachmentSize)
				throw refuse(413, 'RequestEntityTooLarge', 'The file is too large');
			const ending = filename.split('.').at(-1) ?? '';
			if (endings[sent.type]?.includes(ending) === false)
				throw refuse(
					422,
					'AttachmentUnprocessable',
					'The ending of the name does not suit the type',
				);
			const id = store.nextId();
			const attachment: Attachment = {
				id,
				url: `${zendesk.baseUrl()}/attachments/token/${id}/?name=${encodeURIComponent(filename)}`,
				fileName: filename,
				contentType: sent.type,
				size: sent.size,
				sha256: sent.sha256,
			};
			const token = store.newSecret();
			store.uploads.set(token, { attachment, expires: core.clock.now() + tokenLife });
			const shown = attachmentJson(attachment);
			return reply.code(201).send({
				upload: {
					token,
					expires_at: stamp(core.clock.now() + tokenLife),
					attachment: shown,
					attachments: [shown],
				},
			});
		});
	});
}

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

/** What the tokens of a comment stand for; each once. */
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
