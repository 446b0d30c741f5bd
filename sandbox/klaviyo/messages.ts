import { z } from 'zod';
import type { Klaviyo } from './context';
import { canReceiveSms } from './jsonApi';
import { windowEnd } from './profiles';
import { forbidden, invalid, notFound } from './wording';

const messageCreate = z
	.object({
		data: z
			.object({
				type: z.literal('conversation-message'),
				attributes: z
					.object({
						body: z.string(),
						message_hierarchy: z.array(z.record(z.unknown())).nullable().optional(),
					})
					.strict(),
				relationships: z
					.object({
						conversation: z
							.object({
								data: z.object({ type: z.literal('conversation'), id: z.string() }).strict(),
							})
							.strict(),
					})
					.strict(),
			})
			.strict(),
	})
	.strict();

/** Replies into a conversation: 202 without a body, no id, no idempotency. */
export function messageRoutes({ app, core, store, messaging }: Klaviyo): void {
	app.post(
		'/api/conversation-messages',
		{ schema: { body: messageCreate } },
		async (request, reply) => {
			if (!core.switches.conversationsEnabled)
				throw forbidden('The Conversations API is not enabled for this account.');
			const { attributes, relationships } = request.body.data;
			const conversation = store.conversations.get(relationships.conversation.data.id);
			const profile = conversation && store.profiles.get(conversation.profileId);
			if (conversation === undefined || profile === undefined)
				throw notFound(
					`A conversation with id ${relationships.conversation.data.id} does not exist.`,
				);
			if (attributes.body.trim() === '')
				throw invalid('body must not be empty.', { pointer: '/data/attributes/body' });
			const { longestMessage } = core.switches;
			if (longestMessage > 0 && attributes.body.length > longestMessage)
				throw invalid(`body must have at most ${longestMessage} characters.`, {
					pointer: '/data/attributes/body',
				});
			const pointer = '/data/relationships/conversation';
			const { channel, lastChannel, brandPhone: from } = conversation;
			const end = windowEnd(profile);
			const isLate = channel === 'whatsapp' && (end === undefined || core.clock.now() >= end);
			if (channel === 'sms' && !canReceiveSms(profile))
				throw invalid('The profile is not subscribed to SMS.', { pointer });
			// Klaviyo's words are not known.
			if (isLate && core.switches.afterWindow === 'refused')
				throw invalid('The conversation window is closed.', { pointer });
			messaging.send(profile, attributes.body, 'api', { from, channel: lastChannel, isLate });
			return reply.code(202).send();
		},
	);
}
