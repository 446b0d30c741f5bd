/** Turns a ticket's history into what the rules for replies read. */
import { unwrittenByWords } from '../../../domain/agentReply';
import { holdsAddress } from '../../../domain/comment/addresses';
import { commentWords } from '../../../domain/comment/words';
import type { ReplyAudit } from '../../../domain/reply/audit';
import { isComment, unwrittenBy } from './origin';
import { markerOf, type WireAudit, type WireAuditEvent, type WireUser } from './wire';

type People = ReadonlyMap<string, WireUser>;
type Comment = NonNullable<ReplyAudit['comment']>;

/** Pictures that only appear in the signature are not part of the reply. */
function attachmentsOf(
	event: WireAuditEvent,
	body: string,
	signed: string,
): Comment['attachments'] {
	return (event.attachments ?? [])
		.map(({ file_name: fileName, content_url: url }) => ({ fileName, url }))
		.filter(({ url }) => holdsAddress(body, url) || !holdsAddress(signed, url));
}

function commentOf(event: WireAuditEvent, audit: WireAudit, users: People): Comment {
	const body = commentWords(event);
	const signed = commentWords(event, { keepSignature: true });
	const author = users.get(event.author_id ?? audit.author_id ?? '');
	return {
		id: event.id ?? '',
		public: event.public ?? false,
		body,
		...(signed === body ? {} : { signedBody: signed }),
		attachments: attachmentsOf(event, body, signed),
		author: author && {
			role: author.role ?? '',
			name: author.name,
			alias: author.alias,
			email: author.email,
		},
		unwritten: unwrittenBy(event.type, event.via, audit.via) ?? unwrittenByWords(body),
	};
}

/**
 * @returns one for each comment of the audit, because a rule may write another comment beside the one that started
 * it; one for an audit without comments. The first has the marker.
 */
export function asReplyAudits(audit: WireAudit, users: People): ReplyAudit[] {
	const at = Date.parse(audit.created_at);
	const marker = markerOf(audit);
	const [first, ...more] = audit.events
		.filter(({ type }) => isComment(type))
		.map((event) => commentOf(event, audit, users));
	return [
		{ at, ...(first ? { comment: first } : {}), ...(marker ? { marker } : {}) },
		...more.map((comment) => ({ at, comment })),
	];
}
