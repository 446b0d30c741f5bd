/** Account: Check Setup. Says of each thing that the nodes need whether it is there, and how to mend it. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import { findOrSay } from '../../../shared/findings';
import type { Operation } from '../../../shared/operation';
import { zendeskOf } from '../../api/client';
import { type Finding, Probes } from '../../api/probes';
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
				displayName: 'Mend',
				name: 'mend',
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

export const checkSetup: Operation = {
	properties: updateDisplayOptions(
		{ show: { resource: ['account'], operation: ['checkSetup'] } },
		properties,
	),
	async execute(context, items) {
		const { mend = true, tag = 'sms' } = context.getNodeParameter('options', 0, {}) as {
			mend?: boolean;
			tag?: string;
		};
		const options = { mend, tag: tag.trim().toLowerCase() || 'sms' };
		const probes = new Probes(await zendeskOf(context));
		const outputs: IDataObject[] = [];
		let known: Finding['ok'] = true;
		for (const each of capabilities) {
			const { capability, neededFor, howToMend } = each;
			// Without a credential, or without an answer, twenty refusals would say no more than the first.
			const finding: Finding =
				known === true
					? await findOrSay(
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
				howToMend: finding.ok === true ? null : howToMend,
			});
		}
		// The account is checked once, whatever came in.
		const pairedItem = items.map((_input, item) => ({ item }));
		return outputs.map((json) => ({ json, pairedItem }));
	},
};
