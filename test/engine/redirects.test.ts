/** A vendor's host, or a proxy before it, that sends a request on to another host. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INodeParameters } from 'n8n-workflow';
import { KlaviyoSyncApi } from '../../credentials/KlaviyoSyncApi.credentials';
import { ZendeskSyncApi } from '../../credentials/ZendeskSyncApi.credentials';
import { Klaviyo } from '../../nodes/Klaviyo/Klaviyo.node';
import { ZendeskSync } from '../../nodes/ZendeskSync/ZendeskSync.node';
import { runNode } from './support/engine';

const listening = async (server: Server): Promise<string> => {
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	return `127.0.0.1:${(server.address() as AddressInfo).port}`;
};

describe('A request that is redirected to another host', () => {
	let status: number;
	let asked: string[];
	/** What reached the other host. */
	let stolen: string[];
	let vendor: Server;
	let thief: Server;
	let url: string;
	let elsewhere: string;

	beforeAll(async () => {
		thief = createServer((request, response) => {
			stolen.push(`${request.method} ${request.headers.authorization}`);
			response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
		});
		elsewhere = `http://${(await listening(thief)).replace('127.0.0.1', 'localhost')}`;
		vendor = createServer((request, response) => {
			asked.push(request.method ?? '');
			response.writeHead(status, { location: `${elsewhere}${request.url}?token=hidden` }).end();
		});
		url = `http://${await listening(vendor)}`;
	});
	afterAll(async () => {
		for (const server of [thief, vendor]) await new Promise((done) => server.close(done));
	});
	beforeEach(() => {
		asked = [];
		stolen = [];
	});

	const zendesk = async (resource: string, operation: string, parameters: INodeParameters = {}) =>
		await runNode(ZendeskSync, {
			credentials: { zendeskSyncApi: { zendeskUrl: url, email: 'a@acme.example', apiToken: 't' } },
			parameters: { authentication: 'apiToken', resource, operation, ...parameters },
			items: [{}],
		});
	const klaviyo = async (resource: string, operation: string, parameters: INodeParameters = {}) =>
		await runNode(Klaviyo, {
			credentials: { klaviyoSyncApi: { apiKey: 'pk', webhookSecret: '', baseUrl: url } },
			parameters: { authentication: 'apiKey', resource, operation, ...parameters },
			items: [{}],
		});
	const inTurn = {
		'a ticket that is read': async () => await zendesk('ticket', 'get', { ticketId: '12' }),
		'a note that is written': async () =>
			await zendesk('ticket', 'addInternalNote', { ticketId: '12', note: 'Private', key: 'k' }),
		'a profile that is read': async () =>
			await klaviyo('profile', 'get', { findBy: 'email', email: 'ana@acme.example' }),
		'a profile that is written': async () =>
			await klaviyo('profile', 'upsert', { findBy: 'email', email: 'ana@acme.example' }),
	};

	describe.each([301, 302, 303, 307, 308])('with status %d', (given) => {
		it.each(Object.entries(inTurn))('takes no credential and no text there: %s', async (_, run) => {
			status = given;
			const { error, json } = await run();
			expect(asked.length).toBeGreaterThan(0);
			expect(stolen).toEqual([]);
			expect(json).toEqual([]);
			expect(error?.message).toContain(`status ${given}`);
			expect(error?.description).toContain(`redirected the request to ${elsewhere}`);
			expect(error?.description).toContain('credential');
			expect(error?.description).not.toContain('hidden');
		});

		it('leaves Check Setup without a verdict', async () => {
			status = given;
			for (const { json, error } of [
				await zendesk('account', 'checkSetup'),
				await klaviyo('account', 'checkSetup'),
			]) {
				expect(error).toBeUndefined();
				expect(json[0]?.status).not.toBe('ready');
				expect(json.find(({ check }) => check === 'Credential')).toMatchObject({
					status: 'unknown',
					detail: expect.stringContaining(`redirected the request to ${elsewhere}`),
				});
			}
			expect(stolen).toEqual([]);
		});
	});

	it.each([
		['Klaviyo', new KlaviyoSyncApi()],
		['Zendesk', new ZendeskSyncApi()],
	])('fails the test of a credential for %s', (_vendor, { test }) => {
		expect(test.request.disableFollowRedirect).toBe(true);
	});
});
