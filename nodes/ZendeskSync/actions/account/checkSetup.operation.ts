/**
 * Account: Check Setup.
 *
 * Checks each thing that the nodes need, and says how to fix what is missing.
 */

import type { Execute, Operation } from '../../../shared/operation';
import { checkSetup as check, checkSetupFields } from '../../../shared/setupCheck';
import { zendeskOf } from '../../api/client';
import { type CheckOptions, features } from '../../api/probes';
import { capabilities, howToGet } from './capabilities';

const properties = checkSetupFields(Object.values(features), {
	displayName: 'Tag',
	name: 'tag',
	type: 'string',
	default: 'sms',
	description: "The tag of conversations' tickets, whose closing automation is checked",
});

const execute: Execute = async (context, items) => {
	const given = context.getNodeParameter('options', 0, {}) as Partial<CheckOptions>;
	const options = {
		reEnableWebhooks: given.reEnableWebhooks ?? true,
		unusedFeatures: given.unusedFeatures ?? [],
		tag: given.tag?.trim().toLowerCase() || 'sms',
	};
	return await check(
		{
			vendor: await zendeskOf(context),
			name: 'Zendesk',
			capabilities,
			options,
			howToGet,
			unanswered: 'Not checked: Zendesk did not answer',
		},
		items,
	);
};

export const checkSetup: Operation = {
	properties,
	execute,
	eventRole: 'readsOnly',
};
