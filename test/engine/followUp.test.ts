/** A reply that comes after WhatsApp's 24 hours: the customer is asked to continue, the reply waits, and goes out when they answer. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { SandboxTicket } from '../../sandbox/types';
import { CUSTOMER, file, HOUR, MINUTE, runTicket, SECOND } from './support/desk';
import type { NodeSetup } from './support/engine';
import { goesOn, runMessage } from './support/klaviyoMessages';
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';

const METRIC = 'Asked to Continue on WhatsApp';
const TEMPLATE = 'Hi, may we go on?';
const DAY = 24 * HOUR;

let sandbox: QuickSandbox;
let profileId: string;
let ticket: SandboxTicket;

const pass = async (milliseconds: number) => await sandbox.clock.advance(milliseconds);

/** A customer's message as Klaviyo Trigger gives it. */
const messageOf = (body: string, at = sandbox.clock.now()): IDataObject => {
	const event = sandbox.klaviyo.customerWrites({ from: CUSTOMER, body, channel: 'whatsapp', at });
	return {
		...{ key: `message:${event.id}`, eventId: event.id, event: 'customerMessaged' },
		...{ direction: 'inbound', channel: 'whatsapp', body, from: CUSTOMER },
		...{ to: sandbox.klaviyo.brandPhone, profileId, sentAt: event.at, catchUp: false },
	};
};

/** The customer writes, and template 01 adds it. */
const writes = async (body: string): Promise<IDataObject> => {
	const message = messageOf(body);
	await file(sandbox, [{ ...message, opensTicket: true }]);
	await pass(5 * SECOND);
	return message;
};

beforeEach(async () => {
	sandbox = await startQuickSandbox();
	({ id: profileId } = sandbox.klaviyo.addProfile({ phone: CUSTOMER }));
	sandbox.klaviyo.addMessageFlow({ metric: METRIC, body: TEMPLATE, channel: 'whatsapp' });
	await writes('Where is my order?');
	const [opened] = sandbox.zendesk.tickets();
	if (!opened) throw new Error('The message has opened no ticket');
	ticket = opened;
});
afterEach(async () => await sandbox.close());

/** An agent's reply as Zendesk Sync Trigger gives it. */
const reply = async (body = 'It ships today.', on = ticket.id): Promise<IDataObject> => {
	const { id, createdAt } = sandbox.zendesk.agentComments(on, body);
	await pass(5 * SECOND);
	return {
		...{ key: `reply:${id}`, event: 'agentReplied', ticketId: on, comment: { id, body } },
		...{ occurredAt: createdAt, catchUp: false },
	};
};

const only = ([item, more]: IDataObject[]): IDataObject => {
	expect(more).toBeUndefined();
	return item ?? {};
};
const claim = async (item: IDataObject) =>
	only((await runTicket(sandbox, 'claimReply', [item])).json);
const send = async (item: IDataObject) =>
	only((await runMessage(sandbox, 'sendReply', [item])).json);
const refused = async (item: IDataObject) => await send(await claim(item));
const followUp = async (
	items: IDataObject[],
	parameters: INodeParameters = {},
	setup: NodeSetup = {},
) => (await runMessage(sandbox, 'sendFollowUp', items, parameters, setup)).json;
/** As template 02 tells the agent. */
const tell = async (item: IDataObject) => {
	expect(item).toMatchObject({ notifyAgent: true });
	const key =
		item.noteKey ?? `${String(item.key)}${item.outcome === 'refused' ? ':refused' : ':notSent'}`;
	const parameters = { note: String(item.message), options: { key } } as INodeParameters;
	const told = only((await runTicket(sandbox, 'addInternalNote', [item], { parameters })).json);
	await pass(5 * SECOND);
	return told;
};
/** An agent's reply that came too late, whose customer is asked. */
const waits = async (body?: string, parameters: INodeParameters = {}): Promise<IDataObject> => {
	const item = await reply(body);
	await tell(only(await followUp([await refused(item)], parameters)));
	return item;
};
const waiting = async (message: IDataObject, parameters: INodeParameters = {}) =>
	(await runTicket(sandbox, 'getWaitingReplies', [message], { parameters })).json;
const answer = async (item: IDataObject) => await send(await claim(item));

const phone = () =>
	sandbox.klaviyo
		.phone(CUSTOMER)
		.filter(({ direction }) => direction === 'out')
		.map(({ body }) => body);
const notes = (on = ticket.id) =>
	sandbox.zendesk
		.ticket(on)
		.comments.filter((comment) => !comment.public)
		.map(({ body }) => body);
