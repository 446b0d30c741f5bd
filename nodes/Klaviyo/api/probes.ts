/** What checking a Klaviyo account needs. The rest is the same for both vendors: `nodes/shared/setupCheck.ts`. */
import type { IDataObject } from 'n8n-workflow';
import {
	type Capability as CapabilityOf,
	type Probes as ProbesOf,
	resultsFor,
} from '../../shared/setupProbes';
import type { Klaviyo } from './client';
import { wordsOfAnswer } from './errors';

export const features = {
	conversations: 'Conversations API',
	flowWebhooks: 'Flow Webhooks',
	segments: 'Segments',
	sms: 'SMS',
	systemWebhooks: 'System Webhooks',
	whatsapp: 'WhatsApp',
} as const;

export interface CheckOptions {
	/** Of `features`. */
	unusedFeatures: string[];
	/** Whether to re-enable webhooks. */
	reEnableWebhooks: boolean;
}

/** As the panel names it. */
export const SYSTEM_WEBHOOK = "Klaviyo Trigger, with 'System Webhook and Polling' in 'Source'";

export type Probes = ProbesOf<Klaviyo>;
export type Capability = CapabilityOf<Klaviyo, CheckOptions>;

/**
 * Writes nothing: no endpoint knows a resource of this type, so Klaviyo refuses it with 400. Before that, it checks
 * whether the credential may write at all, and otherwise answers 403.
 */
export const NO_RESOURCE: IDataObject = { data: { type: 'n8n-check-setup' } };

/** The id of nothing, so nothing can be read from it or sent to it. */
export const NO_ID = 'n8n-check-setup';

export const { fromRead, fromWrite } = resultsFor('Klaviyo', wordsOfAnswer);
