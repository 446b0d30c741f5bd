/** Which requests are repeated, and which are not. */
import type { IHttpRequestOptions, NodeApiError } from 'n8n-workflow';
import type { VendorCall, VendorContext } from '../../nodes/shared/send';
import { vendorOf } from '../../nodes/shared/transport';

const mockSlept: number[] = [];
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (milliseconds: number) => void mockSlept.push(milliseconds),
}));
beforeEach(() => mockSlept.splice(0));

type Given = { status: number; headers?: Record<string, string> } | { thrown: object };
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
				return { statusCode: next.status, headers: next.headers ?? {}, body: {} };
			},
		},
	} as unknown as VendorContext;
	return { context, sent };
}

const thrownBy = async (work: Promise<unknown>): Promise<NodeApiError> => {
	const found = await work.then(
		() => undefined,
		(error: unknown) => error as NodeApiError,
	);
	if (!found) throw new Error('Nothing was thrown');
	return found;
};

const call: VendorCall = { method: 'POST', path: '/x', repeatable: false };

const vendorFor = (context: VendorContext, credentialType: string) =>
	vendorOf(context, {
		name: 'Acme',
		credentialType,
		origin: 'https://acme.example',
		explain: () => '',
	});

it.each(['Retry-After', 'retry-after'])(
	'a request is repeated when the vendor said (%s)',
	async (name) => {
		const { context } = n8nWith([{ status: 429, headers: { [name]: '7' } }]);
		expect((await vendorFor(context, 'klaviyoSyncApi').request(call)).status).toBe(200);
		expect(mockSlept).toHaveLength(1);
		expect(mockSlept[0]).toBeGreaterThanOrEqual(7_000);
		expect(mockSlept[0]).toBeLessThan(8_000);
	},
);

describe('a call with a deadline', () => {
	it('waits no longer for an answer', async () => {
		const { context, sent } = n8nWith([]);
		await vendorFor(context, 'klaviyoSyncApi').request({ ...call, deadline: Date.now() + 7_000 });
		expect(sent[0]?.options.timeout).toBeLessThanOrEqual(7_000);
		expect(sent[0]?.options.timeout).toBeGreaterThan(5_000);
	});

	it('waits no longer than otherwise, and at least a second', async () => {
		const { context, sent } = n8nWith([]);
		await vendorFor(context, 'klaviyoSyncApi').request({ ...call, deadline: Date.now() + 70_000 });
		await vendorFor(context, 'klaviyoSyncApi').request({ ...call, deadline: Date.now() - 70_000 });
		expect(sent.map(({ options }) => options.timeout)).toEqual([30_000, 1_000]);
	});

	it('is not repeated after it', async () => {
		const { context, sent } = n8nWith([{ status: 503 }]);
		const asked = { ...call, repeatable: true, deadline: Date.now() + 100 };
		expect((await vendorFor(context, 'klaviyoSyncApi').request(asked)).status).toBe(503);
		expect(sent).toHaveLength(1);
	});
});

