import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject } from 'n8n-workflow';
import { ZendeskSync } from '../../nodes/ZendeskSync/ZendeskSync.node';
import { ZendeskSyncTrigger } from '../../nodes/ZendeskSync/ZendeskSyncTrigger.node';
import type { SandboxTicket } from '../../sandbox/types';
import {
	ask,
	bodiesOf,
	CUSTOMER,
	file,
	HOUR,
	MINUTE,
	pathsOf,
	SECOND,
	textOf,
	ticketOperation,
	zendeskCredentials,
} from './support/desk';
import { runChain } from './support/engine';

const goOn = { onError: 'continueRegularOutput' } as const;

describe('Ticket: Create or Reopen From Message', () => {
	let sandbox: QuickSandbox;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
	});
	afterEach(async () => await sandbox.close());

	const onlyTicket = (): SandboxTicket => {
		const [ticket, ...more] = sandbox.zendesk.tickets();
		if (!ticket || more.length > 0) throw new Error(`${more.length + 1} tickets`);
		return ticket;
	};
	const requesterOf = (ticket: SandboxTicket) =>
		sandbox.zendesk.users().find(({ id }) => id === ticket.requesterId);
	/** So long that the next message finds a ticket that did not change since it was sent. */
	const rest = async () => await sandbox.clock.advance(5 * MINUTE);

	describe('of a customer without a ticket', () => {
		it('opens one, tagged and with the message in their name', async () => {
			const message = textOf(sandbox, {
				customer: { name: 'Ana Ruiz', email: 'ana@home.co' },
			});
			const { json, items } = await file(sandbox, [message]);
			const ticket = onlyTicket();
			expect(json).toEqual([
				{
					...message,
					outcome: 'created',
					ticketId: ticket.id,
					ticketUrl: `${sandbox.zendesk.url}/agent/tickets/${ticket.id}`,
					externalId: `klaviyo:sms:${CUSTOMER}`,
				},
			]);
			expect(items[0]?.pairedItem).toEqual({ item: 0 });
			expect(ticket).toMatchObject({
				subject: `SMS from Ana Ruiz (${CUSTOMER})`,
				status: 'new',
				tags: ['sms'],
				externalId: `klaviyo:sms:${CUSTOMER}`,
				comments: [{ body: 'Where is my order?', public: true, authorId: ticket.requesterId }],
			});
			expect(ticket.audits.map(({ custom }) => custom)).toEqual([
				{
					key: message.key,
					eventId: message.eventId,
					sentAt: message.sentAt,
					profileId: 'P1',
					from: CUSTOMER,
					to: sandbox.klaviyo.brandPhone,
				},
			]);
			expect(requesterOf(ticket)).toMatchObject({
				name: 'Ana Ruiz',
				role: 'end-user',
				email: null,
				phone: CUSTOMER,
				externalId: `klaviyo:sms:${CUSTOMER}`,
			});
		});

		it('makes the ticket as the options say', async () => {
			const options = {
				brandId: '360001000002',
				groupId: '360002000002',
				priority: 'high',
				type: 'problem',
				tags: 'sms, vip  outlet',
				subject: 'A message',
			};
			await file(sandbox, [textOf(sandbox)], { parameters: { options } });
			expect(onlyTicket()).toMatchObject({
				brandId: '360001000002',
				groupId: '360002000002',
				tags: ['sms', 'vip', 'outlet'],
				subject: 'A message',
			});
			const wire = await ask(sandbox, 'GET', `/api/v2/tickets/${onlyTicket().id}`);
			expect(wire).toMatchObject({ ticket: { priority: 'high', type: 'problem' } });
		});

		it('makes the ticket as the options say, however they are chosen', async () => {
			const chosen = (mode: string, value: string) => ({ __rl: true, mode, value });
			const admin = 'https://acme.zendesk.com/admin';
			const options = {
				brandId: chosen('id', "={{ $json.from ? '360001000002' : '' }}"),
				groupId: chosen('url', `${admin}/people/team/groups/360002000002`),
				formId: chosen('list', '360004000002'),
				customFields: {
					field: [{ fieldId: chosen('list', '360003000102'), value: 'reason_return' }],
				},
			};
			await file(sandbox, [textOf(sandbox)], { parameters: { options } });
			const wire = await ask(sandbox, 'GET', `/api/v2/tickets/${onlyTicket().id}`);
			expect(wire).toMatchObject({
				ticket: {
					brand_id: 360001000002,
					group_id: 360002000002,
					ticket_form_id: 360004000002,
					custom_fields: expect.arrayContaining([{ id: 360003000102, value: 'reason_return' }]),
				},
			});
		});

		it('leaves to Zendesk what was opened and not chosen', async () => {
			const nothing = { __rl: true, mode: 'list', value: '' };
			const options = { brandId: nothing, groupId: nothing, formId: nothing };
			const { json } = await file(sandbox, [textOf(sandbox)], { parameters: { options } });
			expect(json).toMatchObject([{ outcome: 'created' }]);
		});

		it.each(['', ' \n '])('shows the pictures of a message that says %j', async (body) => {
			const mediaUrls = ['https://klaviyo.example/1.jpg', 'https://klaviyo.example/2.jpg'];
			const messages = [
				textOf(sandbox, { body, mediaUrls }),
				textOf(sandbox, { body, from: '+12125550124' }),
			];
			await file(sandbox, messages, { parameters: { options: { attachMedia: false } } });
			expect(bodiesOf(sandbox)).toEqual([
				['https://klaviyo.example/1.jpg\nhttps://klaviyo.example/2.jpg'],
				['(The text is empty.)'],
			]);
		});
	});

	it('reads a time without a zone in the workflow’s', async () => {
		const now = Math.floor(sandbox.clock.now() / 1000) * 1000;
		const there = new Date(now).toLocaleString('sv-SE', { timeZone: 'America/New_York' });
		const { error } = await file(sandbox, [textOf(sandbox, { sentAt: there })]);
		expect(error).toBeUndefined();
		expect(onlyTicket().audits[0]?.custom.sentAt).toBe(new Date(now).toISOString());
	});

	describe('The requester', () => {
		const requester = async (more = {}) => {
			await file(sandbox, [textOf(sandbox, more)]);
			return requesterOf(onlyTicket());
		};
		const customer = { email: 'ana@home.co' };

		it('is the one with the external id, before e-mail address and number', async () => {
			sandbox.zendesk.addUser({ name: 'By mail', email: 'ana@home.co' });
			sandbox.zendesk.addUser({ name: 'By phone', phone: CUSTOMER });
			const externalId = `klaviyo:sms:${CUSTOMER}`;
			const known = sandbox.zendesk.addUser({ name: 'By id', externalId });
			expect(await requester({ customer })).toEqual(known);
		});

		describe('whose address anyone could have entered', () => {
			it('is not the user with that address: one without it is created', async () => {
				const vera = sandbox.zendesk.addUser({ name: 'Vera', email: 'ana@home.co' });
				const made = await requester({ customer });
				expect(made).toMatchObject({ phone: CUSTOMER, email: null });
				expect(made?.id).not.toBe(vera.id);
				expect(pathsOf(sandbox).filter((path) => path.includes('/users/search'))).toHaveLength(1);
			});

			it('is created without it when Zendesk knows nobody, so that nobody else’s mail lands there', async () => {
				expect(await requester({ customer })).toMatchObject({ phone: CUSTOMER, email: null });
			});

			it('is distinguished by it from others who share the number', async () => {
				sandbox.zendesk.addUser({ name: 'One', phone: CUSTOMER, email: 'one@home.co' });
				const known = sandbox.zendesk.addUser({
					name: 'Two',
					phone: CUSTOMER,
					email: 'ana@home.co',
				});
				expect(await requester({ customer: { email: ' ANA@home.co' } })).toEqual(known);
			});
		});

		describe('whose address the builder trusts', () => {
			const trusted = async (more: IDataObject = {}) => {
				const parameters = { options: { trustEmail: true } };
				await file(sandbox, [textOf(sandbox, { customer, ...more })], { parameters });
				return requesterOf(onlyTicket());
			};

			it("is the one with the address, and keeps the shop's external id", async () => {
				sandbox.zendesk.addUser({ name: 'By phone', phone: CUSTOMER });
				const known = sandbox.zendesk.addUser({
					name: 'By mail',
					email: 'ana@home.co',
					externalId: 'shop-42',
				});
				expect(await trusted({ customer: { email: ' ANA@home.co' } })).toEqual(known);
				expect(sandbox.zendesk.users().find(({ id }) => id === known.id)).toEqual(known);
			});

			it('is created with it', async () => {
				expect(await trusted()).toMatchObject({ phone: CUSTOMER, email: 'ana@home.co' });
			});

			it('keeps it when the builder no longer trusts addresses', async () => {
				await trusted();
				await file(sandbox, [textOf(sandbox, { customer })]);
				expect(requesterOf(onlyTicket())).toMatchObject({ phone: CUSTOMER, email: 'ana@home.co' });
			});

			it.each(['agent', 'admin'] as const)('is never staff (%s)', async (role) => {
				sandbox.zendesk.addUser({ name: 'Ada', role, email: 'ana@home.co', phone: CUSTOMER });
				expect(await trusted()).toMatchObject({ role: 'end-user', email: null });
			});
		});

		it('is the one with exactly the number', async () => {
			sandbox.zendesk.addUser({ name: 'Somebody', phone: `${CUSTOMER}4` });
			sandbox.zendesk.addUser({ name: 'Abroad', phone: '+44 212 555 0123' });
			const known = sandbox.zendesk.addUser({ name: 'By phone', phone: CUSTOMER });
			expect(await requester({ customer })).toEqual(known);
		});

		it.each([
			'(212) 555-0123',
			'212-555-0123',
			'12125550123',
			'1 (212) 555-0123',
			'001 212 555 0123',
			'+12125550123 x4',
		])('is the one whose number Zendesk has as %s', async (phone) => {
			sandbox.zendesk.addUser({ name: 'Somebody', phone: '(212) 555-0124' });
			const known = sandbox.zendesk.addUser({ name: 'By phone', phone });
			expect(await requester({ customer })).toEqual(known);
		});

		it.each([
			['Mexico', '+525512345678', '+5215512345678'],
			['Brazil', '+5511987654321', '+551187654321'],
			['Argentina', '+5491123456789', '+541123456789'],
		])('is one, with one ticket, in both spellings of %s', async (_country, from, again) => {
			const known = sandbox.zendesk.addUser({ name: 'By phone', phone: again });
			await file(sandbox, [textOf(sandbox, { from }), textOf(sandbox, { from: again })]);
			await rest();
			await file(sandbox, [textOf(sandbox, { from: again })]);
			expect(requesterOf(onlyTicket())).toEqual(known);
			expect(onlyTicket().comments).toHaveLength(3);
		});

		it('is none of two who share the number', async () => {
			const sharing = ['One', 'Two'].map((name) =>
				sandbox.zendesk.addUser({ name, phone: CUSTOMER }),
			);
			const made = await requester();
			expect(sharing.map(({ id }) => id)).not.toContain(made?.id);
			expect(made).toMatchObject({
				name: `Customer ${CUSTOMER}`,
				role: 'end-user',
				externalId: `klaviyo:sms:${CUSTOMER}`,
			});
		});

		it.each(['agent', 'admin'] as const)('is never staff (%s)', async (role) => {
			sandbox.zendesk.addUser({ name: 'Ada', role, email: 'ana@home.co', phone: CUSTOMER });
			expect(await requester({ customer })).toMatchObject({ role: 'end-user', email: null });
		});

		it('is found again when the next ticket is opened', async () => {
			const first = await requester({ customer: { name: 'Ana' } });
			sandbox.zendesk.agentUpdates(onlyTicket().id, { status: 'closed' });
			await rest();
			await file(sandbox, [textOf(sandbox)]);
			expect(sandbox.zendesk.tickets().map(({ requesterId }) => requesterId)).toEqual([
				first?.id,
				first?.id,
			]);
		});
	});

	describe('of a customer with a ticket', () => {
		const opened = async () => {
			await file(sandbox, [textOf(sandbox)]);
			return onlyTicket();
		};

		it('costs two calls, and says in the history which message it was', async () => {
			const { id, requesterId } = await opened();
			await rest();
			const before = pathsOf(sandbox).length;
			const message = textOf(sandbox, { body: 'Hello?' });
			const { json } = await file(sandbox, [message]);
			expect(json).toMatchObject([{ outcome: 'commented', ticketId: id }]);
			expect(pathsOf(sandbox).slice(before)).toEqual([
				'GET /api/v2/tickets',
				`PUT /api/v2/tickets/${id}`,
			]);
			expect(onlyTicket().comments.at(-1)).toMatchObject({
				body: 'Hello?',
				public: true,
				authorId: requesterId,
			});
			expect(onlyTicket().audits.at(-1)?.custom).toMatchObject({ key: message.key });
		});

		it.each([
			['new', 'new', 'commented'],
			['open', 'open', 'commented'],
			['pending', 'open', 'commented'],
			['hold', 'open', 'commented'],
			['solved', 'open', 'reopened'],
		] as const)('leaves a ticket that is %s %s (%s)', async (before, after, outcome) => {
			const { id } = await opened();
			if (before !== 'new') sandbox.zendesk.agentUpdates(id, { status: before });
			await rest();
			const { json } = await file(sandbox, [textOf(sandbox)]);
			expect(json).toMatchObject([{ outcome, ticketId: id }]);
			expect(onlyTicket()).toMatchObject({ status: after, comments: { length: 2 } });
		});

		it('opens a new one when the old one is closed, though within two hours of it', async () => {
			const { id } = await opened();
			sandbox.zendesk.agentUpdates(id, { status: 'closed' });
			await rest();
			const { json } = await file(sandbox, [textOf(sandbox, { body: 'Me again' })]);
			expect(json).toMatchObject([{ outcome: 'created' }]);
			expect(bodiesOf(sandbox)).toEqual([['Where is my order?'], ['Me again']]);
		});

		it('is added to the newest that is not closed, whatever its brand', async () => {
			const { requesterId, externalId } = await opened();
			const another = () =>
				sandbox.zendesk.agentCreates({
					subject: 'By hand',
					body: 'Hi',
					requesterId,
					externalId: externalId ?? '',
				});
			const [middle, newest] = [another(), another()];
			await ask(sandbox, 'PUT', `/api/v2/tickets/${middle.id}`, {
				ticket: { brand_id: 360001000002 },
			});
			sandbox.zendesk.agentUpdates(newest.id, { status: 'closed' });
			await rest();
			const { json } = await file(sandbox, [textOf(sandbox)]);
			expect(json).toMatchObject([{ outcome: 'commented', ticketId: middle.id }]);
		});

		it('is a conversation of its own for each scope', async () => {
			const scoped = { parameters: { options: { scope: '={{ $json.brand }}' } } };
			const { json } = await file(
				sandbox,
				[textOf(sandbox), textOf(sandbox, { brand: 'outlet' }), textOf(sandbox, { brand: 'kids' })],
				scoped,
			);
			expect(json.map(({ externalId }) => externalId)).toEqual([
				`klaviyo:sms:${CUSTOMER}`,
				`klaviyo:sms:${CUSTOMER}:outlet`,
				`klaviyo:sms:${CUSTOMER}:kids`,
			]);
			expect(new Set(sandbox.zendesk.tickets().map(({ requesterId }) => requesterId)).size).toBe(1);
			await rest();
			await file(sandbox, [textOf(sandbox, { brand: 'kids', body: 'Again' })], scoped);
			expect(bodiesOf(sandbox).at(2)).toEqual(['Where is my order?', 'Again']);
		});
	});

	describe('that comes again', () => {
		it('is in the ticket once, while it is open, solved, and closed', async () => {
			const message = textOf(sandbox);
			await file(sandbox, [message]);
			const { id } = onlyTicket();
			for (const status of ['open', 'solved', 'closed'] as const) {
				sandbox.zendesk.agentUpdates(id, { status });
				await sandbox.clock.advance(5 * SECOND);
				expect((await file(sandbox, [message])).json).toMatchObject([
					{ outcome: 'duplicate', ticketId: id },
				]);
				expect(onlyTicket()).toMatchObject({ status });
			}
			await sandbox.clock.advance(3 * HOUR);
			expect((await file(sandbox, [message])).json).toMatchObject([{ outcome: 'duplicate' }]);
			expect(bodiesOf(sandbox)).toEqual([['Where is my order?']]);
		});

		it('is in the ticket once, and created once, when it comes twice in one execution', async () => {
			const message = textOf(sandbox);
			const { json } = await file(sandbox, [message, message]);
			expect(json).toMatchObject([{ outcome: 'created' }, { outcome: 'duplicate' }]);
			expect(json[0]?.ticketId).toBe(json[1]?.ticketId);
			expect(bodiesOf(sandbox)).toEqual([['Where is my order?']]);
		});

		it('reopens a ticket that an agent solved while the message was being added', async () => {
			await file(sandbox, [textOf(sandbox)]);
			const { id } = onlyTicket();
			await rest();
			const message = textOf(sandbox, { body: 'Wait!' });
			// A run that died after the comment, which went into a ticket just being solved.
			await ask(sandbox, 'PUT', `/api/v2/tickets/${id}`, {
				ticket: {
					status: 'solved',
					comment: {
						html_body: 'Wait!',
						public: true,
						author_id: Number(onlyTicket().requesterId),
					},
					metadata: { key: message.key, sentAt: message.sentAt },
				},
			});
			await sandbox.clock.advance(5 * SECOND);
			expect((await file(sandbox, [message])).json).toMatchObject([{ outcome: 'duplicate' }]);
			expect(onlyTicket()).toMatchObject({ status: 'open', comments: { length: 2 } });
		});
	});

	describe('that comes late', () => {
		it('shows when it was sent', async () => {
			const early = textOf(sandbox, { body: 'First' });
			await sandbox.clock.advance(2 * MINUTE);
			await file(sandbox, [textOf(sandbox, { body: 'Second' })]);
			await sandbox.clock.advance(5 * SECOND);
			await file(sandbox, [early]);
			const sent = String(early.sentAt).slice(0, 16).replace('T', ' ');
			expect(bodiesOf(sandbox)).toEqual([
				['Second', `*Sent ${sent} UTC, earlier than a message that is already here*\nFirst`],
			]);
		});

		it('is refused when it is older than 28 days', async () => {
			const sentAt = new Date(sandbox.clock.now() - 28 * 24 * HOUR - MINUTE).toISOString();
			const { json } = await file(sandbox, [textOf(sandbox, { sentAt })], goOn);
			expect(json[0]?.error).toContain('28 days');
			expect(sandbox.zendesk.tickets()).toEqual([]);
		});

		it('comes after the older messages of the same execution', async () => {
			const [first, second] = [
				textOf(sandbox, { body: 'First' }),
				textOf(sandbox, { body: 'Second' }),
			];
			second.sentAt = new Date(sandbox.clock.now() + SECOND).toISOString();
			const { json } = await file(sandbox, [second, first]);
			expect(json).toMatchObject([
				{ body: 'Second', outcome: 'commented' },
				{ body: 'First', outcome: 'created' },
			]);
			expect(bodiesOf(sandbox)).toEqual([['First', 'Second']]);
		});
	});

	describe('among others', () => {
		it('leaves out what was screened out, unless told not to', async () => {
			const message = textOf(sandbox, { opensTicket: false, reason: 'subscribeKeyword' });
			const { json } = await file(sandbox, [message]);
			expect(json).toEqual([{ ...message, outcome: 'skipped', ticketId: null }]);
			expect(sandbox.calls()).toEqual([]);
			await file(sandbox, [message], { parameters: { skipScreenedOut: false } });
			expect(bodiesOf(sandbox)).toEqual([['Where is my order?']]);
		});

		/** Good and bad in turn. */
		const mixed = () => [
			textOf(sandbox, { from: '+12125550101' }),
			textOf(sandbox, { from: 'ACME' }),
			textOf(sandbox, { from: '+12125550102', opensTicket: false }),
			textOf(sandbox, { key: '' }),
			textOf(sandbox, { from: '+12125550103' }),
			textOf(sandbox, { sentAt: 'yesterday' }),
			textOf(sandbox, { from: '+12125550104' }),
		];

		it('keeps its place and its input, also where it fails', async () => {
			const messages = mixed();
			const { json, items } = await file(sandbox, messages, goOn);
			expect(json).toMatchObject([
				{ ...messages[0], outcome: 'created' },
				{ ...messages[1], error: "'Customer Phone' is not a valid phone number: 'ACME'" },
				{ ...messages[2], outcome: 'skipped' },
				{ ...messages[3], error: "'Key' is empty" },
				{ ...messages[4], outcome: 'created' },
				{ ...messages[5], error: "'Sent At' is not a valid date: 'yesterday'" },
				{ ...messages[6], outcome: 'created' },
			]);
			expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
				messages.map((_, item) => ({ item })),
			);
			expect(sandbox.zendesk.tickets()).toHaveLength(3);
		});

		it('is added even if another one fails the node, which names that one', async () => {
			const { error, json } = await file(sandbox, mixed());
			expect(json).toEqual([]);
			expect(error?.message).toBe("'Customer Phone' is not a valid phone number: 'ACME'");
			expect(error?.context).toMatchObject({ itemIndex: 1 });
			expect(sandbox.zendesk.tickets()).toHaveLength(3);
		});

		it('leaves by the error output, with its input, if the node has one and it fails', async () => {
			const messages = mixed();
			const setup = {
				credentials: zendeskCredentials(sandbox),
				onError: 'continueErrorOutput' as const,
			};
			const runs = await runChain(
				[
					{ type: ZendeskSyncTrigger, ...setup, parameters: { authentication: 'apiToken' } },
					{ type: ZendeskSync, ...setup, parameters: ticketOperation('createOrReopen') },
				],
				messages.map((json) => ({ json })),
			);
			expect(runs.ZendeskSync?.json.map(({ outcome }) => outcome)).toEqual([
				'created',
				'skipped',
				'created',
				'created',
			]);
			expect(runs.ZendeskSync?.errorJson).toMatchObject([
				{ ...messages[1], error: "'Customer Phone' is not a valid phone number: 'ACME'" },
				{ ...messages[3], error: "'Key' is empty" },
				{ ...messages[5], error: "'Sent At' is not a valid date: 'yesterday'" },
			]);
		});

		it('is explained when the credential is wrong', async () => {
			const credentials = {
				zendeskSyncApi: { zendeskUrl: sandbox.zendesk.url, email: 'x@y.co', apiToken: 'wrong' },
			};
			const { json } = await file(sandbox, [textOf(sandbox)], { credentials, ...goOn });
			expect(json).toMatchObject([{ error: 'The credential was not accepted' }]);
		});
	});

	describe('of any kind and length', () => {
		it('arrives whole', async () => {
			const words = [
				'🎉👩‍👩‍👧👍🏽 안녕하세요, ça va? שלום',
				'<b>bold</b> <script>alert(1)</script> &amp; "quoted" \'single\'',
				'{{ticket.id}} {{ticket.requester.email}} {% if true %}x{% endif %}',
				'one\r\ntwo\n\nfour\rfive',
				'*stars* _lines_ # not a title',
				'한국어 '.repeat(10_300).trim(),
				'Where is my order? '.repeat(5_200).trim(),
				'🎉'.repeat(25_700),
			];
			const { json } = await file(
				sandbox,
				words.map((body, n) => textOf(sandbox, { body, from: `+1212555010${n}` })),
			);
			expect(json.map(({ outcome }) => outcome)).toEqual(words.map(() => 'created'));
			const seen = new Map(
				sandbox.zendesk
					.tickets()
					.map((ticket) => [ticket.id, ticket.comments.map(({ body }) => body)]),
			);
			const added = json.map(({ ticketId }) => seen.get(String(ticketId)) ?? []);
			expect(added.map((bodies) => bodies.length)).toEqual([1, 1, 1, 1, 1, 2, 2, 2]);
			expect(added.map((bodies) => bodies.join(''))).toEqual(
				words.map((body) => body.replace(/\r\n?/g, '\n')),
			);
		});

		it('stays as it is in a comment whose requester has become an agent', async () => {
			const words = '{{ticket.id}} {{current_user.name}} {% raw %}';
			await file(sandbox, [textOf(sandbox)]);
			await rest();
			await ask(sandbox, 'PUT', `/api/v2/tickets/${onlyTicket().id}`, {
				ticket: { requester_id: Number(sandbox.zendesk.agent.id) },
			});
			await rest();
			await file(sandbox, [textOf(sandbox, { body: words })]);
			expect(onlyTicket().comments.at(-1)?.body).toBe(words);
		});
	});
});
