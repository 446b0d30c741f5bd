import type { Core } from '../core';
import { base62, word } from '../random';
import type { SandboxMessage } from '../types';
import { publish } from './deliveries';
import { automatedAnswer, keywordEffect } from './keywords';
import type { ConversationChannel, Event, MessageChannel, Profile } from './model';
import { findProfile, makeProfile, setWhatsAppConsent, subscribe, unsubscribe } from './profiles';
import type { KlaviyoMetric } from './metricNames';
import { brandPhone, type Store } from './store';

interface Sending {
	from?: string | undefined;
	channel?: MessageChannel;
	/** WhatsApp accepts it and does not deliver it: more than 24 hours after the customer's last message. */
	isLate?: boolean;
}

export const SUBSCRIBED = {
	sms: 'Subscribed to Text Messaging Marketing',
	whatsapp: 'Subscribed to WhatsApp Marketing',
} as const satisfies Record<ConversationChannel, KlaviyoMetric>;
export const UNSUBSCRIBED = {
	sms: 'Unsubscribed from Text Messaging Marketing',
	whatsapp: 'Unsubscribed from WhatsApp Marketing',
} as const satisfies Record<ConversationChannel, KlaviyoMetric>;

export type OutboundKind = 'campaign' | 'flow' | 'inbox' | 'api' | 'automatic';

/** Messages in both directions: phones, conversations, the events that Klaviyo records, and its own answers. */
export class Messaging {
	constructor(
		private readonly core: Core,
		private readonly store: Store,
		private readonly baseUrl: () => string,
	) {}

	/** Customers text the brand; all messages go out in one webhook request. */
	receive(messages: readonly SandboxMessage[]): Event[] {
		const events = messages.map((message) => this.receiveOne(message));
		publish(this.core, this.store, this.baseUrl(), events);
		for (const [at, message] of messages.entries()) {
			const profileId = events[at]?.profileId;
			const profile = profileId === undefined ? undefined : this.store.profiles.get(profileId);
			if (profile !== undefined) this.answerKeyword(profile, message);
		}
		this.core.changes.announce();
		return events;
	}

	/** The brand messages a customer. The message reaches the phone now, and the event log after its lag. */
	send(
		profile: Profile,
		written: string,
		kind: OutboundKind,
		{ from = brandPhone, channel = 'sms', isLate = false }: Sending = {},
	): Event {
		const isWhatsApp = channel === 'whatsapp';
		const body = isWhatsApp ? written : this.asSent(written);
		const to = (isWhatsApp ? profile.whatsApp.lastMessage?.from : undefined) ?? profile.phone ?? '';
		const now = this.core.clock.now();
		const fails = isLate || this.core.switches.undeliverablePhones.includes(to);
		const sendingId = word(this.core.roll, base62, 20);
		const { outboundWords, sendingIds, failsAfterDelivery, outboundLogLag } = this.core.switches;
		const eventThat = (isFailed: boolean): Event =>
			this.event(outboundMetric(kind, isFailed, isWhatsApp), profile, now, {
				...origin(kind, isFailed),
				...this.typed(messageTypes[kind]),
				...(isWhatsApp
					? {}
					: {
							'Message Format': channel.toUpperCase(),
							'Segment Count': Math.ceil(body.length / 153),
						}),
				'From Number': from,
				'From Phone Region': 'US',
				'To Number': to,
				'To Phone Region': 'US',
				// Recorded like this on failed messages, too.
				'Carrier Delivery Status': 'Delivered',
				...(isFailed
					? {
							'Failure Type': 'carrier',
							'Failure Source': 'vendor',
							'Vendor Error Code': isWhatsApp ? '131047' : '30005',
						}
					: {}),
				$extra: {
					...(sendingIds ? { 'Message ID': sendingId } : {}),
					...(outboundWords ? { 'Message Body': body } : {}),
				},
			});
		if (fails && failsAfterDelivery) this.show(eventThat(false), outboundLogLag);
		const event = eventThat(fails);
		if (!fails)
			this.store.phone(to).push({
				direction: 'out',
				channel,
				body,
				from,
				to,
				at: new Date(now).toISOString(),
				kind,
				eventId: event.id,
			});
		this.show(event, outboundLogLag);
		return event;
	}