const asked = () => sandbox.klaviyo.timeline(profileId).filter(({ metric }) => metric === METRIC);

describe('the likeliest answer', () => {
	it.each(['Yes', 'Yes, continue', 'START'])(
		'"%s" has the reply sent, whatever Klaviyo takes it for',
		async (body) => {
			await pass(25 * HOUR);
			await waits();
			const message = messageOf(body);
			await pass(5 * SECOND);
			const screened = only((await runMessage(sandbox, 'screen', [message])).json);
			const found = only(await waiting(screened));
			expect(found).toMatchObject({ outcome: 'answered' });
			expect(await answer(found)).toMatchObject({ outcome: 'sent' });
			expect(phone()).toContain('It ships today.');
		},
	);
});

describe('Message: Send Follow-Up', () => {
	beforeEach(async () => await pass(25 * HOUR));

	it('has the customer asked, and tells the agent that the reply waits', async () => {
		const item = await refused(await reply());
		expect(item).toMatchObject({ outcome: 'refused', reason: 'windowClosed' });
		const output = only(await followUp([item]));
		expect(output).toMatchObject({
			outcome: 'waits',
			notifyAgent: true,
			windowClosedAt: item.windowClosedAt,
			ticketId: ticket.id,
		});
		expect(output.message).toMatch(/^This reply waits: .*"It ships today."$/s);
		expect(phone()).toEqual([TEMPLATE]);
		expect(asked()).toMatchObject([
			{
				properties: {
					body: 'It ships today.',
					agent_name: 'Mia',
					ticket_id: ticket.id,
					reply_key: item.key,
				},
			},
		]);
	});

	it('asks once in a closed window, however many replies wait and however often it runs', async () => {
		const [first, second] = [await refused(await reply()), await refused(await reply('Really.'))];
		const outputs = await followUp([first, second, first]);
		expect(outputs.map(({ outcome }) => outcome)).toEqual(['waits', 'waits', 'waits']);
		await followUp([second]);
		expect(phone()).toEqual([TEMPLATE]);
		expect(new Set(outputs.map(({ noteKey }) => noteKey)).size).toBe(2);
	});

	it('asks again in the next closed window', async () => {
		await waits();
		await writes('Well?');
		await pass(25 * HOUR);
		await waits('Sorry, once more.');
		expect(phone()).toEqual([TEMPLATE, TEMPLATE]);
	});

	it('passes on whatever no closed window has refused', async () => {
		const items = [{ outcome: 'sent' }, { outcome: 'refused', reason: 'noConsent' }, { a: 1 }];
		expect(await followUp(items)).toEqual(items);
		expect(asked()).toEqual([]);
	});

	it('asks nobody whose window has opened since, and leaves the reply to catch-up', async () => {
		const item = await refused(await reply());
		await writes('Hello?');
		expect(only(await followUp([item]))).toMatchObject({
			...{ outcome: 'held', reason: 'windowOpen', notifyAgent: false },
		});
		expect(only(await followUp([{ ...item, comesAgain: false }]))).toMatchObject({
			outcome: 'held',
			notifyAgent: true,
		});
		expect(asked()).toEqual([]);
	});

	it('asks nobody of whom Klaviyo shows that they may not be sent templates', async () => {
		sandbox.klaviyo.setConsent(profileId, { whatsAppMarketing: true });
		sandbox.klaviyo.setConsent(profileId, { whatsAppMarketing: false });
		const item = await refused(await reply());
		const output = only(await followUp([item]));
		expect(output).toMatchObject({ outcome: 'refused', reason: 'windowClosed', notifyAgent: true });
		expect(output.message).toContain('They were not asked to continue: Klaviyo shows');
		expect(asked()).toEqual([]);
	});

	it('asks nobody if it is not known when they last wrote', async () => {
		sandbox.switches.whatsAppWindow = 'withoutEnd';
		sandbox.switches.goneMetrics = ['Sent WhatsApp'];
		const item = await refused(await reply());
		expect(item).toMatchObject({ reason: 'windowClosed', windowClosedAt: null });
		const output = only(await followUp([item]));
		expect(output).toMatchObject({ outcome: 'refused', notifyAgent: true });
		expect(output.message).toContain('Klaviyo does not show when they last wrote');
		expect(asked()).toEqual([]);
	});

	describe('when Klaviyo does not say whether it recorded the event', () => {
		const breaks = () => {
			sandbox.switches.faults.serverError = 1;
		};

		it('fails, and tells nobody that the customer was asked', async () => {
			const item = await refused(await reply());
			breaks();
			const [output] = await followUp([item], {}, goesOn);
			expect(output).toMatchObject({ outcome: 'refused', error: expect.any(String) });
			expect(output).not.toHaveProperty('noteKey');
		});

		it('tells the agent at the last attempt that the reply was not sent', async () => {
			const item = { ...(await refused(await reply())), comesAgain: false };
			breaks();
			const output = only(await followUp([item]));
			expect(output).toMatchObject({ outcome: 'refused', notifyAgent: true });
			expect(output.message).toMatch(/^This reply was not sent: .*they may be asked, or not/s);
		});
	});

	it('names the field that is wrong', async () => {
		const item = await refused(await reply());
		const errors = [
			await followUp([item], { metric: ' ' }, goesOn),
			await followUp([{ outcome: 'refused', reason: 'windowClosed' }], {}, goesOn),
			await followUp([item], { reply: 'nothing' }, goesOn),
		];
		expect(errors.flat().map(({ error }) => error)).toEqual([
			"'Metric' is empty",
			"'Reply' is not a claimed reply",
			expect.stringContaining("'Reply' is not valid JSON"),
		]);
	});
});

