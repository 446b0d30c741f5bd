/**
 * Account: Check Setup.
 *
 * Checks each thing that the nodes need, and says how to fix what is missing.
 */

import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import { runCheck } from '../../../shared/setupCheck';
import { klaviyoOf } from '../../api/client';
import { Probes } from '../../api/probes';
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
					'Whether to re-enable webhooks of this package that Klaviyo has turned off. Nothing else is changed.',
			},
		],
	},
];

const execute: Execute = async (context, items) => {
	const { reEnableWebhooks = true } = context.getNodeParameter('options', 0, {}) as {
		reEnableWebhooks?: boolean;
	};
	const probes = new Probes(await klaviyoOf(context));
	const outputs: IDataObject[] = [];
	// One after the other: Klaviyo allows some of these calls once a second.
	for (const each of capabilities) {
		const { ok, detail } = await runCheck(
			probes.klaviyo.context,
			each.capability,
			async () => await each.check(probes, { reEnableWebhooks }),
		);
		const { capability, neededFor, howToFix } = each;
		outputs.push({
			capability,
			ok,
			neededFor,
			detail,
			howToFix: ok === true ? null : howToFix,
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
