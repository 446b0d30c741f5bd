/** The options of new tickets, and how a message is recognized that arrived in several ways. */
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { SandboxTicket } from '../../sandbox/types';
import { ask, bodiesOf, CUSTOMER, file, HOUR, MINUTE, textOf } from './support/desk';

const goOn = { onError: 'continueRegularOutput' } as const;

describe('Ticket: Create or Reopen From Message, as the options say,', () => {
	let sandbox: QuickSandbox;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
	});
	afterEach(async () => await sandbox.close());

	const rest = async () => await sandbox.clock.advance(5 * MINUTE);
	const newest = (): SandboxTicket => {
		const ticket = sandbox.zendesk.tickets().at(-1);
		if (!ticket) throw new Error('There is no ticket');
		return ticket;
	};
	const wire = async (): Promise<IDataObject> => {
		const { ticket } = (await ask(sandbox, 'GET', `/api/v2/tickets/${newest().id}`)) as {
			ticket: IDataObject;
		};
		return ticket;
	};
	const withOptions = (options: INodeParameters) => ({ parameters: { options } });

	describe('a solved ticket may stay solved', () => {
		const kept = withOptions({ keepSolved: true });
		const ticketsNow = () =>
			sandbox.zendesk.tickets().map(({ status, comments }) => [status, comments.length]);
		const solved = async (): Promise<IDataObject> => {
			const first = textOf(sandbox, { body: 'Where is my order?' });
			await file(sandbox, [first], kept);
			await rest();
			sandbox.zendesk.agentUpdates(newest().id, { status: 'solved' });
			await rest();
			return first;
		};

		it('and the next messages open one new ticket, however many come at once', async () => {
			await solved();
			const messages = ['It', 'did not', 'come'].map((body) => textOf(sandbox, { body }));
			await Promise.all(messages.map(async (message) => await file(sandbox, [message], kept)));
			expect(ticketsNow()).toEqual([
				['solved', 1],
				['new', 3],
			]);
			await rest();
			const { json } = await file(sandbox, [textOf(sandbox, { body: 'Hello?' })], kept);
			expect(json).toMatchObject([{ outcome: 'commented' }]);
			expect(ticketsNow().map(([, count]) => count)).toEqual([1, 4]);
		});

		it('also where an older ticket of the conversation is open: the message goes there', async () => {
			await solved();
			await file(sandbox, [textOf(sandbox, { body: 'It did not come' })], kept);
			const [older, next] = sandbox.zendesk.tickets();
			sandbox.zendesk.agentUpdates(next?.id ?? '', { status: 'solved' });
			sandbox.zendesk.agentUpdates(older?.id ?? '', { status: 'open' });
			await rest();
			await file(sandbox, [textOf(sandbox, { body: 'Hello?' })], kept);
			expect(ticketsNow()).toEqual([
				['open', 2],
				['solved', 1],
			]);
		});

		it('and neither a repeated message nor a reaction opens one', async () => {
			const first = await solved();
			const reaction = textOf(sandbox, { body: 'Liked “It ships today.”' });
			const { json } = await file(
				sandbox,
				[first, { ...reaction, opensTicket: true, reason: 'reaction' }],
				kept,
			);
			expect(json).toMatchObject([{ outcome: 'duplicate' }, { outcome: 'commented' }]);
			expect(ticketsNow()).toEqual([['solved', 2]]);
		});
	});

	describe('a new ticket', () => {
		const fields = (...field: INodeParameters[]) => ({ customFields: { field } });

		it('has a stranger’s text in fields and tags as text, not as templates', async () => {
			const options = {
				...fields(
					{ fieldId: '360003000101', value: '={{ $json.body }}' },
					{ fieldId: '360003000102', value: 'reason_return' },
				),
				tags: '=sms {{ $json.body }}',
			};
			const body = '{{ticket.id}}\u202e {%x%}\u0007 "vip"\nsecond line';
			await file(sandbox, [textOf(sandbox, { body })], withOptions(options));
			const [{ id = '', tags = [] } = {}] = sandbox.zendesk.tickets();
			const found = JSON.stringify(await ask(sandbox, 'GET', `/api/v2/tickets/${id}`));
			const { ticket } = JSON.parse(found) as {
				ticket: { custom_fields: Array<{ value: unknown }> };
			};
			expect(ticket.custom_fields[0]?.value).toBe('{ {ticket.id}} { %x%}  "vip"\nsecond line');
			expect(tags.join(' ')).not.toMatch(/[{}%"\p{Cc}\u202e]/u);
			expect(tags).toEqual(expect.arrayContaining(['sms', 'ticket.id', 'vip', 'line']));
		});

		it('has the form and the fields, including those that depend on the message', async () => {
			const options = {
				formId: '360004000002',
				...fields(
					{ fieldId: '360003000101', value: '={{ $json.body.match(/A-\\d+/)?.[0] }}' },
					{ fieldId: '360003000102', value: 'reason_return' },
				),
			};
			const messages = [
				textOf(sandbox, { body: 'Where is A-12?' }),
				textOf(sandbox, { body: 'Hi', from: '+12125550124' }),
			];
			await file(sandbox, messages, withOptions(options));
			const found = await Promise.all(
				sandbox.zendesk
					.tickets()
					.map(async ({ id }) => await ask(sandbox, 'GET', `/api/v2/tickets/${id}`)),
			);
			expect(found).toMatchObject(
				['A-12', null].map((order) => ({
					ticket: {
						ticket_form_id: 360004000002,
						custom_fields: [{ value: order }, { value: 'reason_return' }],
					},
				})),
			);
		});

		it('is the same when the message comes again at once: Zendesk remembers the request', async () => {
			const options = {
				formId: '360004000002',
				...fields({ fieldId: '360003000101', value: '7' }),
			};
			const message = textOf(sandbox);
			sandbox.switches.ticketListLag = 5 * MINUTE;
			await file(sandbox, [message], withOptions(options));
			const again = await file(sandbox, [message], withOptions(options));
			expect(again.json).toMatchObject([{ outcome: 'duplicate', ticketId: newest().id }]);
			expect(sandbox.zendesk.tickets()).toHaveLength(1);
		});

		it.each([
			['Brand', { brandId: '999' }],
			['Form', { formId: '999' }],
			['Group', { groupId: '999' }],
			['Reason', { ...fields({ fieldId: '360003000102', value: 'reason_none' }) }],
		])('with a %s that does not exist is refused with a clear error', async (_, options) => {
			const setup = { parameters: { options: options as INodeParameters }, ...goOn };
			const { json } = await file(sandbox, [textOf(sandbox)], setup);
			expect(json).toMatchObject([
				{
					body: 'Where is my order?',
					error: 'The ticket could not be created (status 422)',
					errorDescription: expect.stringMatching(/is not valid.*Check the brand, group, form/s),
				},
			]);
			expect(sandbox.zendesk.tickets()).toEqual([]);
		});

		it('takes tags as a list, and a number as its subject', async () => {
			const message = textOf(sandbox, { tags: ['sms', 'vip'], order: 12 });
			const options = { tags: '={{ $json.tags }}', subject: '={{ $json.order }}' };
			await file(sandbox, [message], withOptions(options));
			expect(newest()).toMatchObject({ tags: ['sms', 'vip'], subject: '12' });
		});

		it('with an invalid id names the option, and other items are done', async () => {
			const messages = [
				textOf(sandbox, { brand: 'Acme' }),
				textOf(sandbox, { from: '+12125550124' }),
			];
			const setup = withOptions({ brandId: '={{ $json.brand }}' });
			const { json } = await file(sandbox, messages, { ...setup, ...goOn });
			expect(json).toMatchObject([
				{ error: "'Brand' is not a valid ID: 'Acme'" },
				{ outcome: 'created' },
			]);
		});

		it('is no conversation when the scope is too long', async () => {
			const setup = withOptions({ scope: 'x'.repeat(101) });
			const { json } = await file(sandbox, [textOf(sandbox)], { ...setup, ...goOn });
			expect(json).toMatchObject([{ error: "'Conversation Scope' is too long" }]);
			await file(sandbox, [textOf(sandbox)], withOptions({ scope: 'x'.repeat(100) }));
			expect(sandbox.zendesk.tickets()).toHaveLength(1);
		});
	});

	describe('a closed ticket', () => {
		const closed = async (): Promise<string> => {
			await file(sandbox, [textOf(sandbox)], withOptions({ tags: 'sms, old' }));
			const { id } = newest();
			sandbox.zendesk.agentUpdates(id, { status: 'closed' });
			await rest();
			return id;
		};

		it('is followed up by the new one, which has the tags of a new one', async () => {
			await closed();
			const id = await closed();
			const { json } = await file(sandbox, [textOf(sandbox)], withOptions({ followUp: true }));
			expect(json).toMatchObject([{ outcome: 'created', ticketId: newest().id }]);
			expect(await wire()).toMatchObject({
				via: { source: { rel: 'follow_up', from: { ticket_id: Number(id) } } },
				tags: ['sms'],
			});
			expect(newest().comments[0]?.authorId).toBe(newest().requesterId);
		});

		it('is left alone if that is not wanted, or there is none', async () => {
			await file(sandbox, [textOf(sandbox)], withOptions({ followUp: true }));
			expect(await wire()).toMatchObject({ via: { source: { rel: null } } });
			sandbox.zendesk.agentUpdates(newest().id, { status: 'closed' });
			await rest();
			await file(sandbox, [textOf(sandbox)]);
			expect(await wire()).toMatchObject({ via: { source: { rel: null } } });
		});

		it('is followed up once, though the message comes again and again', async () => {
			await closed();
			const message = textOf(sandbox);
			const options = withOptions({ followUp: true });
			sandbox.switches.ticketListLag = 2 * MINUTE;
			await file(sandbox, [message], options);
			await file(sandbox, [message], options);
			await sandbox.clock.advance(3 * HOUR);
			await file(sandbox, [message], options);
			expect(sandbox.zendesk.tickets()).toHaveLength(2);
		});
	});

	describe('a message that came by flow webhook and by catch-up', () => {
		const both = (): [flow: IDataObject, event: IDataObject] => {
			const event = textOf(sandbox, { flowKey: 'message:flow:abc' });
			return [{ ...event, key: 'message:flow:abc', eventId: null, flowKey: null }, event];
		};
		const outcomes = async (messages: IDataObject[]) =>
			(await file(sandbox, messages)).json.map(({ outcome }) => outcome);

		it.each(['flow first', 'event first'])('is added once (%s)', async (order) => {
			const messages = order === 'flow first' ? both() : both().reverse();
			for (const [index, message] of messages.entries()) {
				expect(await outcomes([message])).toEqual([index === 0 ? 'created' : 'duplicate']);
				await rest();
			}
			expect(bodiesOf(sandbox)).toEqual([['Where is my order?']]);
		});

		it('is added once when both arrive at once, and in one execution', async () => {
			sandbox.switches.ticketListLag = 3000;
			const [flow, event] = both();
			const runs = await Promise.all([outcomes([flow]), outcomes([event]), outcomes(both())]);
			expect(runs.flat().sort()).toEqual(['created', 'duplicate', 'duplicate', 'duplicate']);
			expect(bodiesOf(sandbox)).toEqual([['Where is my order?']]);
		});

		it('differs from one with the same text that is an event of its own', async () => {
			const [flow, event] = both();
			const other = textOf(sandbox, { flowKey: 'message:flow:other' });
			expect(await outcomes([flow, event, other])).toEqual(['created', 'duplicate', 'commented']);
		});
	});

	it('works as an AI tool would call it, with its own parameters alone', async () => {
		const parameters = {
			customerPhone: CUSTOMER,
			text: 'Hello',
			key: 'message:1',
			sentAt: new Date(sandbox.clock.now()).toISOString(),
		};
		const { json } = await file(sandbox, [{}], { parameters });
		expect(json).toMatchObject([{ outcome: 'created', ticketId: newest().id }]);
		expect(bodiesOf(sandbox)).toEqual([['Hello']]);
	});

	describe('a message that nobody typed', () => {
		const liked = (): IDataObject =>
			textOf(sandbox, { body: 'Liked “It ships today.”', reason: 'reaction' });
		const solved = async () => {
			await file(sandbox, [textOf(sandbox)]);
			await rest();
			sandbox.zendesk.agentUpdates(newest().id, { status: 'solved' });
			await rest();
		};

		it('is added to a solved ticket, which stays solved, however often it comes', async () => {
			await solved();
			const message = liked();
			expect((await file(sandbox, [message])).json).toMatchObject([{ outcome: 'commented' }]);
			await rest();
			expect((await file(sandbox, [message])).json).toMatchObject([{ outcome: 'duplicate' }]);
			expect(newest()).toMatchObject({ status: 'solved' });
			expect(newest().comments).toHaveLength(2);
		});

		it('says what to do where the solved ticket accepts no comment', async () => {
			await solved();
			sandbox.switches.requiredToSolve = true;
			const { json } = await file(sandbox, [liked()], { onError: 'continueRegularOutput' });
			expect(json).toMatchObject([
				{
					error: expect.stringMatching(/refused the comment on ticket \d+: .*is required/),
					errorDescription: expect.stringContaining('Catch-up brings the message again'),
				},
			]);
			expect(newest()).toMatchObject({ status: 'solved', comments: { length: 1 } });
		});

		it('is shown where an agent waits for an answer', async () => {
			await solved();
			sandbox.zendesk.agentUpdates(newest().id, { status: 'pending' });
			await rest();
			await file(sandbox, [liked()]);
			expect(newest()).toMatchObject({ status: 'open' });
		});

		it('opens no ticket', async () => {
			const message = textOf(sandbox, { reason: 'automaticReply' });
			expect((await file(sandbox, [message])).json).toMatchObject([
				{ outcome: 'skipped', reason: 'automaticReply', ticketId: null },
			]);
			expect(sandbox.zendesk.tickets()).toEqual([]);
		});

		it('is like any other if the builder wants that', async () => {
			await solved();
			const { json } = await file(sandbox, [liked()], withOptions({ reopenOnReaction: true }));
			expect(json).toMatchObject([{ outcome: 'reopened' }]);
		});
	});

	describe('a keyword', () => {
		const yes = (more: IDataObject = {}): IDataObject =>
			textOf(sandbox, {
				body: 'Yes',
				opensTicket: false,
				reason: 'complianceKeyword',
				...more,
			});
		const options = withOptions({ keywordsIntoOpenTicket: true });

		it.each(['open', 'pending', 'hold'] as const)(
			'reaches the agent of a ticket that is %s, if the builder wants that',
			async (status) => {
				await file(sandbox, [textOf(sandbox)]);
				await rest();
				sandbox.zendesk.agentUpdates(newest().id, { status });
				await rest();
				expect((await file(sandbox, [yes()])).json).toMatchObject([{ outcome: 'skipped' }]);
				const { json } = await file(sandbox, [yes()], options);
				expect(json).toMatchObject([{ outcome: 'commented' }]);
				expect(newest().status).toBe('open');
				expect(newest().comments.at(-1)).toMatchObject({ body: 'Yes', public: true });
			},
		);

		it('opens and reopens no ticket', async () => {
			expect((await file(sandbox, [yes()], options)).json).toMatchObject([{ outcome: 'skipped' }]);
			await file(sandbox, [textOf(sandbox)]);
			await rest();
			sandbox.zendesk.agentUpdates(newest().id, { status: 'solved' });
			await rest();
			expect((await file(sandbox, [yes()], options)).json).toMatchObject([
				{ outcome: 'skipped', reason: 'complianceKeyword', ticketId: null },
			]);
			expect(newest()).toMatchObject({ status: 'solved' });
			expect(newest().comments).toHaveLength(1);
		});

		it('that ends all messages comes with the warning; what is not a keyword stays out', async () => {
			await file(sandbox, [textOf(sandbox)]);
			await rest();
			const stop = yes({ body: 'STOP', reason: 'optOutKeyword' });
			const other = yes({ reason: 'noConsent' });
			expect((await file(sandbox, [stop, other], options)).json).toMatchObject([
				{ outcome: 'commented' },
				{ outcome: 'skipped' },
			]);
			expect(newest().comments.at(-1)).toMatchObject({
				public: false,
				body: expect.stringContaining('may not reach them'),
			});
		});
	});
});