describe('A reply that waits', () => {
	beforeEach(async () => await pass(25 * HOUR));

	it('is sent when the customer answers, once, in whichever order the executions come', async () => {
		await waits();
		const message = messageOf('Go on');
		const [found] = await waiting(message);
		expect(found).toMatchObject({
			outcome: 'answered',
			ticketId: ticket.id,
			body: 'It ships today.',
		});
		await file(sandbox, [{ ...message, opensTicket: true }]);
		await pass(5 * SECOND);
		expect(await answer(found ?? {})).toMatchObject({ outcome: 'sent' });
		expect(phone()).toEqual([TEMPLATE, 'It ships today.']);
		const [again] = await waiting(message);
		expect(await claim(again ?? {})).toMatchObject({ outcome: 'notNow', reason: 'taken' });
		await pass(10 * MINUTE);
		const [later] = await waiting(message);
		expect(await answer(later ?? {})).toMatchObject({ outcome: 'alreadySent' });
		expect(phone()).toHaveLength(2);
	});

	it('is not claimed by catch-up before that', async () => {
		const item = await waits();
		await pass(HOUR);
		expect(await claim({ ...item, catchUp: true })).toMatchObject({
			outcome: 'refused',
			reason: 'waitsForCustomer',
		});
		expect(phone()).toEqual([TEMPLATE]);
	});

	it('is claimed by catch-up if the ticket shows that the customer has answered', async () => {
		const item = await waits();
		await writes('Go on');
		expect(await refused(item)).toMatchObject({ outcome: 'sent' });
	});

	it('does not take an old message for an answer', async () => {
		const old = messageOf('An hour before', sandbox.clock.now() - 26 * HOUR);
		await waits();
		expect(await waiting(old)).toEqual([]);
	});

	it('waits again, and the customer is asked again, if n8n was down until the window had closed', async () => {
		await waits();
		const message = messageOf('Go on');
		await pass(30 * HOUR);
		const [found] = await waiting(message);
		const late = await answer(found ?? {});
		expect(late).toMatchObject({ reason: 'windowClosed' });
		await tell(only(await followUp([late])));
		expect(notes().filter((note) => note.startsWith('This reply waits'))).toHaveLength(2);
		const [once] = await waiting(messageOf('Hello?'));
		expect(await answer(once ?? {})).toMatchObject({ outcome: 'sent' });
		expect(phone()).toEqual([TEMPLATE, TEMPLATE, 'It ships today.']);
	});

	it('is not sent to a customer whose answer may have unsubscribed them', async () => {
		await waits();
		const [screened] = (await runMessage(sandbox, 'screen', [messageOf('STOP')])).json;
		const [found] = await waiting(screened ?? {});
		expect(found).toMatchObject({ outcome: 'refused', reason: 'optedOut', notifyAgent: true });
		await tell(found ?? {});
		expect(await waiting(messageOf('Hello again'))).toEqual([]);
	});

	it('is left to the agent, if that was chosen, who is told once', async () => {
		const item = await waits(undefined, { whenAnswered: 'tellAgent' });
		expect(notes().at(-1)).toMatch(/^This reply was not sent: /);
		const message = await writes('Go on');
		const [found] = await waiting(message);
		expect(found).toMatchObject({ outcome: 'refused', reason: 'leftToAgent', notifyAgent: true });
		await tell(found ?? {});
		expect(notes().at(-1)).toMatch(/^The customer has written again\. This reply was not sent/);
		expect(await waiting(message)).toEqual([]);
		expect(await claim(item)).toMatchObject({ outcome: 'refused', reason: 'refusedBefore' });
		const rewritten = await reply('It ships today.');
		expect(await refused(rewritten)).toMatchObject({ outcome: 'sent' });
	});

	it('is told about on the new ticket, once, if its ticket was closed', async () => {
		await waits();
		sandbox.zendesk.agentUpdates(ticket.id, { status: 'solved' });
		sandbox.zendesk.agentUpdates(ticket.id, { status: 'closed' }, { via: 'automation' });
		const message = messageOf('Go on');
		expect(await waiting(message)).toMatchObject([{ outcome: 'notNow', reason: 'noTicket' }]);
		await file(sandbox, [{ ...message, opensTicket: true }]);
		await pass(5 * SECOND);
		const [found] = await waiting(message);
		const other = sandbox.zendesk.tickets().at(-1)?.id ?? '';
		expect(found).toMatchObject({ outcome: 'refused', reason: 'ticketClosed', ticketId: other });
		await tell(found ?? {});
		expect(notes(other).at(-1)).toContain(`on ticket #${ticket.id} was not sent`);
		expect(await waiting(message)).toEqual([]);
		expect(phone()).toEqual([TEMPLATE]);
	});

	it('is not noted as waiting, nor as refused, once another execution has claimed it', async () => {
		const item = await reply();
		const tooLate = await refused(item);
		const asking = only(await followUp([tooLate]));
		sandbox.klaviyo.brandWrites({
			to: CUSTOMER,
			body: 'Sale!',
			kind: 'campaign',
			channel: 'whatsapp',
		});
		await writes('Hello?');
		await pass(10 * MINUTE);
		sandbox.klaviyo.brandWrites({
			to: CUSTOMER,
			body: 'Sale!',
			kind: 'campaign',
			channel: 'whatsapp',
		});
		await pass(MINUTE);
		const missing = await refused(item);
		expect(missing).toMatchObject({ outcome: 'missing' });
		expect(await refused(missing)).toMatchObject({ outcome: 'sent' });
		expect(await tell(asking)).toMatchObject({ outcome: 'outdated' });
		expect(await tell(tooLate)).toMatchObject({ outcome: 'outdated' });
		expect(notes().filter((note) => /waits|was not sent/.test(note))).toEqual([]);
	});
});

