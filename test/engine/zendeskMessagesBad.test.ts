/** Whatever is wrong: a clear message on the item, nothing lost, and the other items are done. */
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import { worked } from '../support/worked';
import type { IDataObject } from 'n8n-workflow';
import type { SandboxTicket } from '../../sandbox/types';
import {
	ask,
	bodiesOf,
	CUSTOMER,
	file,
	HOUR,
	MINUTE,
	textOf,
	zendeskCredentials,
} from './support/desk';

const goOn = { onError: 'continueRegularOutput' } as const;
const OTHER = '+12125550124';

describe('Ticket: Create or Reopen From Message, when something is wrong,', () => {
	let sandbox: QuickSandbox;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
	});
	afterEach(async () => await sandbox.close());

	const rest = async () => await sandbox.clock.advance(5 * MINUTE);
	const opened = async (): Promise<SandboxTicket> => {
		await file(sandbox, [textOf(sandbox)]);
		await rest();
		return sandbox.zendesk.tickets()[0] as SandboxTicket;
	};
	/** With another customer's message, which must still be added. */
	const addWithOther = async (message: IDataObject): Promise<IDataObject> => {
		const other = textOf(sandbox, { from: OTHER, body: 'Other' });
		const { json } = await file(sandbox, [message, other], goOn);
		expect(json[0]).toMatchObject(message);
		expect(json[1]).toMatchObject({ outcome: expect.stringMatching(/created|commented/) });
		return json[0] ?? {};
	};

	describe('with the customer:', () => {
		it.each([null, '', 'ACME', '12345'])('no number (%j)', async (from) => {
			expect(await addWithOther(textOf(sandbox, { from }))).toMatchObject({
				error: from
					? `'Customer Phone' is not a valid phone number: '${from}'`
					: "'Customer Phone' is empty",
				errorDescription: expect.stringContaining(
					from ? '+ and country code' : "Map the customer's number to it",
				),
			});
		});

		it('four megabytes of text: a beginning is added, which says how much is left out, and n8n is not blocked', async () => {
			const began = worked();
			const { json } = await file(sandbox, [textOf(sandbox, { body: '👩‍👩‍👧 '.repeat(450_000) })]);
			expect(worked() - began).toBeLessThan(15_000);
			expect(json).toMatchObject([{ outcome: 'created' }]);
			const words =
				sandbox.zendesk
					.tickets()[0]
					?.comments.map(({ body }) => body)
					.join('') ?? '';
			expect(words.length).toBeLessThan(101_000);
			expect(words).toMatch(/\[The message is longer: 39500\d\d more characters are left out\.\]/);
		});

		it('no e-mail address, or an invalid one', async () => {
			const messages = [null, '', 'not an address', '"; drop'].map((email, index) =>
				textOf(sandbox, { from: `+1212555013${index}`, customer: { email } }),
			);
			const { json } = await file(sandbox, messages, goOn);
			expect(json.map(({ outcome }) => outcome)).toEqual(messages.map(() => 'created'));
		});

		describe.each(['refused', 'accepted'] as const)(
			'suspended in Zendesk (%s as a requester)',
			(suspendedRequester) => {
				beforeEach(() => {
					sandbox.switches.suspendedRequester = suspendedRequester;
				});
				const message = expect.stringContaining('end the suspension');
				const skipped = { outcome: 'skipped', reason: 'suspended', message, ticketId: null };

				it.each([
					['the external id', { externalId: `klaviyo:sms:${CUSTOMER}` }],
					['the number', { phone: CUSTOMER }],
				])('known by %s: opens nothing, creates nobody, and says why', async (_by, known) => {
					sandbox.zendesk.addUser({ name: 'Spam', ...known, suspended: true });
					const users = sandbox.zendesk.users();
					for (const more of [{}, { mediaUrls: ['https://10.0.0.1/x'] }]) {
						const { json, error } = await file(sandbox, [textOf(sandbox, more)]);
						expect(error).toBeUndefined();
						expect(json).toMatchObject([skipped]);
					}
					expect(sandbox.zendesk.tickets()).toEqual([]);
					expect(sandbox.zendesk.users()).toEqual(users);
				});

				it.each(['open', 'solved', 'closed'] as const)(
					'after a ticket that is %s: nothing is added, reopened or created',
					async (status) => {
						await file(sandbox, [textOf(sandbox)]);
						const { id, requesterId } = sandbox.zendesk.tickets().at(-1) as SandboxTicket;
						sandbox.zendesk.agentUpdates(id, { status });
						await ask(sandbox, 'PUT', `/api/v2/users/${requesterId}`, {
							user: { suspended: true },
						});
						await rest();
						const before = sandbox.zendesk.tickets();
						const { json } = await file(sandbox, [textOf(sandbox)]);
						expect(json).toMatchObject([skipped]);
						expect(sandbox.zendesk.tickets()).toEqual(before);
						await ask(sandbox, 'PUT', `/api/v2/users/${requesterId}`, {
							user: { suspended: false },
						});
						const { json: later } = await file(sandbox, [textOf(sandbox)]);
						expect(later).not.toMatchObject([skipped]);
					},
				);

				it('does not count for a customer who has another user with the number', async () => {
					sandbox.zendesk.addUser({ name: 'Spam', phone: CUSTOMER, suspended: true });
					const known = sandbox.zendesk.addUser({ name: 'Ana', phone: CUSTOMER });
					const { json } = await file(sandbox, [textOf(sandbox)]);
					expect(json).toMatchObject([{ outcome: 'created' }]);
					expect(sandbox.zendesk.tickets()).toMatchObject([{ requesterId: known.id }]);
				});

				it('is not found by an address that anyone could have entered', async () => {
					sandbox.zendesk.addUser({ name: 'Spam', email: 'ana@home.co', suspended: true });
					const message = textOf(sandbox, { customer: { email: 'ana@home.co' } });
					const { json } = await file(sandbox, [message]);
					expect(json).toMatchObject([{ outcome: 'created' }]);
				});
			},
		);

		it('the external id used twice, where Zendesk allows that', async () => {
			sandbox.switches.uniqueUserExternalIds = false;
			const externalId = `klaviyo:sms:${CUSTOMER}`;
			sandbox.zendesk.addUser({ name: 'Spam', externalId, suspended: true });
			expect((await file(sandbox, [textOf(sandbox)])).json).toMatchObject([{ outcome: 'created' }]);
			expect(sandbox.zendesk.users().filter((user) => user.externalId === externalId)).toHaveLength(
				2,
			);
		});
	});

	describe('with the message:', () => {
		it('nothing in it, or 64 kB', async () => {
			const long = `${'ü'.repeat(32_000)}${'€'.repeat(500)}`;
			const messages = [
				textOf(sandbox, { body: null }),
				textOf(sandbox, { body: long, from: OTHER }),
			];
			const { json } = await file(sandbox, messages);
			expect(json).toMatchObject([{ outcome: 'created' }, { outcome: 'created' }]);
			const bodies = bodiesOf(sandbox).map((pieces) => pieces.join(''));
			expect(bodies.sort()).toEqual(['(The text is empty.)', long].sort());
		});

		it.each(['key', 'sentAt'])('no %s', async (field) => {
			const message = textOf(sandbox, { [field]: '' });
			expect(await addWithOther(message)).toHaveProperty('error');
		});
	});

	describe('with the ticket:', () => {
		it('deleted: the next message opens a new one', async () => {
			const { id } = await opened();
			sandbox.zendesk.deleteTicket(id);
			await sandbox.clock.advance(3 * HOUR);
			const { json } = await file(sandbox, [textOf(sandbox)]);
			expect(json).toMatchObject([{ outcome: 'created' }]);
		});

		it('deleted while its idempotency key is valid: the message fails with a clear error', async () => {
			const { id } = await opened();
			sandbox.zendesk.deleteTicket(id);
			expect(await addWithOther(textOf(sandbox))).toMatchObject({
				error: expect.stringMatching(/not listed yet, or has been deleted since.*Catch-up/s),
			});
			expect(sandbox.zendesk.tickets().map(({ externalId }) => externalId)).toEqual([
				`klaviyo:sms:${OTHER}`,
			]);
		});

		it.each(['en', 'xx'] as const)('closed in between (%s)', async (language) => {
			sandbox.switches.errorLanguage = language;
			const { id } = await opened();
			sandbox.switches.ticketListLag = 2000;
			sandbox.zendesk.agentUpdates(id, { status: 'closed' });
			const { json } = await file(sandbox, [textOf(sandbox)]);
			expect(json).toMatchObject([{ outcome: 'created' }]);
			expect(sandbox.zendesk.tickets()).toHaveLength(2);
		});

		it('full: the message is not lost, and the agent can make room', async () => {
			const { id } = await opened();
			for (let count = 1; count < 5000; count++) sandbox.zendesk.agentComments(id, 'x');
			await rest();
			const message = textOf(sandbox, { body: 'One more' });
			expect(await addWithOther(message)).toMatchObject({
				error: `The message was not added to a ticket. Ticket ${id} has 5,000 comments and takes no more.`,
				errorDescription: expect.stringContaining(`Set ticket ${id} to closed`),
			});
			sandbox.zendesk.agentUpdates(id, { status: 'closed' });
			await rest();
			expect((await file(sandbox, [message])).json).toMatchObject([{ outcome: 'created' }]);
		});

		it('in a status of the account: it counts by its category', async () => {
			sandbox.switches.customStatuses = true;
			const { id } = await opened();
			sandbox.zendesk.agentUpdates(id, { status: 'pending' });
			await rest();
			await file(sandbox, [textOf(sandbox)]);
			expect(sandbox.zendesk.ticket(id).status).toBe('open');
		});
	});

	describe('with Zendesk:', () => {
		it('30 updates of a ticket in 10 minutes: the limit is named, and until when', async () => {
			await sandbox.close();
			sandbox = await startQuickSandbox({ limits: 1 });
			await opened();
			const messages = Array.from({ length: 33 }, (_, index) =>
				textOf(sandbox, { body: `${index}` }),
			);
			const { json } = await file(sandbox, [...messages, textOf(sandbox, { from: OTHER })], goOn);
			const failed = json.filter(({ error }) => error);
			expect(failed.length).toBeGreaterThan(0);
			for (const { error } of failed)
				expect(error).toMatch(
					/Ticket \d+ has had the 30 updates in 10 minutes .* accepts more from \d\d:\d\d UTC\. Catch-up brings the message again/,
				);
			expect(json.at(-1)).toMatchObject({ outcome: 'created' });
			// Catch-up.
			await sandbox.clock.advance(11 * MINUTE);
			const again = await file(sandbox, messages);
			expect(again.json.filter(({ outcome }) => outcome === 'commented')).toHaveLength(
				failed.length,
			);
			expect(bodiesOf(sandbox)[0]).toHaveLength(34);
		});

		it('down: each item says so, and the message is added when it is back', async () => {
			sandbox.switches.faults.serverError = 1;
			const message = textOf(sandbox);
			const { json } = await file(sandbox, [message], goOn);
			expect(json[0]?.error).toMatch(
				/list of tickets could not be read\. Catch-up .* until the trigger's 'Look Back \(Hours\)' have passed .* \(24 hours by default\)/,
			);
			sandbox.switches.faults.serverError = 0;
			expect((await file(sandbox, [message])).json).toMatchObject([{ outcome: 'created' }]);
		});

		it('nobody there', async () => {
			const [setup] = [zendeskCredentials(sandbox)];
			setup.zendeskSyncApi.zendeskUrl = 'http://127.0.0.1:9';
			const { json } = await file(sandbox, [textOf(sandbox)], { credentials: setup, ...goOn });
			expect(json[0]?.error).toMatch(/list of tickets could not be read/);
		});

		it('a token that is no longer valid: nothing is done, and it says what to do', async () => {
			const credentials = zendeskCredentials(sandbox);
			credentials.zendeskSyncApi.apiToken = 'expired';
			const messages = [textOf(sandbox), textOf(sandbox, { from: OTHER })];
			const { json } = await file(sandbox, messages, { credentials, ...goOn });
			expect(json).toMatchObject(
				messages.map(() => ({
					error: 'The credential was not accepted',
					errorDescription: expect.stringContaining('connect it again'),
				})),
			);
		});

		it.each([
			['ticketReads', 'The tickets could not be listed'],
			['ticketWrites', 'The ticket could not be created'],
			['users', 'The users could not be searched'],
		] as const)(
			'a credential without %s: it says which permission it needs',
			async (right, what) => {
				sandbox.switches.zendeskForbids = [right];
				const { json } = await file(sandbox, [textOf(sandbox)], goOn);
				expect(json).toMatchObject([
					{
						error: `${what} (status 403)`,
						errorDescription: expect.stringContaining("the scopes 'read' and 'write'"),
					},
				]);
			},
		);

		it("a credential that may not read a ticket's history", async () => {
			const message = textOf(sandbox);
			await file(sandbox, [message]);
			sandbox.switches.zendeskForbids = ['audits'];
			const { json } = await file(sandbox, [message], goOn);
			expect(json[0]?.error).toMatch(/history of ticket \d+ could not be read \(status 403\)/);
			expect(json[0]?.errorDescription).toContain("needs the global 'read'");
		});
	});
});
