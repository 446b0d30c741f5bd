/**
 * Each trigger's own webhook, as this process last saw it. A node's static data does not do for that: n8n can restore an
 * older copy, and with durable poll cursors it keeps a poll's apart, so that a poll does not see what was registered,
 * and registration does not see what a poll repaired.
 */
import type { IHookFunctions, IPollFunctions, IWebhookFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { nodeKey, processMemory } from './processMemory';
import { savedByNode } from './savedByNode';
import { isTest } from './testDelivery';

type TriggerContext = IHookFunctions | IPollFunctions | IWebhookFunctions;

export interface OwnWebhook {
	/** '' if the vendor has nothing to call for. */
	id: string;
	/** Milliseconds since 1970. */
	at: number;
}

const seen = processMemory<OwnWebhook>();

/** Where each trigger's production webhook calls, which a poll cannot ask n8n for, and when n8n last looked for it. */
const asked = processMemory<{ url: string; at: number }>();

const webhookKey = (context: TriggerContext, url: string): string => `${nodeKey(context)} ${url}`;

const savedUrl = savedByNode('webhookUrls', z.string());

/**
 * To be called when n8n registers or looks for a webhook. With durable poll cursors it does not look when it starts: so
 * the URL is saved too.
 */
export function expectAt(context: IHookFunctions, url: string): void {
	if (isTest(context)) return;
	asked.set(nodeKey(context), { url, at: Date.now() });
	if (savedUrl.get(context) !== url) savedUrl.set(context, url);
}

/** @returns undefined as long as n8n has not asked for the webhook */
export const productionUrl = (context: TriggerContext): string | undefined =>
	asked.get(nodeKey(context))?.url ?? savedUrl.get(context);

/** @returns milliseconds since 1970; undefined if n8n has not registered or looked for the webhook in this process */
export const lookedForAt = (context: TriggerContext): number | undefined =>
	asked.get(nodeKey(context))?.at;

export const sawOwn = (context: TriggerContext, url: string, id: string): void =>
	void seen.set(webhookKey(context, url), { id, at: Date.now() });

export const ownWebhook = (context: TriggerContext, url: string): OwnWebhook | undefined =>
	seen.get(webhookKey(context, url));

export function forgetOwn(context: TriggerContext, url: string): void {
	seen.delete(webhookKey(context, url));
	if (savedUrl.get(context) === url) savedUrl.remove(context);
}

/** Whether the URL is the production webhook's, of which this process knows only what static data says. */
export const isProductionUnseen = (context: TriggerContext, url: string): boolean =>
	url === productionUrl(context) && ownWebhook(context, url) === undefined;
