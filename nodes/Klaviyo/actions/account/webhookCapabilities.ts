/** The webhooks that this package has registered, and turning them on again. */
import { type Capability, type CheckResult, fromRead, type Probes } from '../../api/probes';
import { enableWebhook } from '../../api/webhooks';
import { page, webhookResource } from '../../api/wire';

/** As `remoteName` names them, but for those of a test. */
const OWN_NAME = /^n8n: workflow /;

async function check(
	probes: Probes,
	{ reEnableWebhooks }: { reEnableWebhooks: boolean },
): Promise<CheckResult> {
	const answer = await probes.read('/api/webhooks');
	const parsed = page(webhookResource).safeParse(answer.body);
	if (!parsed.success) return { ...fromRead(answer, 'The list could not be read'), ok: null };
	const own = parsed.data.data.filter(({ attributes }) => OWN_NAME.test(attributes.name ?? ''));
	if (own.length === 0)
		return {
			ok: null,
			detail:
				"None is registered: no published workflow has Klaviyo Trigger with 'System Webhook'.",
		};
	const off = own.filter(({ attributes }) => attributes.enabled === false);
	let switchedOn = 0;
	for (const { id } of reEnableWebhooks ? off : [])
		if (await enableWebhook(probes.klaviyo, id)) switchedOn += 1;
	const left = off.length - switchedOn;
	const names = own.map(({ attributes }) => `'${attributes.name}'`).join(', ');
	return {
		ok: left === 0,
		detail: `${own.length} registered (${names})${switchedOn > 0 ? `; ${switchedOn} had been turned off and are on again` : ''}${left > 0 ? `; ${left} turned off` : ''}.`,
	};
}

export const registeredWebhooks: Capability = {
	capability: 'registeredWebhooks',
	neededFor: "Klaviyo Trigger with the source 'System Webhook'",
	howToFix:
		"Publish a workflow with Klaviyo Trigger to register its webhook. One that Klaviyo has turned off, after two days of failed deliveries, is turned on again by the option 'Re-Enable Webhooks', or by publishing the workflow again; first see that n8n can be reached from outside.",
	check,
};
