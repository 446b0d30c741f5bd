/** Webhooks into a real n8n: which are accepted, what arrives, and what happens when they arrive twice, at once or late. */
import {
	addCustomer,
	afterExecutions,
	apart,
	executionCount,
	failures,
	addedMessages,
	RETRY_FOR_MS,
	quiet,
	receivedBy,
	type Template,
	TEST_LIMIT,
	ticketsOf,
	useStage,
} from './support/stage';
import {
	klaviyoRequest,
	post,
	type WebhookRequest,
	withSignature,
	zendeskRequest,
} from './support/webhooks';

jest.setTimeout(TEST_LIMIT);

const ANA = '+12125550111';
const BEN = '+12125550112';
const CLEO = '+12125550113';
const DAN = '+12125550114';
const EVA = '+12125550115';

const EMOJI = 'Où est ma commande ? 👩🏽‍🚒🇰🇷✨ “d’accord” \u0007 tab\t~';
const KOREAN = '주문한 상품이 아직 도착하지 않았어요. 언제 받을 수 있을까요?';
/** 100 KB of UTF-8, more than Zendesk takes in one comment, with nothing that repeats at the same distance. */
const LONG = Array.from({ length: 3500 }, (_, line) => `${line} 배송 조회 부탁 📦`).join(' ');

describe('webhooks into n8n', () => {
	const stage = useStage({ sandbox: { hurry: 4 } });

	const wrongSignatures: Array<[string, (right: string) => string | undefined]> = [
		['missing', () => undefined],
		['empty', () => ''],
		['cut short', (right) => right.slice(0, -2)],
		['with one digit changed', (right) => (right.startsWith('a') ? 'b' : 'a') + right.slice(1)],
		['of another vendor’s shape', () => 'sha256=0'],
	];

	async function refusesStrangers(template: Template, request: WebhookRequest): Promise<void> {
		const before = await executionCount(stage(), template);
		for (const [kind, change] of wrongSignatures) {
			const status = await post(withSignature(request, change));
			expect({ kind, status }).toEqual({ kind, status: 401 });
		}
		const otherBody = { ...request, body: request.body.replace('12125550111', '12125550199') };
		expect(await post(otherBody)).toBe(401);
		expect(await executionCount(stage(), template)).toBe(before);
		const ended = await afterExecutions(stage(), template, 1, async () => {
			expect(await post(request)).toBe(200);
		});
		expect(ended.map(({ status }) => status)).toEqual(['success']);
		expect(await executionCount(stage(), template)).toBe(before + 1);
	}

	it('accepts a message only with Klaviyo’s signature', async () => {
		addCustomer(stage(), ANA);
		const request = await klaviyoRequest(stage(), { from: ANA, body: 'Signed?' });
		await refusesStrangers('01', request);
		expect(addedMessages(stage(), ANA)).toEqual(['Signed?']);
	});

	it('accepts a reply only with Zendesk’s signature', async () => {
		const [ticket] = ticketsOf(stage(), ANA);
		if (!ticket) throw new Error('Ana has no ticket');
		await quiet(stage());
		const request = zendeskRequest(stage(), { ticketId: ticket.id, body: 'Signed, +12125550111.' });
		await refusesStrangers('02', request);
		expect(receivedBy(stage(), ANA)).toEqual(['Signed, +12125550111.']);
	});

	it.each([
		['emoji', EMOJI, '+12125550116'],
		['Korean', KOREAN, '+12125550117'],
		['100 KB', LONG, '+12125550118'],
	])('brings %s whole, into the item and into Zendesk', async (_kind, body, phone) => {
		const { n8n, sandbox } = stage();
		addCustomer(stage(), phone);
		const [ended] = await afterExecutions(stage(), '01', 1, () =>
			sandbox.klaviyo.customerWrites({ from: phone, body }),
		);
		const execution = await n8n.execution(ended?.id ?? '');
		expect(execution.status).toBe('success');
		const [item] = execution.output('CustomerMessaged');
		expect(item?.body === body).toBe(true);
		expect(addedMessages(stage(), phone).join('') === body).toBe(true);
	});

	it('adds a message once when its webhook arrives twice', async () => {
		const { sandbox } = stage();
		addCustomer(stage(), BEN);
		await apart();
		const ended = await afterExecutions(stage(), '01', 2, () => {
			sandbox.switches.faults.duplicateDelivery = 1;
			sandbox.klaviyo.customerWrites({ from: BEN, body: 'Twice' });
			sandbox.switches.faults.duplicateDelivery = 0;
		});
		expect(ended).toHaveLength(2);
		expect(ticketsOf(stage(), BEN)).toHaveLength(1);
		expect(addedMessages(stage(), BEN)).toEqual(['Twice']);
	});

	it('adds two simultaneous messages to one ticket, each once', async () => {
		const { sandbox } = stage();
		addCustomer(stage(), CLEO);
		await apart();
		await afterExecutions(stage(), '01', 2, () => {
			sandbox.klaviyo.customerWrites({ from: CLEO, body: 'Hello' });
			sandbox.klaviyo.customerWrites({ from: CLEO, body: 'Is anybody there?' });
		});
		expect(ticketsOf(stage(), CLEO)).toHaveLength(1);
		expect(addedMessages(stage(), CLEO).sort()).toEqual(['Hello', 'Is anybody there?']);
	});

	it('adds each message of a rush once, in fewer executions', async () => {
		const { sandbox } = stage();
		const rush = Array.from(
			{ length: 20 },
			(_, index) => `+121255502${String(index).padStart(2, '0')}`,
		);
		for (const phone of rush) addCustomer(stage(), phone);
		const before = await executionCount(stage(), '01');
		for (const phone of rush)
			sandbox.klaviyo.customerWrites({ from: phone, body: `I am ${phone}` });
		await quiet(stage());
		for (const phone of rush) expect(addedMessages(stage(), phone)).toEqual([`I am ${phone}`]);
		// How many fewer depends on how quickly n8n answers the vendor.
		expect((await executionCount(stage(), '01')) - before).toBeLessThan(rush.length);
	});

	it('accepts many messages in one request', async () => {
		const { sandbox } = stage();
		addCustomer(stage(), DAN);
		const messages = ['one', 'two', 'three'].map((body) => ({ from: DAN, body }));
		const ended = await afterExecutions(stage(), '01', 1, () =>
			sandbox.klaviyo.customersMessage(messages),
		);
		expect(ended).toHaveLength(1);
		expect(ticketsOf(stage(), DAN)).toHaveLength(1);
		expect(addedMessages(stage(), DAN)).toEqual(['one', 'two', 'three']);
	});

	it('adds a message once that was sent while n8n was down', async () => {
		const { sandbox, n8n } = stage();
		addCustomer(stage(), EVA);
		await n8n.stop();
		const { id } = sandbox.klaviyo.customerWrites({ from: EVA, body: 'Are you asleep?' });
		const attempts = () => sandbox.deliveries().filter(({ eventIds }) => eventIds.includes(id));
		await sandbox.until('an attempt in vain', () => attempts()[0]?.status === null, RETRY_FOR_MS);
		await n8n.boot();
		await sandbox.until('the redelivery', () => attempts().at(-1)?.status === 200, RETRY_FOR_MS);
		await sandbox.until('the message', () => addedMessages(stage(), EVA).length > 0, RETRY_FOR_MS);
		await quiet(stage());
		expect(addedMessages(stage(), EVA)).toEqual(['Are you asleep?']);
		expect(ticketsOf(stage(), EVA)).toHaveLength(1);
	});

	it('has no failed execution', async () => {
		expect(await failures(stage())).toEqual([]);
	});
});
