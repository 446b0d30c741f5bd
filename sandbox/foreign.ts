/**
 * Only this machine may use the sandbox. A page on the web can let its own host name point to 127.0.0.1, and then send
 * requests through its visitor's browser. It cannot change what the browser says about them: the requested host, and the
 * page that sent the request.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';

const LOCAL = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * A server hook.
 *
 * @param domain of the vendor that the server plays: a benchmark sends n8n's requests for that domain here
 */
export const refuseForeign =
	(domain?: string) =>
	async ({ headers }: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
		const { host = '', origin } = headers;
		const isHere = LOCAL.test(host) || (domain !== undefined && host.endsWith(`.${domain}`));
		if (isHere && (origin === undefined || origin === `http://${host}`)) return undefined;
		return await reply.code(403).send({ error: 'The sandbox answers this machine only.' });
	};
