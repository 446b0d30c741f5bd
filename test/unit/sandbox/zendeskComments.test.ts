/** A comment's three forms, as recorded answers have them. */
import { type Sandbox, startSandbox } from '../../../sandbox';
import { listenForWebhooks, subscribeZendesk, zendeskClient } from './bench';

let sandbox: Sandbox;
let ticketId: string;

beforeEach(async () => {
	sandbox = await startSandbox();
	const { id: requesterId } = sandbox.zendesk.addUser({ name: 'Ada', phone: '+12025550111' });
	ticketId = sandbox.zendesk.agentCreates({ subject: 'SMS', body: 'Hello', requesterId }).id;
});
afterEach(() => sandbox.close());

const inDiv = (html: string): string => `<div class="zd-comment" dir="auto">${html}</div>`;

describe("An agent's comment", () => {
	const words = 'Hi,\n\nQ&A is  attached.';
	const html = inDiv(
		'Hi,<br>&nbsp;<br>Q&amp;A is &nbsp;attached.<br>\n\n<span class="collapse-signature"></span><div class="signature"><p dir="auto">A. Agent<br>\nAcme</p></div>',
	);

	it('contains the signature and what HTML needs; plain_body is not decoded', () => {
		const { body, plainBody, htmlBody } = sandbox.zendesk.agentComments(ticketId, words, {
			signature: 'A. Agent\nAcme',
		});
		expect(htmlBody).toBe(html);
		expect(plainBody).toBe('Hi,\n&nbsp;\nQ&amp;A is &nbsp;attached.\n\n\n  A. Agent\n\nAcme');
		expect(body).toBe('Hi,\n\nQ&A is  attached.\n\nA. Agent\nAcme');
	});

	it('is the same in every answer and in the webhook', async () => {
		const client = zendeskClient(sandbox);
		const endpoint = await listenForWebhooks();
		await subscribeZendesk(client, endpoint.url, ['comment_added']);
		await sandbox.clock.advance(1000);
		const { body, plainBody, htmlBody, id } = sandbox.zendesk.agentComments(ticketId, words);
		await sandbox.deliveriesSettled();
		await endpoint.close();
		const forms = { body, html_body: htmlBody, plain_body: plainBody };
		const path = `/api/v2/tickets/${ticketId}`;
		const listed = await client.get(`${path}/comments`);
		expect(listed.data.comments[1]).toMatchObject(forms);
		const audits = await client.get(`${path}/audits`);
		expect(audits.data.audits[1].events[0]).toMatchObject(forms);
		await sandbox.clock.advance(61_000);
		const exported = await client.get(
			'/api/v2/incremental/ticket_events?start_time=1&include=comment_events',
		);
		expect(exported.data.ticket_events[1].child_events[0]).toMatchObject(forms);
		expect(endpoint.received[0]?.body).toMatchObject({
			event: { comment: { id, body, html_body: htmlBody } },
		});
	});

	it.each<[string, string | undefined, object, boolean]>([
		['to the customer', 'Bo\nShop', {}, true],
		['that is internal', 'Bo\nShop', { public: false }, false],
		['where there is no signature', '', {}, false],
		['with a signature of its own that is empty', 'Bo\nShop', { signature: '' }, false],
	])('%s is signed only where it should be', (_, signature, options, isSigned) => {
		if (signature !== undefined) sandbox.switches.agentSignature = signature;
		const { htmlBody } = sandbox.zendesk.agentComments(ticketId, 'Hello', options);
		expect(htmlBody.includes('class="signature"')).toBe(isSigned);
	});

	it('of an end user is never signed', () => {
		const { requesterId } = sandbox.zendesk.ticket(ticketId);
		const { body } = sandbox.zendesk.agentComments(ticketId, 'Me', { agentId: requesterId });
		expect(body).toBe('Me');
	});

	it('may contain what an editor makes: a named link, lists, a picture', () => {
		const { body, plainBody } = sandbox.zendesk.agentComments(ticketId, '', {
			html: '<p>See <a href="https://acme.example/q?a=1&amp;b=2">this <b>page</b></a></p><ul><li>one</li><li>two</li></ul><ol><li>three</li><li>four</li></ol><img src="https://acme.example/p.png">',
			signature: '',
		});
		expect(body).toBe(
			'See [this **page**](https://acme.example/q?a=1&b=2)\n* one\n* two\n1. three\n2. four\n![](https://acme.example/p.png)',
		);
		expect(plainBody).toBe('See this page\none\ntwo\nthree\nfour');
	});
});

describe('A comment made by API', () => {
	const write = async (comment: object) => {
		const answer = await zendeskClient(sandbox).put(`/api/v2/tickets/${ticketId}`, {
			ticket: { comment },
		});
		return answer.data.audit.events[0];
	};

	it('with body has its text plain, and in one paragraph', async () => {
		expect(await write({ body: 'Q&A\nhere' })).toMatchObject({
			body: 'Q&A\nhere',
			plain_body: 'Q&A\nhere',
			html_body: inDiv('<p dir="auto">Q&amp;A<br>here</p>'),
		});
	});

	it('may have nothing but its body', async () => {
		sandbox.switches.apiComments = 'bodyOnly';
		expect(await write({ html_body: '<p>Q&amp;A</p>' })).toMatchObject({
			body: 'Q&A',
			plain_body: '',
			html_body: '',
		});
	});
});
