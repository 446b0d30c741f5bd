import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject } from 'n8n-workflow';
import { toComments } from '../../domain/conversation/commentHtml';
import type { SandboxTicket } from '../../sandbox/types';
import { openConversation } from './support/conversation';
import { ask, pathsOf, runTicket, SECOND } from './support/desk';

const goOn = { onError: 'continueRegularOutput' } as const;

describe('Ticket: Add Internal Note with a key', () => {
	let sandbox: QuickSandbox;
	let ticket: SandboxTicket;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
		ticket = await openConversation(sandbox);
		await sandbox.clock.advance(5 * SECOND);
	});
	afterEach(async () => await sandbox.close());

	const add = async (note: string, key = 'reply:9:notSent', setup = {}) =>
		(
			await runTicket(sandbox, 'addInternalNote', [{ ticketId: ticket.id }], {
				parameters: { note, options: { key } },
				...setup,
			})
		).json;
	const notes = () => sandbox.zendesk.ticket(ticket.id).comments.slice(1);
	const outcomes = (runs: IDataObject[][]) => runs.map(([item]) => item?.outcome).sort();

	it('is written once when five executions write it at the same moment', async () => {
		const runs = await Promise.all([1, 2, 3, 4, 5].map(async () => await add('Once')));
		expect(outcomes(runs)).toEqual(['added', ...Array(4).fill('duplicate')]);
		expect(notes()).toMatchObject([{ public: false, body: 'Once' }]);
	});

	it('adds tags to those of the ticket, also where the note is there already', async () => {
		const before = sandbox.zendesk.ticket(ticket.id).tags;
		for (const [tags, outcome] of [
			['Draft, vip', 'added'],
			['checked', 'duplicate'],
		]) {
			const parameters = { note: 'Once', options: { key: 'k', tags } };
			const items = [{ ticketId: ticket.id }];
			const { json } = await runTicket(sandbox, 'addInternalNote', items, { parameters });
			expect(json).toMatchObject([{ outcome }]);
		}
		expect(sandbox.zendesk.ticket(ticket.id).tags.sort()).toEqual(
			[...before, 'checked', 'draft', 'vip'].sort(),
		);
		expect(notes()).toMatchObject([{ public: false, body: 'Once' }]);
	});

	it.each([
		['nothing that its expression asks for', {}],
		['null there', { message: null }],
		['an object there', { message: { text: 'Hi' } }],
		['white space there', { message: ' ' }],
	])('says so where an item has %s, and writes the others', async (_what, more) => {
		const items = [
			{ ticketId: ticket.id, ...more },
			{ ticketId: ticket.id, message: 'Not sent' },
		];
		for (const options of [{}, { key: '={{ $json.message }}' }]) {
			const { json } = await runTicket(sandbox, 'addInternalNote', items, {
				...goOn,
				parameters: { note: '={{ $json.message }}', options },
			});
			expect(json).toMatchObject([{ error: "'Note' is empty" }, { outcome: 'added' }]);
		}
		expect(notes().map(({ body }) => body)).toEqual(['Not sent', 'Not sent']);
	});

	it('is written although another one cannot be, and the node fails when all were tried', async () => {
		const options = { key: 'reply:9:notSent' };
		const { error } = await runTicket(
			sandbox,
			'addInternalNote',
			[{ ticketId: '99999' }, { ticketId: ticket.id }],
			{ parameters: { note: 'Not sent', options } },
		);
		expect(error?.message).toContain('Ticket 99999');
		expect(notes()).toMatchObject([{ body: 'Not sent' }]);
	});

	it('is written once and whole when it needs three comments', async () => {
		const note = 'é'.repeat(80_000);
		const runs = await Promise.all([1, 2, 3].map(async () => await add(note)));
		expect(outcomes(runs)).toEqual(['added', 'duplicate', 'duplicate']);
		expect(
			notes()
				.map(({ body }) => body)
				.join(''),
		).toBe(note);
	});

	it('is completed when a run died between its pieces', async () => {
		const note = 'é'.repeat(80_000);
		const [first = ''] = toComments(note);
		await ask(sandbox, 'PUT', `/api/v2/tickets/${ticket.id}`, {
			ticket: { comment: { html_body: first, public: false }, metadata: { key: 'n' } },
		});
		await sandbox.clock.advance(5 * SECOND);
		expect(await add(note, 'n')).toMatchObject([{ outcome: 'added' }]);
		expect(await add(note, 'n')).toMatchObject([{ outcome: 'duplicate' }]);
		expect(notes()).toHaveLength(3);
		expect(
			notes()
				.map(({ body }) => body)
				.join(''),
		).toBe(note);
	});

	it('costs a read and a write for a ticket that has not changed for a week', async () => {
		await sandbox.clock.advance(8 * 24 * 3600 * SECOND);
		const before = pathsOf(sandbox).length;
		await add('Note');
		expect(pathsOf(sandbox).slice(before)).toEqual([
			`GET /api/v2/tickets/${ticket.id}`,
			`PUT /api/v2/tickets/${ticket.id}`,
		]);
	});

	it('is recognized for seven days, and may be written again after that', async () => {
		const day = 24 * 3600 * SECOND;
		await add('Note');
		await sandbox.clock.advance(7 * day - 10 * SECOND);
		expect(await add('Note')).toMatchObject([{ outcome: 'duplicate' }]);
		await sandbox.clock.advance(2 * 60 * SECOND);
		expect(await add('Note')).toMatchObject([{ outcome: 'added' }]);
	});

	it.each(['en', 'xx'] as const)(
		'says that the ticket is closed, in whatever language (%s)',
		async (errorLanguage) => {
			sandbox.switches.errorLanguage = errorLanguage;
			await add('Before');
			sandbox.zendesk.agentUpdates(ticket.id, { status: 'closed' });
			await sandbox.clock.advance(5 * SECOND);
			expect(await add('Before', undefined, goOn)).toMatchObject([{ outcome: 'duplicate' }]);
			expect(await add('After', 'other', goOn)).toMatchObject([
				{
					error: `No note could be added to ticket ${ticket.id}. The ticket is closed.`,
					errorDescription: expect.stringContaining('newest ticket'),
				},
			]);
		},
	);

	it('says that there is no such ticket, or that the id is invalid', async () => {
		sandbox.zendesk.deleteTicket(ticket.id);
		expect(await add('Note', 'k', goOn)).toMatchObject([
			{ error: `Ticket ${ticket.id} could not be read (status 404)` },
		]);
		const { json } = await runTicket(sandbox, 'addInternalNote', [{ ticketId: '' }], {
			parameters: { note: 'Note', ticketId: 'none' },
			...goOn,
		});
		expect(json).toMatchObject([{ error: "'Ticket' is not a valid ticket ID: 'none'" }]);
	});
});

