/** What is sent again, and what is not. */
import type { IHttpRequestOptions } from 'n8n-workflow';
import { callVendor, type VendorCall, type VendorContext } from '../../nodes/shared/http';

jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async () => {},
}));

type Given = { status: number } | { thrown: object };
const refused401: Given = { thrown: Object.assign(new Error('401'), { httpCode: '401' }) };

/** n8n, where the vendor gives these answers in turn. */
function n8nWith(given: Given[]) {
	const sent: Array<{ type: string; options: IHttpRequestOptions }> = [];
	const context = {
		getNode: () => ({ name: 'Node', type: 'node', typeVersion: 1, parameters: {} }),
		helpers: {
			httpRequestWithAuthentication: async (type: string, options: IHttpRequestOptions) => {
				sent.push({ type, options });
				const next = given[sent.length - 1] ?? { status: 200 };
				if ('thrown' in next) throw next.thrown;
				return { statusCode: next.status, headers: {}, body: {} };
			},
		},
	} as unknown as VendorContext;
	return { context, sent };
}

const call: VendorCall = { method: 'POST', url: 'https://acme.example/x', repeatable: false };

describe('a token that is refused', () => {
	it.each(['zendeskSyncOAuth2Api', 'klaviyoSyncOAuth2Api'])(
		'of %s is tried again: another run may have renewed it in between, and n8n renews it once a call',
		async (type) => {
			const { context, sent } = n8nWith([refused401, refused401]);
			expect((await callVendor(context, type, call)).status).toBe(200);
			expect(sent).toHaveLength(3);
		},
	);

	it('again and again is said', async () => {
		const { context, sent } = n8nWith(Array.from({ length: 9 }, () => refused401));
		await expect(callVendor(context, 'zendeskSyncOAuth2Api', call)).rejects.toThrow(
			'The credential was not accepted',
		);
		expect(sent).toHaveLength(3);
	});

	it.each(['zendeskSyncApi', 'klaviyoSyncApi'])('of %s is a key: said at once', async (type) => {
		const { context, sent } = n8nWith([refused401]);
		await expect(callVendor(context, type, call)).rejects.toThrow(
			'The credential was not accepted',
		);
		expect(sent).toHaveLength(1);
	});
});

it.each([
	['refused with 429', 429, false, 4],
	['failed with 503', 503, true, 4],
	['failed with 503, and may not be repeated', 503, false, 1],
	['refused with 422', 422, true, 1],
])('a call that is %s', async (_words, status, repeatable, times) => {
	const { context, sent } = n8nWith(Array.from({ length: 9 }, () => ({ status })));
	const answer = await callVendor(context, 'zendeskSyncApi', { ...call, repeatable });
	expect(answer.status).toBe(status);
	expect(sent).toHaveLength(times);
});
