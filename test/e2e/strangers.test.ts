/** Strangers' requests to a real n8n start no execution, not even a failed one, and the next valid request is accepted. */
import { gzipSync } from 'node:zlib';
import axios from 'axios';
import {
	addCustomer,
	afterExecutions,
	addedMessages,
	quiet,
	TEST_LIMIT,
	ticketsOf,
	useStage,
} from './support/stage';
import { klaviyoRequest, post, type WebhookRequest, zendeskRequest } from './support/webhooks';

jest.setTimeout(TEST_LIMIT);

const ANA = '+12125550121';
const MEGABYTE = 1024 * 1024;

const multipart = [
	'--x',
	'Content-Disposition: form-data; name="file"; filename="../../x.txt"',
	'Content-Type: text/plain',
	'',
	'Hello',
	'--x--',
	'',
].join('\r\n');

/** Name, bytes, content type and content encoding. */
const REQUESTS: Array<[name: string, body: string | Buffer, type: string, encoding?: string]> = [
	['a form with a file', multipart, 'multipart/form-data; boundary=x'],
	['a broken form', 'Hello', 'multipart/form-data'],
	['many parts', multipart, 'multipart/mixed; boundary=x'],
	['what is not gzip', '{}', 'application/json', 'gzip'],
	['gzip that ends too soon', gzipSync('{"a":1}').subarray(0, 12), 'application/json', 'gzip'],
	['17 MB', `"${'a'.repeat(17 * MEGABYTE)}"`, 'application/json'],
	['20 kB that unpack to 20 MB', gzipSync(Buffer.alloc(20 * MEGABYTE, ' ')), 'text/plain', 'gzip'],
	['XML', '<a><b></a>', 'application/xml'],
	['broken JSON', '{"a":', 'application/json'],
	['100,000 levels', `${'['.repeat(1e5)}${']'.repeat(1e5)}`, 'application/json'],
	['prototype keys', '{"__proto__":{"x":1},"constructor":{}}', 'application/json'],
	['nothing', '', 'application/json'],
	['bytes', Buffer.from([0xff, 0xfe, 0, 0xd8]), 'application/octet-stream'],
];

async function knock(
	{ url, headers }: WebhookRequest,
	[, body, type, encoding]: (typeof REQUESTS)[number],
): Promise<number> {
	const { status } = await axios.post(url, Buffer.from(body), {
		// The headers of a real request: its signature is of other bytes.
		headers: {
			...headers,
			'content-type': type,
			...(encoding ? { 'content-encoding': encoding } : {}),
		},
		proxy: false,
		validateStatus: () => true,
		maxBodyLength: Infinity,
	});
	return status;
}

describe('strangers at the webhooks of a real n8n', () => {
	const stage = useStage({ sandbox: { hurry: 4 } });
	const executions = async () => (await stage().n8n.executions({})).length;

	it('start nothing, whatever they send, and the next valid request is accepted', async () => {
		addCustomer(stage(), ANA);
		const message = await klaviyoRequest(stage(), { from: ANA, body: 'Hello' });
		const [ended] = await afterExecutions(stage(), '01', 1, async () => await post(message));
		expect(ended?.status).toBe('success');
		const [ticket] = ticketsOf(stage(), ANA);
		const reply = zendeskRequest(stage(), { ticketId: ticket?.id ?? '', body: 'Hi' });
		await quiet(stage());
		const before = await executions();

		const answers: Record<string, number[]> = {};
		for (const request of REQUESTS)
			answers[request[0]] = [await knock(message, request), await knock(reply, request)];

		const isRefusal = (status: number): boolean => status >= 400 && status < 500;
		// n8n itself answers 500 to some that it cannot unpack, before any node is asked.
		const toKlaviyo = Object.entries(answers).filter(([, [status = 0]]) => !isRefusal(status));
		expect(toKlaviyo).toEqual([]);
		expect(Object.values(answers).flat()).not.toContain(200);
		await quiet(stage());
		expect(await executions()).toBe(before);

		const next = await klaviyoRequest(stage(), { from: ANA, body: 'Still there?' });
		await afterExecutions(stage(), '01', 1, async () => await post(next));
		expect(addedMessages(stage(), ANA)).toEqual(['Hello', 'Still there?']);
	});
});
