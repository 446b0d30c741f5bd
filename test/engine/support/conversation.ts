/** A conversation's ticket as Create or Reopen From Message makes it, and messages from elsewhere, for tests of what comes after. */
import type { IDataObject } from 'n8n-workflow';
import { channelNames, type ConversationChannel } from '../../../domain/channel';
import { userIdOf } from '../../../domain/conversation/externalId';
import type { Sandbox, SandboxTicket } from '../../../sandbox/types';
import { ask, CUSTOMER } from './desk';

let messages = 0;

export interface Opened {
	phone?: string;
	name?: string;
	email?: string;
	body?: string;
	scope?: string;
	tags?: string[];
	brandId?: string;
	channel?: ConversationChannel;
}

export async function openConversation(
	sandbox: Sandbox,
	opened: Opened = {},
): Promise<SandboxTicket> {
	const { phone = CUSTOMER, name = 'Ana', email, body = 'Where is my order?', scope } = opened;
	const { channel = 'sms' } = opened;
	const externalId = `klaviyo:${channel}:${phone}`;
	const userId = userIdOf(phone);
	const known = sandbox.zendesk.users().find((user) => user.externalId === userId);
	const requester =
		known ??
		sandbox.zendesk.addUser({ name, phone, externalId: userId, ...(email ? { email } : {}) });
	const { ticket } = (await ask(sandbox, 'POST', '/api/v2/tickets', {
		ticket: {
			subject: `${channelNames[channel]} from ${name} (${phone})`,
			comment: { html_body: body, public: true, author_id: Number(requester.id) },
			requester_id: Number(requester.id),
			external_id: scope ? `${externalId}:${scope}` : externalId,
			tags: opened.tags ?? [channel],
			...(opened.brandId ? { brand_id: Number(opened.brandId) } : {}),
			metadata: {
				key: `message:T${++messages}`,
				sentAt: new Date(sandbox.clock.now()).toISOString(),
			},
		},
	})) as { ticket: { id: number } };
	return sandbox.zendesk.ticket(String(ticket.id));
}

let events = 0;

/** A message to the customer as Klaviyo Trigger gives it, sent now. */
export const outbound = (sandbox: Sandbox, more: IDataObject = {}): IDataObject => {
	const eventId = `O${++events}`;
	return {
		key: `message:${eventId}`,
		event: 'delivered',
		eventId,
		direction: 'outbound',
		kind: 'campaign',
		channel: 'sms',
		body: 'Everything 20 % off!',
		from: sandbox.klaviyo.brandPhone,
		to: CUSTOMER,
		profileId: 'P1',
		sentAt: new Date(sandbox.clock.now()).toISOString(),
		mediaUrls: [],
		campaign: { name: 'Spring sale', messageId: 'M1' },
		...more,
	};
};
