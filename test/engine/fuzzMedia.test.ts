/** Pictures from inside the network, or endless ones: a message must not make n8n read its own network, or fill its memory. */
import { execFileSync, spawnSync } from 'node:child_process';
import dns from 'node:dns';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { gzipSync } from 'node:zlib';
import { ExecuteContext } from 'n8n-core';
import { createRunExecutionData, type IExecuteFunctions } from 'n8n-workflow';
import { fetchMedia } from '../../nodes/ZendeskSync/api/media';
import { ZendeskSync } from '../../nodes/ZendeskSync/ZendeskSync.node';
import { additionalDataOf, nodeOf, workflowOf } from './support/engine';

const MEGABYTE = 1024 * 1024;
/** It makes the certificate that no one trusts. */
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

/** n8n's own HTTP helper, as a node has it. */
function contextOf(): IExecuteFunctions {
	const node = nodeOf(ZendeskSync, {});
	return new ExecuteContext(
		workflowOf([{ node, type: ZendeskSync }], {}),
		node,
		additionalDataOf('workflow', 'trigger', {}),
		'trigger',
		createRunExecutionData({}),
		0,
		[],
		{ main: [[]] },
		{ node, data: { main: [[]] }, source: null },
		[],
	);
}

const listening = async (server: Server): Promise<number> => {
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	return (server.address() as AddressInfo).port;
};

const close = async (server: Server): Promise<void> => {
	server.closeAllConnections();
	await new Promise((done) => server.close(done));
};

describe('A picture', () => {
	let server: Server;
	let origin: string;
	let answer: (request: IncomingMessage, response: ServerResponse) => void;
	/** Requested paths, and bytes that were sent. */
	let asked: string[];
	let sent: number;

	beforeEach(async () => {
		asked = [];
		sent = 0;
		server = createServer((request, response) => {
			asked.push(request.url ?? '');
			answer(request, response);
		});
		origin = `http://127.0.0.1:${await listening(server)}`;
	});
	afterEach(async () => {
		jest.restoreAllMocks();
		await close(server);
	});

	/** Like Zendesk on this machine, so that the server here may be requested at all. */
	const fetched = async (url: string, fromHere = true) =>
		await fetchMedia(contextOf(), url, 'sms-1', fromHere);

	/** Sends this again and again, as long as the client reads it. */
	const endlessly = (response: ServerResponse, chunk: Buffer): void => {
		const more = (): void => {
			while (!response.destroyed) {
				sent += chunk.length;
				if (!response.write(chunk)) return;
			}
		};
		response.on('drain', more);
		response.on('error', () => undefined);
		more();
	};

	it('that claims to have 10 GB is not read', async () => {
		answer = (_request, response) => {
			response.writeHead(200, {
				'content-type': 'image/png',
				'content-length': 10 * 1024 * MEGABYTE,
			});
			endlessly(response, Buffer.alloc(MEGABYTE));
		};
		expect(await fetched(`${origin}/x`)).toEqual({
			fault: 'is larger than 20 MB',
			isTransient: false,
		});
		expect(sent).toBeLessThan(15 * MEGABYTE);
	});

	it('that never ends is abandoned after 20 MB', async () => {
		answer = (_request, response) => {
			response.writeHead(200, { 'content-type': 'image/png' });
			endlessly(response, Buffer.alloc(MEGABYTE));
		};
		expect(await fetched(`${origin}/x`)).toEqual({
			fault: 'is larger than 20 MB',
			isTransient: false,
		});
		expect(sent).toBeLessThan(60 * MEGABYTE);
	});

	it('of 300 kB that unpacks to 300 MB is abandoned after 20 MB', async () => {
		const bomb = gzipSync(Buffer.alloc(300 * MEGABYTE));
		expect(bomb.length).toBeLessThan(MEGABYTE);
		answer = (_request, response) => {
			response.writeHead(200, {
				'content-type': 'image/png',
				'content-encoding': 'gzip',
				'content-length': bomb.length,
			});
			response.end(bomb);
		};
		const before = process.memoryUsage().arrayBuffers;
		expect(await fetched(`${origin}/x`)).toEqual({
			fault: 'is larger than 20 MB',
			isTransient: false,
		});
		expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * MEGABYTE);
	});

	it.each([
		['the head', false],
		['the bytes', true],
	])('whose %s arrives in drips is given up when its time is over', async (_part, hasHead) => {
		const timeout = AbortSignal.timeout.bind(AbortSignal);
		jest.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(400));
		const dripping: NodeJS.Timeout[] = [];
		answer = (_request, response) => {
			if (!hasHead) return;
			response.writeHead(200, { 'content-type': 'image/png' });
			dripping.push(setInterval(() => response.write('.'), 50));
		};
		const found = await fetched(`${origin}/x`);
		dripping.forEach(clearInterval);
		expect(found).toMatchObject({
			isTransient: true,
			fault: expect.stringContaining('could not be downloaded'),
		});
	});

	it.each([
		'http://10.0.0.1/x',
		'https://10.0.0.1/x',
		'//10.0.0.1/x',
		'https://169.254.169.254/latest/meta-data',
		'https://[::ffff:7f00:1]/x',
		'https://localhost./x',
		'file:///etc/passwd',
		'data:image/png;base64,AAAA',
		'https://user@media.klaviyo.com/x',
	])('that redirects to %s is not followed there', async (location) => {
		answer = (_request, response) => {
			response.writeHead(302, { location }).end();
		};
		const found = await fetched(`${origin}/x`);
		expect(found).toMatchObject({
			isTransient: false,
			fault: expect.stringMatching(/private|https|address|user name/),
		});
		expect(asked).toEqual(['/x']);
	});

	it('is fetched from nowhere on this machine when Zendesk is elsewhere', async () => {
		answer = (_request, response) => {
			response.writeHead(200, { 'content-type': 'image/png' }).end('x');
		};
		const { port } = new URL(origin);
		const hosts = [
			'127.0.0.1',
			'127.1',
			'2130706433',
			'0x7f000001',
			'017700000001',
			'0',
			'localhost',
			'LOCALHOST.',
			'[::1]',
			'[::ffff:127.0.0.1]',
			'127。0。0。1',
			'%31%32%37.0.0.1',
			'１２７.0.0.1',
			'media.klaviyo.com@127.0.0.1',
			'127.0.0.1\\@media.klaviyo.com',
			'localhost..',
			'127.0.0.1..',
		];
		for (const scheme of ['http', 'https'])
			for (const host of hosts)
				expect(await fetched(`${scheme}://${host}:${port}/x`, false)).toMatchObject({
					isTransient: false,
				});
		expect(asked).toEqual([]);
	});
});

