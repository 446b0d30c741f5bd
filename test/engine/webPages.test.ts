/** A proxy, a firewall or the edge of a vendor's network that answers with a page of its own. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Klaviyo } from '../../nodes/Klaviyo/Klaviyo.node';
import { ZendeskSync } from '../../nodes/ZendeskSync/ZendeskSync.node';
import { runNode } from './support/engine';

describe('A web page in place of', () => {
	let server: Server;
	let url: string;
	let given: { status: number; type: string; body: string };

	beforeAll(async () => {
		server = createServer((_request, response) => {
			response.writeHead(given.status, { 'content-type': given.type }).end(given.body);
		});
		await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
		url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	});
	afterAll(() => server.close());

	const zendesk = async (resource: string, operation: string, item = {}) =>
		await runNode(ZendeskSync, {
			credentials: { zendeskSyncApi: { zendeskUrl: url, email: 'a@acme.example', apiToken: 't' } },
			parameters: { authentication: 'apiToken', resource, operation },
			items: [item],
		});
	const klaviyo = async (resource: string, operation: string, parameters = {}) =>
		await runNode(Klaviyo, {
			credentials: { klaviyoSyncApi: { apiKey: 'pk', webhookSecret: '', baseUrl: url } },
			parameters: { authentication: 'apiKey', resource, operation, ...parameters },
			items: [{}],
		});

	it.each([
		[403, '<html><title>Attention Required!</title>', 'Attention Required!'],
		[404, '<html><title>Help Center Closed</title>', 'Help Center Closed'],
		[401, '<html><title>Proxy</title>', 'Proxy'],
		[400, 'upstream said no', 'upstream said no'],
		[200, '<html><title>Sign in</title>', 'Sign in'],
	])('either vendor is reported with its status %d and title', async (status, body, title) => {
		given = { status, type: 'text/html', body };
		const person = { findBy: 'email', email: 'ana@acme.example' };
		for (const [vendor, { error }] of [
			['Zendesk', await zendesk('ticket', 'get', { ticketId: '12' })],
			['Klaviyo', await klaviyo('profile', 'get', person)],
		] as const) {
			const host = status === 401 ? '127.0.0.1' : vendor;
			expect(error?.description).toContain(`Something between n8n and ${host}`);
			expect(error?.description).toContain(`(status ${status}, "${title}")`);
			expect(error?.description).not.toMatch(/scope|record|administrator/);
		}
	});

	it.each([200, 403])(
		'either vendor leaves Check Setup without a verdict with status %d',
		async (status) => {
			given = { status, type: 'text/html', body: '<html><title>Welcome</title>' };
			for (const { json, error } of [
				await zendesk('account', 'checkSetup'),
				await klaviyo('account', 'checkSetup'),
			]) {
				expect(error).toBeUndefined();
				expect(json.filter(({ status }) => status === 'ready')).toEqual([]);
				expect(json[0]?.status).not.toBe('ready');
				expect(json.find(({ check }) => check === 'Credential')).toMatchObject({
					status: 'unknown',
					detail: expect.stringContaining('Something between n8n and'),
				});
			}
		},
	);
});
