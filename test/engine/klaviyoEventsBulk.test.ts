/** Event: Track Ticket with as many events as a backfill brings. */
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject } from 'n8n-workflow';
import type { SandboxOptions } from '../../sandbox/types';
import { callsTo, klaviyoRunner, recorded, ticketEvents } from './support/klaviyoNode';

let sandbox: QuickSandbox;
const start = async (options: SandboxOptions = {}) => {
	sandbox = await startQuickSandbox({ ...options });
};
afterEach(async () => await sandbox.close());

const track = klaviyoRunner(() => sandbox, 'event', 'trackTicket');

const jobs = () => callsTo(sandbox, 'POST', '/api/event-bulk-create-jobs');
const singles = () => callsTo(sandbox, 'POST', '/api/events');
const reads = () => sandbox.calls().filter(({ method }) => method === 'GET');

const uniqueIds = (): string[] => recorded(sandbox).map(({ uniqueId }) => String(uniqueId));

describe('A batch of ticket metrics', () => {
	const batch = ticketEvents(400, 1);

	it.each([
		['refused', true],
		['swallowed', true],
		['refused', false],
	] as const)(
		'loses none to a repeat that the log does not show yet (%s, lists of metrics %s)',
		async (repeatedBulkId, metricIdLists) => {
			await start({ switches: { repeatedBulkId, metricIdLists, eventLag: 3600_000 } });
			// The live path has tracked one of them; nothing shows it for an hour.
			await track(batch.slice(123, 124));
			const { json } = await track(batch, { options: { timeout: 2 } });
			expect(json.every(({ tracked }) => tracked === true)).toBe(true);
			await sandbox.clock.advance(3600_000);
			expect(uniqueIds().sort()).toEqual(batch.map(({ key }) => `${key}:acme.zendesk.com`).sort());
		},
	);

	it('waits for Klaviyo to process it, and sends nothing twice', async () => {
		await start({ switches: { eventLag: 2500 } });
		const { json } = await track(batch);
		expect(json.every(({ tracked }) => tracked === true)).toBe(true);
		expect(jobs()).toHaveLength(1);
		expect(singles()).toHaveLength(0);
		expect(uniqueIds()).toHaveLength(400);
	});

	it('loses none to another Zendesk account with the same ids', async () => {
		await start();
		await track(batch);
		const others = batch.map((one) => ({
			...one,
			zendeskUrl: String(one.zendeskUrl).replace('acme', 'second'),
		}));
		const { json } = await track(others);
		expect(json.filter(({ duplicate }) => duplicate)).toEqual([]);
		expect(uniqueIds()).toHaveLength(800);
	});

	it('is recorded once when the answer to its job is lost', async () => {
		await start();
		sandbox.switches.eventLag = 1000;
		const tracking = track(batch, { options: { confirm: false } });
		await sandbox.until('the metrics are read', () => reads().length > 0);
		sandbox.switches.faults.lostAnswer = 1;
		await sandbox.until('the job is sent', () => jobs().length > 0);
		sandbox.switches.faults.lostAnswer = 0;
		expect((await tracking).json.every(({ tracked }) => tracked === true)).toBe(true);
		expect(uniqueIds()).toHaveLength(400);
	});

	it('is sent one by one if the log may not be read', async () => {
		await start({ switches: { keyScopes: ['events:write'] } });
		const { json } = await track(batch);
		expect(json.every(({ tracked }) => tracked === true)).toBe(true);
		expect(jobs()).toHaveLength(0);
		expect(uniqueIds()).toHaveLength(400);
	});

	it('says on each item that nothing may be written, if that is so', async () => {
		await start({ switches: { keyScopes: ['events:read', 'metrics:read'] } });
		const { json } = await track(batch, {}, { onError: 'continueRegularOutput' });
		expect(json).toHaveLength(400);
		for (const each of json) {
			expect(each.error).toContain('could not be tracked');
			expect(each.errorDescription).toContain('events:write');
			expect(each.ticketId).toEqual(expect.any(String));
		}
		expect((await track(batch)).error?.description).toContain('events:write');
	});

	it('skips other events that Klaviyo has between its own', async () => {
		await start();
		// Two thousand others in between, in another month.
		const others = ticketEvents(2400, 1).slice(400);
		await track(others, { options: { confirm: false } });
		const late = ticketEvents(301, 1).map((item, n) =>
			n === 300 ? { ...item, key: 'opened:last', occurredAt: '2026-03-01T10:00:00.000Z' } : item,
		);
		const before = reads().length;
		await track(late);
		expect(reads().length - before).toBeLessThanOrEqual(6);
		expect(uniqueIds()).toHaveLength(2301);
	});

	it('starts no flows as a backfill, and does not verify it when told so', async () => {
		await start();
		const { json } = await track(batch, { options: { backfill: true, confirm: false } });
		const [job] = jobs();
		const entries = (
			job?.body as {
				data: {
					attributes: { 'events-bulk-create': { data: Array<{ attributes: IDataObject }> } };
				};
			}
		).data.attributes['events-bulk-create'].data;
		expect(entries.every(({ attributes }) => attributes.backfill === true)).toBe(true);
		expect(json.every(({ confirmed }) => confirmed === false)).toBe(true);
	});
});