describe('Ticket: Add Internal Note without a key', () => {
	let sandbox: QuickSandbox;
	let ticket: SandboxTicket;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
		ticket = await openConversation(sandbox);
		await sandbox.clock.advance(5 * SECOND);
	});
	afterEach(async () => await sandbox.close());

	const add = async (note: string) =>
		(
			await runTicket(sandbox, 'addInternalNote', [{ ticketId: ticket.id }], {
				parameters: { note, options: {} },
				...goOn,
			})
		).json;
	const now = () => sandbox.zendesk.ticket(ticket.id);

	it('opens a solved ticket that lacks a field required for solving, as with a key', async () => {
		sandbox.zendesk.agentUpdates(ticket.id, { status: 'solved' });
		sandbox.switches.requiredToSolve = true;
		const note = 'é'.repeat(80_000);
		expect(await add(note)).toMatchObject([{ outcome: 'added' }]);
		expect(now().status).toBe('open');
		const written = now().comments.slice(1);
		expect(written).toMatchObject([{ public: false }, { public: false }, { public: false }]);
		expect(written.map(({ body }) => body).join('')).toBe(note);
	});

	it('leaves a solved ticket as it is when it accepts the note', async () => {
		sandbox.zendesk.agentUpdates(ticket.id, { status: 'solved' });
		expect(await add('Note')).toMatchObject([{ outcome: 'added' }]);
		expect(now().status).toBe('solved');
	});

	it.each(['en', 'xx'] as const)(
		'says that the ticket is closed, in whatever language (%s)',
		async (errorLanguage) => {
			sandbox.switches.errorLanguage = errorLanguage;
			sandbox.zendesk.agentUpdates(ticket.id, { status: 'closed' });
			expect(await add('After')).toMatchObject([
				{
					error: `No note could be added to ticket ${ticket.id}. The ticket is closed.`,
					errorDescription: expect.stringContaining('newest ticket'),
				},
			]);
		},
	);

	it('says what Zendesk does not accept, and what to do', async () => {
		for (let left = 5000; left > 1; left -= 1) sandbox.zendesk.agentComments(ticket.id, 'x');
		const [{ error } = {}] = await add('After');
		expect(error).toMatch(
			/^No note could be added to ticket \d+\. Zendesk refused the note: it has 5,000 comments\. Set it to closed/,
		);
	});
});
