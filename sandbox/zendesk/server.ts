import { minute, second } from '../clock';
import type { Core } from '../core';
import { buildServer, listen } from '../httpServer';
import { TokenStore } from '../tokens';
import { accountRoutes } from './accountRoutes';
import { authenticate } from './auth';
import { runAutomations, seedAutomations } from './automations';
import type { Zendesk } from './context';
import { exportRoutes } from './exportRoutes';
import { IdempotencyKeys } from './idempotency';
import { countRequest } from './limits';
import { oauthRoutes } from './oauth';
import { refuseForbidden } from './permissions';
import { ratingRoutes } from './ratings';
import { requestedRoutes } from './requestedRoutes';
import { searchRoutes } from './searchRoutes';
import { makeStore } from './store';
import { ticketReadRoutes } from './ticketReadRoutes';
import { ticketWriteRoutes } from './ticketRoutes';
import { Tickets } from './tickets';
import { uploadRoutes } from './uploadRoutes';
import { userFieldRoutes } from './userFieldRoutes';
import { userRoutes } from './userRoutes';
import { webhookRoutes } from './webhookRoutes';
import { zendeskWording } from './wording';

/** A local Zendesk that listens. */
export async function startZendesk(core: Core, port: number): Promise<Zendesk> {
	const app = buildServer(core, zendeskWording);
	const store = makeStore(core);
	const tickets = new Tickets(core, store);
	const tokens = new TokenStore(core, { code: 120 * second, access: 30 * minute });
	let url = '';
	const zendesk: Zendesk = {
		app,
		core,
		store,
		tickets,
		tokens,
		keys: new IdempotencyKeys(core),
		baseUrl: () => url,
	};
	seedAutomations(store, core.clock.now());
	core.clock.everyHour(() => runAutomations(store, tickets, core.clock.now()));

	app.decorateRequest('zendeskUser', undefined);
	app.addHook('onRequest', async (request, reply) => {
		if (!request.url.startsWith('/api/')) return;
		request.zendeskUser = authenticate(request, store, tokens);
		countRequest(core, request, reply, request.zendeskUser?.id ?? 0);
		refuseForbidden(core.switches, request);
	});
	oauthRoutes(zendesk);
	ticketReadRoutes(zendesk);
	ticketWriteRoutes(zendesk);
	userRoutes(zendesk);
	userFieldRoutes(zendesk);
	webhookRoutes(zendesk);
	exportRoutes(zendesk);
	accountRoutes(zendesk);
	searchRoutes(zendesk);
	uploadRoutes(zendesk);
	requestedRoutes(zendesk);
	ratingRoutes(zendesk);
	url = await listen(app, port);
	return zendesk;
}