describe('a token that is refused', () => {
	it.each(['zendeskSyncOAuth2Api', 'klaviyoSyncOAuth2Api'])(
		'of %s is tried again: another run may have renewed it in between, and n8n renews it once a call',
		async (type) => {
			const { context, sent } = n8nWith([refused401, refused401]);
			expect((await vendorFor(context, type).request(call)).status).toBe(200);
			expect(sent).toHaveLength(3);
		},
	);

	it('again and again is reported', async () => {
		const { context, sent } = n8nWith(Array.from({ length: 9 }, () => refused401));
		await expect(vendorFor(context, 'zendeskSyncOAuth2Api').request(call)).rejects.toThrow(
			'The credential was not accepted',
		);
		expect(sent).toHaveLength(3);
	});

	it('is not a lost answer when there is no time to repeat it: what was refused was not done', async () => {
		const { context, sent } = n8nWith([refused401]);
		await expect(
			vendorFor(context, 'zendeskSyncOAuth2Api').tryRequest({ ...call, retryForMs: 0 }),
		).rejects.toThrow('The credential was not accepted');
		expect(sent).toHaveLength(1);
	});

	it.each<[string, unknown, string]>([
		['in one word', { error: "Couldn't authenticate you" }, "Couldn't authenticate you. The key"],
		[
			'as OAuth does',
			{ error: 'invalid_token', error_description: 'The access token provided is expired.' },
			'The access token provided is expired. The key',
		],
		[
			'as Klaviyo does',
			{ errors: [{ title: 'No', detail: 'Missing key' }] },
			'Missing key. The key',
		],
		['with nothing', undefined, 'The key'],
	])('is reported in the vendor’s words: %s', async (_words, data, said) => {
		const cause = Object.assign(new Error('Request failed'), { response: { status: 401, data } });
		const thrown = Object.assign(new Error('401'), { httpCode: '401', cause });
		const { context } = n8nWith([{ thrown }]);
		const { description } = await thrownBy(vendorFor(context, 'zendeskSyncApi').request(call));
		expect(description).toMatch(new RegExp(`^${said}`));
	});

	it('by a web page is not blamed on the key', async () => {
		const cause = { response: { data: '<html><title>Sign in to the proxy</title></html>' } };
		const thrown = Object.assign(new Error('401'), { httpCode: '401', cause });
		const { context } = n8nWith([{ thrown }]);
		const refusal = await thrownBy(vendorFor(context, 'zendeskSyncApi').request(call));
		expect(refusal.message).toBe('acme.example was not reached');
		expect(refusal.description).toContain('Sign in to the proxy');
		expect(refusal.description).not.toMatch(/key|token/);
	});

	it.each<[string, object]>([
		['n8n’s error of it', { body: { error: 'invalid_scope' } }],
		['its cause', { cause: { cause: { body: { error: 'invalid_scope' } } } }],
		['n8n’s words', { message: 'The requested scope is invalid, unknown, or malformed.' }],
	])('before there was one, for its scopes, is recognized by %s', async (_words, thrown) => {
		const { context, sent } = n8nWith([{ thrown }]);
		const again = { ...call, repeatable: true };
		const { description } = await thrownBy(
			vendorFor(context, 'zendeskSyncOAuth2Api').request(again),
		);
		expect(description).toMatch(/invalid_scope.*Allowed scopes/);
		expect(sent).toHaveLength(1);
	});

	it.each([
		'OAuth credentials not connected',
		'Unable to sign without access token',
		"Cannot read properties of undefined (reading 'accessToken')",
	])('that was never given is no lost answer: n8n says "%s"', async (message) => {
		const { context, sent } = n8nWith([{ thrown: { message: 'stock words', cause: { message } } }]);
		const refusal = await thrownBy(
			vendorFor(context, 'klaviyoSyncOAuth2Api').request({ ...call, repeatable: true }),
		);
		expect(refusal.message).toBe('The credential is not connected');
		expect(sent).toHaveLength(1);
	});

	it('because n8n could not renew it asks for the credential to be connected again', async () => {
		const message = 'The credential "Zendesk account" needs to be reconnected.';
		const { context } = n8nWith(Array.from({ length: 9 }, () => ({ thrown: { message } })));
		const { description } = await thrownBy(
			vendorFor(context, 'zendeskSyncOAuth2Api').request(call),
		);
		expect(description).toContain('connect it again');
	});

	it.each(['zendeskSyncApi', 'klaviyoSyncApi'])(
		'of %s is a key: reported at once',
		async (type) => {
			const { context, sent } = n8nWith([refused401]);
			await expect(vendorFor(context, type).request(call)).rejects.toThrow(
				'The credential was not accepted',
			);
			expect(sent).toHaveLength(1);
		},
	);
});

it.each([
	['refused with 429', 429, false, 4],
	['failed with 503', 503, true, 4],
	['failed with 503, and may not be repeated', 503, false, 1],
	['refused with 422', 422, true, 1],
])('a call that is %s', async (_words, status, repeatable, times) => {
	const { context, sent } = n8nWith(Array.from({ length: 9 }, () => ({ status })));
	const answer = await vendorFor(context, 'zendeskSyncApi').request({ ...call, repeatable });
	expect(answer.status).toBe(status);
	expect(sent).toHaveLength(times);
});

