/** What an agent writes in the agent interface, from the ticket to the customer's phone. */
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { segmentsOf } from '../../domain/segments';
import type { SandboxComment } from '../../sandbox/types';
import { CUSTOMER, file, runTicket, SECOND, settledTicket, textOf } from './support/desk';
import { runMessage, messagesTo } from './support/klaviyoMessages';
import { eventsOf, HandClock, TriggerStage } from './support/zendeskTrigger';

const SIGNATURE = 'Mia Jensen\nAcme Support';
const html =
	'Hi Ana,<br>&nbsp;<br>Q&amp;A: &nbsp;you can <a href="https://ups.example/t/1?a=1&amp;b=2" rel="noreferrer">track it here</a>.<ul dir="auto"><li>Print the label</li><li>Drop it off</li></ul>';
const words =
	'Hi Ana,\n\nQ&A: you can track it here (https://ups.example/t/1?a=1&b=2).\n- Print the label\n- Drop it off';

describe("An agent's reply, as the agent interface makes it", () => {
	let sandbox: QuickSandbox;
	let ticketId: string;

	beforeEach(async () => {
		sandbox = await startQuickSandbox({ switches: { agentSignature: SIGNATURE } });
		sandbox.klaviyo.addProfile({ phone: CUSTOMER, email: 'cy@home.co', smsMarketing: true });
		sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Where is my order?' });
		ticketId = (await settledTicket(sandbox)).id;
	});
	afterEach(async () => await sandbox.close());

	const write = async (body: string, options: object = {}): Promise<SandboxComment> => {
		const comment = sandbox.zendesk.agentComments(ticketId, body, options);
		await sandbox.clock.advance(5 * SECOND);
		return comment;
	};
	const claim = async ({ id }: SandboxComment, options: INodeParameters = {}) =>
		(
			await runTicket(sandbox, 'claimReply', [{ ticketId, comment: { id } }], {
				parameters: { options },
			})
		).json[0] as IDataObject;
	const send = async (claimed: IDataObject) =>
		(await runMessage(sandbox, 'sendReply', [claimed])).json[0] as IDataObject;

	it('is sent as its text, once: no signature, but links and lists', async () => {
		const comment = await write('', { html });
		expect(comment.plainBody).toContain('Q&amp;A');
		expect(comment.plainBody).toContain('Mia Jensen');
		const claimed = await claim(comment);
		expect(claimed).toMatchObject({ outcome: 'claimed', body: words });
		expect(await send(claimed)).toMatchObject({ outcome: 'sent', ...segmentsOf(words) });
		expect(messagesTo(sandbox)).toEqual([words]);
	});

	it('is sent with the signature if the builder wants that', async () => {
		const claimed = await claim(await write('It ships today.'), { keepSignature: true });
		expect(claimed).toMatchObject({ body: `It ships today.\n\n${SIGNATURE}` });
		await send(claimed);
		expect(messagesTo(sandbox)).toEqual([`It ships today.\n\n${SIGNATURE}`]);
	});

	describe('with the name of the agent at the end', () => {
		const endWith = '– {{agent}}';
		const writtenBy = async (agent: { name: string; alias?: string }, body = 'It ships today.') => {
			const { id: agentId } = sandbox.zendesk.addUser({ ...agent, role: 'agent' });
			return await write(body, { agentId });
		};

		it.each([
			['name', { name: 'Mia Jensen' }, '– Mia Jensen'],
			['alias', { name: 'Mia Jensen', alias: 'Mia J.' }, '– Mia J.'],
		])('is sent once, and found in the log (%s)', async (_, agent, ending) => {
			const comment = await writtenBy(agent);
			const claimed = await claim(comment, { endWith });
			const text = `It ships today.\n${ending}`;
			expect(await send(claimed)).toMatchObject({ outcome: 'sent', ...segmentsOf(text) });
			expect(messagesTo(sandbox)).toEqual([text]);
			// The option is off by the time that the claim runs out.
			await sandbox.clock.advance(500 * SECOND);
			const unclear = await claim(comment);
			expect(unclear).toMatchObject({ outcome: 'unclear', ending });
			expect(await send(unclear)).toMatchObject({ outcome: 'alreadySent' });
			expect(messagesTo(sandbox)).toEqual([text]);
		});

		it('is not noted as a message from elsewhere', async () => {
			await send(await claim(await writtenBy({ name: 'Mia Jensen' }), { endWith }));
			const [body = ''] = messagesTo(sandbox);
			const message = { key: 'message:E9', event: 'delivered', direction: 'outbound', kind: 'conversation', from: sandbox.klaviyo.brandPhone, to: CUSTOMER, body, sentAt: new Date(sandbox.clock.now()).toISOString() }; // prettier-ignore
			const { json } = await runTicket(sandbox, 'logOutbound', [message]);
			expect(json).toMatchObject([{ outcome: 'ownReply', ticketId }]);
		});

		it('is off by default', async () => {
			await send(await claim(await writtenBy({ name: 'Mia Jensen' })));
			expect(messagesTo(sandbox)).toEqual(['It ships today.']);
		});
	});

	it.each([true, false])(
		"is recognized in Klaviyo's log, and not noted (with its signature: %s)",
		async (keepSignature) => {
			await send(await claim(await write('', { html }), { keepSignature }));
			const [body = ''] = messagesTo(sandbox);
			const message = { key: 'message:E9', event: 'delivered', direction: 'outbound', kind: 'conversation', from: sandbox.klaviyo.brandPhone, to: CUSTOMER, body, sentAt: new Date(sandbox.clock.now()).toISOString() }; // prettier-ignore
			const { json } = await runTicket(sandbox, 'logOutbound', [message]);
			expect(json).toMatchObject([{ outcome: 'ownReply', ticketId }]);
		},
	);

	it('counts as the same text, whatever its markup and its signature', async () => {
		await write('', { html: 'It <b>ships</b>&nbsp;today.', signature: 'Max' });
		const claimed = await claim(await write('It ships today.'));
		expect(claimed).toMatchObject({ outcome: 'claimed', sameWordsBefore: 1 });
	});

	it('shows a picture inside it once, by its address', async () => {
		const url = 'https://acme.zendesk.test/attachments/token/x/?name=map.png';
		const claimed = await claim(await write('', { html: `See <img src="${url}">` }));
		await send({ ...claimed, attachments: [{ fileName: 'map.png', url }] });
		expect(messagesTo(sandbox)).toEqual([`See ${url}`]);
	});

	it('is refused as empty if there is nothing but the signature', async () => {
		const claimed = await claim(await write('', { html: '&nbsp;' }), { keepSignature: true });
		expect(claimed).toMatchObject({ outcome: 'refused', reason: 'emptyBody' });
	});

	it("has its text in Ticket: Get, too, even if the comment's other forms are empty", async () => {
		await write('', { html });
		sandbox.switches.apiComments = 'bodyOnly';
		await file(sandbox, [textOf(sandbox, { body: 'Thanks & bye' })]);
		const parameters = { options: { includeComments: true } };
		const { json } = await runTicket(sandbox, 'get', [{ ticketId }], { parameters });
		const comments = (json[0]?.comments ?? []) as IDataObject[];
		expect(comments.map(({ body }) => body)).toEqual(['Where is my order?', words, 'Thanks & bye']);
	});
});

