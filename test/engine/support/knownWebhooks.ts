/** Both triggers as n8n starts them again: each knows a webhook that it has registered before. */
import { KlaviyoTrigger } from '../../../nodes/Klaviyo/KlaviyoTrigger.node';
import { ZendeskSyncTrigger } from '../../../nodes/ZendeskSync/ZendeskSyncTrigger.node';
import { type ActiveTrigger, listen } from './trigger';

/** @param url where both vendors are. Close the triggers when done. */
export async function knowingTheirWebhooks(
	url: string,
): Promise<{ zendesk: ActiveTrigger; klaviyo: ActiveTrigger }> {
	const zendesk = await listen(ZendeskSyncTrigger, {
		credentials: { zendeskSyncApi: { zendeskUrl: url, email: 'a@acme.example', apiToken: 't' } },
		parameters: { authentication: 'apiToken', events: ['opened'] },
	});
	zendesk.staticData = { 'node:ZendeskSyncTrigger': { webhookId: 'W', endpoint: zendesk.url } };
	const webhookSecret = 'a secret of 16 letters or more';
	const klaviyo = await listen(KlaviyoTrigger, {
		credentials: { klaviyoSyncApi: { apiKey: 'pk', webhookSecret, baseUrl: url } },
	});
	klaviyo.staticData = {
		'node:KlaviyoTrigger': { webhooks: { [klaviyo.url]: { id: 'W', isTest: false } } },
	};
	return { zendesk, klaviyo };
}
