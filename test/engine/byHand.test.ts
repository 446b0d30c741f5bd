/** Executions run by hand: with the same pinned event again and again, or stopped half way. */
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject } from 'n8n-workflow';
import { type Door, openDoor } from '../support/door';
import { CUSTOMER, klaviyoCredentials, SECOND, textOf, zendeskCredentials } from './support/desk';
import { openConversation, outbound } from './support/conversation';
import { messagesTo } from './support/klaviyoMessages';
import { readTemplate, TemplateWorkflow } from './support/worldTemplate';

const OTHER = '+12125550188';
/** Until a claim is no longer active, and a current log shows its message. */
const UNTIL_CLEAR = 470 * SECOND;

describe('An execution', () => {
	let sandbox: QuickSandbox;
	let klaviyo: Door;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
		klaviyo = await openDoor(sandbox.klaviyo.url);
		for (const phone of [CUSTOMER, OTHER]) sandbox.klaviyo.addProfile({ phone });
	});
	afterEach(async () => {
		klaviyo.open();
		await klaviyo.close();
		await sandbox.close();
	});

	const template = (file: string): TemplateWorkflow => {
		const { klaviyoSyncApi } = klaviyoCredentials(sandbox);
		return new TemplateWorkflow(readTemplate(file), {
			...zendeskCredentials(sandbox),
			klaviyoSyncApi: { ...klaviyoSyncApi, baseUrl: klaviyo.url },
		});
	};
	const markCompleted = async (milliseconds = 5 * SECOND) =>
		await sandbox.clock.advance(milliseconds);

	/** An agent's reply to a customer who has written, as Zendesk Sync Trigger returns it. */
	async function reply(): Promise<IDataObject> {
		sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Where is my order?' });
		const ticket = await openConversation(sandbox);
		await markCompleted();
		const { id } = sandbox.zendesk.agentComments(ticket.id, 'It ships today.');
		await markCompleted();
		const occurredAt = new Date(sandbox.clock.now()).toISOString();
		return { event: 'agentReplied', occurredAt, ticketId: ticket.id, comment: { id } };
	}
	const bodies = () =>
		sandbox.zendesk.tickets().flatMap(({ comments }) => comments.map(({ body }) => body));

	describe('with a pinned event does its work once, however often it is run by hand:', () => {
		async function byHand(file: string, item: IDataObject): Promise<void> {
			const workflow = template(file);
			for (let times = 0; times < 3; times++) {
				expect((await workflow.play([{ json: item }], 'manual')).error).toBeUndefined();
				await markCompleted();
			}
		}

		it.each(['01-inbound-message-to-ticket.json', '01b-inbound-message-step-by-step.json'])(
			'%s',
			async (file) => {
				const { opensTicket: _screened, ...message } = textOf(sandbox);
				await byHand(file, { ...message, direction: 'inbound', event: 'customerMessaged' });
				expect(bodies()).toEqual(['Where is my order?']);
			},
		);

		it('02', async () => {
			await byHand('02-agent-reply-to-customer.json', await reply());
			expect(messagesTo(sandbox)).toEqual(['It ships today.']);
		});

		it('04', async () => {
			await openConversation(sandbox);
			await markCompleted();
			await byHand('04-messages-from-klaviyo-to-ticket.json', outbound(sandbox));
			expect(bodies().filter((body) => body.includes('Everything 20 % off'))).toHaveLength(1);
		});
	});

	it.each([
		['before the message went out', '/api/profiles', 0],
		['while Klaviyo took the message', '/api/conversation-messages', 1],
	])('that is stopped %s is completed by catch-up, once', async (_when, path, sentMeanwhile) => {
		const workflow = template('02-agent-reply-to-customer.json');
		const item = await reply();
		const held = klaviyo.hold(path);
		await workflow.playStopped([{ json: item }], async () => {
			await sandbox.until('the request', () => held.waiting() > 0);
		});
		held.release();
		await markCompleted();
		expect(messagesTo(sandbox)).toHaveLength(sentMeanwhile);
		for (let times = 0; times < 3; times++) {
			await markCompleted(UNTIL_CLEAR);
			// By which Klaviyo's log is known to be current.
			sandbox.klaviyo.brandWrites({ to: OTHER, body: 'Sale', kind: 'campaign' });
			await markCompleted();
			await workflow.play([{ json: item }], 'trigger');
		}
		expect(messagesTo(sandbox)).toEqual(['It ships today.']);
	});
});
