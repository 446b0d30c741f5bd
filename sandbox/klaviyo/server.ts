import { minute } from '../clock';
import type { Core } from '../core';
import { buildServer, listen } from '../httpServer';
import { TokenStore } from '../tokens';
import { accountRoutes } from './accountRoutes';
import { authenticate } from './auth';
import { eventRoutes } from './eventRoutes';
import type { Klaviyo } from './context';
import { groupRoutes } from './groupRoutes';

import { countRequest } from './limits';
import { messageRoutes } from './messages';
import { accessLife, oauthRoutes } from './oauth';
import { profileRoutes } from './profileRoutes';
import { Store } from './store';
import { Messaging } from './messaging';
import { webhookRoutes } from './webhookRoutes';
import { klaviyoWording } from './wording';

/** A local Klaviyo that listens. */
export async function startKlaviyo(core: Core, port: number): Promise<Klaviyo> {
	let url = '';
	const app = buildServer(core, klaviyoWording);
	const store = new Store(core);
	const tokens = new TokenStore(core, { code: 5 * minute, access: accessLife });
	const baseUrl = (): string => url;
	const klaviyo: Klaviyo = {
		app,
		core,
		store,
		tokens,
		messaging: new Messaging(core, store, baseUrl),
		baseUrl,
	};

	app.addHook('onRequest', async (request, reply) => {
		if (!request.url.startsWith('/api/')) return;
		authenticate(request, tokens, core.switches);
		countRequest(core.limiter, request, reply);
		reply.type('application/vnd.api+json');
	});
	oauthRoutes(klaviyo);
	profileRoutes(klaviyo);
	eventRoutes(klaviyo);
	messageRoutes(klaviyo);
	webhookRoutes(klaviyo);
	accountRoutes(klaviyo);
	groupRoutes(klaviyo);
	url = await listen(app, port);
	return klaviyo;
}
