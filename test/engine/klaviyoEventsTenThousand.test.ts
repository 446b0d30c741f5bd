/** The size of a backfill, and what it costs. */
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import { callsTo, klaviyoRunner, recorded, ticketEvents } from './support/klaviyoNode';

let sandbox: QuickSandbox;
afterEach(async () => await sandbox.close());

const track = klaviyoRunner(() => sandbox, 'event', 'trackTicket');

const jobs = () => callsTo(sandbox, 'POST', '/api/event-bulk-create-jobs');
const singles = () => callsTo(sandbox, 'POST', '/api/events');
const reads = () => sandbox.calls().filter(({ method }) => method === 'GET');
const uniqueIds = (): string[] => recorded(sandbox).map(({ uniqueId }) => String(uniqueId));

describe('10,000 ticket metrics, 3 % repeated inside the batch and 3 % already at Klaviyo', () => {
	it.each(['refused', 'swallowed'] as const)(
		'are each recorded once, with a repeated id %s, in at most 15 bulk requests and 15 reads',
		async (repeatedBulkId) => {
			sandbox = await startQuickSandbox({ switches: { repeatedBulkId } });
			const distinct = ticketEvents(9700, 50);
			const already = distinct.filter((_, n) => n % 32 === 0).slice(0, 300);
			await track(already, {}, {});
			expect(recorded(sandbox)).toHaveLength(already.length);
			const before = { jobs: jobs().length, singles: singles().length, reads: reads().length };

			const repeats = distinct.filter((_, n) => n % 32 === 7).slice(0, 300);
			const { json, error } = await track([...distinct, ...repeats]);

			const figures = {
				jobs: jobs().length - before.jobs,
				reads: reads().length - before.reads,
				singles: singles().length - before.singles,
			};
			process.stdout.write(
				`10,000 ticket metrics, repeated id ${repeatedBulkId}: ${JSON.stringify(figures)}\n`,
			);
			expect(error).toBeUndefined();
			expect(json).toHaveLength(10_000);
			expect(json.every(({ tracked }) => tracked === true)).toBe(true);
			expect(json.filter(({ duplicate }) => duplicate)).toHaveLength(600);
			expect(uniqueIds()).toHaveLength(9700);
			expect(new Set(uniqueIds()).size).toBe(9700);
			expect(figures.jobs).toBeLessThanOrEqual(15);
			expect(figures.reads).toBeLessThanOrEqual(15);
		},
		120_000,
	);
});
