/** More webhooks than n8n has room for: each is answered at once, so none is sent twice. */
import { addCustomer, addedMessages, RETRY_FOR_MS, TEST_LIMIT, useStage } from './support/stage';

jest.setTimeout(TEST_LIMIT);

const CUSTOMERS = ['+12125550151', '+12125550152', '+12125550153', '+12125550154'];
/** Longer than Klaviyo waits for an answer (5 s). */
const SLOW = 7000;

describe('n8n with room for one execution', () => {
	const stage = useStage({
		publish: ['01'],
		sandbox: { switches: { createDuration: SLOW } },
		n8n: { env: { N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' } },
	});

	it('accepts every webhook at once, and processes them one after the other', async () => {
		const { sandbox } = stage();
		for (const customer of CUSTOMERS) addCustomer(stage(), customer);
		for (const from of CUSTOMERS)
			sandbox.klaviyo.customerWrites({ from, body: `Where is my order? ${from}` });
		await sandbox.until(
			'all writes tickets',
			() => CUSTOMERS.every((customer) => addedMessages(stage(), customer).length > 0),
			RETRY_FOR_MS,
		);
		await sandbox.deliveriesSettled();
		expect(sandbox.deliveries().map(({ attempt, status }) => ({ attempt, status }))).toEqual(
			CUSTOMERS.map(() => ({ attempt: 1, status: 200 })),
		);
	});
});
