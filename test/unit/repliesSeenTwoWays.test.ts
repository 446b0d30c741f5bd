/** One comment, as a webhook tells of it, in the export and in its ticket's history: a reply in all three, or in none. */
import { entryOfAudit, entryOfExport, type Entry } from '../../nodes/ZendeskSync/api/entries';
import { wireAudit, wireTicket, wireUser } from '../../nodes/ZendeskSync/api/wire';
import { auditEventsOf, ticketEvent } from '../../nodes/ZendeskSync/trigger/auditEvents';
import { fromWebhook } from '../../nodes/ZendeskSync/trigger/webhookBody';

const TIME = '2026-11-22T10:00:00Z';
const EXTERNAL_ID = 'klaviyo:sms:+12125550123';

const ticket = wireTicket.parse({
	id: 35,
	status: 'open',
	external_id: EXTERNAL_ID,
	created_at: TIME,
	updated_at: TIME,
	via: { channel: 'web' },
});
const users = new Map(
	[
		{ id: 9, name: 'Mia', role: 'agent' },
		{ id: 8, name: 'Ana', role: 'end-user' },
	]
		.map((user) => wireUser.parse(user))
		.map((user) => [user.id, user]),
);

interface Said {
	html_body?: string;
	plain_body?: string;
	body?: string;
	public?: boolean;
	author?: number;
	/** As the webhook says it, where somebody else did it than the author. */
	actor?: number;
	/** As audits and the export say it. */
	type?: 'Comment' | 'VoiceComment';
	via?: object;
}

const byWebhook = (said: Said) => {
	const { author = 9, actor = author, public: isPublic = true, html_body, body } = said;
	const delivered = fromWebhook({
		type: 'zen:event-type:ticket.comment_added',
		time: TIME,
		detail: {
			id: '35',
			external_id: EXTERNAL_ID,
			status: 'OPEN',
			via: { channel: 'web' },
			actor_id: String(actor),
		},
		event: {
			comment: {
				id: '77',
				body,
				html_body,
				is_public: isPublic,
				author: {
					id: String(author),
					is_staff: author !== 8,
					name: users.get(String(author))?.name,
				},
			},
		},
	});
	return delivered && 'event' in delivered ? delivered.event.comment : undefined;
};

const bySaying = (entry: Entry | undefined) => {
	const [event] = (entry ? auditEventsOf(entry) : []).flatMap(
		(one) => ticketEvent(one, { tickets: new Map([['35', ticket]]), users }) ?? [],
	);
	return event?.comment;
};
const commentOf = ({ author = 9, type = 'Comment', via, actor: _, ...said }: Said) => ({
	id: 77,
	type,
	author_id: author,
	public: true,
	via: via ?? { channel: 'web', source: { rel: null } },
	...said,
});
const byExport = (said: Said) =>
	bySaying(
		entryOfExport({
			id: 501,
			ticket_id: 35,
			created_at: TIME,
			updater_id: 9,
			via: 'Web form',
			child_events: [{ event_type: said.type ?? 'Comment', ...commentOf(said) }],
		}),
	);
const byHistory = (said: Said) =>
	bySaying(
		entryOfAudit(
			'35',
			wireAudit.parse({ id: 501, created_at: TIME, author_id: 9, events: [commentOf(said)] }),
		),
	);

const reply = {
	html_body:
		'<div class="zd-comment">Hi,<br>&nbsp;<br>Q&amp;A <a href="https://a.test/x">here</a>.<ul><li>One</li><li>two</li></ul><div class="signature">Mia</div></div>',
	plain_body: 'Hi,\n&nbsp;\nQ&amp;A here.One two\nMia',
	body: 'Hi,\n\nQ&A [here](https://a.test/x).\n* One\n* two\n\nMia',
};
const record = 'Call to: +1 (212) 555-0123\nLength of phone call: 2 minutes';
const merge = 'Request #101 "Hi" was closed and merged into this request.';
const rule = { channel: 'rule', source: { rel: 'trigger' } };

describe('Webhook, export and history', () => {
	it('give the same text of a reply', () => {
		const comment = byWebhook(reply);
		expect(comment).toEqual({
			id: '77',
			body: 'Hi,\n\nQ&A here (https://a.test/x).\n- One\n- two',
			authorId: '9',
			authorName: 'Mia',
		});
		expect(byExport(reply)).toEqual(comment);
		expect(byHistory(reply)).toEqual(comment);
	});

	it('give the same text of a comment that has only body', () => {
		const comment = { html_body: '', plain_body: '', body: 'It ships *today*.' };
		expect(byWebhook(comment)?.body).toBe('It ships *today*.');
		expect(byExport(comment)).toEqual(byWebhook(comment));
		expect(byHistory(comment)).toEqual(byWebhook(comment));
	});

	it.each<[string, Said]>([
		['an internal note', { body: 'Hi', public: false }],
		["a customer's comment", { body: 'Hi', author: 8 }],
		['the record of a call', { body: record, type: 'VoiceComment' }],
		['the record of a call in HTML', { html_body: `<p>${record.replace('\n', '<br>')}</p>`, type: 'VoiceComment' }], // prettier-ignore
		['the notice of a merge', { body: merge, via: { channel: 'web', source: { rel: 'merge' } } }],
		['the notice of a merge, marked by nothing', { html_body: `<p>${merge}</p>` }],
		["a rule's comment", { body: 'We are on it.', author: -1, via: rule }],
		["a rule's comment in an agent's name", { body: 'We are on it.', actor: -1, via: rule }],
	])('agree that %s is not a reply', (_, said) => {
		expect([byWebhook(said), byExport(said), byHistory(said)]).toEqual([
			undefined,
			undefined,
			undefined,
		]);
	});
});
