/**
 * Account: Check Setup.
 *
 * Says of each thing that the nodes need whether it is there, and how to fix it.
 */

import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import { runCheck } from '../../../shared/setupCheck';
import { zendeskOf } from '../../api/client';
import { type CheckResult, Probes } from '../../api/probes';
import { capabilities } from './capabilities';

const properties: INodeProperties[] = [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Re-Enable Webhooks',
				name: 'reEnableWebhooks',
				type: 'boolean',
				default: true,
				description:
					'Whether to turn on again the webhooks of this package that somebody has turned off. Nothing else is changed.',
			},
			{
				displayName: 'Tag',
				name: 'tag',
				type: 'string',
				default: 'sms',
				description: "The tag of conversations' tickets, for which an automation is looked for",
			},
		],
	},
];

/** Why the rest is not checked, by what was found of the credential. */
const WHY = {
	false: 'Not checked: the credential was not accepted',
	null: 'Not checked: Zendesk did not answer',
};

const execute: Execute = async (context, items) => {
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

export const checkSetup: Operation = {
	properties,
	execute,
};