	/** After `lag`, adds an event to the log and sends its webhooks. */
	show(event: Event, lag: number): void {
		const record = (): void => {
			this.store.events.add(event);
			publish(this.core, this.store, this.baseUrl(), [event]);
			this.core.changes.announce();
		};
		if (lag > 0) this.core.clock.after(this.core.hurried(lag), record);
		else record();
	}

	/** Records something that Klaviyo itself saw, and sends its webhooks. */
	record(metric: KlaviyoMetric, profile: Profile, properties: Record<string, unknown>): void {
		this.show(this.event(metric, profile, this.core.clock.now(), properties), 0);
	}

	private receiveOne(message: SandboxMessage): Event {
		const { from, body, to = brandPhone, at = this.core.clock.now(), mediaUrl } = message;
		const { channel = 'sms' } = message;
		const profile =
			findProfile(this.store, { phone_number: from }) ??
			makeProfile(this.core, this.store, { phone_number: from });
		this.noteConversation(profile, message, channel, to);
		const { displayName = profile.whatsApp.lastMessage?.displayName ?? 'Guest' } = message;
		if (channel === 'whatsapp') profile.whatsApp.lastMessage = { at, from, displayName };
		const event = this.event(inboundMetric(channel), profile, at, {
			'From Number': from,
			'From Phone Region': 'US',
			...(channel === 'rcs' && this.core.switches.rcsReceiver === 'name'
				? { 'To Number': 'Acme' }
				: { 'To Number': to, 'To Phone Region': 'US' }),
			// What has no words has no property for them.
			...(channel === 'whatsapp' && body === '' ? {} : { 'Message Body': body }),
			...(channel === 'whatsapp' ? { 'WhatsApp Display Name': displayName } : {}),
			...(channel === 'rcs' ? { 'Message Format': 'RCS' } : {}),
			...this.typed('inbound'),
			...(mediaUrl === undefined ? {} : { 'Media URL': mediaUrl }),
			$extra: {
				'Message ID': word(this.core.roll, base62, 20),
				'Inbound Message ID': word(this.core.roll, base62, 20),
				'From Country': 'US',
			},
		});
		const { inboundLogLag } = this.core.switches;
		const record = (): void => void this.store.events.add(event);
		if (inboundLogLag > 0) this.core.clock.after(this.core.hurried(inboundLogLag), record);
		else record();
		this.store.phone(from).push({
			direction: 'in',
			channel,
			body,
			from,
			to,
			at: new Date(at).toISOString(),
			kind: 'customer',
			eventId: event.id,
			...(mediaUrl === undefined ? {} : { mediaUrl }),
		});
		return event;
	}

	private noteConversation(
		profile: Profile,
		{ from }: SandboxMessage,
		lastChannel: MessageChannel,
		brand: string,
	): void {
		const channel = conversationChannel(lastChannel);
		const known = this.store.conversationsOf(profile.id).find((one) => one.channel === channel);
		if (known) Object.assign(known, { brandPhone: brand, lastChannel });
		else
			this.store.addConversation({
				id: this.store.ulid(),
				profileId: profile.id,
				customer: from,
				brandPhone: brand,
				channel,
				lastChannel,
			});
	}