describe('in an n8n before 2.11, which returns a 401 for the form of the option that it does not know', () => {
	/** Statuses that the vendor gives in turn, once it takes the token. */
	function oldN8n(tokenEnded: boolean, statuses: number[], renewed = true) {
		const asked: string[] = [];
		let token = tokenEnded ? 'old' : 'new';
		const atVendor = (): { status: number; headers: object; data: object } => {
			const status = token === 'new' ? (statuses.shift() ?? 200) : 401;
			asked.push(`${status} with the ${token} token`);
			return { status, headers: { 'Retry-After': '7' }, data: { said: status } };
		};
		const failing = (response: object): Error =>
			new NodeApiErrorLike(Object.assign(new Error('Request failed'), { response }));
		const context = {
			getNode: () => ({ name: 'Node', type: 'node', typeVersion: 1, parameters: {} }),
			helpers: {
				httpRequestWithAuthentication: async (type: string, options: IHttpRequestOptions) => {
					// n8n signs the options that it is given.
					if (options.headers?.Authorization) throw new Error('signed before');
					options.headers = { ...options.headers, Authorization: token };
					let response = atVendor();
					if (!options.ignoreHttpStatusErrors && response.status === 401) {
						if (type.endsWith('OAuth2Api') && renewed) token = 'new';
						response = atVendor();
					}
					const { status, headers, data } = response;
					if (!options.ignoreHttpStatusErrors && status > 299) throw failing(response);
					return { statusCode: status, headers, body: data };
				},
			},
		} as unknown as VendorContext;
		return { context, asked };
	}
	class NodeApiErrorLike extends Error {
		readonly httpCode: string;
		constructor(override readonly cause: Error & { response?: { status?: number } }) {
			super('stock words');
			this.httpCode = String(cause.response?.status);
		}
	}

	it('a token that has ended is renewed', async () => {
		const { context, asked } = oldN8n(true, []);
		expect(await vendorFor(context, 'zendeskSyncOAuth2Api').request(call)).toMatchObject({
			status: 200,
			body: { said: 200 },
		});
		expect(asked).toEqual([
			'401 with the old token',
			'401 with the old token',
			'200 with the new token',
		]);
	});

	it.each([302, 404, 422])(
		'the answer to the renewed token is read as any other: %s',
		async (status) => {
			const { context } = oldN8n(true, [status]);
			expect(await vendorFor(context, 'klaviyoSyncOAuth2Api').request(call)).toEqual({
				status,
				headers: { 'retry-after': '7' },
				body: { said: status },
			});
		},
	);

	it('and is waited for as any other', async () => {
		const { context, asked } = oldN8n(true, [429]);
		expect((await vendorFor(context, 'zendeskSyncOAuth2Api').request(call)).status).toBe(200);
		expect(asked.slice(2)).toEqual(['429 with the new token', '200 with the new token']);
		expect(mockSlept[0]).toBeGreaterThanOrEqual(7_000);
	});

	it('a token that is good is sent once', async () => {
		const { context, asked } = oldN8n(false, [422]);
		expect((await vendorFor(context, 'zendeskSyncOAuth2Api').request(call)).status).toBe(422);
		expect(asked).toHaveLength(1);
	});

	it('one that cannot be renewed is reported', async () => {
		const { context } = oldN8n(true, [], false);
		await expect(vendorFor(context, 'zendeskSyncOAuth2Api').request(call)).rejects.toThrow(
			'The credential was not accepted',
		);
	});

	it.each(['zendeskSyncApi', 'klaviyoSyncApi'])(
		'a refused key of %s is reported at once',
		async (type) => {
			const { context, asked } = oldN8n(true, []);
			const { message, description } = await thrownBy(vendorFor(context, type).request(call));
			expect(message).toBe('The credential was not accepted');
			expect(description).toContain('The key or token is wrong');
			expect(asked).toHaveLength(1);
		},
	);
});

it('a token that n8n itself renews is asked for once', async () => {
	const { context, sent } = n8nWith([{ status: 200 }]);
	await vendorFor(context, 'zendeskSyncOAuth2Api').request(call);
	expect(sent).toMatchObject([
		{ options: { ignoreHttpStatusErrors: { ignore: true, except: [401] } } },
	]);
});