describe('Ticket: Get Waiting Replies', () => {
	beforeEach(async () => await pass(25 * HOUR));

	it('lists what waits, if it is not told of an answer', async () => {
		await waits();
		expect(await waiting({ from: CUSTOMER }, { answeredAt: '' })).toMatchObject([
			{ outcome: 'waits', body: 'It ships today.', agentName: 'Mia', whenAnswered: 'send' },
		]);
	});

	it('reads each conversation once for many messages, and finds nothing of others', async () => {
		await waits();
		await waits('And another.');
		const messages = [messageOf('Go on'), messageOf('Go on')];
		const before = sandbox.calls().length;
		const { json } = await runTicket(sandbox, 'getWaitingReplies', [
			...messages,
			{ ...messages[0], from: '+12125550199' },
		]);
		expect(json).toHaveLength(4);
		expect(sandbox.calls().length - before).toBe(3);
	});

	it('forgets a reply that has waited for 28 days', async () => {
		await waits();
		await pass(29 * DAY);
		expect(await waiting(messageOf('Go on'))).toEqual([]);
	});

	it('fails if a history cannot be read, so that nothing is taken for told', async () => {
		await waits();
		sandbox.switches.faults.serverError = 1;
		const { json } = await runTicket(sandbox, 'getWaitingReplies', [messageOf('Go on')], goesOn);
		expect(json).toMatchObject([{ error: expect.any(String) }]);
	});

	it('names the field that is wrong', async () => {
		const run = async (item: IDataObject, parameters: INodeParameters = {}) =>
			(await runTicket(sandbox, 'getWaitingReplies', [item], { parameters, ...goesOn })).json[0];
		expect(await run({ from: 'nobody' })).toMatchObject({
			error: expect.stringContaining("'Customer Phone' is not a valid phone number"),
		});
		expect(await run({ from: CUSTOMER }, { answeredAt: 'soon' })).toMatchObject({
			error: expect.stringContaining("'Answered At' is not a valid date"),
		});
	});
});
