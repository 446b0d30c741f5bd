import type { Core } from '../core';
import { base62, crockford, uuid, word } from '../random';
import { EventLog } from './eventLog';
import {
	apiTopicOf,
	klaviyoMetric,
	klaviyoMetricNames,
	spelledName,
	topicsListed,
	topicsSent,
	whatsAppMetricNames,
} from './metricNames';
import type {
	Conversation,
	Event,
	FlowWebhook,
	Group,
	Metric,
	PhoneMessage,
	Segment,
	MessageFlow,
	Webhook,
} from './model';
import { ProfileBook } from './profileBook';

export const accountId = 'SBX001';
export const apiKey = 'pk_sandbox_not_a_real_key';
export const oauthClient = { id: 'klaviyo_n8n_sandbox', secret: 'klsecret_sandbox_not_a_secret' };
/** The brand's sending number: a US number reserved for fiction. */
export const brandPhone = '+12025550100';

/** Everything the local Klaviyo account holds. */
export class Store {
	readonly profiles = new ProfileBook();
	readonly metrics = new Map<string, Metric>();
	readonly events = new EventLog();
	/** Profile, metric and unique id of every accepted event, shown already or not. */
	readonly taken = new Set<string>();
	readonly conversations = new Map<string, Conversation>();
	private readonly conversationsByProfile = new Map<string, Conversation[]>();
	readonly webhooks = new Map<string, Webhook>();
	readonly flowWebhooks = new Map<string, FlowWebhook>();
	readonly messageFlows = new Map<string, MessageFlow>();
	readonly segments = new Map<string, Segment>();
	readonly lists = new Map<string, Group>();
	private readonly phones = new Map<string, PhoneMessage[]>();

	private made = 0;

	constructor(private readonly core: Core) {
		for (const name of klaviyoMetricNames) this.addMetric(name, 'Klaviyo');
	}

	ulid(): string {
		return `01${word(this.core.roll, crockford, 24)}`;
	}

	metric(name: string, integration: Metric['integration']): Metric {
		for (const metric of this.metrics.values())
			if (metric.currentName === name && metric.integration === integration) return metric;
		return this.addMetric(name, integration);
	}

	/** Topics that the account lists. */
	topics(): string[] {
		this.addWhatsApp();
		return [...this.metrics.values()].flatMap(({ currentName, integration }) => {
			const own = integration === 'Klaviyo' ? klaviyoMetric(currentName) : undefined;
			return own ? topicsListed(own, this.core.switches) : [apiTopicOf(currentName)];
		});
	}

	/** Topics under which an event of a metric is sent. */
	topicsOf({ currentName, integration }: Metric): string[] {
		const own = integration === 'Klaviyo' ? klaviyoMetric(currentName) : undefined;
		return own ? topicsSent(own, this.core.switches) : [apiTopicOf(currentName)];
	}

	/** A metric that the account has. */
	metricById(id: string): Metric | undefined {
		const metric = this.metrics.get(id);
		return metric && !this.core.switches.goneMetrics.includes(metric.name) ? metric : undefined;
	}

	/** Metrics that the account has: Klaviyo's own may appear with their first event. */
	shownMetrics(): Metric[] {
		this.addWhatsApp();
		const all = [...this.metrics.keys()].flatMap((id) => this.metricById(id) ?? []);
		if (this.core.switches.metricsFromStart) return all;
		return all.filter(
			({ id, integration }) => integration !== 'Klaviyo' || this.events.hasMetric(id),
		);
	}

	/** The event as it will be stored, or undefined if its unique id was used before. */
	makeEvent(
		draft: Pick<Event, 'metric' | 'profileId' | 'at' | 'properties'> & {
			uniqueId?: string | undefined;
		},
	): Event | undefined {
		const at = Math.floor(draft.at / 1000) * 1000;
		const uniqueId = draft.uniqueId ?? String(at / 1000);
		const key = takenKey(draft.profileId, draft.metric.id, uniqueId);
		if (this.taken.has(key)) return undefined;
		this.taken.add(key);
		return {
			id: word(this.core.roll, base62, 11),
			uuid: uuid(this.core.roll),
			metric: draft.metric,
			profileId: draft.profileId,
			at,
			uniqueId,
			properties: { ...draft.properties, $event_id: uniqueId },
		};
	}

	nextPlace(): number {
		return this.made++;
	}

	addConversation(conversation: Conversation): void {
		this.conversations.set(conversation.id, conversation);
		this.conversationsByProfile.set(conversation.profileId, [
			...this.conversationsOf(conversation.profileId),
			conversation,
		]);
	}

	/** One for each channel on which the customer has written. */
	conversationsOf(profileId: string): readonly Conversation[] {
		return this.conversationsByProfile.get(profileId) ?? [];
	}

	phone(phone: string): PhoneMessage[] {
		const messages = this.phones.get(phone) ?? [];
		this.phones.set(phone, messages);
		return messages;
	}

	phoneNumbers(): string[] {
		return [...this.phones.keys()];
	}

	/** The switch can be turned while it runs. */
	private addWhatsApp(): void {
		if (!this.core.switches.whatsAppFromStart) return;
		for (const name of whatsAppMetricNames) this.metric(name, 'Klaviyo');
	}

	private addMetric(name: string, integration: Metric['integration']): Metric {
		const { switches } = this.core;
		const metric: Metric = {
			id: word(this.core.roll, crockford, 6),
			currentName: name,
			get name() {
				const own = integration === 'Klaviyo' ? klaviyoMetric(name) : undefined;
				return own ? spelledName(own, switches.metricNames) : name;
			},
			integration,
			createdAt: this.core.clock.now(),
		};
		this.metrics.set(metric.id, metric);
		return metric;
	}
}

export function takenKey(profileId: string, metricId: string, uniqueId: string): string {
	return `${profileId}\n${metricId}\n${uniqueId}`;
}
