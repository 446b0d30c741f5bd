/** Several executions at once, an agent in between, lost answers: over real HTTP. */
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject } from 'n8n-workflow';
import type { Sandbox, SandboxOptions } from '../../sandbox/types';
import { ask, bodiesOf, CUSTOMER, file, MINUTE, SECOND, textOf } from './support/desk';

let open: QuickSandbox | undefined;
/** One at a time: it has this process's clock. */
const start = async (options: SandboxOptions = {}): Promise<Sandbox> => {
	await end();
	open = await startQuickSandbox(options);
	return open;
};
const end = async (): Promise<void> => {
	await open?.close();
	open = undefined;
};
afterEach(end);

const outcomes = (runs: Array<{ json: IDataObject[] }>) =>
	runs.flatMap(({ json }) => json.map(({ outcome, error }) => outcome ?? error)).sort();

/** Vendors' unknowns that two executions at once may meet. */
const vendors = (['409', 'wait'] as const).flatMap((concurrentKey) =>
	[0, 1500].map((lag) => ({ concurrentKey, lag })),
);
const withEach = async (play: (sandbox: Sandbox) => Promise<void>): Promise<void> => {
	for (const { concurrentKey, lag } of vendors) {
		const switches = {
			concurrentKey,
			ticketListLag: lag,
			auditLag: lag,
			searchLag: lag,
			createDuration: 300,
		};
		await play(await start({ switches }));
	}
};

describe('Executions at the same instant', () => {
	it('add a message once that both were given, whatever Zendesk does with a key in flight', async () => {
		await withEach(async (sandbox) => {
			const message = textOf(sandbox);
			const runs = await Promise.all([file(sandbox, [message]), file(sandbox, [message])]);
			expect(outcomes(runs)).toEqual(['created', 'duplicate']);
			expect(bodiesOf(sandbox)).toEqual([['Where is my order?']]);
		});
	});

	it('add two messages of a new customer to one ticket', async () => {
		await withEach(async (sandbox) => {
			const messages = ['One', 'Two'].map((body) => textOf(sandbox, { body }));
			const runs = await Promise.all(
				messages.map(async (message) => await file(sandbox, [message])),
			);
			expect(outcomes(runs)).toEqual(['commented', 'created']);
			const [bodies = [], ...more] = bodiesOf(sandbox);
			expect(more).toEqual([]);
			expect(bodies.map((body) => body.split('\n').at(-1)).sort()).toEqual(['One', 'Two']);
		});
	});

	it('add the first messages of a customer to a ticket for each conversation, and make one user', async () => {
		await withEach(async (sandbox) => {
			const channels = ['sms', 'whatsapp', 'rcs', 'whatsapp'];
			const messages = channels.map((channel) => textOf(sandbox, { body: channel, channel }));
			const runs = await Promise.all(
				messages.map(async (message) => await file(sandbox, [message])),
			);
			expect(outcomes(runs)).toEqual(['commented', 'commented', 'created', 'created']);
			const tickets = sandbox.zendesk
				.tickets()
				.map(({ externalId, comments }) => [
					externalId,
					comments.map(({ body }) => body.split('\n').at(-1)).sort(),
				]);
			expect(tickets.sort()).toEqual([
				[`klaviyo:sms:${CUSTOMER}`, ['rcs', 'sms']],
				[`klaviyo:whatsapp:${CUSTOMER}`, ['whatsapp', 'whatsapp']],
			]);
			const users = sandbox.zendesk.users().filter(({ role }) => role === 'end-user');
			expect(users).toHaveLength(1);
		});
	});

	it('add three messages of a customer to their solved ticket, and reopen it', async () => {
		const sandbox = await start();
		await file(sandbox, [textOf(sandbox)]);
		const [ticket] = sandbox.zendesk.tickets();
		sandbox.zendesk.agentUpdates(ticket?.id ?? '', { status: 'solved' });
		await sandbox.clock.advance(5 * MINUTE);
		const messages = ['One', 'Two', 'Three'].map((body) => textOf(sandbox, { body }));
		const runs = await Promise.all(messages.map(async (message) => await file(sandbox, [message])));
		expect(outcomes(runs)).toEqual(['commented', 'commented', 'reopened']);
		expect(sandbox.zendesk.tickets()).toMatchObject([{ status: 'open', comments: { length: 4 } }]);
	});
});

describe('One execution', () => {
	it('adds ten messages of ten customers in parallel, in the time of a few', async () => {
		const sandbox = await start({ switches: { createDuration: 1000 } });
		const messages = Array.from({ length: 10 }, (_, n) =>
			textOf(sandbox, { body: `Text ${n}`, from: `+1212555010${n}` }),
		);
		const began = sandbox.clock.now();
		const { json } = await file(sandbox, messages);
		expect(sandbox.clock.now() - began).toBeLessThan(10 * 1000);
		expect(json.map(({ body, outcome }) => [body, outcome])).toEqual(
			messages.map(({ body }) => [body, 'created']),
		);
		expect(sandbox.zendesk.tickets()).toHaveLength(10);
	});
});

