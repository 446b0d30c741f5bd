/** Says of each thing that the nodes need whether it is there, and how to fix it. */
import type { IDataObject } from 'n8n-workflow';
import { runCheck } from '../../../shared/setupCheck';
import type { Execute } from '../../../shared/operation';
import { zendeskOf } from '../../api/client';
import { type CheckResult, Probes } from '../../api/probes';
import { capabilities } from './capabilities';

/** Why the rest is not checked, by what was found of the credential. */
const WHY = {
	false: 'Not checked: the credential was not accepted',
	null: 'Not checked: Zendesk did not answer',
};

export const execute: Execute = async (context, items) => {
	const { reEnableWebhooks = true, tag = 'sms' } = context.getNodeParameter('options', 0, {}) as {
		reEnableWebhooks?: boolean;
		tag?: string;
	};
	const options = { reEnableWebhooks, tag: tag.trim().toLowerCase() || 'sms' };
	const probes = new Probes(await zendeskOf(context));
	const outputs: IDataObject[] = [];
	let known: CheckResult['ok'] = true;
	for (const each of capabilities) {
		const { capability, neededFor, howToFix } = each;
		// Without a credential, or without an answer, twenty refusals would say no more than the first.
		const finding: CheckResult =
			known === true
				? await runCheck(
						probes.zendesk.context,
						each.capability,
						async () => await each.check(probes, options),
					)
				: { ok: null, detail: WHY[`${known}`] };
		if (capability === 'credential') known = finding.ok;
		outputs.push({
			capability,
			ok: finding.ok,
			neededFor,
			detail: finding.detail,
			howToFix: finding.ok === true ? null : howToFix,
		});
	}
	// The account is checked once, whatever came in.
	const pairedItem = items.map((_input, item) => ({ item }));
	return outputs.map((json) => ({ json, pairedItem }));
};
