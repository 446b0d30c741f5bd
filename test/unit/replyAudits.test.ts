/** What a ticket's history says of its comments, as Claim Reply and Log Outbound Message read it. */
import { entryOfAudit } from '../../nodes/ZendeskSync/api/entries';
import { asReplyAudits } from '../../nodes/ZendeskSync/api/replyAudits';
import { wireAudit, type WireUser } from '../../nodes/ZendeskSync/api/wire';

const TIME = '2026-11-22T10:00:00Z';
const mia: WireUser = {
	id: '9',
	name: 'Mia',
	email: 'mia@acme.test',
	phone: null,
	role: 'agent',
	external_id: null,
};
const users = new Map([[mia.id, mia]]);

const comment = (more: object = {}) => ({
	id: 77,
	type: 'Comment',
	public: true,
	author_id: 9,
	body: 'It ships today.',
	...more,
});
const audit = (events: object[], more: object = {}) =>
	wireAudit.parse({ id: 501, created_at: TIME, author_id: 9, events, ...more });
const read = (events: object[], more: object = {}) => asReplyAudits(audit(events, more), users);
const trigger = { channel: 'rule', source: { rel: 'trigger', from: { title: 'Notify' } } };

describe('An audit', () => {
	it("gives its comment's text without the signature, and with it", () => {
		const html_body =
			'<div class="zd-comment">Q&amp;A<br><div class="signature">Mia<br>Acme</div></div>';
		const [reply] = read([comment({ html_body, plain_body: 'Q&amp;A\nMia\nAcme' })]);
		expect(reply?.comment).toMatchObject({ id: '77', body: 'Q&A', signedBody: 'Q&A\nMia\nAcme' });
	});

	it('gives the text of a comment that has only body, although the other forms are empty', () => {
		const [reply] = read([comment({ html_body: '', plain_body: '' })]);
		expect(reply?.comment?.body).toBe('It ships today.');
		expect(reply?.comment).not.toHaveProperty('signedBody');
	});

	it('leaves out the pictures of the signature, and no other', () => {
		const at = (name: string) => `https://acme.zendesk.test/attachments/token/x/?name=${name}`;
		const html_body = `See <img src="${at('map.png')}"><div class="signature"><img src="${at('logo.png')}"></div>`;
		const attachments = ['map.png', 'logo.png', 'bill.pdf'].map((name) => ({
			file_name: name,
			content_url: at(name),
		}));
		const [reply] = read([comment({ html_body, attachments })]);
		const names = reply?.comment?.attachments.map(({ fileName }) => fileName);
		expect(names).toEqual(['map.png', 'bill.pdf']);
	});

	it('is several if a rule has written beside the agent', () => {
		const note = comment({ id: 78, author_id: -1, body: 'Late!', via: trigger, public: false });
		const all = read([comment(), note], { metadata: { custom: { key: 'message:1' } } });
		expect(all.map((one) => one.comment?.id)).toEqual(['77', '78']);
		// Each marker counts once.
		expect(all.map(({ marker }) => marker?.key)).toEqual(['message:1', undefined]);
	});

	it.each<[string, object, object, string | null]>([
		['a message', {}, { via: { channel: 'web', source: { rel: null } } }, null],
		['the record of a call', { type: 'VoiceComment' }, {}, 'callRecord'],
		['the record of a call, by its words', { body: 'Call to: +1 212 555 0123\nTime of call: 10:00' }, {}, 'callRecord'], // prettier-ignore
		['of a rule, as its event says', { via: trigger }, {}, 'ruleComment'],
		['of a rule, as the audit says', {}, { via: { channel: 'rule' } }, 'ruleComment'],
		['of a merge', {}, { via: { channel: 'web', source: { rel: 'merge' } } }, 'mergeNotice'],
		['of a merge, by its words', { body: 'This request was closed and merged into request #12 "Order".' }, {}, 'mergeNotice'], // prettier-ignore
	])('says whether its comment is %s', (_, event, more, unwritten) => {
		expect(read([comment(event)], more)[0]?.comment?.unwritten).toBe(unwritten);
	});

	it('gives catch-up the same text, and the same kind of comment', () => {
		const html_body =
			'<p>See <a href="https://a.test/x">this</a></p><div class="signature">Mia</div>';
		for (const event of [comment({ html_body }), comment({ type: 'VoiceComment' })]) {
			const [reply] = read([event]);
			const [entry] = entryOfAudit('35', audit([event])).comments;
			expect(entry).toMatchObject({
				body: reply?.comment?.body,
				unwritten: reply?.comment?.unwritten,
			});
		}
	});
});
