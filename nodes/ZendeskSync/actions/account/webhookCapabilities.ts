/** Checks the webhooks that this package has registered, and re-enables them. */
import { isOk } from '../../../shared/answer';
import type { CheckResult } from '../../../shared/setupProbes';
import { readPages } from '../../api/client';
import { type Capability, fromRead, type Probes } from '../../api/probes';
import { activateWebhook, webhookById } from '../../api/webhooks';
import { webhookPage } from '../../api/wire';
import { paths } from '../../api/paths';

/** Names from `remoteName` begin with this, except those of tests. */
const OWN_NAME = 'n8n: workflow ';

async function find(
	{ vendor: zendesk }: Probes,
	{ reEnableWebhooks }: { reEnableWebhooks: boolean },
): Promise<CheckResult> {
	const { pages, last } = await readPages(
		zendesk,
		'The webhooks',
		paths.webhooks,
		{ 'filter[name_contains]': OWN_NAME.trim() },
		webhookPage,
		undefined,
		zendesk.tryRequest,
	);
	if (!isOk(last)) return { ...fromRead(last), status: 'unknown' };
	const own = pages
		.flatMap(({ webhooks }) => webhooks)
		.filter(({ name }) => name.startsWith(OWN_NAME));
	if (own.length === 0)
		return {
			status: 'notYet',
			detail: 'None is registered: no published workflow has a Zendesk Sync Trigger',
		};
	const off = own.filter(({ status }) => status === 'inactive');
	let switchedOn = 0;
	for (const { id } of reEnableWebhooks ? off : []) {
		await activateWebhook(zendesk, id);
		const now = await webhookById(zendesk, id);
		if (now?.status === 'active') switchedOn += 1;
	}
	const left = off.length - switchedOn;
	const names = own.map(({ name }) => `'${name}'`).join(', ');
	return {
		status: left === 0 ? 'ready' : 'missing',
		detail: `${own.length} registered (${names})${switchedOn > 0 ? `; ${switchedOn} had been turned off and were re-enabled` : ''}${left > 0 ? `; ${left} turned off` : ''}`,
	};
}

export const registeredWebhooks: Capability = {
	check: 'Registered webhooks',
	neededFor: 'Zendesk Sync Trigger',
	howToFix:
		"Publish a workflow with Zendesk Sync Trigger to register its webhook. To re-enable one that was turned off, use the option 'Re-Enable Webhooks', or Admin Center > Apps and integrations > Webhooks.",
	find,
};
