/** A builder's own workflow in a real n8n: nodes that are not ours get each event once, whatever happens to n8n. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Passing } from '../../scripts/chaos/passing';
import type { Stage, StageOptions } from '../../scripts/demo/stage';
import { missingForQueueMode } from '../../scripts/n8n/services';
import { packageName } from '../../scripts/n8n/paths';
import { until } from '../../scripts/n8n/until';
import type { WorkflowFile } from '../../scripts/n8n/workflows';
import { failures, quiet, RETRY_FOR_MS, TEST_LIMIT, useStage } from './support/stage';

jest.setTimeout(TEST_LIMIT);

/** Counts what n8n's HTTP Request node tells it of. */
class Counter {
	readonly counts = new Map<string, number>();
	private readonly server: Server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const { name } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { name: string };
			this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
			response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
		});
	});

	async open(): Promise<string> {
		await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((done) => this.server.close(done));
	}
}

const workflowOf = (url: string): WorkflowFile => {
	const trigger = (name: string, type: string, parameters: object, credentials: object) => ({
		id: `id-${name}`,
		name,
		type: `${packageName}.${type}`,
		typeVersion: 1,
		position: [0, 0] as [number, number],
		webhookId: `hook-${name}`,
		parameters: {
			pollTimes: { item: [{ mode: 'everyMinute' }] },
			// Catch-up after a minute, not after five.
			options: { recheckAfter: '1, 2' },
			...parameters,
		},
		credentials,
	});
	const count = (name: string) => ({
		id: `id-${name}`,
		name,
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		position: [300, 0] as [number, number],
		parameters: {
			method: 'POST',
			url,
			sendBody: true,
			specifyBody: 'json',
			jsonBody:
				'={{ JSON.stringify({ name: $json.event + " " + ($json.body ?? $json.ticketId) }) }}',
		},
	});
	const toCount = (node: string) => ({ main: [[{ node, type: 'main' as const, index: 0 }]] });
	return {
		name: 'Count',
		nodes: [
			trigger(
				'Messages',
				'klaviyoTrigger',
				{ events: ['customerMessaged'] },
				{ klaviyoSyncApi: { id: null, name: 'Klaviyo account' } },
			),
			trigger(
				'Tickets',
				'zendeskSyncTrigger',
				{ events: ['opened', 'solved'] },
				{ zendeskSyncOAuth2Api: { id: null, name: 'Zendesk Sync account' } },
			),
			count('Count Messages'),
			count('Count Tickets'),
		] as WorkflowFile['nodes'],
		connections: { Messages: toCount('Count Messages'), Tickets: toCount('Count Tickets') },
		settings: { executionOrder: 'v1' },
	};
};

const missing = missingForQueueMode();

function delivers(mode: NonNullable<StageOptions['mode']>): void {
	const counter = new Counter();
	const stage: () => Stage = useStage({ mode, publish: [], n8n: { movesClock: true } });
	/** When n8n was last running again after a kill: executions from before may never end. */
	let lastBack = 0;
	afterAll(async () => await counter.close());

	const happened: string[] = [];
	/** Ten messages, and five tickets that are opened and solved. */
	async function happens(): Promise<void> {
		const { sandbox } = stage();
		const { zendesk, klaviyo } = sandbox;
		const first = happened.length;
		for (let n = first; n < first + 20; n += 4) {
			for (const number of [n, n + 1]) {
				klaviyo.customerWrites({
					from: `+1212555${String(number).padStart(4, '0')}`,
					body: `Hello ${number}`,
				});
				happened.push(`customerMessaged Hello ${number}`);
			}
			const { id } = zendesk.agentCreates({
				subject: `Ticket ${n}`,
				body: 'Made by hand',
				requesterId: zendesk.addUser({ name: `Customer ${n}` }).id,
			});
			zendesk.agentUpdates(id, { status: 'solved' });
			happened.push(`opened ${id}`, `solved ${id}`);
		}
	}
	const missed = (from = 0) => happened.slice(from).filter((name) => !counter.counts.has(name));
	/** Lets time pass, for the polls to come, until nothing is missed. */
	const all = async (from = 0): Promise<void> => {
		const { sandbox, n8n } = stage();
		const passing = new Passing(
			sandbox,
			n8n,
			() => lastBack,
			() => {},
		);
		await until(
			'all events',
			async () => {
				if (missed(from).length > 0) await passing.pass(20_000);
				return missed(from).length === 0;
			},
			{ timeout: RETRY_FOR_MS * 2 },
		).catch(async (error: unknown) => {
			const why = [...missed(from), ...(await failures(stage()))].join('\n');
			throw new Error(why, { cause: error });
		});
		await quiet(stage());
	};

	it('100 events once, delivered twice by their vendors, over a restart, a republication and a kill', async () => {
		const { sandbox, n8n } = stage();
		const id = await n8n.createWorkflow(workflowOf(await counter.open()));
		await n8n.publish(id);
		sandbox.switches.faults.duplicateDelivery = 1;
		await happens();
		await all();
		await happens();
		await n8n.restart();
		await all();
		await n8n.unpublish(id);
		await happens();
		await n8n.publish(id);
		await all();
		await happens();
		await until('some events', () => missed().length < 20);
		await n8n.kill();
		const afterKill = happened.length;
		await happens();
		await n8n.boot();
		await n8n.triggersStarted();
		lastBack = Date.now();
		await all(afterKill);
		expect([...counter.counts].filter(([, count]) => count > 1)).toEqual([]);
		// Only what an execution had in hand when it was killed may be lost.
		const crashed = await n8n.executions({ status: ['crashed'] });
		expect(missed(afterKill)).toEqual([]);
		if (missed().length > 0) expect(crashed.length).toBeGreaterThan(0);
		process.stderr.write(
			`${mode}: ${happened.length} events, ${missed().length} lost in ${crashed.length} crashed executions\n`,
		);
	});
}

describe('in one process', () => delivers('single'));
(missing ? describe.skip : describe)('in queue mode', () => delivers('queue'));
