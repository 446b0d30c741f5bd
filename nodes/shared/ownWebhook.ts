/**
 * Each trigger's own webhook, as this process last saw it. Static data does not do for that: n8n can restore an older
 * copy, and with durable poll cursors it keeps a poll's apart, so that a poll does not see what was registered, and
 * registration does not see what a poll repaired.
 */
import type { IHookFunctions, IPollFunctions, IWebhookFunctions } from 'n8n-workflow';
import { nodeKey, processMemory } from './processMemory';
import { isTest } from './testDelivery';

type TriggerContext = IHookFunctions | IPollFunctions | IWebhookFunctions;

export interface OwnWebhook {
	/** '' if the vendor has nothing to call for. */
	id: string;
	/** Milliseconds since 1970. */
	at: number;
}

const seen = processMemory<OwnWebhook>();

/** Where each trigger's production webhook calls. A poll cannot ask n8n for it. */
const productionUrls = processMemory<string>();

const webhookKey = (context: TriggerContext, url: string): string => `${nodeKey(context)} ${url}`;

/** To be called when n8n registers or looks for a webhook. */
export function expectAt(context: IHookFunctions, url: string): void {
	if (!isTest(context)) productionUrls.set(nodeKey(context), url);
}

/** @returns undefined as long as n8n has not asked this process for the webhook */
export const productionUrl = (context: IPollFunctions): string | undefined =>
	productionUrls.get(nodeKey(context));

export const sawOwn = (context: TriggerContext, url: string, id: string): void =>
	void seen.set(webhookKey(context, url), { id, at: Date.now() });

export const ownWebhook = (context: TriggerContext, url: string): OwnWebhook | undefined =>
	seen.get(webhookKey(context, url));

export const forgetOwn = (context: TriggerContext, url: string): void =>
	void seen.delete(webhookKey(context, url));
