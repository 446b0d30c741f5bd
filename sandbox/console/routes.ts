import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Core } from '../core';
import type { Klaviyo } from '../klaviyo/context';

import type { Sandbox } from '../types';
import type { Zendesk } from '../zendesk/context';
import { bundle, type Bundle } from './bundle';
import { looking } from './looking';
import type { Looking, Sections, SetupView } from './shapes';
import { streamSections, type Makers } from './stream';
import { customersView, freePhone, nameOf, profileView, threadView } from './views/customers';
import { TrafficLog } from './views/log';
import { switchesView } from './views/switches';
import { ticketsView, ticketView } from './views/tickets';

/** What the console reads: more than the sandbox's methods show, and without copying all of it. */
export interface ConsoleParts {
	core: Core;
	sandbox: () => Sandbox;
	zendesk: Zendesk['store'];
	klaviyo: Klaviyo['store'];
}

/** Only this page's own files and addresses, whatever a message may contain. */
const policy = [
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self'",
	"connect-src 'self'",
	"img-src 'self' data:",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
].join('; ');

/** The page at `/`, its stream, and its other requests. */
export function consoleRoutes(server: FastifyInstance, parts: ConsoleParts): void {
	const app = server.withTypeProvider<ZodTypeProvider>();
	const { core, klaviyo, zendesk } = parts;
	const log = new TrafficLog(core);
	const stores = { klaviyo, zendesk };

	const serve = (path: string, type: string, file: keyof Bundle): void => {
		app.get(path, async (_request, reply) => {
			const files = await bundle();
			return reply
				.header('content-security-policy', policy)
				.header('x-content-type-options', 'nosniff')
				.header('referrer-policy', 'no-referrer')
				.header('cache-control', 'no-store')
				.type(`${type}; charset=utf-8`)
				.send(files[file]);
		});
	};
	serve('/', 'text/html', 'html');
	serve('/console/main.js', 'text/javascript', 'script');
	serve('/console/theme.js', 'text/javascript', 'theme');
	serve('/console/main.css', 'text/css', 'style');

	const makers = (asked: Looking): Makers<Sections> => ({
		clock: () => clockView(core),
		setup: () => setupView(parts),
		customers: () => customersView(klaviyo, asked),
		thread: () => threadView(klaviyo, asked),
		profile: () => profileView(klaviyo, asked),
		tickets: () => ticketsView(stores, asked),
		ticket: () => ticketView(stores, asked),
		log: () => log.view(asked),
		switches: () => switchesView(core),
	});
	app.get('/console/stream', { schema: { querystring: looking } }, async (request, reply) => {
		reply.hijack();
		streamSections(reply.raw, core.changes, makers(request.query));
	});
	app.get(
		'/console/log/:number',
		{ schema: { params: z.object({ number: z.coerce.number().int().min(0) }) } },
		async (request, reply) =>
			log.detail(request.params.number) ??
			reply.code(404).send({ error: 'There is no such entry' }),
	);
	const consent = z.object({
		profileId: z.string(),
		marketing: z.boolean().optional(),
		transactional: z.boolean().optional(),
		whatsAppMarketing: z.boolean().optional(),
	});
	app.post('/consent', { schema: { body: consent } }, async (request) => {
		const { profileId, ...change } = request.body;
		parts.sandbox().klaviyo.setConsent(profileId, change);
		return { changed: profileId };
	});
	const opened = z.object({ profileId: z.string(), subject: z.string(), body: z.string() });
	app.post('/console/ticket', { schema: { body: opened } }, async (request) => {
		const { profileId, ...ticket } = request.body;
		const requesterId = requesterOf(parts, profileId);
		return parts.sandbox().zendesk.agentCreates({ ...ticket, requesterId });
	});
}

/** To a tenth of a second, because two readings of two clocks always differ a little. */
function clockView({ clock }: Core): Sections['clock'] {
	const { speed } = clock;
	return {
		base: Math.round((clock.now() - Date.now() * speed) / 100) * 100,
		speed,
		isShared: clock.isShared,
	};
}

function setupView({ sandbox, klaviyo }: ConsoleParts): SetupView {
	const { zendesk: desk, klaviyo: marketing } = sandbox();
	return {
		zendesk: {
			url: desk.url,
			email: desk.account.email,
			apiToken: desk.account.apiToken,
			clientId: desk.account.oauthClientId,
			clientSecret: desk.account.oauthClientSecret,
			webhooks: desk.webhooks().length,
		},
		klaviyo: {
			url: marketing.url,
			apiKey: marketing.account.apiKey,
			clientId: marketing.account.oauthClientId,
			clientSecret: marketing.account.oauthClientSecret,
			webhooks: marketing.webhooks().length,
			phone: marketing.brandPhone,
		},
		agents: desk
			.users()
			.filter(({ role }) => role !== 'end-user')
			.map(({ id, name }) => ({ id, name })),
		agentId: desk.agent.id,
		freePhone: freePhone(klaviyo),
	};
}

/** The Zendesk user for a Klaviyo profile, created if there is none. */
function requesterOf({ sandbox, klaviyo }: ConsoleParts, profileId: string): string {
	const profile = klaviyo.profiles.get(profileId);
	if (profile === undefined) throw new Error('Choose a customer first');
	const { phone, email } = profile;
	const users = sandbox().zendesk.users();
	const known =
		users.find((user) => phone !== null && user.phone === phone) ??
		users.find((user) => email !== null && user.email === email);
	return (known ?? sandbox().zendesk.addUser({ name: nameOf(profile), phone, email })).id;
}
