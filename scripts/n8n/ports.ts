/** Free ports. */
import { createServer } from 'node:net';

/** Below the range for outgoing connections, in which a free port is soon taken. */
const LOWEST = 20_000;
const COUNT = 10_000;

export async function freePort(): Promise<number> {
	for (let attempt = 0; attempt < 100; attempt++) {
		const port = LOWEST + Math.floor(Math.random() * COUNT);
		if (await isFree(port)) return port;
	}
	throw new Error(`No free port between ${LOWEST} and ${LOWEST + COUNT}`);
}

const isFree = async (port: number): Promise<boolean> =>
	await new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(false));
		server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
	});