describe('A public name that leads to this machine', () => {
	/** What looking up the name finds, before any request. */
	const looksLike = (address: string) =>
		jest
			.spyOn(dns.promises, 'lookup')
			.mockImplementation((async () => [
				{ address, family: 4 },
			]) as unknown as typeof dns.promises.lookup);

	it.each(['127.0.0.1', '10.0.0.1', '169.254.169.254'])(
		'is not requested when n8n sees that it leads to %s',
		async (address) => {
			looksLike(address);
			const asked = jest.spyOn(tls, 'connect');
			// Another name each time: n8n remembers what it has found.
			const url = `https://at-${address}.example.com/x`;
			expect(await fetchMedia(contextOf(), url, 'sms-1', false)).toEqual({
				fault: 'is in a private network',
				isTransient: false,
			});
			expect(asked).not.toHaveBeenCalled();
		},
	);

	const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
	afterAll(() => rmSync(folder, { recursive: true }));
	afterEach(() => jest.restoreAllMocks());

	(hasOpenssl ? it : it.skip)(
		'is told nothing: whoever answers has no certificate for the name',
		async () => {
			const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
			// Issued by the attacker, so not by anyone whom Node trusts.
			execFileSync(
				'openssl',
				[
					'req',
					'-x509',
					'-newkey',
					'ec',
					'-pkeyopt',
					'ec_paramgen_curve:prime256v1',
					'-nodes',
					'-days',
					'1',
					'-subj',
					'/CN=rebound.example.com',
					'-addext',
					'subjectAltName=DNS:rebound.example.com',
					'-keyout',
					key,
					'-out',
					cert,
				],
				{ stdio: 'ignore' },
			);
			const asked: string[] = [];
			const server = createTlsServer(
				{ key: readFileSync(key), cert: readFileSync(cert) },
				(request, response) => {
					asked.push(request.url ?? '');
					response.writeHead(200, { 'content-type': 'image/png' }).end('secret');
				},
			);
			const port = await listening(server);
			// The name leads outside while n8n looks, and inside when it connects.
			looksLike('8.8.8.8');
			let lookedUp = 0;
			jest.spyOn(dns, 'lookup').mockImplementation(((
				_host: string,
				options: { all?: boolean },
				done: (error: null, ...found: unknown[]) => void,
			) => {
				lookedUp += 1;
				if (options.all) done(null, [{ address: '127.0.0.1', family: 4 }]);
				else done(null, '127.0.0.1', 4);
			}) as unknown as typeof dns.lookup);
			const connect = tls.connect.bind(tls);
			jest
				.spyOn(tls, 'connect')
				.mockImplementation(((options: tls.ConnectionOptions) =>
					connect({ ...options, port })) as unknown as typeof tls.connect);
			const found = await fetchMedia(contextOf(), 'https://rebound.example.com/x', 'sms-1', false);
			await close(server);
			expect(found).toMatchObject({ fault: expect.stringMatching(/certificate/) });
			expect(lookedUp).toBeGreaterThan(0);
			expect(asked).toEqual([]);
		},
	);
});
