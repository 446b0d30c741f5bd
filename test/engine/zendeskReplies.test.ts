import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject } from 'n8n-workflow';
import { claimedReply } from '../../domain/reply/items';
import { Klaviyo } from '../../nodes/Klaviyo/Klaviyo.node';
import { ZendeskSync } from '../../nodes/ZendeskSync/ZendeskSync.node';
import type { SandboxTicket } from '../../sandbox/types';
import {
	ask,
	CUSTOMER,
	file,
	klaviyoCredentials,
	MINUTE,
	runTicket,
	SECOND,
	settledTicket,
	textOf,
	ticketOperation,
	zendeskCredentials,
} from './support/desk';
import { runChain } from './support/engine';

/** Past the time in which an earlier claim is active. */
const SETTLE_TIME = 401 * SECOND;
/** Another customer of the account. */
const OTHER = '+12125550188';

describe('Ticket: Claim Reply', () => {
	let sandbox: QuickSandbox;
	let ticket: SandboxTicket;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
		ticket = await settledTicket(sandbox);
	});
	afterEach(async () => await sandbox.close());

	/** So long that the ticket's stamp can be a lock, and no claim has to wait. */
	const markCompleted = async (milliseconds = 5 * SECOND) =>
		await sandbox.clock.advance(milliseconds);

	/** An agent's reply as the trigger returns it. */
	const reply = async (body = 'It ships today.', options = {}): Promise<IDataObject> => {
		const comment = sandbox.zendesk.agentComments(ticket.id, body, options);
		await markCompleted();
		return itemOf(comment.id);
	};
	const itemOf = (id: string): IDataObject => ({
		key: `reply:${id}`,
		event: 'agentReplied',
		ticketId: ticket.id,
		comment: { id },
	});
	const claim = async (...items: IDataObject[]) =>
		(await runTicket(sandbox, 'claimReply', items)).json;
	const notes = () =>
		sandbox.zendesk
			.ticket(ticket.id)
			.comments.filter((comment) => !comment.public)
			.map(({ body }) => body);

	it('costs three Zendesk calls for a reply that was just written', async () => {
		const comment = sandbox.zendesk.agentComments(ticket.id, 'Just now.');
		const before = sandbox.calls().length;
		const [claimed] = await claim({ ...itemOf(comment.id), occurredAt: comment.createdAt });
		expect(claimed).toMatchObject({ outcome: 'claimed', attempt: 1 });
		expect(
			sandbox
				.calls()
				.slice(before)
				.map(({ method }) => method),
		).toEqual(['GET', 'GET', 'PUT']);
	});

	it('gives one execution everything it needs to send the reply, and tells the agents', async () => {
		const item = await reply();
		const [claimed] = await claim(item);
		const { id: commentId } = item.comment as IDataObject;
		expect(claimed).toMatchObject({
			outcome: 'claimed',
			key: item.key,
			ticketId: ticket.id,
			commentId,
			externalId: `klaviyo:sms:${CUSTOMER}`,
			phone: CUSTOMER,
			profileId: 'P1',
			body: 'It ships today.',
			agentEmail: 'mia@acme.example',
			agentName: 'Mia',
			attempt: 1,
			sameWordsBefore: 0,
		});
		expect(claimedReply.safeParse(claimed).success).toBe(true);
		expect(notes()).toEqual([
			"This reply goes to the customer's phone. If it does not, or if that stays uncertain, a later note says why, unless the ticket is closed by then.",
		]);
	});

	it('gives it to no other execution right after', async () => {
		const item = await reply();
		await claim(item);
		expect(await claim(item)).toMatchObject([{ outcome: 'notNow', key: item.key }]);
		expect(notes()).toHaveLength(1);
	});

	it('gives it to one of five executions at once', async () => {
		const item = await reply();
		const claims = await Promise.all([1, 2, 3, 4, 5].map(async () => await claim(item)));
		expect(claims.flatMap((one) => one.map(({ outcome }) => outcome)).sort()).toEqual([
			'claimed',
			...Array(4).fill('notNow'),
		]);
		expect(notes()).toHaveLength(1);
	});

	it('waits until the ticket has settled', async () => {
		const { id } = sandbox.zendesk.agentComments(ticket.id, 'Hi');
		const item = itemOf(id);
		const written = Date.parse(sandbox.zendesk.ticket(ticket.id).updatedAt);
		expect(await claim(item)).toMatchObject([{ outcome: 'claimed' }]);
		const claimed = Date.parse(sandbox.zendesk.ticket(ticket.id).updatedAt);
		expect(claimed - written).toBeGreaterThanOrEqual(4 * SECOND);
	});

	it('still claims it when the answer was lost', async () => {
		const item = await reply();
		const before = sandbox.calls().length;
		const claiming = claim(item);
		await sandbox.until('ticket and history are read', () => sandbox.calls().length > before + 1);
		sandbox.switches.faults.lostAnswer = 1;
		await sandbox.until('the note is there', () => notes().length > 0);
		sandbox.switches.faults.lostAnswer = 0;
		expect(await claiming).toMatchObject([{ outcome: 'claimed', attempt: 1 }]);
		expect(notes()).toHaveLength(1);
	});

	it('claims after a change that came in between', async () => {
		const isRefused = () => sandbox.calls().some(({ status }) => status === 409);
		// On a busy machine the change may come when the claim is written already: then another reply is tried.
		for (let replies = 1; !isRefused() && replies <= 10; replies++) {
			const item = await reply(`Reply ${replies}`);
			const before = sandbox.calls().length;
			const claiming = claim(item);
			await sandbox.until('ticket and history are read', () => sandbox.calls().length > before + 1);
			sandbox.zendesk.agentUpdates(ticket.id, { priority: replies % 2 ? 'high' : 'low' });
			expect(await claiming).toMatchObject([{ outcome: 'claimed', attempt: 1 }]);
			expect(notes()).toHaveLength(replies);
			await markCompleted();
		}
		expect(isRefused()).toBe(true);
	});

	it('refuses what is not a reply to send, and says why', async () => {
		const note = await reply('Between us', { public: false });
		const empty = await reply(' ');
		const written = (await ask(sandbox, 'PUT', `/api/v2/tickets/${ticket.id}`, {
			ticket: {
				comment: { html_body: 'By e-mail', public: true, author_id: Number(ticket.requesterId) },
			},
		})) as { audit: { events: Array<{ id: number }> } };
		await markCompleted();
		const good = await reply();
		await claim(good);
		await markCompleted();
		const comments = sandbox.zendesk.ticket(ticket.id).comments;
		const claimNote = comments.at(-1)?.id ?? '';
		const text = comments[0]?.id ?? '';
		const byRequester = String(written.audit.events[0]?.id);
		const answers = await claim(
			note,
			empty,
			itemOf(byRequester),
			itemOf(text),
			itemOf(claimNote),
			itemOf('1'),
		);
		expect(answers.map(({ outcome, reason }) => [outcome, reason])).toEqual([
			['refused', 'notPublic'],
			['refused', 'emptyBody'],
			['refused', 'notAgent'],
			['refused', 'ownComment'],
			['refused', 'notPublic'],
			['refused', 'commentNotFound'],
		]);
		expect(answers[0]?.message).toBe('The comment is an internal note');
		expect(notes()).toHaveLength(2);
	});

	it.each([true, false])(
		'refuses the notices of a merge (marked as such: %s)',
		async (mergeMarked) => {
			sandbox.switches.mergeMarked = mergeMarked;
			const other = sandbox.zendesk.agentCreates({
				subject: 'Other',
				body: 'Hi',
				requesterId: ticket.requesterId,
			});
			sandbox.zendesk.merge(other.id, ticket.id, { public: true });
			await markCompleted();
			const notice = sandbox.zendesk.ticket(ticket.id).comments.at(-1);
			expect(notice).toMatchObject({ public: true, body: expect.stringContaining('merged') });
			expect(await claim(itemOf(notice?.id ?? ''))).toMatchObject([
				{ outcome: 'refused', reason: 'mergeNotice' },
			]);
		},
	);

	it('refuses on a closed ticket, a deleted one, and one that is not a conversation', async () => {
		const item = await reply();
		const { id } = sandbox.zendesk.agentCreates({
			subject: 'By e-mail',
			body: 'Hi',
			requesterId: ticket.requesterId,
		});
		const elsewhere = { ...itemOf(sandbox.zendesk.agentComments(id, 'Hi').id), ticketId: id };
		sandbox.zendesk.agentUpdates(ticket.id, { status: 'closed' });
		await markCompleted();
		expect(await claim(item, elsewhere)).toMatchObject([
			{ reason: 'ticketClosed' },
			{ reason: 'noConversation' },
		]);
		sandbox.zendesk.deleteTicket(ticket.id);
		expect(await claim(item)).toMatchObject([{ outcome: 'refused', reason: 'ticketGone' }]);
	});

	it('lets a reply whose claim is unclear go on to the log when another item fails', async () => {
		const item = await reply();
		await claim(item);
		await markCompleted(SETTLE_TIME);
		const broken = { ...item, ticketId: 'no number' };
		const together = await claim(broken, item);
		// An error would tell the agent that it was not sent, which is not certain.
		expect(together).toMatchObject([
			{ outcome: 'notNow', message: expect.stringContaining('not a valid ticket ID') },
			{ outcome: 'unclear' },
		]);
		// Nothing brings it again as long as the item is like that.
		expect(together[0]?.message).not.toContain('again');
		expect(together[0]).not.toHaveProperty('error');
		expect(await claim(broken)).toEqual([]);
	});

	it('leaves to the log whether an old claim was sent, claims once more, then tells the agent once', async () => {
		const item = await reply();
		await claim(item);
		await markCompleted(SETTLE_TIME);
		const [unclear] = await claim(item);
		expect(unclear).toMatchObject({ outcome: 'unclear', attempt: 1, body: 'It ships today.' });
		const missing = { ...unclear, outcome: 'missing' };
		expect(await claim(missing)).toMatchObject([{ outcome: 'claimed', attempt: 2 }]);
		expect(await claim(missing)).toMatchObject([{ outcome: 'notNow' }]);
		await markCompleted(SETTLE_TIME);
		expect(await claim(item)).toMatchObject([{ outcome: 'unclear', attempt: 2 }]);
		expect(await claim(missing)).toMatchObject([{ outcome: 'gaveUp' }]);
		await markCompleted(SETTLE_TIME);
		expect(await claim(missing, item)).toMatchObject([
			{ outcome: 'gaveUp' },
			{ outcome: 'gaveUp' },
		]);
		expect(notes()).toEqual([
			expect.stringMatching(/^This reply goes to the customer's phone\. If it does not/),
			expect.stringMatching(
				/phone, at the second attempt: Klaviyo shows no message of the first\. If it does not/,
			),
			expect.stringMatching(/tried twice.*\n\nThe reply: "It ships today\."$/s),
		]);
	});

	it('counts how often the same words were written before, and since when', async () => {
		const first = await reply('Hello!');
		await reply('Something else');
		await reply('Hello!', { public: false });
		const second = await reply(' Hello!\n');
		const [, one, , , other] = sandbox.zendesk.ticket(ticket.id).comments;
		expect(await claim(second)).toMatchObject([
			{ sameWordsBefore: 1, sameWordsSince: one?.createdAt, writtenAt: other?.createdAt },
		]);
		await markCompleted();
		expect(await claim(first)).toMatchObject([{ sameWordsBefore: 0 }]);
	});

	it('claims the others when one cannot be', async () => {
		const [one, bad] = [await reply('One'), { ...itemOf('1'), ticketId: 'x/../y' }];
		const answers = await claim(bad, one);
		expect(answers).toMatchObject([{ ticketId: 'x/../y' }, { outcome: 'claimed' }]);
		expect(answers[0]?.outcome).not.toBe('claimed');
	});

	describe('and then Klaviyo: Send Reply', () => {
		const outMessages = () =>
			sandbox.klaviyo
				.phone(CUSTOMER)
				.filter(({ direction }) => direction === 'out')
				.map(({ body }) => body);
		const answer = async (...items: IDataObject[]) => {
			const runs = await runChain(
				[
					{
						type: ZendeskSync,
						credentials: zendeskCredentials(sandbox),
						parameters: ticketOperation('claimReply'),
					},
					{
						type: Klaviyo,
						credentials: klaviyoCredentials(sandbox),
						parameters: { resource: 'message', operation: 'sendReply' },
					},
				],
				items.map((json) => ({ json })),
			);
			return runs.Klaviyo?.json ?? [];
		};

		beforeEach(() => {
			sandbox.klaviyo.addProfile({ phone: CUSTOMER, email: 'ana@home.co', smsMarketing: true });
			sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Where is my order?' });
		});

		it('text the customer once, however often the reply arrives', async () => {
			const item = await reply('It ships today. 🎉\n고맙습니다');
			const both = await Promise.all([answer(item), answer(item)]);
			expect(both.flatMap((json) => json.map(({ outcome }) => outcome)).sort()).toEqual([
				'notNow',
				'sent',
			]);
			expect(await answer(item)).toMatchObject([{ outcome: 'notNow' }]);
			await markCompleted(SETTLE_TIME);
			expect(await answer(item)).toMatchObject([{ outcome: 'alreadySent', notifyAgent: false }]);
			expect(outMessages()).toEqual(['It ships today. 🎉\n고맙습니다']);
		});

		it('find a reply sent that was sent before its ticket was closed', async () => {
			const item = await reply();
			expect(await answer(item)).toMatchObject([{ outcome: 'sent' }]);
			await markCompleted(SETTLE_TIME);
			sandbox.zendesk.agentUpdates(ticket.id, { status: 'closed' });
			await markCompleted();
			expect(await answer(item)).toMatchObject([{ outcome: 'alreadySent', notifyAgent: false }]);
			expect(outMessages()).toEqual(['It ships today.']);
		});

		it('text a reply whose first execution died after the claim', async () => {
			const item = await reply();
			await claim(item);
			await markCompleted(SETTLE_TIME);
			// Klaviyo's log shows nothing that is newer than the claim: it may be late.
			expect(await answer(item)).toMatchObject([
				{ outcome: 'held', reason: 'logMayBeLate', notifyAgent: true },
			]);
			await markCompleted(60 * SECOND);
			sandbox.klaviyo.addProfile({ phone: OTHER, smsMarketing: true });
			sandbox.klaviyo.brandWrites({ to: OTHER, body: 'Sale!', kind: 'campaign' });
			const [missing] = await answer(item);
			expect(missing).toMatchObject({ outcome: 'missing' });
			expect(await answer(missing ?? {})).toMatchObject([{ outcome: 'sent', attempt: 2 }]);
			expect(outMessages()).toEqual(['It ships today.']);
		});

		it('text the same words twice when they were written twice', async () => {
			expect(await answer(await reply('Hello!'))).toMatchObject([{ outcome: 'sent' }]);
			await markCompleted();
			expect(await answer(await reply('Hello!'))).toMatchObject([{ outcome: 'sent' }]);
			expect(outMessages()).toEqual(['Hello!', 'Hello!']);
		});

		/** Runs `work` while the customer accepts no messages. */
		const withoutConsent = async <T>(work: () => Promise<T>): Promise<T> => {
			const profile = sandbox.klaviyo.profiles().find(({ phone }) => phone === CUSTOMER);
			const consent = (marketing: boolean) =>
				sandbox.klaviyo.setConsent(profile?.id ?? '', { marketing, transactional: false });
			consent(false);
			try {
				return await work();
			} finally {
				consent(true);
			}
		};

		/** Sends a reply, and tells the agent why it was refused, as template 02 does. */
		const refusedAndTold = async (item: IDataObject): Promise<void> => {
			const [refused] = await answer(item);
			expect(refused).toMatchObject({ outcome: 'refused', reason: 'noConsent' });
			await runTicket(sandbox, 'addInternalNote', [refused ?? {}], {
				parameters: { note: '={{ $json.message }}', options: { key: '={{ $json.key }}:refused' } },
			});
		};

		it('never text what the agent was told was not sent, although it could be sent now', async () => {
			const item = await reply('Hi');
			await withoutConsent(async () => await refusedAndTold(item));
			await markCompleted(SETTLE_TIME);
			expect(await claim(item)).toMatchObject([{ outcome: 'refused', reason: 'refusedBefore' }]);
			expect(outMessages()).toEqual([]);
		});

		it('text a refused reply once it is written again and can be sent', async () => {
			await withoutConsent(async () => await refusedAndTold(await reply('Thank you!')));
			await markCompleted();
			expect(await answer(await reply('Thank you!'))).toMatchObject([{ outcome: 'sent' }]);
			expect(outMessages()).toEqual(['Thank you!']);
		});

		describe('leave the agent with a true last word', () => {
			const GOES = /^This reply goes to the customer's phone\. If it does not/;
			/** As template 02 does. */
			const answerAndTell = async (item: IDataObject): Promise<IDataObject> => {
				const [result = {}] = await answer(item);
				if (result.notifyAgent === true)
					await runTicket(sandbox, 'addInternalNote', [result], {
						parameters: {
							note: '={{ $json.message }}',
							options: {
								key: "={{ $json.key + ($json.outcome === 'refused' ? ':refused' : ':notSent') }}",
							},
						},
					});
				return result;
			};

			it('when it is sent, and when that is found out later', async () => {
				const item = await reply();
				expect(await answerAndTell(item)).toMatchObject({ outcome: 'sent' });
				expect(notes()).toEqual([expect.stringMatching(GOES)]);
				await markCompleted(SETTLE_TIME);
				expect(await answerAndTell(item)).toMatchObject({ outcome: 'alreadySent' });
				expect(notes()).toEqual([expect.stringMatching(GOES)]);
			});

			it('when it is refused: the note says which reply, of several', async () => {
				await answerAndTell(await reply('It ships today.'));
				const long = 'It ships tomorrow, really. '.repeat(9);
				const item = await reply(long);
				await withoutConsent(async () => {
					expect(await answerAndTell(item)).toMatchObject({ outcome: 'refused' });
				});
				expect(notes()).toEqual([
					expect.stringMatching(GOES),
					expect.stringMatching(GOES),
					expect.stringMatching(
						/^This reply was not sent: the customer cannot receive SMS .*\.\n\nThe reply: "It ships tomorrow, really\. [^\n]{53}\.\.\."$/,
					),
				]);
			});

			it('when it is not known whether it was sent', async () => {
				const item = await reply();
				await claim(item);
				await markCompleted(SETTLE_TIME);
				// Klaviyo's log may be late.
				expect(await answerAndTell(item)).toMatchObject({ outcome: 'held', notifyAgent: true });
				expect(notes()).toEqual([
					expect.stringMatching(GOES),
					expect.stringMatching(
						/^This reply may not have been sent: Klaviyo's log .*please look in Klaviyo.*\n\nThe reply: "It ships today\."$/,
					),
				]);
			});

			it('when it cannot be claimed and does not come again', async () => {
				const item = await reply();
				const author = { authorId: null, authorName: null };
				const comment = { ...(item.comment as IDataObject), body: 'It ships today.', ...author };
				sandbox.switches.faults.lostAnswer = 1;
				const [held] = await claim({ ...item, comment, comesAgain: false });
				sandbox.switches.faults.lostAnswer = 0;
				expect(held).toMatchObject({
					outcome: 'notNow',
					notifyAgent: true,
					message: expect.stringMatching(
						/^This reply may not have been sent: .*\n\nThe reply: "It ships today\."$/,
					),
				});
			});
		});

		describe('what the agent was told is uncertain', () => {
			/** Klaviyo's log shows something newer than all that was claimed so far. */
			const logGoesOn = async (): Promise<void> => {
				await markCompleted(SETTLE_TIME + 60 * SECOND);
				if (!sandbox.klaviyo.profiles().some(({ phone }) => phone === OTHER))
					sandbox.klaviyo.addProfile({ phone: OTHER, smsMarketing: true });
				sandbox.klaviyo.brandWrites({ to: OTHER, body: 'Sale!', kind: 'campaign' });
			};
			/** A reply whose first run has died, in a quiet account, as template 02 tells its agent. */
			const heldAndTold = async (): Promise<IDataObject> => {
				const item = await reply('It ships today.');
				await claim(item);
				await markCompleted(SETTLE_TIME);
				const [held] = await answer(item);
				expect(held).toMatchObject({ outcome: 'held', notifyAgent: true });
				await runTicket(sandbox, 'addInternalNote', [held ?? {}], {
					parameters: {
						note: '={{ $json.message }}',
						options: { key: '={{ $json.key }}:notSent' },
					},
				});
				await markCompleted();
				return item;
			};

			it('never text later: it may have been written again in other words', async () => {
				const item = await heldAndTold();
				await logGoesOn();
				expect(await answer(item)).toMatchObject([{ outcome: 'refused', reason: 'heldBefore' }]);
				expect(outMessages()).toEqual([]);
			});

			it('text once it is written again in the same words', async () => {
				await heldAndTold();
				expect(await answer(await reply('It ships today.'))).toMatchObject([{ outcome: 'sent' }]);
				expect(outMessages()).toEqual(['It ships today.']);
			});

			it('text once it is written again, when it had been given up', async () => {
				const item = await reply('It ships today.');
				await claim(item);
				await logGoesOn();
				const [missing] = await answer(item);
				await claim(missing ?? {});
				await logGoesOn();
				const [again] = await answer(item);
				expect(await claim(again ?? {})).toMatchObject([{ outcome: 'gaveUp' }]);
				await markCompleted();
				expect(await answer(await reply('It ships today.'))).toMatchObject([{ outcome: 'sent' }]);
				expect(outMessages()).toEqual(['It ships today.']);
			});
		});

		it("send nothing when the agent's address is the customer's, and say so", async () => {
			const { id: agentId } = sandbox.zendesk.addUser({
				name: 'Ana',
				role: 'agent',
				email: 'Ana@home.co',
			});
			expect(await answer(await reply('Hi', { agentId }))).toMatchObject([
				{
					outcome: 'refused',
					reason: 'agentIsCustomer',
					message: expect.stringContaining('ana@home.co'),
					notifyAgent: true,
				},
			]);
			expect(outMessages()).toEqual([]);
		});

		it('send ten replies on ten tickets while their claims are valid', async () => {
			const phones = Array.from({ length: 10 }, (_, n) => `+1212555020${n}`);
			for (const phone of phones) {
				sandbox.klaviyo.addProfile({ phone, smsMarketing: true });
				sandbox.klaviyo.customerWrites({ from: phone, body: 'Hi' });
			}
			const { json } = await file(
				sandbox,
				phones.map((from) => textOf(sandbox, { from })),
			);
			await markCompleted(MINUTE);
			const items = json.map(({ ticketId }) => ({
				ticketId: String(ticketId),
				commentId: sandbox.zendesk.agentComments(String(ticketId), `Hello ${String(ticketId)}`).id,
			}));
			const sent = await answer(...items);
			expect(sent.map(({ outcome, ticketId }) => [outcome, ticketId])).toEqual(
				items.map(({ ticketId }) => ['sent', ticketId]),
			);
			expect(phones.map((phone) => sandbox.klaviyo.phone(phone).map(({ body }) => body))).toEqual(
				items.map(({ ticketId }) => ['Hi', `Hello ${ticketId}`]),
			);
		});
	});
});
