/** A campaign to very many customers, of whom few have an open ticket. */
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject } from 'n8n-workflow';
import { openConversation, outbound } from './support/conversation';
import { HOUR, MINUTE, pathsOf, runTicket, SECOND } from './support/desk';

describe('Ticket: Log Outbound Message for a campaign', () => {
	let sandbox: QuickSandbox;
	let requesterId: string;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
		({ requesterId } = await openConversation(sandbox));
	});
	afterEach(async () => await sandbox.close());

	const markCompleted = async (milliseconds = 5 * SECOND) =>
		await sandbox.clock.advance(milliseconds);
	const log = async (items: IDataObject[]) => await runTicket(sandbox, 'logOutbound', items);
	const number = (index: number) => `+1212${String(5_560_000 + index)}`;
	/** Conversations with tickets: the first 40 open, the rest solved. */
	const conversations = (count: number) => {
		for (let index = 0; index < count; index += 1) {
			const made = sandbox.zendesk.agentCreates({
				subject: 'SMS',
				body: 'Hi',
				requesterId,
				externalId: `klaviyo:sms:${number(index)}`,
			});
			if (index >= 40) sandbox.zendesk.agentUpdates(made.id, { status: 'solved' });
		}
	};
	const campaign = (count: number) =>
		Array.from({ length: count }, (_, index) => outbound(sandbox, { to: number(index) }));
	const expectNotes = (outcomes: unknown[]) => {
		expect(outcomes.slice(0, 40)).toEqual(Array(40).fill('logged'));
		expect(new Set(outcomes.slice(40))).toEqual(new Set(['noTicket']));
	};

	it('asks only for those with an open ticket, of 10,000', async () => {
		conversations(300);
		await markCompleted(HOUR);
		const items = campaign(10_000);
		const before = pathsOf(sandbox).length;
		const { json } = await log(items);
		const calls = pathsOf(sandbox).length - before;
		expect(json).toHaveLength(10_000);
		expectNotes(json.map(({ outcome }) => outcome));
		process.stdout.write(
			`Log Outbound Message: ${calls} Zendesk calls for 10,000 messages, 40 of them with an open ticket\n`,
		);
		expect(calls).toBeLessThan(90);
	});

	it('misses no ticket that the search does not know yet', async () => {
		sandbox.switches.searchLag = 5 * MINUTE;
		conversations(100);
		await markCompleted();
		expectNotes((await log(campaign(100))).json.map(({ outcome }) => outcome));
	});

	it('asks one by one if the search may not be exported', async () => {
		sandbox.switches.zendeskForbids = ['searchExport'];
		conversations(60);
		await markCompleted();
		expectNotes((await log(campaign(60))).json.map(({ outcome }) => outcome));
	});
});
