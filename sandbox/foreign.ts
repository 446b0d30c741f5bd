/**
 * Who may ask the sandbox: this machine. A page on the web can have a name of its own point to 127.0.0.1, and then ask
 * it through the browser of whoever looks at the page. It cannot change what the browser says of it: the host that it
 * asks for, and the page that asks.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';

const LOCAL = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * A hook of a server.
 *
 * @param domain of the vendor that it plays: n8n may be made to take it for the vendor itself
 */
export const refuseForeign =
	(domain?: string) =>
	async ({ headers }: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
		const { host = '', origin } = headers;
		const isHere = LOCAL.test(host) || (domain !== undefined && host.endsWith(`.${domain}`));
		if (isHere && (origin === undefined || origin === `http://${host}`)) return undefined;
		return await reply.code(403).send({ error: 'The sandbox answers this machine only.' });
	};
