/** Free ports. */
import { createServer } from 'node:net';

/** Below the range for outgoing connections, in which a free port is soon taken. */
const LOWEST = 20_000;
const COUNT = 10_000;

/** All that this process was given: one whose n8n is down for a moment seems free, and is wanted again. */
const given = new Set<number>();

export async function freePort(): Promise<number> {
	for (let attempt = 0; attempt < 100; attempt++) {
		const port = LOWEST + Math.floor(Math.random() * COUNT);
		if (given.has(port) || !(await isFree(port))) continue;
		given.add(port);
		return port;
	}
	throw new Error(`No free port between ${LOWEST} and ${LOWEST + COUNT}`);
}

const isFree = async (port: number): Promise<boolean> =>
	await new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(false));
		server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
	});
