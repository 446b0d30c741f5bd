/** n8n in queue mode: webhooks arrive at one process, executions run in others, and any of them may be killed. */
import { readFile } from 'node:fs/promises';
import { isOwnTrigger, type WorkflowFile, withParameters } from '../../scripts/n8n/workflows';
import type { Part } from '../../scripts/n8n/part';
import { missingForQueueMode } from '../../scripts/n8n/services';
import { until } from '../../scripts/n8n/until';
import { type Door, openDoor } from '../support/door';
import {
	addCustomer,
	afterExecutions,
	addedMessages,
	RETRY_FOR_MS,
	quiet,
	receivedBy,
	TEST_LIMIT,
	ticketsOf,
	useStage,
} from './support/stage';

jest.setTimeout(TEST_LIMIT);

const missing = missingForQueueMode();
if (missing) process.stderr.write(`The tests of queue mode are skipped. ${missing}\n`);

const ANA = '+12125550161';
const BEN = '+12125550162';
const MANY = Array.from({ length: 6 }, (_, n) => `+1212555017${n}`);
/** Catch-up after a minute, not after five. */
const CATCH_UP_LIMIT = 150_000;

const caughtUpSoon = (workflow: WorkflowFile): WorkflowFile =>
	withParameters(workflow, (node) =>
		isOwnTrigger(node) ? { options: { recheckAfter: '1, 2' } } : {},
	);

(missing ? describe.skip : describe)('n8n in queue mode', () => {
	let zendeskDoor: Door;
	const stage = useStage({
		mode: 'queue',
		change: caughtUpSoon,
		async reach({ zendesk, klaviyo }) {
			zendeskDoor = await openDoor(zendesk.url);
			return { zendesk: zendeskDoor.url, klaviyo: klaviyo.url };
		},
	});
	afterEach(() => zendeskDoor.open());
	afterAll(async () => await zendeskDoor.close());

	/** Ids of the executions that a part has started, according to its log. */
	async function begunBy({ logFile }: Part): Promise<string[]> {
		const log = await readFile(logFile, 'utf8');
		return [...log.matchAll(/Worker started execution (\d+)/g)].map(([, id]) => id ?? '');
	}

	const workers = (): Part[] =>
		(['worker 1', 'worker 2'] as const).map((name) => stage().n8n.part(name));

	/** The same for each worker. */
	const begun = async (): Promise<string[][]> => await Promise.all(workers().map(begunBy));

	it('adds a message and sends the reply: the webhook process answers, a worker runs', async () => {
		const { sandbox, n8n } = stage();
		addCustomer(stage(), ANA);
		const [sent] = await afterExecutions(stage(), '01', 1, () =>
			sandbox.klaviyo.customerWrites({ from: ANA, body: 'Where is my order?' }),
		);
		const [ticket] = ticketsOf(stage(), ANA);
		const [replied] = await afterExecutions(stage(), '02', 1, () =>
			sandbox.zendesk.agentComments(ticket?.id ?? '', 'On its way.', { public: true }),
		);
		expect(addedMessages(stage(), ANA)).toEqual(['Where is my order?']);
		expect(receivedBy(stage(), ANA)).toEqual(['On its way.']);
		const ports = sandbox.deliveries().map(({ url }) => new URL(url).origin);
		expect([...new Set(ports)]).toEqual([n8n.webhooksAt]);
		expect((await begun()).flat()).toEqual(expect.arrayContaining([sent?.id, replied?.id]));
	});

	it('sends a reply once that arrives before the webhook process can know its new secret', async () => {
		const { sandbox, n8n, workflow } = stage();
		const { id } = workflow('02');
		const webhooks = () => sandbox.zendesk.webhooks().filter(({ name }) => name.includes(id));
		const [ticket] = ticketsOf(stage(), ANA);
		await quiet(stage());
		await n8n.unpublish(id);
		expect(webhooks()).toEqual([]);
		const published = n8n.publish(id);
		await sandbox.until('the new webhook', () => webhooks()[0], RETRY_FOR_MS);
		sandbox.zendesk.agentComments(ticket?.id ?? '', 'So soon?', { public: true });
		await published;
		const isThere = () => receivedBy(stage(), ANA).includes('So soon?');
		await sandbox.until('the reply', isThere, CATCH_UP_LIMIT);
		await quiet(stage());
		expect(receivedBy(stage(), ANA)).toEqual(['On its way.', 'So soon?']);
	});

	it('continues after Redis was killed, with everything in it', async () => {
		const { sandbox, n8n } = stage();
		const redis = n8n.part('redis');
		await redis.kill();
		await redis.boot();
		addCustomer(stage(), BEN);
		await afterExecutions(stage(), '01', 1, () =>
			sandbox.klaviyo.customerWrites({ from: BEN, body: 'Anybody?' }),
		);
		expect(addedMessages(stage(), BEN)).toEqual(['Anybody?']);
	});

	it('adds each message once that a killed worker had started on', async () => {
		const { sandbox, n8n } = stage();
		const earlier = (await begun()).flat();
		const held = zendeskDoor.hold('/api/v2/tickets');
		for (const from of MANY) {
			addCustomer(stage(), from);
			sandbox.klaviyo.customerWrites({ from, body: 'Hello?' });
		}
		// Messages share executions: it may be that only one has work.
		const worker = await until('a worker at work', async () => {
			const now = await begun();
			return workers().find((_, at) => now[at]?.some((id) => !earlier.includes(id)));
		});
		// Catch-up may ask too.
		await until('Zendesk to be asked', () => held.waiting() >= MANY.length);
		await worker.kill();
		held.release();
		const added = () => MANY.flatMap((phone) => addedMessages(stage(), phone)).length;
		expect(added()).toBeLessThan(MANY.length);
		await worker.boot();
		await sandbox.until('all messages', () => added() >= MANY.length, CATCH_UP_LIMIT);
		await sandbox.deliveriesSettled();
		for (const phone of MANY) {
			expect(ticketsOf(stage(), phone)).toHaveLength(1);
			expect(addedMessages(stage(), phone)).toEqual(['Hello?']);
		}
		expect(n8n.running).toBe(true);
	});
});
