import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject } from 'n8n-workflow';
import type { SandboxTicket } from '../../sandbox/types';
import { CUSTOMER, file, HOUR, MINUTE, pathsOf, runTicket, SECOND, textOf } from './support/desk';
import { worked } from '../support/worked';
import { openConversation, outbound } from './support/conversation';
import type { NodeSetup } from './support/engine';

const goOn = { onError: 'continueRegularOutput' } as const;

describe('Ticket: Log Outbound Message', () => {
	let sandbox: QuickSandbox;
	let ticket: SandboxTicket;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
		ticket = await openConversation(sandbox);
		await markCompleted();
	});
	afterEach(async () => await sandbox.close());

	const markCompleted = async (milliseconds = 5 * SECOND) =>
		await sandbox.clock.advance(milliseconds);
	const log = async (items: IDataObject[], setup: NodeSetup = {}) =>
		await runTicket(sandbox, 'logOutbound', items, setup);
	const notes = () =>
		sandbox.zendesk
			.ticket(ticket.id)
			.comments.filter((comment) => !comment.public)
			.map(({ body }) => body);
	/** An agent's reply that was claimed, as it is when Send Reply has written it. */
	const reply = async (body: string, options = {}): Promise<string> => {
		const { id } = sandbox.zendesk.agentComments(ticket.id, body, options);
		await markCompleted();
		const claimed = await runTicket(sandbox, 'claimReply', [
			{ ticketId: ticket.id, comment: { id } },
		]);
		expect(claimed.json).toMatchObject([{ outcome: 'claimed' }]);
		await markCompleted();
		return id;
	};
	const conversation = (body: string, more: IDataObject = {}): IDataObject =>
		outbound(sandbox, { kind: 'conversation', campaign: null, body, ...more });

	it('reads a time without a zone in the workflow’s', async () => {
		const now = Math.floor(sandbox.clock.now() / 1000) * 1000;
		const there = new Date(now).toLocaleString('sv-SE', { timeZone: 'America/New_York' });
		const { json, error } = await log([outbound(sandbox, { sentAt: there })]);
		expect(error).toBeUndefined();
		expect(json).toMatchObject([{ outcome: 'logged' }]);
		const shown = new Date(now).toISOString().slice(0, 16).replace('T', ' ');
		expect(notes().at(-1)).toContain(`${shown} UTC`);
	});

	it('notes the beginning of four megabytes, which says how much is left out, and does not block n8n', async () => {
		const mediaUrls = Array.from({ length: 20_000 }, (_, at) => `https://acme.co/${at}.png`);
		const began = worked();
		const { json } = await log([
			outbound(sandbox, {
				kind: 'conversation',
				body: 'It is on its way. '.repeat(230_000),
				mediaUrls,
				campaign: { name: 'x'.repeat(1_000_000) },
			}),
		]);
		expect(worked() - began).toBeLessThan(15_000);
		expect(json).toMatchObject([{ outcome: 'logged' }]);
		const words = notes().join('');
		expect(words.length).toBeLessThan(101_000);
		expect(words).toMatch(/\d{7} more characters are left out\.\]/);
	});

	it('notes a campaign on the open ticket for agents only, and leaves its status', async () => {
		const item = outbound(sandbox);
		const { json, items } = await log([item]);
		expect(json).toEqual([
			{
				...item,
				outcome: 'logged',
				ticketId: ticket.id,
				ticketUrl: `${sandbox.zendesk.url}/agent/tickets/${ticket.id}`,
				externalId: `klaviyo:sms:${CUSTOMER}`,
				notifyAgent: false,
			},
		]);
		expect(items[0]?.pairedItem).toEqual({ item: 0 });
		expect(notes()).toEqual([
			expect.stringMatching(
				/^Campaign 'Spring sale', sent \d{4}-\d\d-\d\d \d\d:\d\d UTC:\n\nEverything 20 % off!$/,
			),
		]);
		expect(sandbox.zendesk.ticket(ticket.id).status).toBe('new');
	});

	it('costs two Zendesk calls for a conversation at rest', async () => {
		await markCompleted(10 * MINUTE);
		const before = pathsOf(sandbox).length;
		await log([outbound(sandbox)]);
		expect(pathsOf(sandbox).slice(before)).toEqual([
			'GET /api/v2/tickets',
			`PUT /api/v2/tickets/${ticket.id}`,
		]);
	});

	it('says where each kind of message came from, and whether it failed', async () => {
		await log([
			outbound(sandbox, { kind: 'flow', campaign: null, body: 'Your cart waits.' }),
			conversation('Typed in the Inbox'),
			outbound(sandbox, {
				kind: 'autoResponse',
				event: 'autoResponse',
				campaign: null,
				body: 'Help: ...',
			}),
			outbound(sandbox, {
				event: 'failed',
				delivery: { reason: 'undeliverable, carrier' },
			}),
		]);
		const found = notes().map((note) => note.replace(/, sent \d{4}.*UTC:/, ':'));
		expect(found).toEqual([
			'Flow:\n\nYour cart waits.',
			"Klaviyo's Inbox:\n\nTyped in the Inbox",
			"Klaviyo's automatic response:\n\nHelp: ...",
			"This message was not delivered: undeliverable, carrier. Campaign 'Spring sale':\n\nEverything 20 % off!",
		]);
	});

	it('notes each message once, however and whenever it is brought again', async () => {
		const item = outbound(sandbox);
		expect((await log([item, item])).json).toMatchObject([
			{ outcome: 'logged' },
			{ outcome: 'duplicate' },
		]);
		await markCompleted();
		expect((await log([{ ...item, catchUp: true }])).json).toMatchObject([
			{ outcome: 'duplicate', ticketId: ticket.id, notifyAgent: false },
		]);
		expect(notes()).toHaveLength(1);
	});

	it('notes it once when four executions bring it at the same time', async () => {
		const items = [outbound(sandbox), outbound(sandbox, { body: 'And again' })];
		const runs = await Promise.all([1, 2, 3, 4].map(async () => await log(items)));
		for (const at of [0, 1])
			expect(runs.map(({ json }) => json[at]?.outcome).sort()).toEqual([
				'duplicate',
				'duplicate',
				'duplicate',
				'logged',
			]);
		expect(notes()).toHaveLength(2);
	});

	it('notes it once although the answer was lost', async () => {
		sandbox.switches.faults.lostAnswer = 1;
		const logging = log([outbound(sandbox)]);
		// Only reads are repeated, so the lost answers end with the first write.
		await sandbox.until('something was lost', () => sandbox.calls().length > 8, 20_000);
		sandbox.switches.faults.lostAnswer = 0;
		expect((await logging).json).toMatchObject([{ outcome: 'logged' }]);
		expect(notes()).toHaveLength(1);
	});

	it('opens and reopens no ticket', async () => {
		sandbox.zendesk.agentUpdates(ticket.id, { status: 'solved' });
		await markCompleted();
		const { json } = await log([outbound(sandbox), outbound(sandbox, { to: '+12125550199' })]);
		expect(json).toMatchObject([
			{ outcome: 'noTicket', ticketId: null, ticketUrl: null, notifyAgent: false },
			{ outcome: 'noTicket', ticketId: null },
		]);
		expect(sandbox.zendesk.tickets()).toHaveLength(1);
		expect(sandbox.zendesk.ticket(ticket.id).status).toBe('solved');
		expect(notes()).toEqual([]);
	});

	it('uses the open ticket although a newer one is closed, and none that is not the conversation’s', async () => {
		sandbox.zendesk.agentCreates({
			subject: 'Elsewhere',
			body: 'By email',
			requesterId: ticket.requesterId,
		});
		const closed = sandbox.zendesk.agentCreates({
			subject: 'Newer',
			body: 'Hi',
			requesterId: ticket.requesterId,
			externalId: `klaviyo:sms:${CUSTOMER}`,
		});
		sandbox.zendesk.agentUpdates(closed.id, { status: 'closed' });
		await markCompleted();
		expect((await log([outbound(sandbox)])).json).toMatchObject([{ ticketId: ticket.id }]);
	});

	it('keeps the notes of conversations with a scope apart', async () => {
		await openConversation(sandbox, { scope: 'outlet' });
		await markCompleted();
		const { json } = await log([outbound(sandbox)], {
			parameters: { options: { scope: 'outlet' } },
		});
		expect(json).toMatchObject([{ externalId: `klaviyo:sms:${CUSTOMER}:outlet` }]);
		expect(json[0]?.ticketId).not.toBe(ticket.id);
	});

	it('is not mistaken for a message or a reply afterwards', async () => {
		await log([outbound(sandbox)]);
		await markCompleted();
		const note = sandbox.zendesk.ticket(ticket.id).comments.at(-1);
		expect(note?.public).toBe(false);
		expect(
			(await runTicket(sandbox, 'claimReply', [{ ticketId: ticket.id, commentId: note?.id }])).json,
		).toMatchObject([{ outcome: 'refused', reason: 'notPublic' }]);
		expect((await file(sandbox, [textOf(sandbox, { body: 'Hello?' })])).json).toMatchObject([
			{ outcome: 'commented' },
		]);
	});

	describe('of a reply of ours', () => {
		it('leaves it out, as Klaviyo logs it', async () => {
			await reply('It ships today: https://acme.example/track/1');
			sandbox.zendesk.agentUpdates(ticket.id, { status: 'solved' });
			await markCompleted();
			const { json } = await log([
				conversation('Acme: It ships today: https://acme.klv.co/x1'),
				outbound(sandbox, { kind: 'flow', campaign: null, body: 'Another flow' }),
			]);
			expect(json).toMatchObject([
				{ outcome: 'ownReply', ticketId: ticket.id, notifyAgent: false },
				{ outcome: 'noTicket' },
			]);
		});

		it('recognizes one that was sent through a flow', async () => {
			await reply('By flow');
			expect(
				(await log([outbound(sandbox, { kind: 'flow', campaign: null, body: 'By flow' })])).json,
			).toMatchObject([{ outcome: 'ownReply' }]);
		});

		it('matches the same text one to one: what is left over came from elsewhere', async () => {
			await reply('Thanks!');
			await reply('Thanks!');
			const items = [1, 2, 3].map((second) =>
				conversation('Thanks!', {
					sentAt: new Date(sandbox.clock.now() + second * SECOND).toISOString(),
				}),
			);
			// In any order: they are taken by the time they were sent.
			const { json } = await log([items[2], items[0], items[1]] as IDataObject[]);
			expect(json.map(({ outcome }) => outcome)).toEqual(['logged', 'ownReply', 'ownReply']);
		});

		it('does not match the text of a note, of a reply that was never claimed, or of one long ago', async () => {
			sandbox.zendesk.agentComments(ticket.id, 'Private', { public: false });
			sandbox.zendesk.agentComments(ticket.id, 'Unclaimed');
			await reply('Long ago');
			await markCompleted(2 * HOUR);
			const items = ['Private', 'Unclaimed', 'Long ago'].map((body) => conversation(body));
			expect((await log(items)).json.map(({ outcome }) => outcome)).toEqual(
				Array(3).fill('logged'),
			);
		});

		it('tells the agent when it was not delivered, although the ticket is solved', async () => {
			await reply('It ships today.', { status: 'solved' });
			const failed = conversation('It ships today.', {
				event: 'failed',
				delivery: { reason: 'unreachable, 30003' },
				sentAt: new Date(sandbox.clock.now() + 20 * HOUR).toISOString(),
			});
			await markCompleted(20 * HOUR);
			const { json } = await log([failed]);
			expect(json).toMatchObject([{ outcome: 'logged', ticketId: ticket.id, notifyAgent: true }]);
			expect(notes().at(-1)).toMatch(
				/^This reply was not delivered: unreachable, 30003\. Sent .* UTC:\n\nIt ships today\.$/,
			);
			expect(sandbox.zendesk.ticket(ticket.id).status).toBe('solved');
			await markCompleted();
			// Until someone has changed the ticket: the execution may have died before it could be reopened.
			const again = async () => (await log([failed])).json;
			expect(await again()).toMatchObject([{ outcome: 'duplicate', notifyAgent: true }]);
			for (const status of ['open', 'solved'] as const) {
				sandbox.zendesk.agentUpdates(ticket.id, { status });
				await markCompleted();
				expect(await again()).toMatchObject([{ outcome: 'duplicate', notifyAgent: false }]);
			}
		});
	});

	describe('with unusable input', () => {
		it('skips what is not a message from the brand', async () => {
			const { json } = await log([
				{ ...textOf(sandbox), event: 'customerMessaged', direction: 'inbound' },
				outbound(sandbox, { event: 'unsubscribed' }),
			]);
			expect(json).toMatchObject([{ outcome: 'skipped' }, { outcome: 'skipped' }]);
			expect(notes()).toEqual([]);
		});

		it('says what is missing, and notes the others', async () => {
			const { json, items } = await log(
				[
					outbound(sandbox, { to: 'ACME' }),
					outbound(sandbox, { key: '' }),
					outbound(sandbox, { sentAt: 'soon' }),
					outbound(sandbox, { kind: 'pigeon' }),
					outbound(sandbox, { body: '' }),
				],
				goOn,
			);
			expect(json).toMatchObject([
				{ error: "'Customer Phone' is not a valid phone number: 'ACME'" },
				{ error: "'Key' is empty" },
				{ error: "'Sent At' is not a valid date: 'soon'" },
				{ error: "'Kind' is not valid: 'pigeon'" },
				{ outcome: 'logged' },
			]);
			expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
				[0, 1, 2, 3, 4].map((item) => ({ item })),
			);
			expect(notes()).toEqual([expect.stringContaining('(The text is empty.)')]);
		});

		it('works with only its own parameters, as an AI agent sets them', async () => {
			const { json } = await log([{}], {
				parameters: {
					customerPhone: '+1 212 555 0123',
					text: 'By hand',
					key: 'agent:1',
					sentAt: new Date(sandbox.clock.now()).toISOString(),
					kind: 'campaign',
					event: '',
					campaignName: '',
				},
			});
			expect(json).toMatchObject([{ outcome: 'logged', ticketId: ticket.id }]);
		});

		it('names Zendesk’s refusal on each item: full ticket, wrong token', async () => {
			for (let left = 5000; left > 1; left -= 1) sandbox.zendesk.agentComments(ticket.id, 'x');
			await markCompleted();
			const { json } = await log([outbound(sandbox)], goOn);
			expect(json[0]?.error).toMatch(
				/^The message was not noted on a ticket\. Zendesk refused the note on ticket .*5,000 comments/,
			);
			const credentials = {
				zendeskSyncApi: {
					zendeskUrl: sandbox.zendesk.url,
					email: sandbox.zendesk.account.email,
					apiToken: 'expired',
				},
			};
			expect((await log([outbound(sandbox)], { ...goOn, credentials })).json).toMatchObject([
				{ error: 'The credential was not accepted' },
			]);
		});

		it('gives up after a while when Zendesk does not answer, and says so', async () => {
			const { email } = sandbox.zendesk.account;
			const credentials = {
				zendeskSyncApi: { zendeskUrl: 'http://127.0.0.1:9', email, apiToken: 'x' },
			};
			expect((await log([outbound(sandbox)], { ...goOn, credentials })).json).toMatchObject([
				{
					error: expect.stringMatching(
						/^The message was not noted on a ticket\. .*could not be read/,
					),
				},
			]);
		});
	});
});
