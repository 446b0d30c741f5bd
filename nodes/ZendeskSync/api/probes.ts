/** What checking a Zendesk account needs. The rest is the same for both vendors: `nodes/shared/setupCheck.ts`. */
import {
	type Capability as CapabilityOf,
	type Probes as ProbesOf,
	resultsFor,
} from '../../shared/setupProbes';
import { errorText, type Zendesk } from './client';

export const features = {
	closing: 'Closing Automation',
	view: 'Conversation View',
} as const;

export interface CheckOptions {
	/** Of `features`. */
	unusedFeatures: string[];
	/** Whether to re-enable webhooks. */
	reEnableWebhooks: boolean;
	/** The tags of conversations' tickets, one for each channel. */
	tags: string[];
}

export type Probes = ProbesOf<Zendesk>;
export type Capability = CapabilityOf<Zendesk, CheckOptions>;

/**
 * No account has a ticket or a user with this id. Zendesk checks permissions before it looks for the record, so 404 means
 * "allowed", and 403 "not allowed".
 */
export const NO_RECORD = '999999999999';

export const { fromRead, fromWrite } = resultsFor('Zendesk', errorText);
