/** The webhooks that this package has registered, and turning them on again. */
import { isOk } from '../../../shared/answer';
import { readPages } from '../../api/client';
import { type Capability, type Finding, fromRead, type Probes } from '../../api/probes';
import { activateWebhook, webhookById } from '../../api/webhooks';
import { webhookPage } from '../../api/wire';

/** As `remoteName` names them, but for those of a test. */
const OWN_NAME = 'n8n: workflow ';

async function check({ zendesk }: Probes, { mend }: { mend: boolean }): Promise<Finding> {
	const { pages, last } = await readPages(
		zendesk,
		'The webhooks',
		'/api/v2/webhooks',
		{ 'filter[name_contains]': OWN_NAME.trim() },
		webhookPage,
		undefined,
		zendesk.attempt,
	);
	if (!isOk(last)) return { ...fromRead(last), ok: null };
	const own = pages
		.flatMap(({ webhooks }) => webhooks)
		.filter(({ name }) => name.startsWith(OWN_NAME));
	if (own.length === 0)
		return {
			ok: null,
			detail: 'None is registered: no published workflow has Zendesk Sync Trigger',
		};
	const off = own.filter(({ status }) => status === 'inactive');
	let mended = 0;
	for (const { id } of mend ? off : []) {
		await activateWebhook(zendesk, id);
		const now = await webhookById(zendesk, id);
		if (now !== undefined && now !== 'unknown' && now.status === 'active') mended += 1;
	}
	const left = off.length - mended;
	const names = own.map(({ name }) => `'${name}'`).join(', ');
	return {
		ok: left === 0,
		detail: `${own.length} registered (${names})${mended > 0 ? `; ${mended} had been turned off and are on again` : ''}${left > 0 ? `; ${left} turned off` : ''}`,
	};
}

export const registeredWebhooks: Capability = {
	capability: 'registeredWebhooks',
	neededFor: 'Zendesk Sync Trigger',
	howToMend:
		"Publish a workflow with Zendesk Sync Trigger to register its webhook. One that was turned off is turned on again by the option 'Mend', or in Admin Center > Apps and integrations > Webhooks.",
	check,
};
