/** Segment: Create Open-Ticket Segment. */
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import { callsTo, klaviyoRunner, ticketItem } from './support/klaviyoNode';

let sandbox: QuickSandbox;
beforeEach(async () => {
	sandbox = await startQuickSandbox();
});
afterEach(async () => await sandbox.close());

const create = klaviyoRunner(() => sandbox, 'segment', 'createOpenTicket');
const trackTicket = klaviyoRunner(() => sandbox, 'event', 'trackTicket');
const definitions = () =>
	callsTo(sandbox, 'POST', '/api/segments').map(
		({ body }) => (body as { data: { attributes: unknown } }).data.attributes,
	);

describe('Segment: Create Open-Ticket Segment', () => {
	it('creates the segment by the count on the profile, and finds it the next time', async () => {
		const { json } = await create([{}]);
		expect(json).toEqual([
			{
				outcome: 'created',
				segmentId: expect.any(String),
				name: 'Open Support Ticket',
				knownBy: 'property',
			},
		]);
		expect(definitions()).toEqual([
			{
				name: 'Open Support Ticket',
				definition: {
					condition_groups: [
						{
							conditions: [
								{
									type: 'profile-property',
									property: "properties['Open Ticket Count']",
									filter: { type: 'numeric', operator: 'greater-than', value: 0 },
								},
							],
						},
					],
				},
			},
		]);
		const again = await create([{}, {}]);
		const exists = {
			outcome: 'exists',
			segmentId: json[0]?.segmentId,
			name: 'Open Support Ticket',
		};
		expect(again.json).toEqual([exists, exists]);
		expect(definitions()).toHaveLength(1);
	});

	it('creates it by metrics, and says so when the account has none yet', async () => {
		const parameters = { knownBy: 'metrics', endMetric: 'Resolved Ticket', days: 14 };
		const { error } = await create([{}], parameters);
		expect(error?.message).toContain("'Opened Ticket' and 'Resolved Ticket'");
		expect(error?.description).toContain('Track Ticket');
		await trackTicket([ticketItem(1), ticketItem(1, { event: 'closed', key: 'closed:1' })]);
		expect((await create([{}], parameters)).json).toMatchObject([{ outcome: 'created' }]);
		expect(definitions()).toMatchObject([
			{
				definition: {
					condition_groups: [
						{
							conditions: [
								{
									metric_id: expect.any(String),
									measurement_filter: { operator: 'greater-than', value: 0 },
									timeframe_filter: { unit: 'day', quantity: 14 },
								},
							],
						},
						{ conditions: [{ measurement_filter: { operator: 'equals', value: 0 } }] },
					],
				},
			},
		]);
	});

	it('creates no second one when the answer is lost', async () => {
		const creating = create([{}]);
		await sandbox.until('segments are read', () => sandbox.calls().length > 0);
		sandbox.switches.faults.lostAnswer = 1;
		await sandbox.until('the segment is made', () => definitions().length > 0);
		sandbox.switches.faults.lostAnswer = 0;
		expect((await creating).json).toMatchObject([{ outcome: 'created' }]);
		expect((await create([{}])).json).toMatchObject([{ outcome: 'exists' }]);
		expect(definitions()).toHaveLength(1);
	});

	it('finds one that is chosen from the list, by its ID or by the address of its page', async () => {
		const [made] = (await create([{}])).json;
		const id = String(made?.segmentId);
		const found = { outcome: 'exists', segmentId: id, name: 'Open Support Ticket' };
		for (const [mode, value] of [
			['list', id],
			['id', '={{ $json.id }}'],
			['url', `https://www.klaviyo.com/list/${id}/open-support-ticket`],
		]) {
			const segmentName = { __rl: true, mode, value };
			expect((await create([{ id }], { segmentName })).json).toEqual([found]);
		}
		const segmentName = { __rl: true, mode: 'id', value: 'GONE01' };
		const { error } = await create([{}], { segmentName });
		expect(error?.message).toContain("The segment 'GONE01' could not be read");
		expect(definitions()).toHaveLength(1);
	});

	it('explains a missing scope and a missing name', async () => {
		expect((await create([{}], { segmentName: ' ' })).error?.message).toBe("'Segment' is empty");
		sandbox.switches.keyScopes = ['segments:read'];
		expect((await create([{}])).error?.description).toContain('segments:write');
		sandbox.switches.keyScopes = [];
		const { json } = await create([{ a: 1 }], {}, { onError: 'continueRegularOutput' });
		expect(json).toMatchObject([{ a: 1, error: expect.stringContaining('could not be read') }]);
	});
});
