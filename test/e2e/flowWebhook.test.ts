/** A Klaviyo flow that posts into a real n8n, with the customer's text inserted as it is. */
import axios from 'axios';
import { flowTemplate } from '../../nodes/Klaviyo/api/flowTemplate';
import { messageMetrics } from '../../nodes/Klaviyo/api/messageMetrics';
import { type Sandbox, startSandbox } from '../../sandbox';
import { createCredentials, WEBHOOK_SECRET } from '../../scripts/demo/stage';
import { N8nInstance } from '../../scripts/n8n/instance';
import { packageName } from '../../scripts/n8n/paths';
import { RETRY_FOR_MS, TEST_LIMIT } from './support/stage';

jest.setTimeout(TEST_LIMIT);

const CUSTOMER = '+12125550121';
const WORDS = 'He said "it\'s late",\n\tthen }\n{ 🎉 안녕';

describe('a flow webhook into n8n', () => {
	let sandbox: Sandbox;
	let n8n: N8nInstance;
	let workflowId: string;
	let url: string;

	beforeAll(async () => {
		sandbox = await startSandbox({ limits: 1000, hurry: 50, switches: { flowJson: 'raw' } });
		n8n = await N8nInstance.start({ editor: false });
		await createCredentials(n8n, sandbox);
		workflowId = await n8n.createWorkflow({
			name: 'Messages from a flow',
			nodes: [
				{
					id: 'b0a5f0e6-6d0c-4f0e-9a58-0d6a0f4f6f01',
					name: 'KlaviyoTrigger',
					type: `${packageName}.klaviyoTrigger`,
					typeVersion: 1,
					position: [0, 0],
					webhookId: 'b0a5f0e6-6d0c-4f0e-9a58-0d6a0f4f6f02',
					parameters: { source: 'flowWebhook', options: { binaryData: true, lookBack: 48 } },
					credentials: { klaviyoSyncApi: { id: null, name: 'Klaviyo account' } },
				},
			],
			connections: {},
		});
		await n8n.publish(workflowId);
		url = await n8n.webhookUrl(workflowId, 'KlaviyoTrigger');
	}, 20 * 60_000);
	afterAll(async () => {
		await n8n?.dispose();
		await sandbox?.close();
	}, 60_000);

	it('brings the text as it was typed, although it breaks the JSON', async () => {
		sandbox.klaviyo.addFlowWebhook({
			metric: 'Sent SMS',
			url,
			headers: { 'X-Klaviyo-Sync-Secret': WEBHOOK_SECRET },
			body: flowTemplate(messageMetrics.sms.customerMessaged),
		});
		sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: WORDS });
		await sandbox.deliveriesSettled();
		expect(sandbox.deliveries().map(({ status }) => status)).toEqual([200]);
		const [execution] = await n8n.executionsEnded(1, { workflowId }, RETRY_FOR_MS);
		expect(execution?.status).toBe('success');
		const { output } = await n8n.execution(execution?.id ?? '');
		expect(output('KlaviyoTrigger')).toMatchObject([{ body: WORDS, from: CUSTOMER }]);
		expect(sandbox.calls().some(({ path }) => path.startsWith('/api/webhook'))).toBe(false);
	});

	it('accepts nothing without the secret, and tells the builder of a flow what is missing', async () => {
		const post = async (body: string, secret?: string) =>
			await axios.post(url, body, {
				headers: {
					'content-type': 'application/json',
					...(secret ? { 'X-Klaviyo-Sync-Secret': secret } : {}),
				},
				proxy: false,
				validateStatus: () => true,
			});
		expect((await post('{')).status).toBe(401);
		expect((await post('{', `${WEBHOOK_SECRET}x`)).status).toBe(401);
		const { status, data } = await post(
			'{"event":"customerMessaged","channel":"sms","body":"Hi"}',
			WEBHOOK_SECRET,
		);
		expect([status, data]).toEqual([400, expect.stringContaining('"time"')]);
	});
});
