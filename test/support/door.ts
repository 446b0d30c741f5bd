/** A door in front of a sandbox vendor: it can be shut, and it can hold requests back. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** `METHOD path`, or what such a message matches. */
export type Route = string | RegExp;

const leadsTo = (route: Route, asked: string): boolean =>
	typeof route === 'string' ? route === asked : route.test(asked);

export interface Held {
	/** How many requests wait at the door now. */
	waiting(): number;
	/** Lets those in that wait, and holds back no more. */
	release(): void;
}

export interface Refused {
	/** How many requests were refused. */
	refused(): number;
	/** Lets them in again. */
	end(): void;
}

export interface Door {
	/** To be used in the vendor's place. */
	readonly url: string;
	/** Every request is answered with 503 while it is shut. */
	shut: boolean;
	/** How many requests were turned away. */
	turnedAway(): number;
	/** How many requests to such as `POST /api/v2/tickets` were let in. */
	passed(route: string): number;
	/** Holds back requests to the path from now on. */
	hold(path: string): Held;
	/** Answers requests to such as `PUT /api/v2/tickets/1` with 503, all but the first so many of them. */
	refuse(route: Route, after?: number): Refused;
	/** Answers requests to such as `GET /api/v2/tickets/1` with this status and body, which something else may give. */
	answer(route: Route, status: number, body: string): void;
	/**
	 * Lets requests to such as `POST /api/v2/webhooks` in, and loses the answer of the first.
	 *
	 * @param then is called before the client knows
	 */
	lose(route: Route, then?: () => void): void;
	/** Lets all requests in again, whatever a test has left shut or held. */
	open(): void;
	close(): Promise<void>;
}

interface Refusal {
	route: Route;
	/** How many are still let in. */
	left: number;
	refused: number;
}

interface Hold {
	path: string;
	waiting: Array<() => void>;
}

export async function openDoor(target: string): Promise<Door> {
	const holds = new Set<Hold>();
	const refusals = new Set<Refusal>();
	const answers = new Map<Route, { status: number; body: string }>();
	const losses = new Map<Route, (() => void) | undefined>();
	const passed: string[] = [];
	let turnedAway = 0;
	const server = createServer((incoming, answer) => {
		const turnAway = (): void => void answer.writeHead(503).end();
		if (door.shut) {
			turnedAway += 1;
			turnAway();
			return;
		}
		const asked = `${incoming.method ?? ''} ${incoming.url ?? ''}`;
		const refusal = [...refusals].find(({ route }) => leadsTo(route, asked));
		if (refusal && refusal.left-- <= 0) {
			refusal.refused += 1;
			turnAway();
			return;
		}
		const given = [...answers].find(([route]) => leadsTo(route, asked))?.[1];
		if (given) {
			const type = given.body.startsWith('{') ? 'application/json' : 'text/html';
			answer.writeHead(given.status, { 'content-type': type }).end(given.body);
			return;
		}
		const pass = (): void => {
			passed.push(asked);
			const losing = [...losses].find(([route]) => leadsTo(route, asked));
			if (losing) losses.delete(losing[0]);
			forward(target, incoming, answer, losing && (() => losing[1]?.()));
		};
		const path = incoming.url ?? '';
		const holding = [...holds].find((hold) => path.startsWith(hold.path));
		if (holding) holding.waiting.push(pass);
		else pass();
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const letIn = (hold: Hold): void => {
		holds.delete(hold);
		for (const pass of hold.waiting.splice(0)) pass();
	};
	const door: Door = {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		shut: false,
		turnedAway: () => turnedAway,
		passed: (route) => passed.filter((one) => one === route).length,
		hold(path) {
			const hold: Hold = { path, waiting: [] };
			holds.add(hold);
			return {
				waiting: () => hold.waiting.length,
				release: () => letIn(hold),
			};
		},
		refuse(route, after = 0) {
			const refusal: Refusal = { route, left: after, refused: 0 };
			refusals.add(refusal);
			return { refused: () => refusal.refused, end: () => void refusals.delete(refusal) };
		},
		answer: (route, status, body) => void answers.set(route, { status, body }),
		lose: (route, then) => void losses.set(route, then),
		open() {
			door.shut = false;
			refusals.clear();
			losses.clear();
			answers.clear();
			for (const hold of holds) letIn(hold);
		},
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
	return door;
}

function forward(
	target: string,
	incoming: IncomingMessage,
	answer: ServerResponse,
	lost: (() => void) | undefined,
): void {
	const { host } = new URL(target);
	const { method, headers } = incoming;
	const outgoing = request(
		new URL(incoming.url ?? '/', target),
		{ method, headers: { ...headers, host } },
		(response) => {
			if (lost) {
				lost();
				answer.destroy();
				return;
			}
			answer.writeHead(response.statusCode ?? 502, response.headers);
			response.pipe(answer);
		},
	);
	outgoing.on('error', () => answer.destroy());
	incoming.pipe(outgoing);
}
