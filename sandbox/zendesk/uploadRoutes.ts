import { createHash } from 'node:crypto';
import { z } from 'zod';
import { minute, stamp } from '../clock';
import { attachmentJson } from './attachments';
import type { Zendesk } from './context';
import type { Attachment } from './model';
import { refuse } from './wording';

const tokenLife = 60 * minute;

/** File endings that fit a type, for the types that phones send. */
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

/** `POST /api/v2/uploads`: raw bytes of any type. In a scope of its own, because all other routes accept only JSON. */
export function uploadRoutes(zendesk: Zendesk): void {
	const { core, store } = zendesk;
	const query = z.object({ filename: z.string().min(1), token: z.string().optional() });
	void zendesk.app.register(async (app) => {
		app.removeAllContentTypeParsers();
		app.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
			const bytes = Buffer.from(body);
			// Recorded instead of the request's bytes.
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
