/** A vendor that accepts connections and never answers. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SilentVendor {
	url: string;
	/** How many requests have come. */
	calls(): number;
	/** Resolves when the next one has come. */
	asked(): Promise<void>;
	close(): Promise<void>;
}

export async function openSilentVendor(): Promise<SilentVendor> {
	let calls = 0;
	const server = createServer(() => {
		calls += 1;
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		calls: () => calls,
		asked: async () => await new Promise((done) => server.once('request', () => done())),
		async close() {
			server.closeAllConnections();
			await new Promise((done) => server.close(done));
		},
	};
}
