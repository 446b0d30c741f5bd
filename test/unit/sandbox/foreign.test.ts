/** A web page elsewhere must not reach the sandbox through a browser on this machine. */
import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { startSandbox } from '../../../sandbox';
import type { Sandbox } from '../../../sandbox/types';

const statusOf = async (
	url: string,
	headers: Record<string, string>,
	method = 'GET',
): Promise<number | undefined> =>
	await new Promise((resolve, reject) => {
		const asking = request(url, { method, headers }, (response) => {
			resolve(response.statusCode);
			// The stream never ends.
			response.destroy();
		});
		asking.on('error', reject).end();
	});

describe('The sandbox', () => {
	let sandbox: Sandbox;
	beforeAll(async () => {
		sandbox = await startSandbox();
	});
	afterAll(async () => await sandbox.close());

	const paths = (): string[] => [
		`${sandbox.controlUrl}/`,
		`${sandbox.controlUrl}/console/stream`,
		`${sandbox.zendesk.url}/api/v2/users/me`,
		`${sandbox.klaviyo.url}/api/accounts`,
	];

	it('can be reached only from this machine', async () => {
		const outside = Object.values(networkInterfaces())
			.flatMap((addresses) => addresses ?? [])
			.filter(({ internal, family }) => !internal && family === 'IPv4');
		for (const url of paths())
			for (const { address } of outside)
				await expect(statusOf(url.replace('127.0.0.1', address), {})).rejects.toThrow('REFUSED');
		expect(paths().map((url) => new URL(url).hostname)).toEqual(Array(4).fill('127.0.0.1'));
	});

	it.each([
		['another host, as a page has it whose name was pointed here', { host: 'evil.example' }],
		['another host at our port', { host: 'evil.example:4011' }],
		['a name that begins like ours', { host: 'localhost.evil.example' }],
		['an address that ends like a vendor’s', { host: 'evilzendesk.com' }],
		['another page', { origin: 'https://evil.example' }],
		['a page on another port of this machine', { origin: 'http://127.0.0.1:1' }],
		['a page without a name', { origin: 'null' }],
	])('refuses %s', async (_what, headers) => {
		for (const url of paths()) {
			const sent = { host: new URL(url).host, ...headers };
			expect(await statusOf(url, sent)).toBe(403);
			expect(await statusOf(url, sent, 'POST')).toBe(403);
		}
	});

	it('accepts its own console, and programs on this machine', async () => {
		for (const url of paths()) {
			const { host, port, origin } = new URL(url);
			const welcome: Array<Record<string, string>> = [
				{ host },
				{ host: `localhost:${port}` },
				{ host, origin },
			];
			for (const headers of welcome) expect(await statusOf(url, headers)).not.toBe(403);
		}
	});

	it("accepts requests for the vendor's own host", async () => {
		expect(
			await statusOf(`${sandbox.zendesk.url}/api/v2/users/me`, { host: 'acme.zendesk.com' }),
		).toBe(200);
	});
});
