import Fastify from 'fastify';
import {
	serializerCompiler,
	validatorCompiler,
	type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ticketStatus } from '../domain/items';
import { wordsOf } from './console/refusalWords';
import { type ConsoleParts, consoleRoutes } from './console/routes';
import type { Core } from './core';
import { refuseForeign } from './foreign';
import { switchChanges } from './switchTable';
import type { Sandbox } from './types';

const text = z.object({
	from: z.string(),
	body: z.string(),
	channel: z.enum(['sms', 'whatsapp', 'rcs']).optional(),
	displayName: z.string().optional(),
	to: z.string().optional(),
	at: z.number().optional(),
	mediaUrl: z
		.string()
		.url()
		.regex(/^https?:/, 'Not a web address')
		.optional(),
});

/** What the brand sends by: RCS replaces SMS by itself. */
const brandChannel = z.enum(['sms', 'whatsapp']).default('sms');

/** The sandbox's methods over HTTP, for people and other processes. */
export async function startControl(
	core: Core,
	sandboxOf: () => Sandbox,
	stores: Pick<ConsoleParts, 'zendesk' | 'klaviyo'>,
	port: number,
): Promise<{ url: string; close(): Promise<void> }> {
	const app = Fastify({
		logger: false,
		forceCloseConnections: true,
	}).withTypeProvider<ZodTypeProvider>();
	app.setValidatorCompiler(validatorCompiler);
	app.setSerializerCompiler(serializerCompiler);
	app.addHook('onRequest', refuseForeign());
	app.setErrorHandler((error, _request, reply) => {
		void reply.code(400).send({ error: wordsOf(error) });
	});
	const { zendesk, klaviyo } = {
		zendesk: () => sandboxOf().zendesk,
		klaviyo: () => sandboxOf().klaviyo,
	};

	consoleRoutes(app, { core, sandbox: sandboxOf, ...stores });
	app.post('/message', { schema: { body: text } }, async (request) =>
		klaviyo().customerWrites(request.body),
	);
	app.post('/messages', { schema: { body: z.array(text) } }, async (request) =>
		klaviyo().customersMessage(request.body),
	);
	app.post(
		'/brand-message',
		{
			schema: {
				body: z.object({
					to: z.string(),
					body: z.string(),
					kind: z.enum(['campaign', 'flow', 'inbox']),
					channel: brandChannel,
				}),
			},
		},
		async (request) => klaviyo().brandWrites(request.body),
	);
	const flowWebhook = z.object({
		metric: z.string(),
		url: z.string(),
		headers: z.record(z.string()).optional(),
		body: z.string(),
	});
	app.post('/flow-webhook', { schema: { body: flowWebhook } }, async (request) => ({
		id: klaviyo().addFlowWebhook(request.body),
	}));
	const messageFlow = z.object({ metric: z.string(), body: z.string(), channel: brandChannel });
	app.post('/message-flow', { schema: { body: messageFlow } }, async (request) => ({
		id: klaviyo().addMessageFlow(request.body),
	}));
	const profile = z.object({
		id: z.string().optional(),
		email: z.string().nullable().optional(),
		phone: z.string().nullable().optional(),
		firstName: z.string().nullable().optional(),
		smsMarketing: z.boolean().optional(),
		smsTransactional: z.boolean().optional(),
		whatsAppMarketing: z.boolean().optional(),
	});
	app.post('/profile', { schema: { body: profile } }, async (request) =>
		klaviyo().addProfile(request.body),
	);
	const user = z.object({
		name: z.string(),
		role: z.enum(['end-user', 'agent', 'admin']).optional(),
		email: z.string().nullable().optional(),
		phone: z.string().nullable().optional(),
		externalId: z.string().nullable().optional(),
	});
	app.post('/user', { schema: { body: user } }, async (request) => zendesk().addUser(request.body));

	const reply = z.object({
		ticketId: z.string(),
		body: z.string(),
		public: z.boolean().optional(),
		agentId: z.string().optional(),
		status: ticketStatus.optional(),
		html: z.string().optional(),
		signature: z.string().optional(),
	});
	app.post('/reply', { schema: { body: reply } }, async (request) => {
		const { ticketId, body, ...options } = request.body;
		return zendesk().agentComments(ticketId, body, options);
	});
	const update = z.object({
		ticketId: z.string(),
		status: ticketStatus.optional(),
		assigneeId: z.string().optional(),
		groupId: z.string().optional(),
		priority: z.string().optional(),
		type: z.string().optional(),
		tags: z.array(z.string()).optional(),
		brandId: z.string().optional(),
		requesterId: z.string().optional(),
		agentId: z.string().optional(),
		via: z.enum(['web', 'automation']).optional(),
	});
	app.post('/update', { schema: { body: update } }, async (request) => {
		const { ticketId, agentId, via, ...change } = request.body;
		zendesk().agentUpdates(ticketId, change, { agentId, via });
		return zendesk().ticket(ticketId);
	});
	const opened = z.object({
		subject: z.string(),
		body: z.string(),
		requesterId: z.string(),
		externalId: z.string().optional(),
		public: z.boolean().optional(),
	});
	app.post('/ticket', { schema: { body: opened } }, async (request) =>
		zendesk().agentCreates(request.body),
	);
	const merged = z.object({
		sourceId: z.string(),
		targetId: z.string(),
		public: z.boolean().optional(),
	});
	app.post('/merge', { schema: { body: merged } }, async (request) => {
		zendesk().merge(request.body.sourceId, request.body.targetId, { public: request.body.public });
		return zendesk().ticket(request.body.targetId);
	});
	const calls = z.object({
		ticketId: z.string(),
		public: z.boolean().optional(),
		agentId: z.string().optional(),
		seconds: z.number().int().min(0).optional(),
	});
	app.post('/call', { schema: { body: calls } }, async (request) => {
		const { ticketId, ...options } = request.body;
		return zendesk().agentCalls(ticketId, options);
	});
	const rating = z.object({
		ticketId: z.string(),
		score: z.enum(['good', 'neutral', 'bad']),
		stars: z.number().int().min(1).max(5).optional(),
		comment: z.string().optional(),
		reason: z.string().optional(),
	});
	app.post('/rate', { schema: { body: rating } }, async (request) => {
		const { ticketId, ...given } = request.body;
		zendesk().customerRates(ticketId, given);
		return zendesk().ticket(ticketId);
	});
	const trigger = z.object({
		title: z.string(),
		when: z.object({
			update: z.enum(['create', 'change']).optional(),
			comment: z.enum(['public', 'internal', 'none']).optional(),
			by: z.enum(['customer', 'staff']).optional(),
			status: ticketStatus.optional(),
			statusChanged: z.boolean().optional(),
			tag: z.string().optional(),
		}),
		then: z.object({
			status: ticketStatus.optional(),
			addTag: z.string().optional(),
			comment: z
				.object({ body: z.string(), public: z.boolean(), authorId: z.string().optional() })
				.optional(),
		}),
	});
	app.post('/trigger', { schema: { body: trigger } }, async (request) => ({
		id: zendesk().addTrigger(request.body),
	}));
	app.post(
		'/trigger/remove',
		{ schema: { body: z.object({ id: z.string() }) } },
		async (request) => {
			zendesk().removeTrigger(request.body.id);
			return { removed: request.body.id };
		},
	);
	app.post('/delete', { schema: { body: z.object({ ticketId: z.string() }) } }, async (request) => {
		zendesk().deleteTicket(request.body.ticketId);
		return { deleted: request.body.ticketId };
	});

	app.post(
		'/restore',
		{ schema: { body: z.object({ ticketId: z.string() }) } },
		async (request) => {
			zendesk().restoreTicket(request.body.ticketId);
			return zendesk().ticket(request.body.ticketId);
		},
	);
	const mergedUsers = z.object({ goneId: z.string(), keptId: z.string() });
	app.post('/merge-users', { schema: { body: mergedUsers } }, async (request) => {
		zendesk().mergeUsers(request.body.goneId, request.body.keptId);
		return { merged: request.body.goneId };
	});

	app.post(
		'/clock',
		{ schema: { body: z.object({ advanceMs: z.number().min(0) }) } },
		async (request) => {
			await core.clock.advance(request.body.advanceMs);
			return { now: new Date(core.clock.now()).toISOString() };
		},
	);
	app.get('/clock', async () => ({ now: new Date(core.clock.now()).toISOString() }));
	app.get('/state', async () => state(sandboxOf()));
	app.get('/switches', async () => core.switches);
	app.patch('/switches', { schema: { body: switchChanges } }, async (request) => {
		const { faults, switches } = request.body;
		Object.assign(core.switches, switches);
		Object.assign(core.switches.faults, faults);
		core.changes.announce();
		return core.switches;
	});
	app.get('/calls', async () => sandboxOf().calls());
	app.get('/calls/count', async () => sandboxOf().callCounts());
	app.get('/faults', async () => sandboxOf().faults());
	app.get('/deliveries', async () => sandboxOf().deliveries());
	app.post('/settle', async () => {
		await sandboxOf().deliveriesSettled();
		return { settled: true };
	});

	const url = await app.listen({ host: '127.0.0.1', port });
	return { url, close: () => app.close() };
}

/** Everything that a person or another process might want to see. */
function state(sandbox: Sandbox): unknown {
	const profiles = sandbox.klaviyo.profiles();
	const phones = profiles.flatMap(({ phone }) => phone ?? []);
	return {
		now: new Date(sandbox.clock.now()).toISOString(),
		agent: sandbox.zendesk.agent,
		tickets: sandbox.zendesk.tickets(),
		users: sandbox.zendesk.users(),
		profiles,
		timelines: Object.fromEntries(profiles.map(({ id }) => [id, sandbox.klaviyo.timeline(id)])),
		phones: Object.fromEntries(phones.map((phone) => [phone, sandbox.klaviyo.phone(phone)])),
		webhooks: { zendesk: sandbox.zendesk.webhooks(), klaviyo: sandbox.klaviyo.webhooks() },
	};
}