describe("A comment in an agent's name that no agent wrote to the customer", () => {
	let sandbox: QuickSandbox;
	let ticketId: string;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
		ticketId = (await settledTicket(sandbox)).id;
	});
	afterEach(async () => await sandbox.close());

	const claim = async (id: string) => {
		await sandbox.clock.advance(5 * SECOND);
		return (await runTicket(sandbox, 'claimReply', [{ ticketId, comment: { id } }])).json;
	};

	it('is refused if it is the record of a call', async () => {
		const record = sandbox.zendesk.agentCalls(ticketId);
		expect(await claim(record.id)).toMatchObject([{ outcome: 'refused', reason: 'callRecord' }]);
	});

	it('is refused if a rule wrote it, and the reply beside it is not', async () => {
		const { zendesk } = sandbox;
		zendesk.addTrigger({
			title: 'Thank the customer',
			when: { comment: 'public', by: 'staff' },
			then: { comment: { body: 'We are on it.', public: true, authorId: zendesk.agent.id } },
		});
		const reply = zendesk.agentComments(ticketId, 'It ships today.');
		const { comments } = zendesk.ticket(ticketId);
		const thanks = comments.find(({ body }) => body === 'We are on it.');
		expect(await claim(thanks?.id ?? '')).toMatchObject([
			{ outcome: 'refused', reason: 'ruleComment' },
		]);
		expect(await claim(reply.id)).toMatchObject([
			{ outcome: 'claimed', body: 'It ships today.', sameWordsBefore: 0 },
		]);
	});
});

describe("An agent's reply, as the trigger brings it", () => {
	it('has the same text by webhook, by export and by histories, and the record of a call has none', async () => {
		const stage = await TriggerStage.start({ switches: { agentSignature: SIGNATURE } });
		const clock = new HandClock(stage);
		try {
			const parameters = { options: { repliesOnOtherTickets: true } };
			const trigger = await stage.publish({ parameters });
			const [exporting, reading] = [
				await stage.prepare({ parameters, id: 'export' }),
				await stage.prepare({ parameters, id: 'histories' }),
			];
			const { zendesk } = stage.sandbox;
			const ticket = zendesk.agentCreates({ subject: 'Hi', body: 'Hi', requesterId: stage.customer(), public: false }); // prettier-ignore
			clock.pass(3 * SECOND);
			zendesk.agentComments(ticket.id, '', { html });
			zendesk.agentCalls(ticket.id);
			await stage.sandbox.deliveriesSettled();
			const repliesOf = (events: IDataObject[]) =>
				events.flatMap(({ comment }) => (comment ? [(comment as IDataObject).body] : []));
			expect(repliesOf(eventsOf(trigger))).toEqual([words]);
			expect(repliesOf(await clock.poll(exporting, 6 * 60 * SECOND))).toEqual([words]);
			stage.sandbox.switches.incrementalExportAllowed = false;
			exporting.restart();
			expect(repliesOf(await clock.poll(reading, SECOND))).toEqual([words]);
		} finally {
			await stage.close();
		}
	});
});
