/** WhatsApp and RCS, from the customer's message to the agent's answer. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { SandboxChannel } from '../../sandbox/types';
import { file, HOUR, runTicket, SECOND } from './support/desk';
import { claimed, messagesTo, runMessage } from './support/klaviyoMessages';
import { benches, CUSTOMER } from './support/klaviyoTrigger';
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';

const MINUTE = 60_000;
const ON_WHATSAPP = `klaviyo:whatsapp:${CUSTOMER}`;

describe('Klaviyo Trigger', () => {
	const { bench, pass } = benches();
	const writes = (body: string, channel: SandboxChannel = 'whatsapp') =>
		bench().klaviyo.customerWrites({ from: CUSTOMER, body, channel, displayName: 'Ana' });
	const used = () => writes('The first');
	const topics = () =>
		bench()
			.klaviyo.webhooks()
			.flatMap((webhook) => webhook.topics);

	it('brings a WhatsApp message by webhook, with its channel and the name of its sender', async () => {
		used();
		const trigger = await bench().publish();
		expect(topics()).toContain('event:klaviyo.sent_whatsapp');
		writes('Hi');
		await bench().sandbox.deliveriesSettled();
		await trigger.settled();
		expect(trigger.executions.flat().map(({ json }) => json)).toMatchObject([
			{ channel: 'whatsapp', from: CUSTOMER, body: 'Hi', displayName: 'Ana', kind: 'customer' },
		]);
	});

	it('takes an account without WhatsApp as it is, and WhatsApp as soon as there is any', async () => {
		const trigger = await bench().publish();
		await trigger.poll();
		expect(topics().filter((topic) => topic.includes('whatsapp'))).toEqual([]);
		const before = bench().callsOf('/api/metrics');
		for (let minute = 0; minute < 4; minute++) {
			pass(1);
			await trigger.poll();
		}
		// An account that lacks a whole channel is not asked for it with each poll.
		expect(bench().callsOf('/api/metrics') - before).toBeLessThanOrEqual(1);
		writes('The first of all');
		pass(6);
		expect((await trigger.poll()).map(({ json }) => json.body)).toEqual(['The first of all']);
		pass(60);
		await trigger.poll();
		expect(topics()).toContain('event:klaviyo.sent_whatsapp');
	});

	it('brings at the next poll what the account has no topic for', async () => {
		used();
		bench().sandbox.switches.missingTopics = ['Sent WhatsApp'];
		const trigger = await bench().publish();
		pass(6);
		await trigger.poll();
		writes('No webhook for me');
		pass(1);
		expect((await trigger.poll()).map(({ json }) => json.body)).toEqual(['No webhook for me']);
		pass(1);
		expect(await trigger.poll()).toEqual([]);
	});

	it('leaves out channels that were not chosen', async () => {
		used();
		const trigger = await bench().publish({ source: 'polling', channels: ['whatsapp'] });
		await trigger.poll();
		writes('By SMS', 'sms');
		writes('By WhatsApp');
		pass(1);
		expect((await trigger.poll()).map(({ json }) => json.body)).toEqual(['By WhatsApp']);
	});

	it.each(['name', 'number'] as const)(
		'brings an RCS message whose receiver is a %s as such',
		async (rcsReceiver) => {
			bench().sandbox.switches.rcsReceiver = rcsReceiver;
			const trigger = await bench().publish({ source: 'polling' });
			await trigger.poll();
			writes('Hi', 'rcs');
			pass(1);
			expect((await trigger.poll()).map(({ json }) => json)).toMatchObject([
				{ channel: 'rcs', from: CUSTOMER, body: 'Hi' },
			]);
		},
	);
});

describe('A conversation on WhatsApp', () => {
	let sandbox: QuickSandbox;
	let profileId: string;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
		({ id: profileId } = sandbox.klaviyo.addProfile({ phone: CUSTOMER, smsMarketing: false }));
	});
	afterEach(async () => await sandbox.close());

	/** As Klaviyo Trigger gives it. */
	const writes = (body: string, channel: SandboxChannel = 'whatsapp', at?: number): IDataObject => {
		const event = sandbox.klaviyo.customerWrites({ from: CUSTOMER, body, channel, at });
		return {
			...{ key: `message:${event.id}`, eventId: event.id, event: 'customerMessaged' },
			...{ direction: 'inbound', channel, body, from: CUSTOMER, to: sandbox.klaviyo.brandPhone },
			...{ profileId, sentAt: event.at, displayName: channel === 'whatsapp' ? 'Ana 🌼' : null },
		};
	};
	const screen = async (item: IDataObject, options: INodeParameters = {}) => {
		const { json } = await runMessage(sandbox, 'screen', [item], { options });
		return json[0] ?? {};
	};
	const add = async (item: IDataObject) => (await file(sandbox, [await screen(item)])).json[0];

	it.each([
		['Where is my order?', true, 'message'],
		['HELP', true, 'message'],
		['', true, 'message'],
		['Yes', false, 'complianceKeyword'],
		['STOP', false, 'optOutKeyword'],
		['Please cancel it', false, 'optOutInMessage'],
		['Liked “It ships today.”', true, 'reaction'],
	])(
		'screens %j: opens a ticket %s, %s, without consent to SMS',
		async (body, opensTicket, reason) => {
			expect(await screen(writes(body))).toMatchObject({ opensTicket, reason });
		},
	);

	it('knows HELP only if the builder asks for it', async () => {
		const item = writes('Help, cancel it');
		expect(await screen(item)).toMatchObject({ opensTicket: false, reason: 'optOutInMessage' });
		expect(await screen(item, { help: 'help' })).toMatchObject({ opensTicket: true });
	});

	it("has the keywords of its channel, or the builder's", async () => {
		sandbox.klaviyo.setConsent(profileId, { marketing: true });
		const revoke = { optOut: 'REVOKE' };
		expect(await screen(writes('Revoke'))).toMatchObject({ reason: 'message' });
		expect(await screen(writes('Revoke'), revoke)).toMatchObject({ reason: 'optOutKeyword' });
		expect(await screen(writes('Revoke', 'sms'))).toMatchObject({ reason: 'optOutKeyword' });
	});

	it('leaves a reaction out of a solved ticket, and opens none for it', async () => {
		expect(await add(writes('Liked “It ships today.”'))).toMatchObject({ outcome: 'skipped' });
		expect(sandbox.zendesk.tickets()).toEqual([]);
		const asked = await add(writes('Liked “Aloe”, is it in stock?'));
		expect(asked).toMatchObject({ outcome: 'created', reason: 'message' });
		sandbox.zendesk.agentUpdates(String(asked?.ticketId), { status: 'solved' });
		await sandbox.clock.advance(10 * SECOND);
		expect(await add(writes('👍 to “It ships today.”'))).toMatchObject({ outcome: 'commented' });
		expect(sandbox.zendesk.tickets()).toMatchObject([{ status: 'solved' }]);
	});

	it('is a ticket of its own, with the tag whatsapp, beside that of SMS; the customer is one user', async () => {
		sandbox.klaviyo.setConsent(profileId, { marketing: true });
		await add(writes('By WhatsApp'));
		await add(writes('By SMS', 'sms'));
		await add(writes('By RCS', 'rcs'));
		const [one, other, none] = sandbox.zendesk.tickets();
		expect(one).toMatchObject({
			externalId: ON_WHATSAPP,
			tags: ['whatsapp'],
			subject: `WhatsApp from Ana 🌼 (${CUSTOMER})`,
		});
		expect(other).toMatchObject({ externalId: `klaviyo:sms:${CUSTOMER}`, tags: ['sms'] });
		expect(other?.comments.map(({ body }) => body)).toEqual(['By SMS', 'By RCS']);
		expect(none).toBeUndefined();
		expect(one?.requesterId).toBe(other?.requesterId);
	});

	it('says on the ticket that something without words came', async () => {
		await add(writes(''));
		expect(sandbox.zendesk.tickets()[0]?.comments[0]?.body).toContain(
			'a picture, a voice message or a reaction',
		);
	});

	it('shows pictures, if the event has their addresses', async () => {
		const mediaUrls = ['https://klaviyo.example/1.jpg'];
		const item = { ...(await screen(writes(''))), mediaUrls };
		await file(sandbox, [item], { parameters: { options: { attachMedia: false } } });
		expect(sandbox.zendesk.tickets()[0]?.comments[0]?.body).toContain(mediaUrls[0]);
	});

	it('has the brand of its channel, if the builder has one for each', async () => {
		sandbox.klaviyo.setConsent(profileId, { marketing: true });
		const brandId = "={{ $json.channel === 'whatsapp' ? '360001000002' : '360001000001' }}";
		const items = [await screen(writes('By WhatsApp')), await screen(writes('By SMS', 'sms'))];
		await file(sandbox, items, { parameters: { options: { brandId } } });
		const brands = sandbox.zendesk.tickets().map((one) => [one.externalId, one.brandId]);
		expect(Object.fromEntries(brands)).toEqual({
			[ON_WHATSAPP]: '360001000002',
			[`klaviyo:sms:${CUSTOMER}`]: '360001000001',
		});
	});

	it.each([
		['pending', 'commented'],
		['solved', 'reopened'],
		['closed', 'created'],
	] as const)('that is %s: %s, with the next message', async (status, outcome) => {
		const { ticketId } = (await add(writes('Hi'))) ?? {};
		sandbox.zendesk.agentUpdates(String(ticketId), { status });
		await sandbox.clock.advance(10 * SECOND);
		expect(await add(writes('Hello?'))).toMatchObject({ outcome });
		const tickets = sandbox.zendesk.tickets();
		expect(tickets).toHaveLength(status === 'closed' ? 2 : 1);
		expect(tickets.at(-1)?.externalId).toBe(ON_WHATSAPP);
	});

	it("goes by the number on the customer's profile if the message shows none", async () => {
		const hidden = await screen({ ...writes('Hi'), from: null });
		expect(hidden).toMatchObject({ opensTicket: true, customer: { phone: CUSTOMER } });
		expect((await file(sandbox, [hidden])).json).toMatchObject([
			{ outcome: 'created', externalId: ON_WHATSAPP },
		]);
		const unknown = { ...hidden, key: 'message:2', customer: { phone: null } };
		const { json } = await file(sandbox, [unknown], { onError: 'continueRegularOutput' });
		expect(JSON.stringify(json)).toContain("'Customer Phone' is empty");
	});

	it('refuses a channel that there is not', async () => {
		const item = { ...(await screen(writes('Hi'))), channel: 'pigeon' };
		const { json } = await file(sandbox, [item], { onError: 'continueRegularOutput' });
		expect(JSON.stringify(json)).toContain("'Channel' is not a known channel: 'pigeon'");
		expect(sandbox.zendesk.tickets()).toEqual([]);
	});

	it('warns of an opt-out by its channel', async () => {
		const screened = await screen(writes('Please cancel it'), { openOnOptOutInMessage: true });
		const { json } = await file(sandbox, [screened]);
		const notes = sandbox.zendesk
			.ticket(String(json[0]?.ticketId))
			?.comments.filter((comment) => !comment.public);
		expect(notes?.map(({ body }) => body)).toEqual([
			expect.stringMatching(/unsubscribed the customer from WhatsApp.*within 24 hours/),
		]);
	});

	it('shows a new ticket what was said on every channel, each message with its own', async () => {
		sandbox.klaviyo.setConsent(profileId, { marketing: true });
		writes('By SMS', 'sms');
		await sandbox.clock.advance(MINUTE);
		writes('By RCS', 'rcs');
		await sandbox.clock.advance(MINUTE);
		const item = writes('By WhatsApp');
		const { json } = await file(sandbox, [await screen(item, { includeRecentHistory: 10 })]);
		const [note] =
			sandbox.zendesk
				.ticket(String(json[0]?.ticketId))
				?.comments.filter((comment) => !comment.public) ?? [];
		expect(note?.body).toMatch(/Customer by SMS:\*\* By SMS[^]*Customer by RCS:\*\* By RCS/);
	});

	it('is one of the conversations whose messages Get Many returns, by channel if asked', async () => {
		sandbox.klaviyo.setConsent(profileId, { marketing: true });
		writes('By SMS', 'sms');
		await sandbox.clock.advance(MINUTE);
		writes('By WhatsApp');
		const bodies = async (channels: string[]) =>
			(await runMessage(sandbox, 'getMany', [{ profileId }], { filters: { channels } })).json.map(
				({ body, channel }) => [channel, body],
			);
		const [sms, whatsapp] = [['sms', 'By SMS'], ['whatsapp', 'By WhatsApp']]; // prettier-ignore
		expect(await bodies([])).toEqual([sms, whatsapp]);
		expect(await bodies(['sms', 'whatsapp'])).toEqual([sms, whatsapp]);
		expect(await bodies(['whatsapp'])).toEqual([whatsapp]);
		expect(await bodies(['sms'])).toEqual([sms]);
	});

	describe('is answered', () => {
		const reply = (more: IDataObject = {}) => claimed({ externalId: ON_WHATSAPP, ...more });
		const send = async (item: IDataObject, parameters: INodeParameters = {}) =>
			(await runMessage(sandbox, 'sendReply', [item], parameters)).json[0];

		it('in the conversation on WhatsApp, although there is one by SMS, and has no segments', async () => {
			sandbox.klaviyo.setConsent(profileId, { marketing: true });
			writes('By SMS', 'sms');
			writes('By WhatsApp');
			writes('By SMS', 'sms');
			const sent = await send(reply());
			expect(sent).toMatchObject({ outcome: 'sent' });
			expect(sent).not.toHaveProperty('segments');
			const out = sandbox.klaviyo.phone(CUSTOMER).filter(({ direction }) => direction === 'out');
			expect(out).toMatchObject([{ channel: 'whatsapp', body: 'It ships today.' }]);
		});

		it('by SMS to who has a conversation on WhatsApp, too, and never the other way round', async () => {
			writes('By WhatsApp');
			const bySms = { externalId: `klaviyo:sms:${CUSTOMER}` };
			expect(await send(reply(bySms))).toMatchObject({ outcome: 'refused', reason: 'noConsent' });
			sandbox.klaviyo.setConsent(profileId, { marketing: true });
			expect(await send(reply({ ...bySms, key: 'reply:10' }))).toMatchObject({
				outcome: 'refused',
				reason: 'noConversation',
			});
			expect(messagesTo(sandbox)).toEqual([]);
		});

		it.each([
			['whatsapp', 'sms'],
			['sms', 'whatsapp'],
		] as const)(
			'again by %s if it is not in the log, although the same words went out by %s',
			async (channel, other) => {
				sandbox.klaviyo.setConsent(profileId, { marketing: true });
				writes('By SMS', 'sms');
				writes('By WhatsApp');
				const externalId = `klaviyo:${channel}:${CUSTOMER}`;
				const again = { ...{ externalId, attempt: 2 }, claimedBefore: new Date().toISOString() };
				const body = 'It ships today.';
				await sandbox.clock.advance(SECOND);
				sandbox.klaviyo.brandWrites({ to: CUSTOMER, body, kind: 'inbox', channel: other });
				await sandbox.clock.advance(10 * MINUTE);
				// The log of the channel is up to date.
				const anyway = { to: CUSTOMER, body: 'Anything else?', kind: 'inbox' } as const;
				sandbox.klaviyo.brandWrites({ ...anyway, channel });
				await sandbox.clock.advance(MINUTE);
				const now = { claimedAt: new Date().toISOString() };
				expect(await send(reply({ ...again, ...now }))).toMatchObject({ outcome: 'sent' });
				sandbox.klaviyo.brandWrites({ to: CUSTOMER, body, kind: 'inbox', channel });
				const other2 = { ...again, ...now, key: 'reply:10' };
				expect(await send(reply(other2))).toMatchObject({ outcome: 'alreadySent' });
			},
		);

		it.each(['shown', 'withoutEnd', 'hidden'] as const)(
			'within 24 hours, and not after them, when the profile has them %s',
			async (whatsAppWindow) => {
				sandbox.switches.whatsAppWindow = whatsAppWindow;
				writes('Hi');
				await sandbox.clock.advance(24 * HOUR - 10 * SECOND);
				expect(await send(reply())).toMatchObject({ outcome: 'sent' });
				await sandbox.clock.advance(20 * SECOND);
				const refused = await send(reply({ key: 'reply:10' }));
				expect(refused).toMatchObject({
					...{ outcome: 'refused', reason: 'windowClosed', notifyAgent: true },
					windowClosedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
				});
				expect(refused?.message).toMatch(/more than 24 hours ago.*since \d{4}.*UTC/);
				expect(messagesTo(sandbox)).toHaveLength(1);
			},
		);

		it('when the customer has just written again, although the profile shows an end that is over', async () => {
			writes('Hi', 'whatsapp', sandbox.clock.now() - 30 * HOUR);
			expect(await send(reply())).toMatchObject({ reason: 'windowClosed' });
			writes('Are you there?');
			expect(await send(reply({ key: 'reply:10' }))).toMatchObject({ outcome: 'sent' });
		});

		it('by Klaviyo, if nothing shows whether the window is open', async () => {
			writes('Hi');
			sandbox.switches.whatsAppWindow = 'hidden';
			sandbox.switches.goneMetrics = ['Sent WhatsApp'];
			expect(await send(reply())).toMatchObject({ outcome: 'sent' });
			await sandbox.clock.advance(25 * HOUR);
			expect(await send(reply({ key: 'reply:10' }))).toMatchObject({
				outcome: 'refused',
				reason: 'rejected',
			});
		});

		it('with links to what the agent attached', async () => {
			writes('Hi');
			const attachments = [{ fileName: 'a.pdf', url: 'https://acme.zendesk.com/attachments/1' }];
			await send(reply({ attachments }));
			expect(messagesTo(sandbox)).toEqual([
				'It ships today.\nhttps://acme.zendesk.com/attachments/1',
			]);
		});

		it("not by an agent who has the customer's address", async () => {
			const other = '+12125550177';
			sandbox.klaviyo.addProfile({ phone: other, email: 'ada@acme.co' });
			sandbox.klaviyo.customerWrites({ from: other, body: 'Hi', channel: 'whatsapp' });
			const toOther = { externalId: `klaviyo:whatsapp:${other}`, phone: other };
			expect(await send(reply(toOther))).toMatchObject({
				...{ outcome: 'refused', reason: 'agentIsCustomer', notifyAgent: true },
			});
			expect(messagesTo(sandbox, other)).toEqual([]);
		});

		it('never through a flow, which would send it by SMS', async () => {
			writes('Hi');
			expect(await send(reply(), { sendThrough: 'flow' })).toMatchObject({
				outcome: 'refused',
				reason: 'throughFlow',
			});
		});
	});

	it.each([
		['a campaign', 'campaign', 'campaign'],
		['a flow', 'flow', 'flow'],
		["a person in Klaviyo's Inbox", 'inbox', 'conversation'],
	] as const)('takes notes of what %s sent there', async (_who, sender, kind) => {
		await add(writes('Hi'));
		const { id, at } = sandbox.klaviyo.brandWrites({
			to: CUSTOMER,
			body: 'Sale!',
			kind: sender,
			channel: 'whatsapp',
		});
		const item = {
			...{ key: `message:${id}`, event: 'delivered', direction: 'outbound', kind },
			...{ channel: 'whatsapp', to: CUSTOMER, body: 'Sale!', sentAt: at },
		};
		const { json } = await runTicket(sandbox, 'logOutbound', [item]);
		expect(json).toMatchObject([{ outcome: 'logged', externalId: ON_WHATSAPP }]);
	});
});
