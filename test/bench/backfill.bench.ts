/** What a backfill of many tickets costs, and how long it takes at the vendors' limits: the nodes of template 06. */
import { type QuickSandbox, startQuickSandbox } from '../engine/support/quickTime';
import { HOUR, runTicket } from '../engine/support/desk';
import { callsTo, klaviyoRunner, recorded } from '../engine/support/klaviyoNode';

const TICKETS = Number(process.env.BENCH_TICKETS ?? 10_000);
const CUSTOMERS = 200;
const MINUTE = 60_000;
const EXPORTS_A_MINUTE = 10;

/** A refused page is requested again: that is a request, but no progress. */
const isServed = ({ status }: { status: number }): boolean => status !== 429;

let sandbox: QuickSandbox;
afterEach(async () => await sandbox.close());

it('records each ticket of the past once', async () => {
	sandbox = await startQuickSandbox({
		limits: 1,
		time: { speed: 0, start: Date.parse('2026-11-01T08:00:00Z') },
	});
	const { zendesk, clock, switches } = sandbox;
	switches.webhooks = false;
	const customers = Array.from({ length: CUSTOMERS }, (_, n) =>
		zendesk.addUser({ name: `Customer ${n}`, email: `c${n}@customer.test-shop.dev` }),
	);
	const since = new Date(clock.now() - HOUR).toISOString();
	for (let n = 0; n < TICKETS; n++) {
		const { id: requesterId = '' } = customers[n % CUSTOMERS] ?? {};
		zendesk.agentCreates({ subject: `Order ${n}`, body: 'Where is it?', requesterId });
		if (n % 100 === 0) await clock.advance(MINUTE);
	}
	await clock.advance(HOUR);
	// Zendesk's minutes begin with the clock's: begun later, the first ten exports would share one with the next ten.
	await clock.advance(MINUTE - (clock.now() % MINUTE));

	const began = clock.now();
	const past = await runTicket(sandbox, 'getMany', [{}], {
		parameters: { returned: 'events', events: ['opened', 'closed'], since, returnAll: true },
	});
	expect(past.error).toBeUndefined();
	const exported = clock.now();
	const track = klaviyoRunner(() => sandbox, 'event', 'trackTicket');
	const { json, error } = await track(past.json, { options: { backfill: true } });
	const ended = clock.now();

	expect(error).toBeUndefined();
	expect(json).toHaveLength(TICKETS);
	expect(recorded(sandbox)).toHaveLength(TICKETS);
	const calls = sandbox.calls();
	const exports = calls.filter(({ path }) => path.startsWith('/api/v2/incremental/'));
	const figures = {
		tickets: TICKETS,
		exportRequests: exports.length,
		otherZendeskRequests:
			calls.filter(({ vendor }) => vendor === 'zendesk').length - exports.length,
		bulkRequests: callsTo(sandbox, 'POST', '/api/event-bulk-create-jobs').length,
		singleRequests: callsTo(sandbox, 'POST', '/api/events').length,
		klaviyoReads: calls.filter(({ vendor, method }) => vendor === 'klaviyo' && method === 'GET')
			.length,
		refused: calls.filter((call) => !isServed(call)).length,
		exportMinutes: (exported - began) / MINUTE,
		minutes: (ended - began) / MINUTE,
		/** Ten exports a minute, all at once if need be: the minimum for this many pages. */
		exportLimitMinutes: Math.floor((exports.filter(isServed).length - 1) / EXPORTS_A_MINUTE),
	};
	process.stdout.write(`BACKFILL ${JSON.stringify(figures)}\n`);
});
