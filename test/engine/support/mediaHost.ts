/** Where Klaviyo would keep the pictures of messages. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Picture {
	status?: number;
	type?: string;
	body?: Buffer;
	headers?: Record<string, string>;
}

export interface MediaHost {
	/** `http://127.0.0.1:<port>` */
	readonly url: string;
	/** What is where, by path; anything else is not found. May be changed at any time. */
	readonly pictures: Record<string, Picture>;
	/** Every request so far. */
	readonly asked: Array<{ path: string; headers: IncomingHttpHeaders }>;
	close(): Promise<void>;
}

export async function startMediaHost(): Promise<MediaHost> {
	const pictures: Record<string, Picture> = {};
	const asked: MediaHost['asked'] = [];
	const server = createServer((request, response) => {
		const path = request.url ?? '';
		asked.push({ path, headers: request.headers });
		const found = pictures[path.split('?')[0] ?? ''];
		const { status = found ? 200 : 404, type = 'image/jpeg', headers = {} } = found ?? {};
		response.writeHead(status, { 'content-type': type, ...headers });
		response.end(found?.body ?? '');
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		pictures,
		asked,
		close: async () => {
			server.closeAllConnections();
			await new Promise((done) => server.close(done));
		},
	};
}
