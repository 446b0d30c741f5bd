/**
 * Profile: Get.
 *
 * Finds customers by any of their identifiers.
 */

import { type INodeProperties, NodeOperationError } from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import { profileFields } from '../profileFields';
import { eachItem } from '../../../shared/items';
import { outputAt, outputFields } from '../../../shared/output';
import { findAll, profileIn, refusalIn, wantedAt } from './findProfiles';
import { simpleProfile, simpleProfileNames, smsConsent } from './simpleProfile';

const properties: INodeProperties[] = [
	...profileFields,
	...outputFields(
		[
			...simpleProfileNames,
			'canReceiveSmsMarketing',
			'canReceiveSmsTransactional',
			'conversationId',
			'whatsAppConversationId',
		],
		"Klaviyo's own profile",
	),
];

const execute: Execute = async (context, items) => {
	const wanted = items.map((_input, itemIndex) => wantedAt(context, itemIndex));
	// Started once and awaited by each item, so that a refusal by Klaviyo fails each item.
	const finding = findAll(context, wanted, { conversations: true });
	return await eachItem(context, items, async (_input, itemIndex) => {
		const lookups = await finding;
		const identifiers = wanted[itemIndex] ?? {};
		if (identifiers instanceof Error) throw identifiers;
		const profile = profileIn(lookups, identifiers);
		if (profile === undefined) {
			const refusal = refusalIn(lookups, identifiers);
			if (refusal) throw refusal;
			throw new NodeOperationError(context.getNode(), 'No profile was found', {
				itemIndex,
				description: `Klaviyo has no profile with ${Object.values(identifiers).join(', ')}. If the profile was merged into another, its ID no longer exists: add an email address or phone number.`,
			});
		}
		return outputAt(
			context,
			itemIndex,
		)({
			simplified: {
				...simpleProfile(profile),
				...smsConsent(profile),
				conversationId: profile.conversationIds.sms ?? null,
				whatsAppConversationId: profile.conversationIds.whatsapp ?? null,
			},
			raw: profile.raw,
		});
	});
};

export const get: Operation = {
	properties,
	execute,
	eventRole: 'readsOnly',
};