	private answerKeyword(profile: Profile, message: SandboxMessage): void {
		const effect = keywordEffect(message.body);
		if (effect === undefined) return;
		const { channel = 'sms' } = message;
		const isWhatsApp = channel === 'whatsapp';
		const now = this.core.clock.now();
		const detail = {
			'Message Body': message.body,
			Method: isWhatsApp ? 'WhatsApp' : 'Text Message',
			'From Number': message.from,
			'To Number': message.to ?? brandPhone,
		};
		const word = message.body.trim().toUpperCase();
		// Each channel has consent of its own: https://help.klaviyo.com, "About WhatsApp keywords".
		if (isWhatsApp && effect !== 'help')
			setWhatsAppConsent(this.core, profile, effect === 'optIn', word);
		if (effect === 'optOut') {
			if (!isWhatsApp) unsubscribe(this.core, profile, word);
			this.show(this.event(UNSUBSCRIBED[conversationChannel(channel)], profile, now, detail), 0);
		}
		if (effect === 'optIn') {
			if (!isWhatsApp) subscribe(this.core, profile, word);
			this.show(this.event(SUBSCRIBED[conversationChannel(channel)], profile, now, detail), 0);
		}
		this.send(profile, automatedAnswer[effect], 'automatic', { from: message.to, channel });
	}

	private event(
		metric: KlaviyoMetric,
		profile: Profile,
		at: number,
		properties: Record<string, unknown>,
	): Event {
		const event = this.store.makeEvent({
			metric: this.store.metric(metric, 'Klaviyo'),
			profileId: profile.id,
			at,
			uniqueId: word(this.core.roll, base62, 22),
			properties,
		});
		if (event === undefined) throw new Error('A random unique id came up twice');
		return event;
	}

	private typed(type: string | undefined): Record<string, string> {
		return type !== undefined && this.core.switches.messageTypes ? { 'Message Type': type } : {};
	}

	private asSent(written: string): string {
		const { organisationPrefix, plainCharacters, shortenLinks, unsubscribeSuffix } =
			this.core.switches;
		const words = shortenLinks
			? written.replace(
					/https?:\/\/\S+/g,
					() => `https://klv.example/${word(this.core.roll, base62, 6)}`,
				)
			: written;
		const body = plainCharacters ? inPlainCharacters(words) : words;
		return `${organisationPrefix}${body}${unsubscribeSuffix}`;
	}
}

/** Those that fit into SMS's own alphabet, as senders of SMS do it. */
const inPlainCharacters = (text: string): string =>
	text
		.replace(/[\u2018\u2019]/g, "'")
		.replace(/[\u201c\u201d]/g, '"')
		.replace(/[\u2013\u2014]/g, '-')
		.replace(/\u2026/g, '...');

const conversationChannel = (channel: MessageChannel): ConversationChannel =>
	channel === 'whatsapp' ? 'whatsapp' : 'sms';

const inboundMetric = (channel: MessageChannel): KlaviyoMetric =>
	channel === 'whatsapp' ? 'Sent WhatsApp' : 'Sent Text Message';

function outboundMetric(kind: OutboundKind, fails: boolean, isWhatsApp: boolean): KlaviyoMetric {
	const message = isWhatsApp ? 'WhatsApp' : 'Text Message';
	if (kind === 'automatic')
		return fails
			? `Failed to Deliver Automated Response ${message}`
			: `Received Automated Response ${message}`;
	return fails ? `Failed to Deliver ${message}` : `Received ${message}`;
}

/** Klaviyo's name for messages of a conversation is not known. */
const messageTypes: Record<OutboundKind, string | undefined> = {
	campaign: 'campaign',
	flow: 'flow',
	automatic: 'auto_response',
	inbox: undefined,
	api: undefined,
};

/** The properties that identify a campaign's or a flow's message; a conversation's message has neither. */
function origin(kind: OutboundKind, fails: boolean): Record<string, unknown> {
	if (kind === 'campaign')
		return {
			$message: '01CAMPAIGNMESSAGESANDBOX01',
			// Misspelt on failed messages.
			[fails ? 'Campagin Name' : 'Campaign Name']: 'Spring sale',
			'Message Name': 'Spring sale',
			'Content Type': 'marketing',
		};
	if (kind === 'flow') return { $flow: 'SBFLOW', $message: 'SBFLM1', 'Message Name': 'Welcome' };
	return {};
}
