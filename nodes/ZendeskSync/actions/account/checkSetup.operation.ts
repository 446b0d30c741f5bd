/**
 * Account: Check Setup.
 *
 * Checks each thing that the nodes need, and says how to fix what is missing.
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
					'Whether to re-enable webhooks of this package that were turned off. Nothing else is changed.',
			},
			{
				displayName: 'Tag',
				name: 'tag',
				type: 'string',
				default: 'sms',
				description: "The tag of conversations' tickets, whose closing automation is checked",
			},
		],
	},
];

/** Why the rest is not checked, by the result for the credential. */
const NOT_CHECKED = {
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
		// If the credential fails, twenty more refusals would say nothing new.
		const result: CheckResult =
			known === true
				? await runCheck(
						probes.zendesk.context,
						each.capability,
						async () => await each.check(probes, options),
					)
				: { ok: null, detail: NOT_CHECKED[`${known}`] };
		if (capability === 'credential') known = result.ok;
		outputs.push({
			capability,
			ok: result.ok,
			neededFor,
			detail: result.detail,
			howToFix: result.ok === true ? null : howToFix,
		});
	}
	// The account is checked once, however many items came in.
	const pairedItem = items.map((_input, item) => ({ item }));
	return outputs.map((json) => ({ json, pairedItem }));
};

export const checkSetup: Operation = {
	properties,
	execute,
	eventRole: 'readsOnly',
};