describe('A ticket that an agent changes between our read and our write', () => {
	it.each(['pending', 'closed'] as const)(
		'to %s has the message where agents see it',
		async (status) => {
			const played = async (errorLanguage: 'en' | 'xx') => {
				const sandbox = await start({ switches: { errorLanguage } });
				await file(sandbox, [textOf(sandbox)]);
				const [ticket] = sandbox.zendesk.tickets();
				await sandbox.clock.advance(5 * MINUTE);
				const before = sandbox.calls().length;
				const result = file(sandbox, [textOf(sandbox, { body: 'Hello?' })]);
				await sandbox.until('the tickets are listed', () => sandbox.calls().length > before);
				sandbox.zendesk.agentUpdates(ticket?.id ?? '', { status });
				const { json } = await result;
				const refused = sandbox.calls().filter(({ method }) => method === 'PUT')[0]?.status;
				expect(refused).toBe(status === 'closed' ? 422 : 409);
				const tickets = sandbox.zendesk.tickets();
				if (status === 'closed') {
					expect(json).toMatchObject([{ outcome: 'created' }]);
					expect(tickets.map((one) => one.status)).toEqual(['closed', 'new']);
					expect(bodiesOf(sandbox)).toEqual([['Where is my order?'], ['Hello?']]);
				} else {
					expect(json).toMatchObject([{ outcome: 'commented' }]);
					expect(tickets.map((one) => one.status)).toEqual(['open']);
					expect(bodiesOf(sandbox)).toEqual([['Where is my order?', 'Hello?']]);
				}
			};
			await played('en');
			await played('xx');
		},
	);
});

describe('An answer that is lost', () => {
	it('creates no second ticket and no second comment, and the message is not called a duplicate', async () => {
		const creating = async () => {
			const sandbox = await start();
			const result = file(sandbox, [textOf(sandbox)]);
			await sandbox.until('the user is made', () =>
				sandbox.calls().some(({ method, path }) => `${method} ${path}` === 'POST /api/v2/users'),
			);
			sandbox.switches.faults.lostAnswer = 1;
			await sandbox.until('the ticket is made', () => sandbox.zendesk.tickets().length > 0);
			sandbox.switches.faults.lostAnswer = 0;
			expect((await result).json).toMatchObject([{ outcome: 'created' }]);
			expect(bodiesOf(sandbox)).toEqual([['Where is my order?']]);
		};
		const commenting = async () => {
			const sandbox = await start();
			await file(sandbox, [textOf(sandbox)]);
			const [ticket] = sandbox.zendesk.tickets();
			sandbox.zendesk.agentUpdates(ticket?.id ?? '', { status: 'solved' });
			await sandbox.clock.advance(5 * MINUTE);
			const before = sandbox.calls().length;
			const result = file(sandbox, [textOf(sandbox, { body: 'Hello?' })]);
			await sandbox.until('the tickets are listed', () => sandbox.calls().length > before);
			sandbox.switches.faults.lostAnswer = 1;
			await sandbox.until('the comment is there', () => bodiesOf(sandbox)[0]?.length === 2);
			sandbox.switches.faults.lostAnswer = 0;
			expect((await result).json).toMatchObject([{ outcome: 'reopened' }]);
			expect(bodiesOf(sandbox)).toEqual([['Where is my order?', 'Hello?']]);
		};
		await creating();
		await commenting();
	});

	it('loses and duplicates nothing when it happens all the time, once catch-up has brought the rest', async () => {
		const play = async (seed: number) => {
			const faults = {
				lostAnswer: 0.25,
				tooManyRequests: 0.1,
				serverError: 0.1,
				duplicateDelivery: 0,
			};
			const sandbox = await start({ seed, switches: { faults } });
			const messages = ['One', 'Two'].flatMap((body) =>
				[
					{ from: CUSTOMER, channel: 'sms' },
					{ from: CUSTOMER, channel: 'whatsapp' },
				].map((more) => textOf(sandbox, { body, ...more })),
			);
			await file(sandbox, messages, { onError: 'continueRegularOutput' });
			faults.lostAnswer = faults.tooManyRequests = faults.serverError = 0;
			Object.assign(sandbox.switches.faults, faults);
			await sandbox.clock.advance(5 * SECOND);
			const { error } = await file(sandbox, messages);
			expect(error).toBeUndefined();
			const added = bodiesOf(sandbox).map((bodies) =>
				bodies.map((body) => body.split('\n').at(-1)).sort(),
			);
			expect({ seed, added }).toEqual({
				seed,
				added: [
					['One', 'Two'],
					['One', 'Two'],
				],
			});
		};
		for (const seed of [1, 2, 3, 4, 5]) await play(seed);
	});
});

it('waits for a ticket that an agent is just writing in', async () => {
	const sandbox = await start();
	await file(sandbox, [textOf(sandbox)]);
	const [ticket] = sandbox.zendesk.tickets();
	await sandbox.clock.advance(5 * MINUTE);
	const message = textOf(sandbox, { body: 'Hello?' });
	await ask(sandbox, 'PUT', `/api/v2/tickets/${ticket?.id}`, { ticket: { priority: 'high' } });
	const changed = Date.parse(sandbox.zendesk.tickets()[0]?.updatedAt ?? '');
	expect((await file(sandbox, [message])).json).toMatchObject([{ outcome: 'commented' }]);
	const written = Date.parse(sandbox.zendesk.tickets()[0]?.updatedAt ?? '');
	expect(written - changed).toBeGreaterThanOrEqual(4 * SECOND);
});
