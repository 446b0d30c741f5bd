/** Whether agents' replies can be sent into conversations, whatever their channel. */
import type { CheckResult } from '../../../shared/setupProbes';
import { features, fromWrite, NO_ID, NO_RESOURCE, type Probes } from '../../api/probes';

export const SEND = `Message: Send Reply, with 'Conversation' in 'Send Through'`;

/** Well-formed, but for a conversation that cannot exist: nobody gets a message. */
const toNobody = {
	data: {
		type: 'conversation-message',
		attributes: { body: 'Check Setup of n8n' },
		relationships: { conversation: { data: { type: 'conversation', id: NO_ID } } },
	},
};

async function find(probes: Probes): Promise<CheckResult> {
	const path = '/api/conversation-messages';
	const { status } = await probes.tryToWrite('POST', path, NO_RESOURCE);
	if (status === 403)
		return {
			status: 'unknown',
			detail:
				"Cannot be checked: Klaviyo refuses messages without the scope 'conversations:write', and may refuse them without the Conversations API.",
		};
	return fromWrite(await probes.tryToWrite('POST', path, toNobody));
}

export const conversationsApi = {
	check: 'Conversations API',
	neededFor: SEND,
	howToFix:
		"Ask Klaviyo to enable the Conversations API for your account (for a private key) or your app (OAuth2). Until then, choose 'Flow' in 'Send Through' of Message: Send Reply: it answers by SMS only.",
	features: [features.conversations],
	find,
};
