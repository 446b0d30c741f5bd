/**
 * Account: Check Setup.
 *
 * Checks each thing that the nodes need, and says how to fix what is missing.
 */

import { conversationChannels } from '../../../../domain/channel';
import type { Execute, Operation } from '../../../shared/operation';
import { checkSetup as check, checkSetupFields } from '../../../shared/setupCheck';
import { zendeskOf } from '../../api/client';
import { type CheckOptions, features } from '../../api/probes';
import { tagsIn } from '../setup/tags';
import { capabilities, howToGet } from './capabilities';

const properties = checkSetupFields(Object.values(features), {
	displayName: 'Tags',
	name: 'tags',
	type: 'string',
	default: conversationChannels.join(', '),
	description:
		"The tags of conversations' tickets, separated by commas. For each of them, the closing automation and the view are checked.",
});

const execute: Execute = async (context, items) => {
	const given = context.getNodeParameter('options', 0, {}) as Partial<
		Omit<CheckOptions, 'tags'> & { tags: string }
	>;
	const tags = tagsIn(given.tags ?? '');
	const options = {
		reEnableWebhooks: given.reEnableWebhooks ?? true,
		unusedFeatures: given.unusedFeatures ?? [],
		tags: tags.length > 0 ? tags : [...conversationChannels],
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
