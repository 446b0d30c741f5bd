import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import {
	hasZodFastifySchemaValidationErrors,
	serializerCompiler,
	validatorCompiler,
	type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import type { ZodIssue } from 'zod';
import type { Core } from './core';
import { leadingToItself } from './endlessList';
import { drawFault, nameOf } from './faults';
import { refuseForeign } from './foreign';
import { plainHeaders, plainQuery } from './record';
import type { RecordedCall } from './types';

declare module 'fastify' {
	interface FastifyRequest {
		/** The body's text as received, for comparing bytes. */
		rawBody: string;
		answerIsLost: boolean;
		answerIsHeld: boolean;
		/** Whether its OAuth token ends before it is checked. */
		tokenEnds: boolean;
		answered: unknown;
	}
}

/** An answer that is not a success, in the vendor's own words. */
export class Refusal extends Error {
	constructor(
		readonly status: number,
		readonly body: unknown,
		readonly headers: Record<string, string> = {},
	) {
		super(`answered ${status}: ${JSON.stringify(body)}`);
	}
}

/** How a vendor words refusals by the common layer. */
export interface VendorWording {
	vendor: RecordedCall['vendor'];
	bodyType: string;
	invalid(issues: readonly ZodIssue[], part: string): Refusal;
	unsupportedType(): Refusal;
	unreadable(): Refusal;
	notFound(): Refusal;
	tooMany(): unknown;
	serverError(status: number): unknown;
}

/** A server with what both vendors have in common: parsing, faults, recording, the sandbox's time. */
export function buildServer(core: Core, wording: VendorWording) {
	const app = Fastify({
		logger: false,
		bodyLimit: 60 * 1024 * 1024,
		forceCloseConnections: true,
	}).withTypeProvider<ZodTypeProvider>();
	app.setValidatorCompiler(validatorCompiler);
	app.setSerializerCompiler(serializerCompiler);
	app.decorateRequest('rawBody', '');
	app.decorateRequest('answerIsLost', false);
	app.decorateRequest('answerIsHeld', false);
	app.decorateRequest('tokenEnds', false);
	app.decorateRequest('answered', null);

	app.removeAllContentTypeParsers();
	app.addContentTypeParser(wording.bodyType, { parseAs: 'string' }, (request, body, done) => {
		request.rawBody = body.toString();
		try {
			done(null, request.rawBody === '' ? undefined : JSON.parse(request.rawBody));
		} catch {
			done(wording.unreadable());
		}
	});
	app.addContentTypeParser(
		'application/x-www-form-urlencoded',
		{ parseAs: 'string' },
		(request, body, done) => {
			if (request.url.startsWith('/api/')) done(wording.unsupportedType());
			else done(null, Object.fromEntries(new URLSearchParams(body.toString())));
		},
	);

	app.addHook('onRequest', refuseForeign(`${wording.vendor}.com`));
	const travel = async (): Promise<void> => {
		const { latency } = core.switches;
		if (latency > 0) await core.clock.wait((latency / 2) * core.latencyRoll());
	};
	app.addHook('onRequest', async (request, reply) => {
		if (core.switches.away.includes(wording.vendor)) {
			await reply.code(503).send(wording.serverError(503));
			return;
		}
		if (!request.url.startsWith('/api/')) return;
		await travel();
		const hasToken = /^bearer /i.test(request.headers.authorization ?? '');
		const fault = drawFault(core.switches.faults, core.faultRoll, hasToken);
		if (fault === undefined) return;
		core.injected[nameOf(fault)] += 1;
		if (fault.kind === 'lostAnswer' || fault.kind === 'timeOut') {
			request.answerIsLost = true;
			request.answerIsHeld = fault.kind === 'timeOut';
		} else if (fault.kind === 'tokenExpiry') {
			request.tokenEnds = true;
		} else if (fault.kind === 'droppedConnection') {
			reply.hijack();
			request.raw.socket.destroy();
		} else if (fault.kind === 'tooManyRequests') {
			if (fault.retryAfter) reply.header('retry-after', '1');
			await reply.code(429).send(wording.tooMany());
		} else {
			await reply.code(fault.status).send(wording.serverError(fault.status));
		}
	});
	app.addHook('preSerialization', async (request, reply, payload) => {
		const isEndless =
			reply.statusCode === 200 && core.switches.endlessLists.includes(pathOf(request));
		request.answered = isEndless ? leadingToItself(request.url, payload) : payload;
		return request.answered;
	});
	app.addHook('onSend', async (request, reply, payload) => {
		reply.header('date', new Date(core.clock.now()).toUTCString());
		core.recorder.count(wording.vendor);
		if (core.recorder.isRead) core.recorder.add(recorded(core, wording.vendor, request, reply));
		if (request.answerIsHeld) await core.clock.wait(core.switches.heldAnswer);
		if (request.answerIsLost) request.raw.socket.destroy();
		else await travel();
		return payload;
	});
	app.setErrorHandler((error, request, reply) => {
		const refusal = refusalOf(error, wording);
		void reply.headers(refusal.headers).code(refusal.status).send(refusal.body);
		if (refusal.status === 500)
			process.stderr.write(`${request.method} ${request.url}: ${String(error)}\n`);
	});
	app.setNotFoundHandler(() => {
		throw wording.notFound();
	});
	return app;
}

export type App = ReturnType<typeof buildServer>;

function refusalOf(error: unknown, wording: VendorWording): Refusal {
	if (error instanceof Refusal) return error;
	if (hasZodFastifySchemaValidationErrors(error)) {
		const issues = error.validation.map((fault) => fault.params.issue);
		return wording.invalid(issues, error.validationContext ?? 'body');
	}
	if (error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
		return wording.unsupportedType();
	return new Refusal(500, wording.serverError(500));
}

const pathOf = ({ url }: FastifyRequest): string => url.split('?')[0] ?? url;

function recorded(
	core: Core,
	vendor: RecordedCall['vendor'],
	request: FastifyRequest,
	reply: FastifyReply,
): RecordedCall {
	return {
		at: new Date(core.clock.now()).toISOString(),
		vendor,
		method: request.method,
		path: pathOf(request),
		query: plainQuery(request.query),
		headers: plainHeaders(request.headers),
		body: request.body ?? null,
		status: reply.statusCode,
		response: request.answered,
		...(request.answerIsLost ? { lost: true } : {}),
	};
}

/** The base URL of a server that listens on this machine only. */
export async function listen(app: App, port: number): Promise<string> {
	return app.listen({ host: '127.0.0.1', port });
}
