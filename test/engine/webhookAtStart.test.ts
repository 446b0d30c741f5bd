/**
 * When n8n starts, it asks each trigger for its webhook. If that throws, n8n 2.41 leaves the trigger off until someone
 * publishes the workflow again: any answer that is not a clear "gone" must count as present.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HookContext } from 'n8n-core';
import { KlaviyoTrigger } from '../../nodes/Klaviyo/KlaviyoTrigger.node';
import { forgetProcess } from '../../nodes/shared/processMemory';
import { ZendeskSyncTrigger } from '../../nodes/ZendeskSync/ZendeskSyncTrigger.node';
import { knowingTheirWebhooks } from './support/knownWebhooks';
import { type ActiveTrigger, listen } from './support/trigger';

const JSON_TYPE = 'application/json';
const json = (status: number, body: unknown) => ({
	status,
	type: JSON_TYPE,
	body: JSON.stringify(body),
});
const page = (status: number) => ({
	status,
	type: 'text/html',
	body: '<html><title>Sign in</title>',
});

/** Answers that do not say that the webhook is gone, by each vendor or by something between. */
const UNCLEAR = [
	['the key is refused', json(401, { errors: [{ detail: 'Invalid key' }], error: 'Invalid key' })],
	['a right is missing', json(403, { errors: [{ detail: 'No scope' }], error: 'Forbidden' })],
	['the request is refused', json(400, { errors: [{ detail: 'Bad revision' }] })],
	['the revision has ended', json(410, { errors: [{ detail: 'Gone' }] })],
	['there is no such account', json(404, { error: { title: 'No help desk at a.zendesk.com' } })],
	['the limit is reached', json(429, {})],
	['the vendor has a fault', json(503, {})],
	['the answer has another shape', json(200, { welcome: true })],
	['a proxy shows a page', page(200)],
	['a proxy wants to be signed in at', page(401)],
	['a firewall refuses', page(403)],
	['a page is not found', page(404)],
] as const;

describe('A known webhook, as n8n starts', () => {
	let server: Server;
	let given: { status: number; type: string; body: string };
	let zendesk: ActiveTrigger;
	let klaviyo: ActiveTrigger;
	let warned: string[];

	beforeEach(async () => {
		forgetProcess();
		warned = [];
		const logger = { warn: (line: string) => warned.push(line) } as never;
		const base = Object.getPrototypeOf(HookContext.prototype) as HookContext;
		jest.spyOn(base, 'logger', 'get').mockReturnValue(logger);
		server = createServer((_request, response) => {
			const headers = { 'content-type': given.type, 'retry-after': '60' };
			response.writeHead(given.status, headers).end(given.body);
		});
		await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
		const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		({ zendesk, klaviyo } = await knowingTheirWebhooks(url));
	});
	afterEach(async () => {
		jest.restoreAllMocks();
		server.closeAllConnections();
		await Promise.all([zendesk.close(), klaviyo.close()]);
		await new Promise((done) => server.close(done));
	});

	it.each(UNCLEAR)("counts as there when %s, and says so in n8n's log", async (what, answer) => {
		given = answer;
		const isOfZendesk = what === 'there is no such account';
		for (const trigger of isOfZendesk ? [zendesk] : [zendesk, klaviyo]) {
			expect(await trigger.call('checkExists')).toBe(true);
			expect(warned.splice(0)).toEqual([
				expect.stringContaining('could not be looked for, and counts as there'),
			]);
		}
	});

	it.each([401, 403, 429, 503])(
		'is made again later when it is gone, and the vendor does not let it be made now (%d)',
		async (status) => {
			const gone = json(404, { errors: [{ code: 'not_found', detail: 'No such webhook' }] });
			server.removeAllListeners('request');
			server.on('request', ({ method, url = '' }, response) => {
				const answer = method === 'GET' && url.includes('/webhooks/W') ? gone : json(status, {});
				const headers = { 'content-type': answer.type, 'retry-after': '60' };
				response.writeHead(answer.status, headers).end(answer.body);
			});
			for (const trigger of [zendesk, klaviyo]) {
				const before = trigger.staticData;
				await trigger.register();
				expect(warned.splice(0)).toEqual([
					expect.stringContaining('could not be registered again'),
				]);
				// By it the hourly look knows that there is something to repair.
				expect(trigger.staticData).toMatchObject(before);
			}
		},
	);

	it('is gone when the vendor says so', async () => {
		given = json(404, { errors: [{ code: 'not_found', detail: 'No such webhook' }] });
		for (const trigger of [zendesk, klaviyo]) expect(await trigger.call('checkExists')).toBe(false);
		expect(warned).toEqual([]);
	});

	it('counts as there when the credential cannot be read, which does not fail the first poll', async () => {
		given = json(503, {});
		for (const [type, { staticData }] of [
			[ZendeskSyncTrigger, zendesk],
			[KlaviyoTrigger, klaviyo],
		] as const) {
			const without = await listen(type, { parameters: { authentication: 'apiKey' } });
			without.staticData = JSON.parse(
				JSON.stringify(staticData).replaceAll(
					type === KlaviyoTrigger ? klaviyo.url : zendesk.url,
					without.url,
				),
			) as typeof staticData;
			expect(await without.call('checkExists')).toBe(true);
			// The first poll is part of the start, and fails it as well.
			warned = [];
			expect(await without.poll()).toEqual([]);
			expect(warned).toEqual([expect.stringContaining('tries again with the next poll')]);
			await expect(without.poll()).rejects.toThrow();
			await without.close();
		}
	});

	it.each([401, 403, 503])(
		'says the fault when it is published for the first time: %d',
		async (status) => {
			given = json(status, {});
			for (const trigger of [zendesk, klaviyo]) {
				trigger.staticData = {};
				await expect(trigger.register()).rejects.toThrow();
			}
		},
	);
});
