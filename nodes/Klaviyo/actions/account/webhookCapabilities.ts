/** Checks the webhooks that this package has registered, and re-enables them. */
import type { CheckResult } from '../../../shared/setupProbes';
import { type Capability, features, fromRead, type Probes, SYSTEM_WEBHOOK } from '../../api/probes';
import { enableWebhook } from '../../api/webhooks';
import { page, webhookResource } from '../../api/wire';

/** Names from `remoteName` begin with this, except those of tests. */
const OWN_NAME = /^n8n: workflow /;

async function find(
	probes: Probes,
	{ reEnableWebhooks }: { reEnableWebhooks: boolean },
): Promise<CheckResult> {
	const answer = await probes.read('/api/webhooks');
	const parsed = page(webhookResource).safeParse(answer.body);
	if (!parsed.success)
		return { ...fromRead(answer, 'The list could not be read'), status: 'unknown' };
	const own = parsed.data.data.filter(({ attributes }) => OWN_NAME.test(attributes.name ?? ''));
	if (own.length === 0)
		return {
			status: 'notYet',
			detail:
				"None is registered: no published workflow has a Klaviyo Trigger with 'System Webhook and Polling' in 'Source'.",
		};
	const off = own.filter(({ attributes }) => attributes.enabled === false);
	let switchedOn = 0;
	for (const { id } of reEnableWebhooks ? off : [])
		if (await enableWebhook(probes.vendor, id)) switchedOn += 1;
	const left = off.length - switchedOn;
	const names = own.map(({ attributes }) => `'${attributes.name}'`).join(', ');
	return {
		status: left === 0 ? 'ready' : 'missing',
		detail: `${own.length} registered (${names})${switchedOn > 0 ? `; ${switchedOn} had been turned off and were re-enabled` : ''}${left > 0 ? `; ${left} turned off` : ''}.`,
	};
}

export const registeredWebhooks: Capability = {
	check: 'Registered webhooks',
	neededFor: SYSTEM_WEBHOOK,
	features: [features.systemWebhooks],
	howToFix:
		"Publish a workflow with Klaviyo Trigger to register its webhook. Klaviyo turns a webhook off after two days of failed deliveries: make sure that n8n can be reached from outside, then use the option 'Re-Enable Webhooks' or publish the workflow again.",
	find,
};
