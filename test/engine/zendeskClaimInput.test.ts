import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject } from 'n8n-workflow';
import type { SandboxTicket } from '../../sandbox/types';
import { openConversation } from './support/conversation';
import { ask, HOUR, pathsOf, runTicket, SECOND } from './support/desk';
import type { NodeSetup } from './support/engine';

const goOn = { onError: 'continueRegularOutput' } as const;
const DAY = 24 * HOUR;

describe('Ticket: Claim Reply with unusable input', () => {
	let sandbox: QuickSandbox;
	let ticket: SandboxTicket;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
		ticket = await openConversation(sandbox);
		await sandbox.clock.advance(5 * SECOND);
	});
	afterEach(async () => await sandbox.close());

	const reply = async (body = 'It ships today.'): Promise<IDataObject> => {
		const { id } = sandbox.zendesk.agentComments(ticket.id, body);
		await sandbox.clock.advance(5 * SECOND);
		return { key: `reply:${id}`, ticketId: ticket.id, comment: { id } };
	};
	const claim = async (items: IDataObject[], setup: NodeSetup = {}) =>
		await runTicket(sandbox, 'claimReply', items, setup);

	it('refuses a ticket that is gone and a comment that is not there, with a reason', async () => {
		const item = await reply();
		const other = await openConversation(sandbox, { phone: '+12125550124' });
		sandbox.zendesk.deleteTicket(other.id);
		const { json } = await claim([
			{ ...item, ticketId: other.id },
			{ ...item, comment: { id: '1' } },
			item,
		]);
		expect(json).toMatchObject([
			{ outcome: 'refused', reason: 'ticketGone', ticketId: other.id },
			{ outcome: 'refused', reason: 'commentNotFound' },
			{ outcome: 'claimed' },
		]);
	});

	describe('with an attachment, which is sent as a link,', () => {
		const SETTINGS = '/api/v2/account/settings';
		const noteOf = async (withFile: boolean): Promise<string> => {
			const uploads = withFile ? [await uploaded()] : [];
			const { id } = sandbox.zendesk.agentComments(ticket.id, 'Here it is.', { uploads });
			await sandbox.clock.advance(5 * SECOND);
			const { json } = await claim([{ ticketId: ticket.id, comment: { id } }]);
			expect(json).toMatchObject([{ outcome: 'claimed' }]);
			return sandbox.zendesk.ticket(ticket.id).comments.at(-1)?.body ?? '';
		};
		const uploaded = async (): Promise<string> => {
			const { url, account } = sandbox.zendesk;
			const login = Buffer.from(`${account.email}/token:${account.apiToken}`).toString('base64');
			const answer = await fetch(`${url}/api/v2/uploads?filename=label.pdf`, {
				method: 'POST',
				headers: { authorization: `Basic ${login}`, 'content-type': 'application/pdf' },
				body: 'a label',
			});
			return ((await answer.json()) as { upload: { token: string } }).upload.token;
		};

		it('tells the agent that the customer cannot open it if that needs signing in', async () => {
			sandbox.switches.secureDownloads = true;
			expect(await noteOf(true)).toContain('cannot open them');
			expect(await noteOf(false)).not.toContain('cannot open them');
		});

		it('says nothing if it does not, and makes no request if there is none', async () => {
			expect(await noteOf(false)).not.toContain('cannot open them');
			expect(pathsOf(sandbox)).not.toContain(`GET ${SETTINGS}`);
			expect(await noteOf(true)).not.toContain('cannot open them');
			expect(pathsOf(sandbox)).toContain(`GET ${SETTINGS}`);
		});
	});

	it('tells the agent of a reply on a solved ticket that lacks a field required for solving, and does not claim it', async () => {
		const item = await reply();
		sandbox.zendesk.agentUpdates(ticket.id, { status: 'solved' });
		await sandbox.clock.advance(5 * SECOND);
		sandbox.switches.requiredToSolve = true;
		const { json } = await claim([item]);
		expect(json).toMatchObject([
			{
				outcome: 'refused',
				reason: 'ticketRefuses',
				notifyAgent: true,
				message: expect.stringMatching(/^This reply was not sent: .*Order number: is required/),
			},
		]);
		// As template 02 does it.
		const tell = async () =>
			await runTicket(sandbox, 'addInternalNote', json, {
				parameters: { note: '={{ $json.message }}', options: { key: '={{ $json.key }}:refused' } },
			});
		expect((await tell()).json).toMatchObject([{ outcome: 'added' }]);
		const { status, comments } = sandbox.zendesk.ticket(ticket.id);
		expect(status).toBe('open');
		expect(comments.at(-1)).toMatchObject({ public: false, body: json[0]?.message });
		await sandbox.clock.advance(5 * SECOND);
		// Final: the agent may have written it again.
		expect((await claim([item])).json).toMatchObject([{ reason: 'refusedBefore' }]);
		expect((await tell()).json).toMatchObject([{ outcome: 'duplicate' }]);
	});

	it('claims a reply on a solved ticket that has the field', async () => {
		sandbox.switches.requiredToSolve = true;
		const item = await reply();
		const fields = { custom_fields: [{ id: 360003000101, value: 'A-1' }] };
		await ask(sandbox, 'PUT', `/api/v2/tickets/${ticket.id}`, {
			ticket: { ...fields, status: 'solved' },
		});
		await sandbox.clock.advance(5 * SECOND);
		expect((await claim([item])).json).toMatchObject([{ outcome: 'claimed' }]);
		expect(sandbox.zendesk.ticket(ticket.id).status).toBe('solved');
	});

	it('names an invalid id, and claims the others', async () => {
		const item = await reply();
		const { json, items } = await claim([{ ...item, ticketId: '' }, item], goOn);
		expect(json).toMatchObject([{ error: "'Ticket' is empty" }, { outcome: 'claimed' }]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
	});

	it.each([
		['no ticket', { ticketId: '' }, "'Ticket' is empty"],
		['no comment', { comment: null }, "'Comment ID' is empty"],
	])('reports truly on an item with %s beside a claimed one', async (_, without, fault) => {
		for (const comesAgain of [true, false]) {
			const item = { ...(await reply()), comesAgain, ...without };
			const [told] = (await claim([item, await reply()])).json;
			expect(told).toMatchObject({ outcome: 'notNow', reason: 'notClaimed' });
			expect(told?.message).toContain(fault);
			// Neither that it comes again, nor that a message may have been sent.
			expect(told?.message).not.toMatch(/again|certain/);
			expect(told).not.toHaveProperty('notifyAgent');
		}
	});

	it.each([
		['no comment', {}],
		['a comment that is null', { comment: null }],
	])('says so where the item has %s', async (_what, more) => {
		const { json } = await claim([{ ticketId: ticket.id, ...more }, await reply()], goOn);
		expect(json).toMatchObject([{ error: "'Comment ID' is empty" }, { outcome: 'claimed' }]);
	});

	it('claims in conversations of its scope only', async () => {
		const outlet = await openConversation(sandbox, { phone: '+12125550124', scope: 'outlet' });
		await sandbox.clock.advance(5 * SECOND);
		const { id } = sandbox.zendesk.agentComments(outlet.id, 'From the outlet.');
		const ofOutlet = { ticketId: outlet.id, comment: { id } };
		const withoutScope = await reply();
		const outcomes = async (scope: string) =>
			(await claim([ofOutlet, withoutScope], { parameters: { options: { scope } } })).json.map(
				({ outcome, reason }) => reason ?? outcome,
			);
		expect(await outcomes('shop')).toEqual(['otherScope', 'otherScope']);
		expect(await outcomes('outlet')).toEqual(['claimed', 'otherScope']);
		expect(await outcomes('-')).toEqual(['otherScope', 'claimed']);
		await sandbox.clock.advance(401 * SECOND);
		expect(await outcomes('')).toEqual(['unclear', 'unclear']);
	});

	it("claims a reply that has another program's metadata", async () => {
		const { ticket: updated } = (await ask(sandbox, 'PUT', `/api/v2/tickets/${ticket.id}`, {
			ticket: {
				comment: {
					body: 'It ships today.',
					public: true,
					author_id: Number(sandbox.zendesk.agent.id),
				},
				metadata: { key: 'crm-4711', claim: 'crm', profileId: 'CRM' },
			},
		})) as { ticket: { id: number } };
		const id = sandbox.zendesk.ticket(String(updated.id)).comments.at(-1)?.id ?? '';
		await sandbox.clock.advance(5 * SECOND);
		const { json } = await claim([{ ticketId: ticket.id, comment: { id } }]);
		expect(json).toMatchObject([{ outcome: 'claimed', profileId: null }]);
	});

	it('says what the credential may not do', async () => {
		const item = await reply();
		sandbox.switches.zendeskForbids = ['audits'];
		expect((await claim([item], goOn)).json).toMatchObject([
			{
				error: `The history of ticket ${ticket.id} could not be read (status 403)`,
				errorDescription: expect.stringContaining("needs the global 'read'"),
			},
		]);
		sandbox.switches.zendeskForbids = ['ticketWrites'];
		expect((await claim([item], goOn)).json).toMatchObject([
			{ error: `Ticket ${ticket.id} could not be updated (status 403)` },
		]);
		const { url, account } = sandbox.zendesk;
		const credentials = {
			zendeskSyncApi: { zendeskUrl: url, email: account.email, apiToken: 'expired' },
		};
		expect((await claim([item], { ...goOn, credentials })).json).toMatchObject([
			{
				error: 'The credential was not accepted',
				errorDescription: expect.stringContaining('connect it again'),
			},
		]);
	});

	it('works with only its own parameters, as an AI agent sets them', async () => {
		const item = await reply();
		const { json } = await claim([{}], {
			parameters: { ticketId: ticket.id, commentId: (item.comment as { id: string }).id },
		});
		expect(json).toMatchObject([{ outcome: 'claimed', body: 'It ships today.' }]);
	});

	it('costs no more on a ticket with 4,900 comments', async () => {
		for (let left = 4_900; left > 0; left -= 1) sandbox.zendesk.agentComments(ticket.id, 'x');
		await sandbox.clock.advance(3 * DAY);
		const item = await reply();
		const occurredAt = new Date(sandbox.clock.now()).toISOString();
		const before = pathsOf(sandbox).length;
		const { json } = await claim([{ ...item, occurredAt }]);
		const calls = pathsOf(sandbox).slice(before);
		expect(json).toMatchObject([{ outcome: 'claimed' }]);
		expect(calls).toEqual([
			`GET /api/v2/tickets/${ticket.id}`,
			`GET /api/v2/tickets/${ticket.id}/audits`,
			`PUT /api/v2/tickets/${ticket.id}`,
		]);
	});

	it('says that a full ticket takes no claim', async () => {
		for (let left = 4_998; left > 0; left -= 1) sandbox.zendesk.agentComments(ticket.id, 'x');
		await sandbox.clock.advance(3 * DAY);
		const item = await reply('The last one');
		expect((await claim([item], goOn)).json).toMatchObject([
			{
				error: `Ticket ${ticket.id} could not be updated (status 422)`,
				errorDescription: expect.stringContaining('too many comments'),
			},
		]);
	});
});
